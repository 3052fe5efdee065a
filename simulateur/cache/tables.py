"""Les tables du cache en base, prêtes d'avance : il sert de secours quand aucun Valkey ne tourne."""

from typing import Any

from django.conf import settings
from django.core.management import call_command


def creer_les_tables_de_cache(*, using: str, **_: Any) -> None:
    """Après `migrate` en mode embarqué ; sans effet si elles existent. La production exige Redis."""
    if not settings.EN_PRODUCTION:
        call_command("createcachetable", *settings.TABLES_DE_CACHE.values(), database=using, verbosity=0)
