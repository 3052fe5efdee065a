"""Ce que le référentiel ajoute à `/metrics`."""

from collections.abc import Iterable

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily

from referentiels.models import ImportFichier
from simulateur.exploitation.exposition import jauge


def exposer() -> Iterable[GaugeMetricFamily]:
    comptes = ImportFichier.objects.order_by().values_list("a_blanc", "applique").annotate(Count("pk"))
    etats = {"a_blanc": 0, "applique": 0, "refuse": 0}
    for a_blanc, applique, nombre in comptes:
        etats["a_blanc" if a_blanc else "applique" if applique else "refuse"] += nombre
    yield jauge("imports_referentiel", "Imports du référentiel, par issue", etats, "etat")
