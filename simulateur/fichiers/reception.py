"""Juger un fichier reçu sur sa taille, son nom et ses premiers octets, avant d'en lire davantage."""

from pathlib import Path

from django.conf import settings

from simulateur.fichiers import archive, limites
from simulateur.fichiers.limites import FichierRefuse

EXTENSIONS = {
    ".xlsx": "xlsx",
    ".xlsb": "xlsb",
    ".xls": "xls",
    ".ods": "ods",
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
}
CHIFFRE = "EncryptedPackage".encode("utf-16-le")
NATURES_BINAIRES = {b"%PDF": "un PDF", b"\x89PNG": "une image", b"\xff\xd8\xff": "une image"}


def verifier_taille(octets: int) -> None:
    """À appeler sur la taille annoncée, avant de charger le contenu en mémoire."""
    limites.verifier_taille(octets, settings.IMPORT_TAILLE_MAX_OCTETS)


def verifier_nature(contenu: bytes, nom: str) -> str:
    """« xlsx », « xls », « xlsb », « ods » ou « csv » ; le nom et les premiers octets doivent s'accorder."""
    verifier_taille(len(contenu))
    if not contenu.strip():
        raise FichierRefuse("Le fichier est vide.")
    for debut, quoi in NATURES_BINAIRES.items():
        if contenu.startswith(debut):
            raise FichierRefuse(f"Le fichier est {quoi} : envoyer un classeur ou un fichier csv.")
    nature = EXTENSIONS.get(Path(nom).suffix.lower())
    if nature is None:
        raise FichierRefuse(f"« {nom[:80]} » : les formats acceptés sont xlsx, xls, xlsb, ods et csv.")
    _accorder(nature, contenu)
    return nature


def _accorder(nature: str, contenu: bytes) -> None:
    """Lève FichierRefuse si les premiers octets démentent l'extension."""
    est_zip = contenu.startswith((archive.ZIP, archive.ZIP_VIDE))
    est_ole2 = contenu.startswith(archive.OLE2)
    if est_ole2 and (CHIFFRE in contenu or nature in archive.NATURES):
        raise FichierRefuse(
            "Le classeur est protégé par un mot de passe, ou c'est un ancien classeur (.xls)."
        )
    if nature in archive.NATURES and not est_zip:
        raise FichierRefuse(f"Le fichier porte le nom d'un classeur {nature}, mais n'en est pas un.")
    if nature == "xls" and not est_ole2:
        raise FichierRefuse("Le fichier porte le nom d'un classeur xls, mais n'en est pas un.")
    if nature == "csv" and (est_zip or est_ole2):
        raise FichierRefuse("Le fichier porte le nom d'un csv, mais c'est une archive (un classeur ?).")
