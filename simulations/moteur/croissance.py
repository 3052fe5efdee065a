"""Le flux de chaque cellule d'un produit et sa croissance (docs/metier/effectifs.md#croissance)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulations.moteur.carte import Booleens, Flottants
from simulations.moteur.parametres import Parametres
from simulations.moteur.regles import Regles


@dataclass(frozen=True)
class Croissance:
    """Les taux d'un calcul, posés sur la matrice (produits × cellules) des flux.

    Un produit dont toutes les cellules ont son flux croît d'un bloc : son facteur se pose une fois, sur le
    produit. Un produit qui en mélange croît cellule par cellule.
    """

    regles: Regles
    parametres: Parametres

    @cached_property
    def par_flux(self) -> Flottants:
        """(flux + 1,) facteur de chaque flux ; le dernier sert ce qui n'en a pas."""
        taux = self.parametres.croissance
        commun = taux.get("", 0.0)
        return 1.0 + np.array([*(taux.get(code, commun) for code in self.regles.flux), commun]) / 100.0

    @cached_property
    def des_produits(self) -> Flottants:
        """(produits,) facteur du produit entier ; 1 pour un produit mélangé."""
        propres = self.par_flux[np.array(self.regles.produit_flux, dtype=np.int64)]
        return np.where(self.regles.melanges, 1.0, propres)

    @cached_property
    def par_cellule(self) -> Flottants:
        """(produits × cellules) les cellules de chaque produit, avec leur croissance s'il en mélange."""
        facteurs = np.where(self.regles.melanges[:, None], self.par_flux[self.regles.flux_des_cellules], 1.0)
        return self.regles.produits_par_cellule * facteurs

    def volumes(self, comptes: Flottants) -> Flottants:
        """(produits × centres) volumes annuels, croissance comprise."""
        entiers: Flottants = (self.par_cellule @ comptes.T) * self.des_produits[:, None]
        return entiers

    def parts(self, produit: int, comptes: Flottants) -> Flottants:
        """(flux + 1 × centres) part de chaque flux dans le volume du produit ; nulle sans volume."""
        flux = self.regles.flux_des_cellules[produit]
        du_flux: Booleens = flux[None, :] % len(self.par_flux) == np.arange(len(self.par_flux))[:, None]
        volumes: Flottants = np.where(du_flux, self.par_cellule[produit], 0.0) @ comptes.T
        total = volumes.sum(axis=0)
        return np.divide(volumes, total, out=np.zeros_like(volumes), where=total > 0)
