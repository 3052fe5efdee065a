"""Coefficient de chaque sorte de tâche dans chaque centre : règles et paramètres chiffrés, sans les durées.

La plupart des sortes ont le même coefficient partout : seules celles dont une règle nomme un paramètre propre
à un centre occupent une ligne de C cases. Les règles se chiffrent une fois pour toutes les cartes d'un pays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from simulations.moteur.carte import Booleens, Carte, Entiers, Flottants, distincts
from simulations.moteur.croissance import Croissance
from simulations.moteur.parametres import JOURS_OUVRES_DU_MOIS, Parametres
from simulations.moteur.regles import SANS, Regles, Valeurs
from simulations.moteur.volumes import repartir, valeurs_de


@dataclass(frozen=True)
class _Chiffres:
    """(sortes × centres ou 1) : unités par jour et par volume annuel ; heures par seconde, E ÷ 3600."""

    par_jour: Flottants
    horaire: Flottants


class Coefficients:
    """Les règles, chiffrées par des paramètres pour tous les centres de cartes qui ont ces mêmes règles.

    Les types de toutes les cartes se chiffrent ensemble, chaque sorte une fois.
    """

    def __init__(self, cartes: Sequence[Carte], parametres: Parametres) -> None:
        """ValueError si deux cartes n'ont pas les mêmes règles."""
        if any(carte.regles != cartes[0].regles for carte in cartes[1:]):
            raise ValueError("ces cartes n'ont pas les mêmes règles")
        self._cartes, self._parametres, self._regles = cartes, parametres, cartes[0].regles
        self._centres = _tranches(len(carte.centres.id) for carte in cartes)
        self._valeurs = valeurs_de([carte.centres for carte in cartes], self._regles, parametres)
        self._phases = _Table(_facteurs_phase(self._regles, self._valeurs))
        self._unites = _Table(_diviseurs(self._regles, self._valeurs))
        self._croissance = Croissance(self._regles, parametres)
        self._chiffrer_les_sortes()

    def contributions(self, rang: int, saisis: Flottants) -> Flottants:
        """(types × centres) de la carte `rang` : heures par jour et par seconde de durée, volumes compris."""
        carte = self._cartes[rang]
        comptes = repartir(carte, saisis, self._parametres)
        par_produit = self._croissance.par_cellule @ comptes.T
        heures: Flottants = par_produit[carte.types.produit]
        return self._appliquer(rang, heures)

    def denses(self, rang: int) -> tuple[Flottants, Flottants]:
        """(types × centres) heures par seconde et par unité de volume annuel ; puis part du forfait.

        Premier tableau : 1/J × croissance ÷ diviseur × facteurs × E ÷ 3600, nul pour un forfait ; un produit
        qui mélange des flux n'y a pas de croissance. Second : E ÷ 3600 pour un forfait, nul sinon.
        Les tâches de guichet d'un centre sans guichet sont à 0.
        """
        carte = self._cartes[rang]
        entier = self._appliquer(rang, np.ones((len(carte.types.produit), len(carte.centres.id))))
        forfait = self._forfait[self._sortes[rang]][:, None]
        return np.where(forfait, 0.0, entier), np.where(forfait, entier, 0.0)

    def _appliquer(self, rang: int, volumes: Flottants) -> Flottants:
        """`volumes` (types × centres) devient les heures par seconde de durée, sur place.

        Un forfait compte une fois par jour, sans volume ; un centre sans guichet n'a pas de guichet.
        """
        carte, sortes = self._cartes[rang], self._sortes[rang]
        larges, propres = self._larges(rang)
        des_larges = propres.par_jour * propres.horaire * volumes[larges]
        volumes *= self._produits[sortes]
        volumes[larges] = des_larges
        forfait = self._forfait[sortes]
        if forfait.any():
            volumes[forfait] = self._communs.horaire[sortes[forfait]]
            volumes[larges[forfait[larges]]] = propres.horaire[forfait[larges]]
        fermes = np.flatnonzero(~carte.centres.a_guichet)
        volumes[np.flatnonzero(carte.types.guichet)[:, None], fermes] = 0.0
        return volumes

    def _chiffrer_les_sortes(self) -> None:
        """Les sortes (produit, unité, phase, base) de toutes les cartes ; `_sortes[rang]` : celles des types.

        Leurs chiffres valent pour tous les centres, sauf là où `_large` est vrai.
        """
        colonnes = [
            np.concatenate([getattr(carte.types, nom) for carte in self._cartes])
            for nom in ("produit", "unite", "phase", "base")
        ]
        (produit, self._unite, self._phase, base), inverse = distincts(colonnes)
        self._sortes = [inverse[bloc] for bloc in _tranches(len(c.types.produit) for c in self._cartes)]
        self._flux = np.array(self._regles.produit_flux, dtype=np.int64)[produit]
        self._part = _par_jour(self._croissance.des_produits, self._parametres)[produit]
        self._forfait = np.array(self._regles.forfait, dtype=bool)[self._unite]
        self._large = self._phases.large[self._phase] | self._unites.large[self._unite]
        self._base = np.ones((len(base), 1))
        self._bases_larges: dict[int, Flottants] = {}
        for sorte, ligne in self._bases(base):
            self._base[sorte] = ligne[0]
            if len(ligne) > 1:
                self._bases_larges[sorte] = ligne
                self._large[sorte] = True
        self._communs = self._chiffrer(
            self._part,
            self._phases.etroite[self._phase, self._flux],
            self._unites.etroite[self._unite, self._flux],
            self._base,
        )
        self._produits = self._communs.par_jour * self._communs.horaire

    def _larges(self, rang: int) -> tuple[Entiers, _Chiffres]:
        """Les types de la carte `rang` que ses centres chiffrent autrement : rangs, chiffres par centre."""
        sortes, centres = self._sortes[rang], self._centres[rang]
        larges = np.flatnonzero(self._large[sortes])
        retenues = sortes[larges]
        flux = self._flux[retenues]
        return larges, self._chiffrer(
            self._part[retenues],
            self._phases.tranche(self._phase[retenues], flux, centres),
            self._unites.tranche(self._unite[retenues], flux, centres),
            self._base_des_larges(retenues, centres),
        )

    def _base_des_larges(self, sortes: Entiers, centres: slice) -> Flottants:
        """(sortes × centres de la tranche, ou 1) E de ces sortes."""
        if not self._bases_larges:
            return self._base[sortes]
        entieres = [self._bases_larges.get(sorte) for sorte in sortes.tolist()]
        base = np.repeat(self._base[sortes], centres.stop - centres.start, axis=1)
        for rang, ligne in enumerate(entieres):
            if ligne is not None:
                base[rang] = ligne[centres]
        return base

    def _chiffrer(
        self, part: Flottants, facteur: Flottants, diviseur: Flottants, base: Flottants
    ) -> _Chiffres:
        return _Chiffres((part[:, None] / diviseur) * facteur, base / 3600.0)

    def _bases(self, base: Entiers) -> Iterator[tuple[int, Flottants]]:
        """(sorte, E (centres ou 1,)) des bases autres que 100 qu'une règle nomme, la plus précise d'abord."""
        regles = {(f, u, ph): (parametre, non) for f, u, ph, parametre, non in self._regles.facteurs_base}
        for sorte in np.flatnonzero(base != 100).tolist():
            f, u, ph = int(self._flux[sorte]), int(self._unite[sorte]), int(self._phase[sorte])
            candidats = ((f, u, ph), (f, u, SANS), (SANS, u, ph), (SANS, u, SANS))
            regle = next((regles[candidat] for candidat in candidats if candidat in regles), None)
            if regle is not None:
                yield sorte, self._facteur_de_base(f, *regle)

    def _facteur_de_base(self, flux: int, parametre: str, complement: bool) -> Flottants:
        pourcent: Flottants = self._valeurs.de(parametre)[flux] / 100.0
        return 1.0 - pourcent if complement else pourcent


