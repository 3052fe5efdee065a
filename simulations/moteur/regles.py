"""Les règles du référentiel sous forme pure : index entiers, aucun objet de base de données."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.parametres import Parametres

Flottants = NDArray[np.float64]
Seuils = tuple[float, float, float]
SEUILS: Seuils = (110.0, 102.0, 85.0)  # % : Recruter, Surveiller, Optimiser
SANS = -1  # « aucun flux », « aucune phase »


@dataclass(frozen=True)
class Regles:
    """Nomenclatures et règles ; partout, un flux ou une phase absents valent -1.

    - `flux`, `cellules`, `produits`, `unites`, `phases` : codes, dans l'ordre des index ;
    - `produit_flux[r]` : flux du produit ; `produit_cellules[r]` : index de ses cellules ;
    - `forfait[u]` : vrai si l'unité compte une fois par jour ;
    - `diviseurs` : (unité, flux, constante ou None, paramètre) ;
    - `termes[ph]` : (nature, p, q, n) multipliés entre eux ;
    - `facteurs_base` : (flux, unité, phase, paramètre, complément), de la plus vague à la plus précise ;
    - `defauts` : valeur par défaut des paramètres du catalogue ;
    - `seuils` : ceux des décisions ; un instantané d'avant eux a ceux d'alors ;
    - `cellule_groupe[k]`, `cellule_rang[k]`, `repartitions` : (source, cible, paramètre, complément).
    """

    flux: tuple[str, ...]
    cellules: tuple[str, ...]
    cellule_flux: tuple[int, ...]
    cellule_groupe: tuple[int, ...]
    cellule_rang: tuple[int, ...]
    repartitions: tuple[tuple[int, int, str, bool], ...]
    produits: tuple[str, ...]
    produit_noms: tuple[str, ...]
    produit_flux: tuple[int, ...]
    produit_cellules: tuple[tuple[int, ...], ...]
    unites: tuple[str, ...]
    unite_noms: tuple[str, ...]
    forfait: tuple[bool, ...]
    diviseurs: tuple[tuple[int, int, float | None, str], ...]
    phases: tuple[str, ...]
    termes: tuple[tuple[tuple[str, str, str, float | None], ...], ...]
    facteurs_base: tuple[tuple[int, int, int, str, bool], ...]
    defauts: Mapping[str, float]
    seuils: Seuils = SEUILS

    @cached_property
    def en_dict(self) -> dict[str, object]:
        """Forme JSON ; une seule pour toutes les cartes d'un pays."""
        return asdict(self)

    @classmethod
    def depuis_dict(cls, valeurs: Mapping[str, Any]) -> "Regles":
        """Les mêmes règles lues deux fois de suite sont le même objet : leurs tables ne se refont pas."""
        global _dernieres
        lues = cls(**{cle: _gele(valeur) for cle, valeur in valeurs.items()})
        if lues != _dernieres:
            _dernieres = lues
        return _dernieres

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """Préfixe de paramètre de chaque flux : « co » dans `co_pct_retour`."""
        return tuple(flux.lower() for flux in self.flux)

    @cached_property
    def _noms_par_flux(self) -> dict[str, list[str]]:
        return {}

    def noms_par_flux(self, code: str) -> list[str]:
        """`co_pct_retour`… pour chaque flux ; gardés, ils servent à chaque calcul."""
        if code not in self._noms_par_flux:
            self._noms_par_flux[code] = [f"{prefixe}_{code}" for prefixe in self.prefixes]
        return self._noms_par_flux[code]

    @cached_property
    def rangs(self) -> NDArray[np.int64]:
        """(cellules,) `cellule_rang` en tableau."""
        return np.array(self.cellule_rang, dtype=np.int64)

    @cached_property
    def grossieres(self) -> NDArray[np.int64]:
        """Cellules de rang supérieur à 0 : celles qui se répartissent."""
        return np.flatnonzero(self.rangs > 0)

    @cached_property
    def produits_par_cellule(self) -> Flottants:
        """Matrice (produits × cellules) de 0 et de 1."""
        matrice = np.zeros((len(self.produits), len(self.cellules)))
        for produit, cellules in enumerate(self.produit_cellules):
            matrice[produit, list(cellules)] = 1.0
        return matrice

    @cached_property
    def flux_des_cellules(self) -> NDArray[np.int64]:
        """(produits × cellules) flux de la cellule ; celui du produit si elle n'en a pas ; -1 à défaut."""
        cellules, produits = np.array(self.cellule_flux), np.array(self.produit_flux)
        flux: NDArray[np.int64] = np.where(cellules[None, :] != SANS, cellules[None, :], produits[:, None])
        return flux.astype(np.int64)

    @cached_property
    def melanges(self) -> NDArray[np.bool_]:
        """(produits,) vrai si une cellule du produit a un autre flux que lui."""
        autres = self.flux_des_cellules != np.array(self.produit_flux)[:, None]
        melanges: NDArray[np.bool_] = (autres & (self.produits_par_cellule > 0)).any(axis=1)
        return melanges


