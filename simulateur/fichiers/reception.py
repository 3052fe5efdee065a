"""Juger un fichier reçu sur sa taille, son nom et ses premiers octets, avant d'en lire davantage."""

from pathlib import Path

from django.conf import settings

from simulateur.fichiers import archive, limites
from simulateur.fichiers.limites import FichierRefuse

EXTENSIONS = {".xlsx": "xlsx", ".csv": "csv", ".txt": "csv", ".tsv": "csv"}
NATURES_BINAIRES = {b"%PDF": "un PDF", b"\x89PNG": "une image", b"\xff\xd8\xff": "une image"}


def verifier_taille(octets: int) -> None:
    """À appeler sur la taille annoncée, avant de charger le contenu en mémoire."""
    limites.verifier_taille(octets, settings.IMPORT_TAILLE_MAX_OCTETS)


def verifier_nature(contenu: bytes, nom: str) -> str:
    """« xlsx » ou « csv », d'après le nom et les premiers octets, qui doivent s'accorder."""
    verifier_taille(len(contenu))
    if not contenu.strip():
        raise FichierRefuse("Le fichier est vide.")
    if contenu.startswith(archive.OLE2):
        raise FichierRefuse(
            "C'est un ancien classeur (.xls) ou un classeur protégé par mot de passe : "
            "l'enregistrer au format xlsx, sans mot de passe."
        )
    for debut, quoi in NATURES_BINAIRES.items():
        if contenu.startswith(debut):
            raise FichierRefuse(f"Le fichier est {quoi} : envoyer un classeur xlsx ou un fichier csv.")
    nature = EXTENSIONS.get(Path(nom).suffix.lower())
    if nature is None:
        raise FichierRefuse(f"« {nom[:80]} » : les formats acceptés sont xlsx et csv.")
    est_zip = contenu.startswith((archive.ZIP, archive.ZIP_VIDE))
    if nature == "xlsx" and not est_zip:
        raise FichierRefuse("Le fichier porte le nom d'un classeur xlsx, mais n'en est pas un.")
    if nature == "csv" and est_zip:
        raise FichierRefuse("Le fichier porte le nom d'un csv, mais c'est une archive (un classeur xlsx ?).")
    return nature
