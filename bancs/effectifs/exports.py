"""Vitesse des exports du pays : temps, taille et mémoire, sans la file."""

from collections.abc import Iterator

from bancs.outil import Mesure, chrono, pic_memoire_mo
from simulateur.models import Etat
from simulations.exports.fabrique import produire
from simulations.models import Export, Simulation

CIBLE_XLSX_S = 10.0


def mesurer_exports() -> Iterator[Mesure]:
    """Fabrique le xlsx puis le csv de la dernière simulation nationale terminée ; rien s'il n'y en a pas.

    Le pic de mémoire est celui du processus du banc depuis le début de l'export (Linux le remet à zéro).
    """
    lues = Simulation.objects.filter(niveau=Simulation.Niveau.NATIONAL, etat=Etat.TERMINEE)
    simulation = lues.order_by("-termine_le").first()
    if simulation is None:
        return
    for format_ in Export.Format.values:
        _oublier_le_pic()
        with chrono() as duree:
            octets = len(produire(simulation, format_, Export.Ecriture.FR))
        detail = f"{simulation.nb_taches} tâches, {octets / 1e6:.0f} Mo"
        cible = CIBLE_XLSX_S if format_ == Export.Format.XLSX else None
        yield Mesure(f"export {format_} du pays, tâches et formules", duree(), "s", cible, detail)
        yield Mesure(f"pic de mémoire de l'export {format_}", pic_memoire_mo(), "Mo")


def _oublier_le_pic() -> None:
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as reglage:
            reglage.write("5")
    except OSError:
        pass
