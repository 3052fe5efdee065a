"""Purge hebdomadaire des générations et des backtests finis depuis longtemps dont aucun chiffre ne dépend.

La précision d'une stratégie se calcule sur toutes les grilles jugées, et un tirage corrigé les fait rejuger :
en effacer une seule fausserait les moyennes publiées. Une génération qui a des grilles reste donc, jugées ou
encore en attente de leur tirage. Partent, passé `JOURS` :
- les générations sans grilles à elles : refusées, annulées, en erreur, ou servies du cache (les grilles
  montrées sont celles de leur origine, du même demandeur) ;
- les générations fictives, que la précision ne compte pas, sauf si une de leurs grilles a gagné ;
- les backtests qui n'ont rien donné.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from euromillions.models import Backtest, Generation, Grille
from simulateur.models import ETATS_FINAUX, Etat

JOURS = 30
LOT = 50  # générations par transaction : une génération fictive emporte jusqu'à 1 000 grilles


@dataclass(frozen=True)
class Bilan:
    """Ce qui a été supprimé (ou le serait, à blanc)."""

    generations: int
    grilles_fictives: int
    backtests: int

    def en_dict(self) -> dict[str, int]:
        return asdict(self)


def purger(*, maintenant: datetime | None = None, jours: int = JOURS, a_blanc: bool = False) -> Bilan:
    """Supprime par lots ; les conditions sont revues au moment de supprimer."""
    limite = (maintenant or timezone.now()) - timedelta(days=jours)
    voulues = Generation.objects.purgeables(avant=limite)
    backtests = _backtests_sans_resultat(limite)
    if a_blanc:
        grilles = Grille.objects.filter(generation__in=voulues).count()
        return Bilan(voulues.count(), grilles, backtests.count())
    generations = grilles = 0
    cles = list(voulues.values_list("pk", flat=True))
    for debut in range(0, len(cles), LOT):
        _, par_modele = voulues.filter(pk__in=cles[debut : debut + LOT]).delete()
        generations += par_modele.get("euromillions.Generation", 0)
        grilles += par_modele.get("euromillions.Grille", 0)
    _, par_modele = backtests.delete()
    return Bilan(generations, grilles, par_modele.get("euromillions.Backtest", 0))


def _backtests_sans_resultat(limite: datetime) -> "QuerySet[Backtest]":
    rates = [etat for etat in ETATS_FINAUX if etat != Etat.TERMINEE]
    return Backtest.objects.filter(etat__in=rates, termine_le__lt=limite)
