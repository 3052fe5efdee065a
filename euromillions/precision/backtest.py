"""Le backtest, travail de la file : lire l'histoire, dérouler la marche avant, ranger ce qu'elle a mesuré.

La marche avant (`generation.marche_avant`) est le calcul pur ; le backtest est la ligne qui la demande.
"""

from __future__ import annotations

import hashlib
import time
from copy import copy
from datetime import date
from typing import Any, TypedDict, TypeVar

import numpy as np

from euromillions.generation import STRATEGIES, marche_avant
from euromillions.lectures import histoire
from euromillions.lectures.terrain import lire_le_terrain
from euromillions.models import Backtest, Strategie, Tirage
from euromillions.models.backtest import GRAINE_PAR_DEFAUT, PAR_TIRAGE_MAX
from euromillions.statistiques import Historique
from euromillions.statistiques.heuristiques import contextes, scorer
from euromillions.statistiques.historique import Entiers
from euromillions.statistiques.precision import Precision, mesurer
from euromillions.statistiques.valeur import Valeur, ValeurLue, lire_la_valeur, valeur_du_score
from simulateur.travaux.machine import Prise, creer_et_enfiler
from simulateur.web.refus import Refus

VERSION = "2"  # 2 : intervalles et p de la loi exacte
NOMS = {
    **{str(s.value): str(s.label) for s in Strategie},
    marche_avant.TEMOIN: "Témoin au hasard",
    **dict(
        zip(
            marche_avant.REFERENCES,
            (
                "Les plus sortis (100 tirages)",
                "Les moins sortis (100 tirages)",
                "Les plus absents",
                "Toujours 1-2-3-4-5 / 1-2",
            ),
            strict=True,
        )
    ),
}
V = TypeVar("V")


def lancer(
    *,
    depuis: date | None = None,
    par_tirage: int = PAR_TIRAGE_MAX,
    graine: int = GRAINE_PAR_DEFAUT,
    demandeur: Any = None,
) -> Backtest:
    """Met le backtest en file. Lève Refus s'il n'y a pas assez de tirages."""
    if Tirage.objects.count() <= marche_avant.PASSE_MIN:
        raise Refus(f"Il faut plus de {marche_avant.PASSE_MIN} tirages enregistrés pour rejouer l'histoire.")
    revision = histoire.revision()
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


def derouler(backtest: Backtest, prise: Prise) -> None:
    prise.avancer(0, 1, "Lecture des tirages et des gains")
    revision = histoire.revision()
    historique = histoire.charger()
    rangs = _rangs_a_derouler(historique, backtest.depuis)
    if not len(rangs):
        raise Refus(
            "Aucun tirage à rejouer : le début demandé laisse trop peu d'histoire, ou il est à venir."
        )
    terrain = lire_le_terrain(historique)
    debut = time.perf_counter()
    rejoues, tout = marche_avant.SERIES * len(rangs), (marche_avant.SERIES + 1) * len(rangs)
    series = marche_avant.derouler(
        terrain,
        rangs,
        par_tirage=backtest.par_tirage,
        graine=backtest.graine,
        avancer=lambda fait, total: prise.avancer(fait, tout, f"{fait} tirages rejoués sur {total}"),
    )
    annees = historique.jours[rangs].astype("datetime64[Y]").astype(np.int64) + 1970
    resultats = {
        "strategies": mesurer({nom: serie.jugees for nom, serie in series.items()}),
        "references": mesurer(
            {nom: serie.jugees for nom, serie in marche_avant.references(terrain, rangs).items()}
        ),
        "par_annee": {nom: marche_avant.par_annee(serie, annees) for nom, serie in series.items()},
        "score": _valeur_du_score(
            historique,
            rangs,
            series[marche_avant.TEMOIN],
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
    historique: Historique, rangs: Entiers, temoin: marche_avant.Serie, *, avancer: marche_avant.Avancer
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


class Resultats(TypedDict):
    """Ce que garde un backtest fini : une mesure par stratégie, par référence, et par année."""

    strategies: dict[str, Precision]
    references: dict[str, Precision]
    par_annee: dict[str, dict[str, float]]
    score: ValeurLue
    premier: str
    dernier: str


def resultats_ranges(backtest: Backtest) -> Resultats:
    """Les résultats, stratégies dans l'ordre (une base JSON ne garde pas l'ordre des clés)."""
    ordre = (*STRATEGIES, marche_avant.TEMOIN, *marche_avant.REFERENCES)
    lus: Resultats = copy(backtest.resultats)
    lus["strategies"] = _dans_l_ordre(lus["strategies"], ordre)
    lus["references"] = _dans_l_ordre(lus["references"], ordre)
    lus["par_annee"] = _dans_l_ordre(lus["par_annee"], ordre)
    if "score" in lus:  # les premiers backtests ne le mesuraient pas
        lus["score"] = lire_la_valeur(lus["score"])
    return lus


def _dans_l_ordre(lus: dict[str, V], ordre: tuple[str, ...]) -> dict[str, V]:
    return {nom: lus[nom] for nom in ordre if nom in lus}


def _rangs_a_derouler(historique: Historique, depuis: date | None) -> Entiers:
    premier = int(np.searchsorted(historique.jours, np.datetime64(depuis))) if depuis else 0
    return np.arange(max(premier, marche_avant.PASSE_MIN), len(historique))
