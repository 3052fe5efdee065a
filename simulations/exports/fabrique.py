"""Le fichier : un classeur xlsx, ou une archive d'un csv par feuille. Aucune formule n'y entre."""

import tempfile

from django.utils import timezone

from referentiels.perms import peut_voir_les_couts
from simulateur.models import Etat
from simulateur.travaux.machine import Prise
from simulateur.web.refus import Refus
from simulations.exports.ecrivains import Avancement, ecrire_csv, ecrire_xlsx
from simulations.exports.feuilles import feuilles
from simulations.models import ContenuExport, Export, Simulation

SEUIL_MEMOIRE = 16 * 2**20
SEUIL_IMMEDIAT = 5_000  # lignes : au-delà, l'export se fait en tâche de fond


def est_immediat(simulation: Simulation) -> bool:
    """Assez petit pour être fabriqué pendant la requête."""
    return simulation.nb_centres + simulation.nb_postes + simulation.nb_taches <= SEUIL_IMMEDIAT


def nom_de_fichier(simulation: Simulation, format_: str) -> str:
    """simulation-<début de clé>-<date du calcul>.xlsx ou .zip ; ASCII, sans rien de l'utilisateur."""
    jour = timezone.localdate(simulation.termine_le or timezone.now())
    extension = "xlsx" if format_ == Export.Format.XLSX else "zip"
    return f"simulation-{str(simulation.pk)[:8]}-{jour:%Y%m%d}.{extension}"


def fabriquer(export: Export, prise: Prise) -> None:
    """Travail de fond : fabrique le fichier et le range. Lève Refus si la simulation a été purgée."""
    simulation = export.simulation
    if simulation is None or simulation.etat != Etat.TERMINEE:
        raise Refus("La simulation a été supprimée ou purgée : il n'y a plus rien à exporter.")
    contenu = produire(
        simulation,
        export.format,
        export.ecriture,
        lambda faites: prise.avancer(faites, _total(simulation), f"{faites} lignes écrites"),
        couts=export.demandeur is None or peut_voir_les_couts(export.demandeur),
    )
    if not Simulation.objects.filter(pk=simulation.pk).exists():
        raise Refus("La simulation a été purgée pendant l'export : le fichier serait incomplet.")
    prise.terminer(lambda: _ranger(export, contenu), octets=len(contenu), message="")


def _ranger(export: Export, contenu: bytes) -> None:
    ContenuExport.objects.update_or_create(export=export, defaults={"octets": contenu})


def _total(simulation: Simulation) -> int:
    return 1 + simulation.nb_centres + simulation.nb_postes + simulation.nb_taches


def produire(
    simulation: Simulation,
    format_: str,
    ecriture: str,
    avancer: Avancement = lambda _: None,
    *,
    couts: bool = True,
) -> bytes:
    """Les octets du fichier. `avancer(lignes écrites)`, appelé toutes les 500 lignes, peut tout arrêter.

    `couts` : faux vide les colonnes de coût, pour qui n'a pas le droit de les voir.
    """
    ecrire = ecrire_xlsx if format_ == Export.Format.XLSX else ecrire_csv
    with tempfile.SpooledTemporaryFile(max_size=SEUIL_MEMOIRE) as fichier:
        ecrire(
            fichier, feuilles(simulation, couts=couts), iso=ecriture == Export.Ecriture.ISO, avancer=avancer
        )
        fichier.seek(0)
        return fichier.read()
