"""ETag et If-Match : une écriture qui dit ce qu'elle a lu est refusée (412) si la ligne a changé depuis.

Sans If-Match, l'écriture part de la ligne telle qu'elle vient d'être lue ; changée dans l'intervalle, 409.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions
from rest_framework.request import Request

from simulateur.cache import versions
from simulateur.cache.versions import VersionDepassee

CHANGEE = OpenApiResponse(description="If-Match ne cite plus la version de la ligne : elle a changé")
# « W/ » : la compression de la réponse affaiblit l'étiquette en chemin, sans changer la ligne.
ETIQUETTES = re.compile(r'(?:W/)?"([^"]*)"')


class VersionChangee(exceptions.APIException):
    status_code = 412
    default_detail = "Changé depuis votre lecture (If-Match) : relire, puis recommencer."
    default_code = "version_changee"


def en_tete(etiquette: str) -> dict[str, str]:
    return {"ETag": f'"{etiquette}"'} if etiquette else {}


def exiger(request: Request, instance: Any) -> None:
    """VersionChangee si If-Match ne cite pas la version de `instance`, tout juste lue de la base."""
    attendue(request, instance)
    versions.exiger(instance, versions.stockees(instance))


def attendue(request: Request, instance: Any) -> str:
    """L'étiquette que l'écriture doit trouver : celle d'If-Match ; vide si le client n'en exige pas."""
    citees = request.headers.get("If-Match")
    if citees is None or citees.strip() == "*":
        return ""
    version = versions.vue(instance)
    if version not in ETIQUETTES.findall(citees):
        raise VersionChangee
    return version


@contextmanager
def traduire(request: Request) -> Iterator[None]:
    """412 à la place de VersionDepassee quand le client a envoyé If-Match."""
    try:
        yield
    except VersionDepassee:
        if "If-Match" in request.headers:
            raise VersionChangee from None
        raise
