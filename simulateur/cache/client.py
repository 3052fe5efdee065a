"""Le client Redis : un seul disjoncteur pour tout ce qui parle au cache, quel que soit le chemin.

Sessions, pages gardées, données, dépôts, réveil de la file : chaque ordre passe ici. Après un ordre sans
réponse, les suivants échouent aussitôt pendant DISJONCTION_S au lieu d'attendre chacun leur délai.
"""

from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as LiaisonRompue
from redis.exceptions import TimeoutError as SansReponse

from simulateur.cache.disjoncteur import disjoncteur


class RedisProtege(Redis):
    def execute_command(self, *args: Any, **options: Any) -> Any:
        serveur = _serveur(self)
        if disjoncteur.ouvert(serveur):
            raise LiaisonRompue("cache ignoré quelques secondes : il ne répondait plus")
        try:
            return super().execute_command(*args, **options)
        except (LiaisonRompue, SansReponse) as erreur:
            disjoncteur.declencher(serveur, erreur)
            raise


def _serveur(client: Any) -> str:
    """Le serveur, quel que soit le numéro de base : pendu pour un alias, il l'est pour tous."""
    reglages = client.connection_pool.connection_kwargs
    return str(reglages.get("path") or f"{reglages.get('host')}:{reglages.get('port')}")
