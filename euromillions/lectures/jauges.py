"""Ce qu'EuroMillions ajoute à `/metrics` : la fraîcheur des tirages, les imports."""

from collections.abc import Iterable

from django.db.models import Count, Max
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from euromillions.lectures import histoire, reperes
from euromillions.models import ImportTirages, Tirage
from simulateur.exploitation.exposition import jauge


def exposer() -> Iterable[GaugeMetricFamily]:
    dernier = Tirage.objects.aggregate(dernier=Max("date"))["dernier"]
    age = (timezone.localdate() - dernier).days if dernier else None
    yield jauge("tirages_age_jours", "Jours depuis le dernier tirage connu", {"": age})
    manquants = len(reperes.manquants(histoire.revision(), timezone.localdate())) if dernier else None
    yield jauge("tirages_manquants", "Dates de tirage sans tirage", {"": manquants})
    etats = ImportTirages.objects.order_by().values_list("etat").annotate(nombre=Count("pk"))
    yield jauge("imports_tirages", "Imports de tirages, par état", dict(etats), "etat")
