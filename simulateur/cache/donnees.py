"""Le cache de données : clés lisibles et versionnées, durée par famille, un seul recalcul, jamais bloquant.

Une clé s'écrit `ref:direction:5:centres@r42` : ce qu'elle désigne, puis la révision de ces données
(`simulateur.cache.revisions`). Une donnée changée change de clé ; l'ancienne expire seule. Une valeur gardée
est donc exacte : rien ne la recalcule avant son terme.
- Absente, un seul processus calcule ; les autres l'attendent un court moment, puis calculent eux-mêmes.
- Cache en panne : mêmes réponses, calculées ; un disjoncteur évite d'attendre chaque appel.

`compter` tient en plus les compteurs partagés entre processus (les limites d'appel de l'API).
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.cache import caches

from simulateur.cache.disjoncteur import disjoncteur
from simulateur.mesures.metriques import CACHE_LECTURES

ATTENTE_MAX_S = 2.0
PAS_ATTENTE_S = 0.02
VERROU_S = 30
_ABSENT = object()
# D'un seul geste sur le serveur : entre lire et effacer, le tour peut expirer et changer de main.
EFFACER_SI_MIEN = """
if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end
return 0
"""


@dataclass(frozen=True)
class Famille:
    """Une sorte de donnée : préfixe de clé, secondes de garde, alias de cache."""

    prefixe: str
    duree_s: int
    alias: str = "default"
    _connues: ClassVar[dict[tuple[str, str], "Famille"]] = {}

    def __post_init__(self) -> None:
        Famille._connues.setdefault((self.prefixe, self.alias), self)

    @classmethod
    def connues(cls) -> list["Famille"]:
        """Toutes celles des modules chargés, par préfixe : une par préfixe et par cache."""
        return [cls._connues[cle] for cle in sorted(cls._connues)]


@dataclass(frozen=True)
class Lecture:
    """Valeur lue, `en_cache` vrai si elle ne vient pas d'être calculée, `calculee_a` en secondes Unix."""

    valeur: Any
    en_cache: bool
    calculee_a: float
    cle: str


def _appeler(alias: str, operation: str, *args: Any, **options: Any) -> Any:
    return _proteger(alias, lambda client: getattr(client, operation)(*args, **options))


def _proteger(alias: str, geste: Callable[[Any], Any]) -> Any:
    """Appel protégé ; rend _ABSENT si le cache ne répond pas.

    django-redis avale les pannes (IGNORE_EXCEPTIONS) et rend alors une réponse plausible ; son client,
    lui, les dit. C'est à lui qu'on parle, quand il y en a un : le cache en base n'en a pas.
    """
    if disjoncteur.ouvert(alias):
        return _ABSENT
    cache = caches[alias]
    try:
        return geste(getattr(cache, "client", cache))
    except Exception as erreur:
        disjoncteur.declencher(alias, erreur)
        return _ABSENT


class CacheProtege:
    """Le cache d'un alias à travers le disjoncteur, pour qui attend l'interface de Django (les sessions)."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def get(self, cle: str, defaut: Any = None) -> Any:
        lu = _appeler(self._alias, "get", cle)
        return defaut if lu is _ABSENT or lu is None else lu

    def set(self, cle: str, valeur: Any, timeout: int | None = None) -> None:
        _appeler(self._alias, "set", cle, valeur, timeout=timeout)

    def delete(self, cle: str) -> None:
        _appeler(self._alias, "delete", cle)

    def __contains__(self, cle: str) -> bool:
        return self.get(cle) is not None


def cle_de(famille: Famille, nom: str, revision: int | str) -> str:
    return f"{famille.prefixe}:{nom}@r{revision}"


def lire_ou_calculer(famille: Famille, nom: str, revision: int | str, calculer: Callable[[], Any]) -> Lecture:
    """La valeur de `nom` à cette révision, du cache si possible. N'échoue que si `calculer` échoue."""
    cle = cle_de(famille, nom, revision)
    trouve = _lire(famille, cle)
    if trouve is not None:
        return _servir(famille, cle, trouve, "trouve")
    fin = time.monotonic() + ATTENTE_MAX_S
    while (jeton := _prendre_le_tour(famille, cle)) is None:
        if time.monotonic() > fin:
            return _calculer_et_ranger(famille, cle, calculer)
        time.sleep(PAS_ATTENTE_S)
        attendue = _lire(famille, cle)
        if attendue is not None:
            return _servir(famille, cle, attendue, "attendu")
    # Un autre a pu finir entre notre lecture et notre tour : relire évite un second calcul.
    relue = _lire(famille, cle)
    if relue is not None:
        _rendre_le_tour(famille, cle, jeton)
        return _servir(famille, cle, relue, "attendu")
    try:
        return _calculer_et_ranger(famille, cle, calculer)
    finally:
        _rendre_le_tour(famille, cle, jeton)


