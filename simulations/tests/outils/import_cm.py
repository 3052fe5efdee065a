"""La table de tâches CM réelle, écrite en fichier puis importée par la commande, comme un exploitant."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from openpyxl import Workbook

from referentiels.models import Centre
from referentiels.tests.outils.factories import CentreFactory

ENTETES = {
    "Nom de tâche": "nom_tache",
    "Produit": "produit",
    "Famille": "famille",
    "Phase": "phase",
    "Unité de mesure": "unite_mesure",
    "base de calcul": "base_calcul_brut",
    "Responsable 1": "responsable_1",
    "Responsable 2": "responsable_2",
    "Temps_min": "temps_min",
    "Temps_sec": "temps_sec",
}


def lignes_de(dossier: Path, typologie: str) -> list[dict[str, str]]:
    with (dossier / "donnees" / "rh" / "taches_typologies.csv").open(encoding="utf-8") as fichier:
        return [ligne for ligne in csv.DictReader(fichier) if ligne["typologie"] == typologie]


def ecrire_classeur(lignes: list[dict[str, str]], chemin: Path) -> None:
    classeur = Workbook()
    feuille: Any = classeur.active
    feuille.append(list(ENTETES))
    for ligne in lignes:
        feuille.append(
            [
                float(ligne[champ]) if champ.startswith(("temps", "base")) and ligne[champ] else ligne[champ]
                for champ in ENTETES.values()
            ]
        )
    classeur.save(chemin)


def importer_cm(dossier: Path) -> Centre:
    """Un centre CM neuf, ses 303 tâches importées du classeur de 254 lignes."""
    centre: Centre = CentreFactory(code="CM-REF", typologie__code="CM")
    with tempfile.TemporaryDirectory() as ou:
        classeur = Path(ou) / "cm.xlsx"
        ecrire_classeur(lignes_de(dossier, "CM"), classeur)
        call_command("importer_taches", str(classeur), "--centre", centre.code, "--appliquer", verbosity=0)
    return centre