def _tranches(longueurs: Iterable[int]) -> list[slice]:
    """La place de chaque bloc dans les blocs mis bout à bout."""
    bornes = np.cumsum([0, *longueurs]).tolist()
    return [slice(debut, fin) for debut, fin in pairwise(bornes)]


class _Table:
    """Une pile de règles, (flux + 1, centres ou 1) chacune."""

    def __init__(self, regles: list[Flottants]) -> None:
        self._regles = regles
        self.large: Booleens = np.array([regle.shape[1] > 1 for regle in regles], dtype=bool)
        self.etroite: Flottants = np.stack([regle[:, :1] for regle in regles])

    def tranche(self, rangs: Entiers, flux: Entiers, centres: slice) -> Flottants:
        """(rangs × centres de la tranche, ou 1 si aucune règle n'en dépend)."""
        if not self.large.any():
            return self.etroite[rangs, flux]
        return self._entiere[rangs, flux, centres]

    @cached_property
    def _entiere(self) -> Flottants:
        return _empiler(self._regles)


def coefficients(carte: Carte, parametres: Parametres) -> tuple[Flottants, Flottants]:
    """(types × centres) coefficient du volume, puis part du forfait : `Coefficients.denses`."""
    return Coefficients([carte], parametres).denses(0)


def contributions(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """(types × centres) heures par jour et par seconde de durée : `Coefficients.contributions`."""
    return Coefficients([carte], parametres).contributions(0, saisis)


def _par_jour(croissance: Flottants, parametres: Parametres) -> Flottants:
    """(produits,) : part du volume annuel traitée par jour, croissance du produit entier comprise."""
    if parametres.part_du_mois is None:
        return croissance / parametres.jours_ouvres
    return croissance * (parametres.part_du_mois / 100.0 / JOURS_OUVRES_DU_MOIS)


def _facteurs_phase(regles: Regles, valeurs: Valeurs) -> list[Flottants]:
    """Par phase, (flux + 1, centres ou 1) : produit des termes ; la dernière phase, -1, vaut 1."""
    neutre: Flottants = np.ones((len(regles.flux) + 1, 1))
    connus: dict[tuple[str, str, str, float | None], Flottants | float] = {}  # répétés d'une phase à l'autre
    par_phase = []
    for termes in regles.termes:
        facteur = neutre
        for terme in termes:
            if terme not in connus:
                connus[terme] = _terme(*terme, valeurs)
            facteur = facteur * connus[terme]
        par_phase.append(facteur)
    return [*par_phase, neutre]


def _terme(nature: str, p: str, q: str, n: float | None, valeurs: Valeurs) -> Flottants | float:
    if nature == "INVERSE":
        return 1.0 / max(1.0, n or 1.0)
    premier = valeurs.de(p)
    if nature == "POURCENT":
        return premier / 100.0
    second = valeurs.de(q) if q else 0.0
    if nature == "COMPLEMENT":
        return 1.0 - premier / 100.0 - second / 100.0
    if nature == "UN_PLUS":
        return 1.0 + premier + second
    if nature == "VALEUR":
        return premier
    raise ValueError(f"nature de terme inconnue : {nature}")


def _diviseurs(regles: Regles, valeurs: Valeurs) -> list[Flottants]:
    """Par unité, (flux + 1, centres ou 1) : max(1, diviseur) pour le flux, à défaut pour tous, ou 1.

    La dernière, neutre, n'est celle d'aucune unité : elle donne leur forme à des règles sans unité.
    """
    neutre: Flottants = np.ones((len(regles.flux) + 1, 1))
    tables = [neutre] * len(regles.unites)
    # Les diviseurs de tout flux d'abord : ceux d'un flux précis les remplacent ensuite.
    for unite, flux, constante, parametre in sorted(regles.diviseurs, key=lambda regle: regle[1] != SANS):
        brut = valeurs.de(parametre, sans_regle=1.0) if parametre else neutre * (constante or 1.0)
        tables[unite] = _poser(tables[unite], flux, np.maximum(1.0, brut))
    return [*tables, neutre]


def _poser(table: Flottants, flux: int, valeurs: Flottants) -> Flottants:
    """`table` où la ligne du flux (toutes, sans flux) prend ces valeurs."""
    if flux == SANS:
        return valeurs
    posee = np.array(np.broadcast_to(table, np.broadcast_shapes(table.shape, valeurs.shape)))
    posee[flux] = valeurs[flux]
    return posee


def _empiler(lignes: Sequence[Flottants]) -> Flottants:
    """Empile des tableaux (…, centres ou 1) à une largeur commune."""
    tete = lignes[0].shape[:-1] if lignes else ()
    pile = np.empty((len(lignes), *tete, max((ligne.shape[-1] for ligne in lignes), default=1)))
    for rang, ligne in enumerate(lignes):
        pile[rang] = ligne
    return pile
