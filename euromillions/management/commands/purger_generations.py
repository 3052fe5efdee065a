"""manage.py purger_generations [--jours N] [--a-blanc] : la purge hebdomadaire, à la demande."""

from euromillions.grilles.purge import JOURS, purger
from simulateur.management.commandes import CommandeDePurge


class Command(CommandeDePurge):
    help = (
        "Supprime les vieilles générations dont aucun chiffre ne dépend ; les grilles jugées restent toutes."
    )
    jours_par_defaut = JOURS

    def purger(self, *, jours: int, a_blanc: bool) -> str:
        bilan = purger(jours=jours, a_blanc=a_blanc)
        return (
            f"{bilan.generations} génération(s), {bilan.grilles_fictives} grille(s) fictive(s), "
            f"{bilan.backtests} backtest(s)"
        )
