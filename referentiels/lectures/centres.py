"""Tous les centres vus du réseau, page par page (docs/metier/effectifs.md#lectures)."""

from typing import Any

from django.db.models import QuerySet

from referentiels.lectures.referentiel import lignes_centres
from referentiels.models import Centre
from referentiels.perms import PAYS, Etendue


class CentresDuReseau:
    """Les centres vus, à paginer : seuls ceux de la page comptent leurs postes, pas ceux qu'elle saute."""

    def __init__(self, etendue: Etendue = PAYS) -> None:
        self._centres = Centre.objects.dans(etendue)

    def count(self) -> int:
        return int(self._centres.count())

    def __getitem__(self, tranche: slice) -> QuerySet[Any]:
        de_la_page = self._centres.order_by("nom", "code").values("pk")[tranche]
        return lignes_centres(Centre.objects.filter(pk__in=de_la_page))
