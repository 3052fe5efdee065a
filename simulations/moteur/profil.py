"""L'année mois par mois : les ETP de chaque mois et la pointe, d'une seule ventilation des heures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulations.moteur.arrondis import PERSONNE, PICO, arrondir
from simulations.moteur.carte import Carte, Entiers, Flottants
from simulations.moteur.lineaire import par_flux
from simulations.moteur.niveaux import lignes
from simulations.moteur.parametres import PART_DU_MOIS_DEFAUT, Parametres

MOIS = 12
PARTS_DEFAUT = (PART_DU_MOIS_DEFAUT,) * MOIS


@dataclass(frozen=True)
class Profil:
    """(postes × 12) : `etp_pico` en 10⁻¹² ETP, `arrondi` en centièmes de personne (MOI : l'effectif)."""

    parts: tuple[float, ...]
    etp_pico: Entiers
    arrondi: Entiers

    def au_niveau(self, carte: Carte, niveau: str) -> tuple[Entiers, Entiers]:
        """(lignes du niveau × 12) sommes exactes d'ETP et de personnes."""
        sommeur = lignes(carte, niveau)
        return sommeur.sommer(self.etp_pico), sommeur.sommer(self.arrondi)


def profil(
    carte: Carte, saisis: Flottants, parametres: Parametres, parts: Sequence[float] = PARTS_DEFAUT
) -> Profil:
    """ETP de chaque mois. `parts` : les 12 parts du volume annuel, en %.

    Les forfaits, quotidiens, ne varient pas ; seule la part des volumes suit le mois.
    """
    if len(parts) != MOIS:
        raise ValueError(f"{MOIS} parts attendues, {len(parts)} reçues")
    entier = par_flux(carte, saisis, replace(parametres, part_du_mois=100.0))
    au_volume = entier.heures.sum(axis=1)
    heures = au_volume[:, None] * (np.asarray(parts, dtype=float) / 100.0) + entier.forfait[:, None]
    etp = np.rint(heures / entier.capacite[:, None] * PICO).astype(np.int64)
    actuel = carte.postes.effectif_centiemes[:, None]
    ronds = [arrondir(du_mois, carte.traits, parametres.arrondi) for du_mois in etp.T]
    return Profil(
        parts=tuple(float(part) for part in parts),
        etp_pico=np.where(entier.mod[:, None], etp, actuel * (PICO // PERSONNE)),
        arrondi=np.column_stack(ronds),
    )


def pointe(etp_pico: Entiers) -> int:
    """Rang (0 à 11) du mois le plus chargé ; le premier en cas d'égalité."""
    return int(np.argmax(etp_pico))
