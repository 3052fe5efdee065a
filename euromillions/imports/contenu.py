"""Des octets reçus au texte d'un fichier de tirages. Rien n'est écrit sur disque."""

from dataclasses import dataclass

from simulateur.fichiers import archive, texte
from simulateur.fichiers.limites import FichierRefuse, verifier_taille

LIGNES_MAX = 20_000
ENCODAGES = (texte.UTF8, texte.LATIN1)


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
        octets = archive.seul_csv(octets, taille_max)
    if not octets.strip():
        raise FichierRefuse("Le fichier est vide.")
    lu = texte.decoder(octets, encodages=ENCODAGES)
    texte.refuser_les_controles(lu.texte)
    lignes = lu.texte.replace("\r\n", "\n").replace("\r", "\n")
    if lignes.count("\n") > lignes_max:
        raise FichierRefuse(
            f"Le fichier a plus de {lignes_max} lignes : toute l'histoire du jeu en compte moins de 3 000."
        )
    return Texte(lignes, lu.encodage, texte.fins_de_ligne(lu.texte))
