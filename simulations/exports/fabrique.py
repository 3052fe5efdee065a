"""Le fichier : un classeur xlsx, ou une archive d'un csv par feuille. Aucune formule n'y entre."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from simulateur.fichiers.ecriture import cellule_sure
from simulateur.machine import Prise, Refus
from simulateur.models import Etat
from simulations.exports.feuilles import Feuille, feuilles
from simulations.models import ContenuExport, Export, Simulation

PAS = 500  # lignes entre deux avancements
SEUIL_MEMOIRE = 16 * 2**20
SEUIL_IMMEDIAT = 5_000  # lignes : au-delà, l'export se fait en tâche de fond
Avancement = Callable[[int], None]
INTERDITS_XLSX = {code: "" for code in range(32) if code not in (9, 10, 13)}


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
    )
    if not Simulation.objects.filter(pk=simulation.pk).exists():
        raise Refus("La simulation a été purgée pendant l'export : le fichier serait incomplet.")
    prise.terminer(lambda: _ranger(export, contenu), octets=len(contenu), message="")


def _ranger(export: Export, contenu: bytes) -> None:
    ContenuExport.objects.update_or_create(export=export, defaults={"octets": contenu})


def _total(simulation: Simulation) -> int:
    return 1 + simulation.nb_centres + simulation.nb_postes + simulation.nb_taches


def produire(
    simulation: Simulation, format_: str, ecriture: str, avancer: Avancement = lambda _: None
) -> bytes:
    """Les octets du fichier."""
    with tempfile.SpooledTemporaryFile(max_size=SEUIL_MEMOIRE) as fichier:
        ecrire = _xlsx if format_ == Export.Format.XLSX else _csv
        ecrire(fichier, feuilles(simulation), ecriture, avancer)
        fichier.seek(0)
        return fichier.read()


def _xlsx(fichier: IO[bytes], pages: Sequence[Feuille], ecriture: str, avancer: Avancement) -> None:
    classeur = Workbook(write_only=True)
    faites = 0
    for page in pages:
        feuille = classeur.create_sheet(page.nom)
        feuille.freeze_panes = "A2"
        feuille.append(list(page.entetes))
        for ligne in page.lignes():
            feuille.append([_cellule(feuille, valeur, ecriture) for valeur in ligne])
            faites += 1
            if faites % PAS == 0:
                avancer(faites)
    classeur.save(fichier)


def _cellule(feuille: Any, valeur: Any, ecriture: str) -> Any:
    """Un texte reste un texte, même s'il commence par « = » ; un nombre et une date gardent leur nature."""
    if isinstance(valeur, str):
        cellule = WriteOnlyCell(feuille, value=valeur.translate(INTERDITS_XLSX))
        cellule.data_type = "s"
        return cellule
    if isinstance(valeur, datetime):
        cellule = WriteOnlyCell(feuille, value=timezone.localtime(valeur).replace(tzinfo=None))
        cellule.number_format = "yyyy-mm-dd hh:mm" if ecriture == Export.Ecriture.ISO else "dd/mm/yyyy hh:mm"
        return cellule
    return float(valeur) if isinstance(valeur, Decimal) else valeur


def _csv(fichier: IO[bytes], pages: Sequence[Feuille], ecriture: str, avancer: Avancement) -> None:
    """UTF-8 avec marque et « ; » à la française ; « , » sans marque en ISO."""
    francais = ecriture == Export.Ecriture.FR
    faites = 0
    with zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in pages:
            nom = page.nom.lower().replace("â", "a").replace("è", "e")
            with (
                archive.open(f"{nom}.csv", "w", force_zip64=True) as brut,
                io.TextIOWrapper(brut, "utf-8-sig" if francais else "utf-8", newline="") as texte,
            ):
                ecrivain = csv.writer(texte, delimiter=";" if francais else ",")
                ecrivain.writerow(page.entetes)
                for ligne in page.lignes():
                    ecrivain.writerow([_texte(valeur, francais=francais) for valeur in ligne])
                    faites += 1
                    if faites % PAS == 0:
                        avancer(faites)


def _texte(valeur: Any, *, francais: bool) -> Any:
    if valeur is None:
        return ""
    if isinstance(valeur, datetime):
        local = timezone.localtime(valeur)
        return f"{local:%d/%m/%Y %H:%M}" if francais else local.isoformat(timespec="seconds")
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}" if francais else valeur.isoformat()
    if isinstance(valeur, Decimal | float):
        ecrit = format(valeur.normalize(), "f") if isinstance(valeur, Decimal) else repr(valeur)
        return ecrit.replace(".", ",") if francais else ecrit
    return cellule_sure(valeur)
