"""Des octets reçus à un texte sûr : taille, zip, encodage, fins de ligne. Rien n'est écrit sur disque."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from euromillions.imports.lignes import FichierRefuse

ENTREES_ZIP_MAX = 50
# Les fichiers de l'opérateur se compriment 3 à 6 fois ; au-delà de 100, c'est une bombe.
RATIO_ZIP_MAX = 100
LIGNES_MAX = 20_000

_CONTROLES = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SIGNATURES_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Texte:
    """Texte décodé, fins de ligne ramenées à `\\n` ; `fins_de_ligne` décrit celles du fichier."""

    texte: str
    encodage: str
    fins_de_ligne: str


def texte_du_fichier(octets: bytes, *, taille_max: int, lignes_max: int = LIGNES_MAX) -> Texte:
    """Décode un csv, ou l'unique csv d'un zip. Lève FichierRefuse ; `taille_max` en octets."""
    verifier_taille(len(octets), taille_max)
    if octets.startswith(b"PK"):
        octets = _csv_du_zip(octets, taille_max)
    if not octets.strip():
        raise FichierRefuse("Le fichier est vide.")
    texte, encodage = _decoder(octets)
    fins = _fins_de_ligne(texte)
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    if texte.count("\n") > lignes_max:
        raise FichierRefuse(
            f"Le fichier a plus de {lignes_max} lignes : toute l'histoire du jeu en compte moins de 3 000."
        )
    return Texte(texte=texte, encodage=encodage, fins_de_ligne=fins)


def verifier_taille(octets: int, taille_max: int) -> None:
    if octets > taille_max:
        raise FichierRefuse(f"Le fichier pèse {octets} octets : le maximum est de {taille_max}.")


def _decoder(octets: bytes) -> tuple[str, str]:
    if octets.startswith(_SIGNATURES_UTF16):
        raise FichierRefuse("Le fichier est en UTF-16 : l'enregistrer en CSV UTF-8.")
    try:
        texte = octets.decode("utf-8-sig")
        encodage = "utf-8 (BOM)" if octets.startswith(b"\xef\xbb\xbf") else "utf-8"
    except UnicodeDecodeError:
        texte, encodage = octets.decode("latin-1"), "latin-1"
    trouve = _CONTROLES.search(texte)
    if trouve:
        nom = "un octet nul" if trouve.group() == "\0" else "des caractères de contrôle"
        raise FichierRefuse(f"Le fichier n'est pas un texte CSV : il contient {nom}.")
    return texte, "ascii" if texte.isascii() and encodage == "utf-8" else encodage


def _fins_de_ligne(texte: str) -> str:
    crlf = texte.count("\r\n")
    lf = texte.count("\n") - crlf
    cr = texte.count("\r") - crlf
    presentes = [nom for nom, nombre in (("CRLF", crlf), ("LF", lf), ("CR", cr)) if nombre]
    return " et ".join(presentes) or "aucune"


def _csv_du_zip(octets: bytes, taille_max: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            entree = _unique_csv(archive)
            _verifier_entree(entree, taille_max)
            with archive.open(entree) as fichier:
                # La taille déclarée peut mentir : on ne lit jamais plus que le maximum.
                contenu = fichier.read(taille_max + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        IndexError,
    ) as erreur:
        raise FichierRefuse("L'archive zip est abîmée ou illisible.") from erreur
    verifier_taille(len(contenu), taille_max)
    return contenu


def _unique_csv(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entrees = archive.infolist()
    if len(entrees) > ENTREES_ZIP_MAX:
        raise FichierRefuse(f"L'archive zip a {len(entrees)} entrées : le maximum est de {ENTREES_ZIP_MAX}.")
    noms = {entree.filename for entree in entrees}
    if "[Content_Types].xml" in noms:
        raise FichierRefuse("C'est un classeur de tableur : l'enregistrer en CSV.")
    csv = [
        entree
        for entree in entrees
        if entree.filename.lower().endswith(".csv") and not entree.filename.startswith("__MACOSX/")
    ]
    if len(csv) != 1:
        raise FichierRefuse(f"L'archive zip doit contenir un fichier .csv et un seul : elle en a {len(csv)}.")
    return csv[0]


def _verifier_entree(entree: zipfile.ZipInfo, taille_max: int) -> None:
    if entree.flag_bits & 0x1:
        raise FichierRefuse("L'archive zip est protégée par un mot de passe.")
    if entree.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FichierRefuse("L'archive zip emploie une compression qui n'est pas servie (deflate attendu).")
    verifier_taille(entree.file_size, taille_max)
    if entree.file_size > RATIO_ZIP_MAX * max(entree.compress_size, 1):
        raise FichierRefuse(
            f"L'archive zip gonfle {entree.file_size // max(entree.compress_size, 1)} fois "
            f"à l'ouverture : le maximum est de {RATIO_ZIP_MAX}."
        )
