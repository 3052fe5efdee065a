"""La présence τ : la part des jours ouvrés où une personne est vraiment là.

Règle : docs/metier/effectifs.md#presence. En mots pour qui demande d'où vient un ETP.
"""

from typing import TypeVar

import numpy as np

from simulations.moteur.carte import Carte, Flottants
from simulations.moteur.parametres import Parametres
from simulations.moteur.volumes import valeurs_de

PRESENCE_MIN = 0.1
CONGES, FORMATION, ABSENCE = "conges_jours", "formation_jours", "absence_pct"
DE_PRESENCE = (CONGES, FORMATION, ABSENCE)
Part = TypeVar("Part", float, Flottants)


def presence(carte: Carte, parametres: Parametres, absence_en_plus: float = 0.0) -> Flottants:
    """(centres,) τ de chaque centre, de 0,1 à 1 ; 1 exactement là où rien n'est donné.

    `absence_en_plus` : points d'absence ajoutés partout, le levier des sensibilités.
    """
    conges, formation, absence = valeurs(carte, parametres)
    return taux(conges + formation, absence + absence_en_plus, parametres.jours_ouvres)


def taux(jours_absents: Flottants, absence: Flottants, jours_ouvres: float) -> Flottants:
    """τ, plancher fait ; les tableaux se diffusent entre eux."""
    plancher: Flottants = np.maximum(PRESENCE_MIN, part_presente(jours_absents, absence, jours_ouvres))
    return plancher


def part_presente(jours_absents: Part, absence: Part, jours_ouvres: float) -> Part:
    """τ avant son plancher ; négatif si l'on s'absente plus de jours qu'il n'y en a d'ouvrés."""
    return (jours_ouvres - jours_absents) / jours_ouvres * (1 - absence / 100)


def valeurs(carte: Carte, parametres: Parametres) -> tuple[Flottants, Flottants, Flottants]:
    """(centres,) jours de congés, jours de formation, points d'absence, résolus pour chaque centre."""
    lues = valeurs_de([carte.centres], carte.regles, parametres)
    forme = (len(carte.centres.id),)
    conges, formation, absence = (np.broadcast_to(lues.de(code)[-1], forme) for code in DE_PRESENCE)
    return conges, formation, absence


def resolues(carte: Carte, parametres: Parametres) -> dict[int, dict[str, float]]:
    """Par identifiant de centre, ses trois valeurs, d'où qu'elles viennent."""
    colonnes = (colonne.tolist() for colonne in valeurs(carte, parametres))
    lignes = zip(carte.centres.id.tolist(), *colonnes, strict=True)
    return {pk: dict(zip(DE_PRESENCE, siennes, strict=True)) for pk, *siennes in lignes}