def compter(cle: str, *, duree_s: int, alias: str = "default") -> int | None:
    """Ajoute un au compteur `cle` et rend le total ; None si le cache ne répond pas.

    Le compteur s'efface `duree_s` secondes après son dernier ajout. Un seul aller-retour, exact entre
    processus ; approché sur le cache en base de secours, qui ne sait pas ajouter d'un seul geste.
    """
    total = _proteger(alias, lambda client: _incrementer(client, cle, duree_s))
    return None if total is _ABSENT else int(total)


def lire_le_compte(cle: str, *, alias: str = "default") -> int | None:
    """Le total du compteur, sans rien y ajouter ; None si le cache ne répond pas."""
    total = _proteger(alias, lambda client: _compte(client, cle))
    return None if total is _ABSENT else int(total)


def _compte(client: Any, cle: str) -> int:
    if not hasattr(client, "get_client"):
        return int(client.get(cle, 0))
    return int(client.get_client(write=False).get(client.make_key(cle)) or 0)


def _incrementer(client: Any, cle: str, duree_s: int) -> int:
    if not hasattr(client, "get_client"):
        total = int(client.get(cle, 0)) + 1
        client.set(cle, total, timeout=duree_s)
        return total
    cle_du_serveur = client.make_key(cle)
    tuyau = client.get_client(write=True).pipeline(transaction=False)
    tuyau.incr(cle_du_serveur)
    tuyau.expire(cle_du_serveur, duree_s)
    return int(tuyau.execute()[0])


def _lire(famille: Famille, cle: str) -> tuple[Any, float] | None:
    paquet = _appeler(famille.alias, "get", cle)
    if paquet is _ABSENT or paquet is None:
        return None
    return paquet[0], paquet[1]


def _prendre_le_tour(famille: Famille, cle: str) -> int | None:
    """Le jeton du tour pour un seul appelant, None pour les autres ; cache en panne, chacun en a un.

    Un entier : Valkey le garde tel quel, quel que soit le sérialiseur, et le script le compare.
    """
    jeton = secrets.randbits(62)
    return jeton if _appeler(famille.alias, "add", f"tour:{cle}", jeton, timeout=VERROU_S) else None


def _rendre_le_tour(famille: Famille, cle: str, jeton: int) -> None:
    """Rend le tour s'il est encore le nôtre : passé VERROU_S, un autre a pu le prendre."""
    _proteger(famille.alias, lambda client: _effacer_si(client, f"tour:{cle}", jeton))


def _effacer_si(client: Any, cle: str, valeur: int) -> None:
    if hasattr(client, "get_client"):
        client.get_client(write=True).eval(EFFACER_SI_MIEN, 1, client.make_key(cle), valeur)
    elif client.get(cle) == valeur:  # le cache en base de secours n'a pas de geste unique
        client.delete(cle)


def _servir(famille: Famille, cle: str, paquet: tuple[Any, float], issue: str) -> Lecture:
    CACHE_LECTURES.labels(famille.prefixe, issue).inc()
    return Lecture(paquet[0], True, paquet[1], cle)


def _calculer_et_ranger(famille: Famille, cle: str, calculer: Callable[[], Any]) -> Lecture:
    CACHE_LECTURES.labels(famille.prefixe, "calcule").inc()
    valeur = calculer()
    maintenant = time.time()
    _appeler(famille.alias, "set", cle, [valeur, maintenant], timeout=famille.duree_s)
    return Lecture(valeur, False, maintenant, cle)