_dernieres: Regles | None = None


def _gele(valeur: Any) -> Any:
    """Les listes d'un JSON redeviennent des tuples."""
    return tuple(_gele(v) for v in valeur) if isinstance(valeur, list) else valeur


def _du_run(parametres: Parametres, centre_ids: NDArray[np.int64]) -> Iterator[tuple[int, str, float]]:
    """(index du centre, nom, valeur) des paramètres par centre donnés au calcul."""
    if not parametres.par_centre:
        return
    # Un centre peut paraître dans deux cartes chiffrées ensemble.
    for rang, pk in enumerate(centre_ids.tolist()):
        for nom, valeur in parametres.par_centre.get(pk, {}).items():
            yield rang, nom, valeur


class Valeurs:
    """Valeur de chaque paramètre par (flux, centre) : par centre d'abord, puis par simulation, puis défaut.

    À l'intérieur de chacun, par flux (`co_pct_retour`) d'abord, puis global (`pct_retour`). Les tableaux
    ont la forme (flux + 1, centres) ou (flux + 1, 1) ; la dernière ligne sert les produits sans flux.
    """

    def __init__(
        self,
        regles: Regles,
        parametres: Parametres,
        *,
        centre_ids: NDArray[np.int64],
        des_centres: Sequence[tuple[int, str, float]],
        fixes: Mapping[str, Flottants],
    ) -> None:
        """`des_centres` : (index du centre, nom avec ou sans préfixe de flux, valeur) du référentiel.

        `fixes` : colonnes propres à chaque centre (circulation, géographie), de longueur `centres`.
        """
        self._regles = regles
        self._parametres = parametres
        self._nb_centres = len(centre_ids)
        self._fixes = fixes
        # Le run l'emporte sur le référentiel : il vient après dans la liste.
        self._propres: dict[str, list[tuple[int, float]]] = {}
        for centre, nom, valeur in (*des_centres, *_du_run(parametres, centre_ids)):
            self._propres.setdefault(nom, []).append((centre, valeur))
        self._vues: dict[tuple[str, float], Flottants] = {}

    def de(self, code: str, *, sans_regle: float = 0.0) -> Flottants:
        """Tableau (flux + 1, centres ou 1) du paramètre `code` ; `sans_regle` s'il n'a aucune valeur."""
        cle = (code, sans_regle)
        if cle not in self._vues:
            self._vues[cle] = self._construire(code, sans_regle)
        return self._vues[cle]

    def _construire(self, code: str, sans_regle: float) -> Flottants:
        regles, libres = self._regles, self._parametres.libres
        global_ = libres.get(code, regles.defauts.get(code, sans_regle))
        noms_par_flux = regles.noms_par_flux(code)
        colonne = [libres.get(nom, global_) for nom in noms_par_flux]
        valeurs = np.array([*colonne, global_], dtype=np.float64)[:, None]
        par_flux = [(rang, nom) for rang, nom in enumerate(noms_par_flux) if nom in self._propres]
        if code not in self._fixes and code not in self._propres and not par_flux:
            return valeurs
        valeurs = np.repeat(valeurs, self._nb_centres, axis=1)
        if code in self._fixes:
            valeurs[:] = self._fixes[code]
        self._poser(valeurs, slice(None), code)
        for rang, nom in par_flux:
            self._poser(valeurs, rang, nom)
        return valeurs

    def _poser(self, valeurs: Flottants, lignes: int | slice, nom: str) -> None:
        """Pose sur ces lignes les valeurs propres à des centres ; la dernière donnée l'emporte."""
        propres = dict(self._propres.get(nom, ()))
        if propres:
            valeurs[lignes, list(propres)] = list(propres.values())
