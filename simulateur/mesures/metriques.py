"""Compteurs Prometheus du processus. `simulateur.exploitation.exposition` les additionne et les sert.

Avec PROMETHEUS_MULTIPROC_DIR, tous les processus (gunicorn, qcluster) écrivent dans le même dossier.
"""

import os

from prometheus_client import Counter, Histogram
from prometheus_client import values as valeurs_prometheus

from simulateur.mesures.fichiers import dossier_des_mesures, identifiant
from simulateur.mesures.reserve import MesuresPartagees

if dossier_des_mesures():
    valeurs_prometheus.MmapedDict = MesuresPartagees  # type: ignore[misc,assignment]
    # Avant de créer le premier compteur : il prend cette classe à sa naissance.
    valeurs_prometheus.ValueClass = valeurs_prometheus.MultiProcessValue(lambda: identifiant(os.getpid()))

REQUETES = Counter("simulateur_requetes", "Requêtes HTTP servies", ["methode", "vue", "code"])
REQUETES_SECONDES = Histogram(
    "simulateur_requete_secondes",
    "Durée des requêtes HTTP",
    ["vue"],
    buckets=(0.005, 0.015, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REQUETES_SQL = Histogram(
    "simulateur_requete_sql",
    "Requêtes SQL par requête HTTP",
    ["vue"],
    buckets=(0, 1, 2, 3, 4, 5, 8, 12, 20, 50, 100),
)
TRAVAUX_FINIS = Counter("simulateur_travaux_finis", "Travaux de fond conclus", ["travail", "etat"])
TRAVAUX_SECONDES = Histogram(
    "simulateur_travail_secondes",
    "Durée des travaux de fond",
    ["travail"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600),
)
TRAVAUX_ATTENTE = Histogram(
    "simulateur_travail_attente_secondes",
    "Attente d'un travail, de sa demande à sa première prise",
    ["travail"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
)
TRAVAUX_PRIS = Counter("simulateur_travaux_pris", "Prises de travaux, tentatives comprises", ["travail"])
CACHE_LECTURES = Counter("simulateur_cache_lectures", "Lectures du cache de données", ["famille", "issue"])
