"""Le répertoire d'un zip, jugé avant toute décompression : celui d'un classeur, ou celui d'un csv emballé.

Un répertoire peut mentir sur les tailles, mais `zipfile` ne rend jamais plus que la taille déclarée.
"""

import io
import struct
import zipfile
import zlib

from simulateur.fichiers.limites import MIO, FichierRefuse, Limites, verifier_taille

ZIP = b"PK\x03\x04"
ZIP_VIDE = b"PK\x05\x06"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIN = struct.Struct("<4s4H2LH")
_LOCALISATEUR_ZIP64 = b"PK\x06\x07"
_TYPES = "[Content_Types].xml"
# Par format : ce que son archive contient forcément, et ce qu'on en dit quand il manque.
NATURES = {
    "xlsx": ({_TYPES, "_rels/.rels"}, "Cette archive n'est pas un classeur Excel (.xlsx)."),
    "xlsb": ({_TYPES, "xl/workbook.bin"}, "Cette archive n'est pas un classeur binaire (.xlsb)."),
    "ods": ({"mimetype", "content.xml"}, "Cette archive n'est pas un classeur OpenDocument (.ods)."),
}
CHIFFRE = 0x1  # le bit du répertoire qui dit une partie chiffrée
# Les autres méthodes se décompressent sans borne dans zipfile.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ILLISIBLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, IndexError)
MEMBRES_MAX = 50
# Un csv se comprime de 3 à 6 fois ; au-delà de 100, c'est une bombe.
TAUX_MAX_D_UN_CSV = 100


def verifier(contenu: bytes, limites: Limites, nature: str = "xlsx") -> None:
    """Lève FichierRefuse si l'archive n'est pas un classeur de ce format, de taille raisonnable."""
    _verifier_fin(contenu, limites)
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            parties = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise FichierRefuse("Le classeur est abîmé : son répertoire ne se lit pas.") from None
    _verifier_noms([partie.filename for partie in parties], nature)
    for partie in parties:
        _verifier_partie(partie, limites)
    if sum(partie.file_size for partie in parties) > limites.total_octets:
        raise FichierRefuse(
            f"Le classeur décompressé dépasse {limites.total_octets // MIO} Mio : le partager en plusieurs."
        )
    if sum(partie.compress_size for partie in parties) > len(contenu):
        raise FichierRefuse("Le classeur est piégé : ses parties se recouvrent.")


def _verifier_fin(contenu: bytes, limites: Limites) -> None:
    """Borne le répertoire avant que `zipfile` le charge en mémoire."""
    position = contenu.rfind(ZIP_VIDE, max(0, len(contenu) - _FIN.size - 0xFFFF))
    if position < 0 or len(contenu) - position < _FIN.size:
        raise FichierRefuse("Le classeur est tronqué : la fin de l'archive manque.")
    _, disque, disque_rep, ici, total, taille, debut, _ = _FIN.unpack_from(contenu, position)
    zip64 = contenu[max(0, position - 20) : position].startswith(_LOCALISATEUR_ZIP64)
    if disque or disque_rep or ici != total or zip64 or 0xFFFFFFFF in (taille, debut):
        raise FichierRefuse("Cette forme d'archive (ZIP64 ou en plusieurs volumes) n'est pas acceptée.")
    if total > limites.parties or taille > limites.repertoire_octets:
        raise FichierRefuse(f"L'archive compte plus de {limites.parties} parties : ce n'est pas un classeur.")


def _verifier_noms(noms: list[str], nature: str) -> None:
    if any(nom.startswith("/") or "\\" in nom or ".." in nom.split("/") or ":" in nom for nom in noms):
        raise FichierRefuse("Le classeur est piégé : une de ses parties sort de l'archive.")
    if len(set(noms)) != len(noms):
        raise FichierRefuse("Le classeur est piégé : deux de ses parties portent le même nom.")
    if nature == "xlsx" and "mimetype" in noms:
        raise FichierRefuse("C'est un classeur OpenDocument : lui donner l'extension .ods.")
    if nature == "xlsx" and "xl/workbook.bin" in noms:
        raise FichierRefuse("C'est un classeur binaire : lui donner l'extension .xlsb.")
    obligatoires, sinon = NATURES[nature]
    if not set(noms) >= obligatoires:
        raise FichierRefuse(sinon)


def _verifier_partie(partie: zipfile.ZipInfo, limites: Limites) -> None:
    if partie.flag_bits & CHIFFRE:
        raise FichierRefuse("Le classeur est chiffré : l'enregistrer sans mot de passe.")
    if partie.compress_type not in COMPRESSIONS:
        raise FichierRefuse("Le classeur emploie une compression qui n'est pas celle d'Excel.")
    if partie.file_size > limites.partie_octets:
        raise FichierRefuse(
            f"La partie « {partie.filename[:80]} » dépasse {limites.partie_octets // MIO} Mio décompressée."
        )
    if partie.file_size > MIO and partie.file_size > limites.taux_compression * partie.compress_size:
        raise FichierRefuse(
            f"La partie « {partie.filename[:80]} » est anormalement compressée "
            f"(plus de {limites.taux_compression} fois) : le classeur est piégé."
        )


def seul_csv(contenu: bytes, taille_max: int) -> bytes:
    """Le contenu de l'unique .csv d'un zip, au plus `taille_max` octets. Lève FichierRefuse."""
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            membre = _unique_csv(archive.infolist())
            _verifier_membre(membre, taille_max)
            with archive.open(membre) as flux:
                lu = flux.read(taille_max + 1)
    except ILLISIBLE as erreur:
        raise FichierRefuse("L'archive zip est abîmée ou illisible.") from erreur
    verifier_taille(len(lu), taille_max)
    return lu


def _unique_csv(membres: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    if len(membres) > MEMBRES_MAX:
        raise FichierRefuse(f"L'archive zip a {len(membres)} entrées : le maximum est de {MEMBRES_MAX}.")
    if any(membre.filename == _TYPES for membre in membres):
        raise FichierRefuse("C'est un classeur de tableur : l'enregistrer en CSV.")
    csv = [
        membre
        for membre in membres
        if membre.filename.lower().endswith(".csv") and not membre.filename.startswith("__MACOSX/")
    ]
    if len(csv) != 1:
        raise FichierRefuse(f"L'archive zip doit contenir un fichier .csv et un seul : elle en a {len(csv)}.")
    return csv[0]


def _verifier_membre(membre: zipfile.ZipInfo, taille_max: int) -> None:
    if membre.flag_bits & CHIFFRE:
        raise FichierRefuse("L'archive zip est protégée par un mot de passe.")
    if membre.compress_type not in COMPRESSIONS:
        raise FichierRefuse("L'archive zip emploie une compression qui n'est pas servie (deflate attendu).")
    verifier_taille(membre.file_size, taille_max)
    taux = membre.file_size // max(membre.compress_size, 1)
    if taux > TAUX_MAX_D_UN_CSV:
        raise FichierRefuse(f"L'archive zip gonfle {taux} fois à l'ouverture : c'est une bombe.")
