"""Des octets à un texte : encodage trouvé par le contenu, ce qui n'est pas du texte refusé.

Bibliothèque standard seulement : le processus enfant l'importe.
"""

import re
from dataclasses import dataclass

from simulateur.fichiers.limites import FichierRefuse

UTF8, CP1252, LATIN1 = "utf-8", "cp1252", "latin-1"
_CONTROLES = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]")
_MARQUE = b"\xef\xbb\xbf"
_SIGNATURES_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Texte:
    """Texte décodé ; `encodage` tel qu'on le montre : « ascii », « utf-8 (BOM) »…"""

    texte: str
    encodage: str


def decoder(octets: bytes, *, encodages: tuple[str, ...] = (UTF8, CP1252, LATIN1)) -> Texte:
    """Le premier de ces encodages qui convient. Lève FichierRefuse pour de l'UTF-16 ou un octet nul."""
    if octets.startswith(_SIGNATURES_UTF16):
        raise FichierRefuse("Le fichier est en UTF-16, plein d'octets nuls : l'enregistrer en CSV UTF-8.")
    if b"\0" in octets:
        raise FichierRefuse("Le fichier n'est pas un texte CSV (octets nuls) : l'enregistrer en CSV UTF-8.")
    for encodage in encodages:
        try:
            texte = octets.removeprefix(_MARQUE).decode(encodage)
        except UnicodeDecodeError:
            continue
        return Texte(texte, _nom(encodage, octets, texte))
    raise FichierRefuse(f"Le fichier n'est pas un texte en {' ni en '.join(encodages)}.")


def _nom(encodage: str, octets: bytes, texte: str) -> str:
    if octets.startswith(_MARQUE):
        return "utf-8 (BOM)"
    return "ascii" if texte.isascii() else encodage


def refuser_les_controles(texte: str) -> None:
    """Des caractères de contrôle trahissent un fichier qui n'est pas du texte (un PDF, une archive)."""
    if _CONTROLES.search(texte):
        raise FichierRefuse("Le fichier n'est pas un texte CSV : il contient des caractères de contrôle.")


def fins_de_ligne(texte: str) -> str:
    """« CRLF », « LF », « CRLF et LF »… ou « aucune »."""
    crlf = texte.count("\r\n")
    lf = texte.count("\n") - crlf
    cr = texte.count("\r") - crlf
    presentes = [nom for nom, nombre in (("CRLF", crlf), ("LF", lf), ("CR", cr)) if nombre]
    return " et ".join(presentes) or "aucune"
