"""Lancer et faire un backtest : lire l'histoire et les gains, rejouer, ranger les mesures."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from typing import Any

import numpy as np

from euromillions.generation import STRATEGIES, Passe
from euromillions.generation import marche_avant as rejeu
from euromillions.lectures import chiffres as lectures
from euromillions.models import Backtest, Ere, GainRang, Tirage
from euromillions.models.backtest import GRAINE_PAR_DEFAUT, PAR_TIRAGE_MAX
from euromillions.precision.precision import PASSAGE_A_2_50, PRIX_AVANT_2016, PRIX_EUROS
from euromillions.statistiques import Historique
from euromillions.statistiques.heuristiques import contextes, scorer
from euromillions.statistiques.historique import Entiers
from euromillions.statistiques.precision import mesurer
from euromillions.statistiques.valeur import Valeur, valeur_du_score
from simulateur.travaux.machine import Prise, Refus, creer_et_enfiler

RANGS_MAX = 20  # plus grand rang admis par la base
VERSION = "1"


def lancer(
    *,
    depuis: date | None = None,
    par_tirage: int = PAR_TIRAGE_MAX,
    graine: int = GRAINE_PAR_DEFAUT,
    demandeur: Any = None,
) -> Backtest:
    """Met le rejeu en file. Lève Refus s'il n'y a pas assez de tirages."""
    if Tirage.objects.count() <= rejeu.PASSE_MIN:
        raise Refus(f"Il faut plus de {rejeu.PASSE_MIN} tirages enregistrés pour rejouer l'histoire.")
    revision = lectures.revision()
    entrees = f"{depuis}:{par_tirage}:{graine}:{revision}"
    backtest = Backtest(
        depuis=depuis,
        par_tirage=par_tirage,
        graine=graine,
        revision=revision,
        demandeur=demandeur,
        version_moteur=VERSION,
        empreinte=hashlib.sha256(entrees.encode()).hexdigest(),
    )
    cree, _ = creer_et_enfiler(backtest)
    return cree  # type: ignore[return-value]


def rejouer(backtest: Backtest, prise: Prise) -> None:
    prise.avancer(0, 1, "Lecture des tirages et des gains")
    revision = lectures.revision()
    historique = lectures.charger()
    rangs = _rangs_a_rejouer(historique, backtest.depuis)
    if not len(rangs):
        raise Refus(
            "Aucun tirage à rejouer : le début demandé laisse trop peu d'histoire, ou il est à venir."
        )
    terrain = preparer(historique)
    debut = time.perf_counter()
    rejoues, tout = rejeu.SERIES * len(rangs), (rejeu.SERIES + 1) * len(rangs)
    series = rejeu.rejouer(
        terrain,
        rangs,
        par_tirage=backtest.par_tirage,
        graine=backtest.graine,
        avancer=lambda fait, total: prise.avancer(fait, tout, f"{fait} tirages rejoués sur {total}"),
    )
    annees = historique.jours[rangs].astype("datetime64[Y]").astype(np.int64) + 1970
    resultats = {
        "strategies": mesurer({nom: serie.jugees for nom, serie in series.items()}),
        "references": mesurer({nom: serie.jugees for nom, serie in rejeu.references(terrain, rangs).items()}),
        "par_annee": {nom: rejeu.par_annee(serie, annees) for nom, serie in series.items()},
        "score": _valeur_du_score(
            historique,
            rangs,
            series[rejeu.TEMOIN],
            avancer=lambda fait, total: prise.avancer(
                rejoues + fait, tout, f"{fait} tirages notés sur {total}"
            ),
        ),
        "premier": str(historique.jours[rangs[0]]),
        "dernier": str(historique.jours[rangs[-1]]),
    }
    prise.terminer(
        message="",
        resultats=resultats,
        tirages=len(rangs),
        revision=revision,
        calcul_ms=1000 * (time.perf_counter() - debut),
        fictif=Tirage.objects.fictifs().exists(),
    )


def _valeur_du_score(
    historique: Historique, rangs: Entiers, temoin: rejeu.Serie, *, avancer: rejeu.Avancer
) -> Valeur:
    """Le score de chaque grille du témoin, calculé avant son tirage, et ce qu'elle a trouvé.

    `avancer(fait, total)` à chaque tirage : c'est par lui qu'une annulation arrête aussi ce calcul-là.
    """
    forme = (len(rangs), temoin.grilles.par_date)
    grilles = temoin.grilles.numeros.reshape(*forme, 5)
    scores = np.empty(forme)
    for place, contexte in enumerate(contextes(historique, rangs)):
        scores[place] = scorer(grilles[place], contexte)[1]
        avancer(place + 1, len(rangs))
    return valeur_du_score(scores, temoin.numeros_trouves.reshape(forme))


def resultats_ranges(backtest: Backtest) -> dict[str, Any]:
    """Les résultats, stratégies dans l'ordre (une base JSON ne garde pas l'ordre des clés)."""
    ordre = (*STRATEGIES, rejeu.TEMOIN, *rejeu.REFERENCES)
    lus = dict(backtest.resultats)
    for partie in ("strategies", "references", "par_annee"):
        lus[partie] = {nom: lus[partie][nom] for nom in ordre if nom in lus.get(partie, {})}
    return lus


def preparer(historique: Historique) -> rejeu.Terrain:
    """L'histoire avec ses rangs de gain, ses prix et ses gains publiés."""
    jours = historique.jours.astype(object).tolist()
    places = {jour: place for place, jour in enumerate(jours)}
    gains = np.full((len(jours), RANGS_MAX + 1), np.nan)
    for jour, rang, gain in GainRang.objects.order_by().values_list("tirage__date", "rang", "gain"):
        if jour in places:
            gains[places[jour], rang] = float(gain)
    rangs = np.zeros((len(jours), 6, 3), dtype=np.int64)
    for ere in Ere.objects.prefetch_related("rangs"):
        siens = [place for jour, place in places.items() if ere.contient(jour)]
        for rang in ere.rangs.all():
            rangs[siens, rang.numeros, rang.etoiles] = rang.numero
    return rejeu.Terrain(
        passe=Passe(historique.numeros, historique.etoiles, historique.etoiles_max),
        reserves=historique.reserves.astype(np.int64),
        prix=np.where(historique.jours >= np.datetime64(PASSAGE_A_2_50), PRIX_EUROS, PRIX_AVANT_2016),
        rangs=rangs,
        gains=gains,
    )


def _rangs_a_rejouer(historique: Historique, depuis: date | None) -> Entiers:
    premier = int(np.searchsorted(historique.jours, np.datetime64(depuis))) if depuis else 0
    return np.arange(max(premier, rejeu.PASSE_MIN), len(historique))
