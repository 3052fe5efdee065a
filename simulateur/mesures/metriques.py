"""Mesures Prometheus : compteurs partagés entre gunicorn et qcluster, et jauges lues en base.

Avec PROMETHEUS_MULTIPROC_DIR, tous les processus écrivent dans le même dossier et `/metrics` les additionne.
"""

import os
from collections.abc import Iterable

from prometheus_client import REGISTRY as REGISTRE_LOCAL
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client import values as valeurs_prometheus
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from simulateur.mesures.fichiers import dossier_des_mesures, dossier_tenu, identifiant

if dossier_des_mesures():
    # Avant de créer le premier compteur : il prend cette classe à sa naissance.
    valeurs_prometheus.ValueClass = valeurs_prometheus.MultiProcessValue(lambda: identifiant(os.getpid()))

REQUETES = Counter("simulateur_requetes", "Requêtes HTTP servies", ["methode", "vue", "code"])
REQUETES_SECONDES = Histogram(
    "simulateur_requete_secondes",
    "Durée des requêtes HTTP",
    ["vue"],
    buckets=(0.005, 0.015, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TRAVAUX_FINIS = Counter("simulateur_travaux_finis", "Travaux de fond conclus", ["travail", "etat"])
TRAVAUX_SECONDES = Histogram(
    "simulateur_travail_secondes",
    "Durée des travaux de fond",
    ["travail"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600),
)
CACHE_LECTURES = Counter("simulateur_cache_lectures", "Lectures du cache de données", ["famille", "issue"])


class JaugesEnBase(Collector):
    """File et travaux, comptés au moment de la lecture : le même chiffre quel que soit le processus."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        from django.db.models import Count
        from django_q.models import OrmQ

        from simulateur.travaux.faucheur import modeles_de_travail

        file = GaugeMetricFamily("simulateur_file_longueur", "Entrées dans la file de travaux")
        file.add_metric([], OrmQ.objects.count())
        yield file
        etats = GaugeMetricFamily(
            "simulateur_travaux", "Travaux de fond par état", labels=["travail", "etat"]
        )
        for modele in modeles_de_travail():
            for etat, nombre in (
                modele._default_manager.order_by().values_list("etat").annotate(nombre=Count("pk"))
            ):
                etats.add_metric([modele._meta.label, etat], nombre)
        yield etats


def exposer() -> bytes:
    """Le texte de `/metrics` : tous les processus du dossier partagé, ou ce processus seul à défaut."""
    dossier = dossier_des_mesures()
    if dossier:
        registre = CollectorRegistry()
        multiprocess.MultiProcessCollector(registre)
        with dossier_tenu(dossier, seul=False):
            texte = generate_latest(registre)
    else:
        texte = generate_latest(REGISTRE_LOCAL)
    jauges = CollectorRegistry()
    jauges.register(JaugesEnBase())
    return texte + generate_latest(jauges)
