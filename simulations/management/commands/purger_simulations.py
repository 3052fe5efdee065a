"""manage.py purger_simulations [--jours N] [--a-blanc] : la purge hebdomadaire, à la demande."""

from simulateur.management.commandes import CommandeDePurge
from simulations.calculs.purge import JOURS, purger


class Command(CommandeDePurge):
    help = "Supprime les simulations anciennes, sauf conservées ou d'un scénario validé."
    jours_par_defaut = JOURS

    def purger(self, *, jours: int, a_blanc: bool) -> str:
        bilan = purger(jours=jours, a_blanc=a_blanc)
        return (
            f"{bilan.simulations} simulation(s), {bilan.exports} export(s), {bilan.instantanes} instantané(s)"
        )
