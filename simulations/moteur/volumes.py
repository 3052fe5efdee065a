"""Des volumes saisis aux volumes comptés : les cellules globales se répartissent vers les cellules fines."""

from collections.abc import Sequence

import numpy as np

from simulations.moteur.carte import Carte, Centres, Flottants
from simulations.moteur.parametres import Parametres
from simulations.moteur.regles import SANS, Regles, Valeurs


def repartir(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """(centres × cellules) saisis → (centres × cellules) comptés, nuls hors des cellules de rang 0.

    Dans un même groupe (flux, sens), le rang 1 s'ajoute au rang 0 ; un rang plus grossier ne compte que
    pour ce qui dépasse les rangs plus fins : un total saisi à côté de son détail n'est pas compté deux fois.
    """
    regles = carte.regles
    rangs = regles.rangs
    if not saisis[:, regles.grossieres].any():
        return saisis
    comptes = np.where(rangs == 0, saisis, 0.0)
    groupes = np.array(regles.cellule_groupe)
    valeurs = valeurs_de([carte.centres], regles, parametres)
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


def valeurs_de(centres: Sequence[Centres], regles: Regles, parametres: Parametres) -> Valeurs:
    """Les paramètres de ce calcul sur tous ces centres, mis bout à bout."""
    debuts = np.cumsum([0, *(len(bloc.id) for bloc in centres)]).tolist()
    return Valeurs(
        regles,
        parametres,
        centre_ids=np.concatenate([bloc.id for bloc in centres]),
        des_centres=[
            (debut + centre, nom, valeur)
            for debut, bloc in zip(debuts, centres, strict=False)
            for centre, nom, valeur in bloc.parametres
        ],
        fixes={
            "circulation": np.concatenate([bloc.circulation for bloc in centres]),
            "geographie": np.concatenate([bloc.geographie for bloc in centres]),
        },
    )
