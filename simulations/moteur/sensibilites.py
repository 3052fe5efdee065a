"""Ce que fait un petit changement : une ligne de tornade par levier, à tous les niveaux à la fois.

Les heures par flux sont déjà connues (`lineaire.par_flux`) : aucun levier ne relit une tâche. Les effets sont
des différences exactes d'ETP entiers (10⁻¹² ETP), sommables à tout niveau.
"""

from dataclasses import dataclass, replace

import numpy as np

from simulations.moteur.arrondis import PICO, arrondir
from simulations.moteur.calcul import capacites
from simulations.moteur.carte import Carte, Entiers, Flottants
from simulations.moteur.lineaire import ParFlux, par_flux
from simulations.moteur.niveaux import lignes
from simulations.moteur.parametres import Parametres

VARIATION_FLUX = 10.0  # %
ABSENCE_EN_PLUS = 1.0  # point


@dataclass(frozen=True)
class Levier:
    """Un changement : code stable, libellé montré."""

    code: str
    libelle: str


@dataclass(frozen=True)
class Sensibilites:
    """Effet de chaque levier sur chaque poste : (leviers × postes) 10⁻¹² ETP et centièmes de personne."""

    leviers: tuple[Levier, ...]
    etp_pico: Entiers
    personnes: Entiers

    def au_niveau(self, carte: Carte, niveau: str) -> tuple[Entiers, Entiers]:
        """(lignes du niveau × leviers) effets en 10⁻¹² ETP, puis en centièmes de personne."""
        sommeur = lignes(carte, niveau)
        return sommeur.sommer(self.etp_pico.T), sommeur.sommer(self.personnes.T)


def sensibilites(carte: Carte, saisis: Flottants, parametres: Parametres) -> Sensibilites:
    """Effet de +1 min de temps mort, +1 point de productivité, +1 % d'heures par jour, +1 point d'absence,
    ±10 % de chaque flux.

    Un flux qui ne charge aucun poste de la carte n'a pas de ligne.
    """
    ventilees = par_flux(carte, saisis, parametres)
    neutre = np.ones(len(ventilees.flux))
    depart = _etp(ventilees, neutre, ventilees.capacite)
    leviers: list[Levier] = []
    arrivees: list[Entiers] = []
    for levier, change in _capacites_changees(parametres):
        leviers.append(levier)
        arrivees.append(_etp(ventilees, neutre, capacites(carte, change)))
    leviers.append(Levier("absence", "+1 point d'absence"))
    arrivees.append(_etp(ventilees, neutre, capacites(carte, parametres, ABSENCE_EN_PLUS)))
    for rang, code in enumerate(ventilees.flux):
        if not ventilees.heures[:, rang].any():
            continue
        for sens in (+1, -1):
            facteurs = neutre.copy()
            facteurs[rang] += sens * VARIATION_FLUX / 100
            leviers.append(_levier_flux(code, sens))
            arrivees.append(_etp(ventilees, facteurs, ventilees.capacite))
    avant, *apres = (arrondir(etp, carte.traits, parametres.arrondi) for etp in (depart, *arrivees))
    return Sensibilites(tuple(leviers), np.array(arrivees) - depart, np.stack(apres) - avant)


def _capacites_changees(parametres: Parametres) -> list[tuple[Levier, Parametres]]:
    return [
        (
            Levier("temps_mort", "+1 minute de temps mort"),
            replace(parametres, temps_mort=parametres.temps_mort + 1),
        ),
        (
            Levier("productivite", "+1 point de productivité"),
            replace(parametres, productivite=parametres.productivite + 1),
        ),
        (
            Levier("heures_jour", "+1 % d'heures par jour"),
            replace(parametres, heures_jour=parametres.heures_jour * 1.01),
        ),
    ]


def _levier_flux(code: str, sens: int) -> Levier:
    signe = "+" if sens > 0 else "−"
    nom = code or "sans flux"
    suffixe = "plus" if sens > 0 else "moins"
    return Levier(f"flux_{(code or 'aucun').lower()}_{suffixe}", f"{signe}{VARIATION_FLUX:g} % du flux {nom}")


def _etp(ventilees: ParFlux, facteurs: Flottants, capacite: Flottants) -> Entiers:
    """ETP en 10⁻¹², nul pour les MOI : aucun levier ne les change."""
    heures = ventilees.heures @ facteurs + ventilees.forfait
    etp: Entiers = np.rint(heures / capacite * PICO).astype(np.int64)
    return etp
