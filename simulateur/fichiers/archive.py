"""Le répertoire d'un classeur xlsx, jugé avant toute décompression.

Un répertoire peut mentir sur les tailles, mais `zipfile` ne rend jamais plus que la taille déclarée.
"""

import io
import struct
import zipfile

from simulateur.fichiers.limites import MIO, FichierRefuse, Limites

ZIP = b"PK\x03\x04"
ZIP_VIDE = b"PK\x05\x06"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIN = struct.Struct("<4s4H2LH")
_LOCALISATEUR_ZIP64 = b"PK\x06\x07"
_OBLIGATOIRES = {"[Content_Types].xml", "_rels/.rels"}


def verifier(contenu: bytes, limites: Limites) -> None:
    """Lève FichierRefuse si l'archive n'est pas un classeur xlsx de taille raisonnable."""
    _verifier_fin(contenu, limites)
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            parties = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise FichierRefuse("Le classeur est abîmé : son répertoire ne se lit pas.") from None
    _verifier_noms([partie.filename for partie in parties])
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


def _verifier_noms(noms: list[str]) -> None:
    if any(nom.startswith("/") or "\\" in nom or ".." in nom.split("/") or ":" in nom for nom in noms):
        raise FichierRefuse("Le classeur est piégé : une de ses parties sort de l'archive.")
    if len(set(noms)) != len(noms):
        raise FichierRefuse("Le classeur est piégé : deux de ses parties portent le même nom.")
    if "mimetype" in noms:
        raise FichierRefuse("C'est un classeur OpenDocument (.ods) : l'enregistrer au format xlsx ou csv.")
    if "xl/workbook.bin" in noms:
        raise FichierRefuse("C'est un classeur binaire (.xlsb) : l'enregistrer au format xlsx ou csv.")
    if not set(noms) >= _OBLIGATOIRES:
        raise FichierRefuse("Cette archive n'est pas un classeur Excel (.xlsx).")


def _verifier_partie(partie: zipfile.ZipInfo, limites: Limites) -> None:
    if partie.flag_bits & 0x1:
        raise FichierRefuse("Le classeur est chiffré : l'enregistrer sans mot de passe.")
    # Les autres méthodes se décompressent sans borne dans zipfile.
    if partie.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
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
