"""Vitesse des grilles : génération, aller-retour par la file, règlement, backtest, notes."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bancs.comptes import compte_du_banc
from bancs.outil import Banc, Mesure, chrono, mediane_s
from euromillions.generation import STRATEGIES, Passe, bassins, marche_avant, nouveau_generateur, tirer
from euromillions.grilles import heuristiques
from euromillions.grilles.execution import enregistrer
from euromillions.grilles.reglement import regler
from euromillions.lectures import histoire
from euromillions.lectures.terrain import lire_le_terrain
from euromillions.models import Ere, Generation, Tirage
from euromillions.models.grilles import NOMBRE_MAX
from euromillions.models.tirages import BOULES
from euromillions.statistiques.heuristiques import scorer
from euromillions.statistiques.precision import mesurer
from euromillions.tirages.demo import charger_fictifs
from simulateur.models import Etat

GRILLES_A_JUGER = 100_000
GRILLES_A_NOTER = 10_000
TIRAGES_REJOUES = 1_900
ATTENTE_S = 60.0
LANCER = "/api/euromillions/generate-advanced?strategy=random&num_grids=1000"


def bancs() -> list[Banc]:
    return [
        Banc("euromillions : grilles", _calculs),
        Banc("euromillions : génération par la file", _par_la_file),
        Banc("euromillions : règlement", _reglement),
    ]


def _calculs() -> Iterator[Mesure]:
    _assurer_des_tirages()
    historique = histoire.charger()
    passe = Passe(historique.numeros, historique.etoiles)
    rang, reserve = np.array([len(passe)]), np.array([12])
    for strategie in STRATEGIES:
        duree = mediane_s(
            lambda s=strategie: tirer(  # type: ignore[misc]
                bassins(s, passe, rang, reserve), NOMBRE_MAX, nouveau_generateur(1)
            )
        )
        yield Mesure(f"1 000 grilles {strategie}", duree * 1e3, "ms", 100, f"{len(passe)} tirages")
    terrain = lire_le_terrain(historique)
    rangs = np.arange(len(passe))[-TIRAGES_REJOUES:]
    with chrono() as duree_de_la_marche:
        series = marche_avant.derouler(
            terrain, rangs, par_tirage=100, graine=1, avancer=lambda fait, total: None
        )
        mesurer({nom: serie.jugees for nom, serie in series.items()})
    detail = f"{len(series)} séries × 100 grilles × {len(rangs)} tirages, témoin compris"
    yield Mesure("backtest", duree_de_la_marche(), "s", 5, detail)
    grilles = series[marche_avant.TEMOIN].grilles.numeros[:GRILLES_A_NOTER]
    contexte = heuristiques.contexte()
    notes = mediane_s(lambda: scorer(grilles, contexte))
    yield Mesure(f"noter {len(grilles)} grilles", notes, "s", 1)


def _par_la_file() -> Iterator[Mesure]:
    _assurer_des_tirages()
    compte = compte_du_banc()
    client = Client(SERVER_NAME="localhost")
    client.force_login(compte)
    _aller_retour(client)
    durees = sorted(_aller_retour(client) for _ in range(5))
    yield Mesure("1 000 grilles, POST → SUCCESS", durees[2] * 1e3, "ms", 1000, "cinq allers-retours")


def _reglement() -> Iterator[Mesure]:
    """Tout se passe dans une transaction annulée : le banc ne laisse ni grille ni tirage."""
    _assurer_des_tirages()
    ere = Ere.objects.get(fin__isnull=True)
    connus = set(Tirage.objects.values_list("date", flat=True))
    jours = (timezone.localdate() - timedelta(days=n) for n in range(1, 4000))
    libre = next((jour for jour in jours if jour not in connus and ere.admet_le_jour(jour)), None)
    with transaction.atomic():
        if libre is None:
            libre = max(connus)
            Tirage.objects.filter(date=libre).delete()
        nombre = _preparer_les_grilles(libre)
        boules = dict(zip(BOULES, (3, 12, 24, 37, 50, 2, 11), strict=True))
        with chrono() as duree:
            Tirage.objects.create(date=libre, **boules)
        refait = mediane_s(regler, fois=3)
        transaction.set_rollback(True)
    yield Mesure("régler à l'arrivée du tirage", duree(), "s", 3, f"{nombre} grilles")
    yield Mesure("régler quand rien n'a changé", refait * 1e3, "ms")


def _preparer_les_grilles(cible: Any) -> int:
    historique = histoire.charger()
    passe = Passe(historique.numeros, historique.etoiles)
    permises = bassins("random", passe, np.array([len(passe)]), np.array([12]))
    maintenant = timezone.now()
    for graine in range(GRILLES_A_JUGER // NOMBRE_MAX):
        generation = Generation.objects.create(
            strategie="random",
            nombre=NOMBRE_MAX,
            graine=graine,
            cible=cible,
            etat=Etat.TERMINEE,
            termine_le=maintenant,
        )
        enregistrer(generation, tirer(permises, NOMBRE_MAX, nouveau_generateur(graine)))
    return GRILLES_A_JUGER


def _aller_retour(client: Client) -> float:
    debut = time.perf_counter()
    lance = client.post(LANCER)
    if lance.status_code != 202:
        raise RuntimeError(f"{LANCER} répond {lance.status_code} : {lance.content[:300]!r}")
    adresse = lance.json()["check_status_url"]
    while client.get(adresse).json()["state"] != "SUCCESS":
        if time.perf_counter() - debut > ATTENTE_S:
            raise RuntimeError(f"génération toujours pas finie après {ATTENTE_S:g} s")
        time.sleep(0.01)
    return time.perf_counter() - debut


def _assurer_des_tirages() -> None:
    if not Tirage.objects.exists():
        charger_fictifs(jusqu_au=timezone.localdate())
