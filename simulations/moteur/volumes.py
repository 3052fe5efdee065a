"""Des volumes saisis aux volumes comptés : les cellules globales se répartissent vers les cellules fines."""

import numpy as np

from simulations.moteur.carte import Carte, Flottants
from simulations.moteur.parametres import Parametres
from simulations.moteur.regles import SANS, Regles, Valeurs


def repartir(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """(centres × cellules) saisis → (centres × cellules) comptés, nuls hors des cellules de rang 0.

    Dans un même groupe (flux, sens), le rang 1 s'ajoute au rang 0 ; un rang plus grossier ne compte que
    pour ce qui dépasse les rangs plus fins : un total saisi à côté de son détail n'est pas compté deux fois.
    """
    regles = carte.regles
    rangs, groupes = np.array(regles.cellule_rang), np.array(regles.cellule_groupe)
    comptes = np.where(rangs == 0, saisis, 0.0)
    if not saisis[:, rangs > 0].any():
        return comptes
    valeurs = valeurs_de(carte, parametres)
    for rang in range(1, int(rangs.max()) + 1):
        parts = _parts_gardees(saisis, comptes, rang, rangs, groupes)
        for source, cible, parametre, complement in regles.repartitions:
            if rangs[source] == rang:
                part = _part(regles, valeurs, source, parametre, complement)
                comptes[:, cible] += saisis[:, source] * parts[:, source] * part
    return comptes


def _parts_gardees(
    saisis: Flottants, comptes: Flottants, rang: int, rangs: np.ndarray, groupes: np.ndarray
) -> Flottants:
    """Part de chaque cellule de ce rang qui dépasse ce que les rangs plus fins comptent déjà."""
    parts = np.ones_like(saisis)
    if rang < 2:
        return parts
    for groupe in np.unique(groupes[rangs == rang]):
        du_rang = (groupes == groupe) & (rangs == rang)
        total = saisis[:, du_rang].sum(axis=1)
        deja = comptes[:, groupes == groupe].sum(axis=1)
        reste = np.maximum(0.0, total - deja)
        part = np.divide(reste, total, out=np.zeros_like(total), where=total > 0)
        parts[:, du_rang] = part[:, None]
    return parts


def _part(
    regles: Regles, valeurs: Valeurs, source: int, parametre: str, complement: bool
) -> Flottants | float:
    if not parametre:
        return 1.0
    flux = regles.cellule_flux[source]
    pourcent = valeurs.de(parametre)[flux if flux != SANS else len(regles.flux)] / 100.0
    return 1.0 - pourcent if complement else pourcent


def valeurs_de(carte: Carte, parametres: Parametres) -> Valeurs:
    """Les paramètres de ce calcul sur les centres de cette carte."""
    return Valeurs(
        carte.regles,
        parametres,
        centre_ids=[int(pk) for pk in carte.centres.id],
        des_centres=carte.centres.parametres,
        fixes={"circulation": carte.centres.circulation, "geographie": carte.centres.geographie},
    )
