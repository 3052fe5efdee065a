"""Proposer des mouvements de personnes entre centres : le plus de besoin comblé par le moins de mouvements.

Qui peut aller où. Les gens d'un poste comblent un besoin de leur métier, ou du métier où le mapping de
**leur** centre les verse (le sien s'il en a un, sinon le général) : c'est l'effectif du centre de départ
que le mapping déplace (docs/metier/effectifs.md#modes). Le mapping propre au centre d'arrivée ne joue pas.

Ce qui est optimal, dans cet ordre :
1. le besoin comblé, en personnes entières (flot maximal) ; aucun mouvement ne crée d'écart ;
2. le nombre de personnes qui changent de centre : changer de poste sur place passe d'abord ;
3. les préférences : rester dans la direction, puis garder son métier (somme pondérée, 4 contre 1).
Ce sont un flot maximal, puis un flot de coût minimal à ce débit (scipy, HiGHS). Le nombre de mouvements est
borné par un seul arc : la matrice reste celle d'un réseau, la solution de sommet est donc entière.

Ce qui est heuristique : le nombre de lignes (de tel centre à tel autre), voir `affectation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulations.moteur.affectation import Reserve, affecter, retirer
from simulations.moteur.arrondis import PERSONNE
from simulations.moteur.carte import Entiers

DIRECTION, PAYS = "direction", "pays"
DISTANCES = (DIRECTION, PAYS)
MOUVEMENTS_MAX = 100_000
COUT_AUTRE_DIRECTION, COUT_AUTRE_METIER = 4, 1
AUCUN = -1


@dataclass(frozen=True)
class Poste:
    """Un poste : centre (rang libre de l'appelant), direction, métier, écart en centièmes (besoin > 0).

    `cible` : l'autre métier que ses gens peuvent tenir selon le mapping de leur centre, ou AUCUN.
    """

    centre: int
    direction: int
    titre: int
    ecart: int
    cible: int = AUCUN

    @property
    def metiers(self) -> list[tuple[int, int]]:
        """(métier que ses gens peuvent tenir, coût de préférence)."""
        siens = [(self.titre, 0)]
        return siens if self.cible in (AUCUN, self.titre) else [*siens, (self.cible, COUT_AUTRE_METIER)]


@dataclass(frozen=True)
class Mouvement:
    """`personnes` personnes quittent (centre, métier) pour (centre, métier)."""

    depart: int
    arrivee: int
    titre_depart: int
    titre_arrivee: int
    personnes: int
    meme_direction: bool


@dataclass(frozen=True)
class Proposition:
    """Mouvements, les plus gros d'abord, et (besoin, surplus) en centièmes avant et après."""

    mouvements: tuple[Mouvement, ...]
    besoin_avant: int
    surplus_avant: int
    personnes: int

    @property
    def entre_centres(self) -> int:
        """Personnes qui changent de centre ; les autres changent de poste sur place."""
        return sum(m.personnes for m in self.mouvements if m.depart != m.arrivee)

    @property
    def besoin_apres(self) -> int:
        return self.besoin_avant - self.personnes * PERSONNE

    @property
    def surplus_apres(self) -> int:
        return self.surplus_avant - self.personnes * PERSONNE


def proposer(
    postes: Sequence[Poste], *, distance: str = DIRECTION, mouvements_max: int = MOUVEMENTS_MAX
) -> Proposition:
    """Les mouvements proposés, `mouvements_max` personnes au plus, changements de poste sur place compris."""
    if distance not in DISTANCES:
        raise ValueError(f"distance inconnue : {distance}")
    besoins = [p for p in postes if p.ecart >= PERSONNE]
    surplus = [p for p in postes if p.ecart <= -PERSONNE]
    mouvements: list[Mouvement] = []
    if besoins and surplus and mouvements_max > 0:
        mouvements = _Reseau(surplus, besoins, distance).resoudre(mouvements_max)
    mouvements.sort(key=lambda m: (-m.personnes, not m.meme_direction, m.depart, m.arrivee))
    return Proposition(
        mouvements=tuple(mouvements),
        besoin_avant=sum(p.ecart for p in postes if p.ecart > 0),
        surplus_avant=-sum(p.ecart for p in postes if p.ecart < 0),
        personnes=sum(m.personnes for m in mouvements),
    )


Noeud = tuple[str, int, int, int]
SOURCE: Noeud = ("source", 0, 0, 0)
DEBUT: Noeud = ("debut", 0, 0, 0)
PUITS: Noeud = ("puits", 0, 0, 0)
Arc = tuple[int, int, int, int, int]  # départ, arrivée, capacité, changements de centre (0 ou 1), préférence


class _Reseau:
    """Source → postes en surplus → groupes (direction, métier) → besoins → puits.

    Variables : une par groupe et par échange possible, pas par couple de centres. Seul un poste qui peut
    combler un besoin de son propre centre a son nœud à lui.
    """

    def __init__(self, surplus: list[Poste], besoins: list[Poste], distance: str) -> None:
        self.surplus, self.besoins, self.distance = surplus, besoins, distance
        self._noeuds: dict[Noeud, int] = {SOURCE: 0, DEBUT: 1, PUITS: 2}
        self._arcs: list[Arc] = []
        self._sans_borne = min(_personnes(surplus), _personnes(besoins))
        self._departs: dict[int, Reserve] = {}
        self._arrivees: dict[int, Reserve] = {}
        self._sur_place: dict[int, tuple[int, int]] = {}  # arc → (rang du surplus, rang du besoin)
        self._relier_les_postes()
        self._relier_les_groupes()

    def _noeud(self, noeud: Noeud) -> int:
        return self._noeuds.setdefault(noeud, len(self._noeuds))

    def _arc(
        self, de: Noeud, vers: Noeud, *, capacite: int = -1, change: int = 0, preference: int = 0
    ) -> int:
        borne = self._sans_borne if capacite < 0 else capacite
        self._arcs.append((self._noeud(de), self._noeud(vers), borne, change, preference))
        return len(self._arcs) - 1

    def _relier_les_postes(self) -> None:
        rang_besoin = {(p.centre, p.titre): rang for rang, p in enumerate(self.besoins)}
        seuls: set[int] = set()
        offerts: dict[Noeud, int] = {}
        for rang, poste in enumerate(self.surplus):
            groupe = _offre(poste)
            nombre = -poste.ecart // PERSONNE
            self._departs.setdefault(self._noeud(groupe), {})[rang] = nombre
            besoin = rang_besoin.get((poste.centre, poste.cible))
            if besoin is None:
                offerts[groupe] = offerts.get(groupe, 0) + nombre
                continue
            seuls.add(besoin)
            seul: Noeud = ("surplus", rang, 0, 0)
            self._arc(DEBUT, seul, capacite=nombre)
            self._arc(seul, groupe)
            arc = self._arc(seul, ("besoin", besoin, 0, 0), preference=COUT_AUTRE_METIER)
            self._sur_place[arc] = (rang, besoin)
        for groupe, nombre in offerts.items():
            self._arc(DEBUT, groupe, capacite=nombre)
        self._relier_les_besoins(seuls)

    def _relier_les_besoins(self, seuls: set[int]) -> None:
        demandes: dict[Noeud, int] = {}
        for rang, poste in enumerate(self.besoins):
            groupe = _demande(poste)
            nombre = poste.ecart // PERSONNE
            self._arrivees.setdefault(self._noeud(groupe), {})[rang] = nombre
            if rang in seuls:
                seul: Noeud = ("besoin", rang, 0, 0)
                self._arc(groupe, seul)
                self._arc(seul, PUITS, capacite=nombre)
            else:
                demandes[groupe] = demandes.get(groupe, 0) + nombre
        for groupe, nombre in demandes.items():
            self._arc(groupe, PUITS, capacite=nombre)

    def _relier_les_groupes(self) -> None:
        """Arcs offre → demande, dans la direction puis, si la distance le permet, par le pays."""
        demandes = [noeud for noeud in self._noeuds if noeud[0] == "demande"]
        demandees = {(direction, titre) for _, direction, titre, _ in demandes}
        titres = {titre for _, titre in demandees}
        partis = {_offre(poste): poste.metiers for poste in self.surplus}
        sortis: dict[Noeud, list[tuple[int, int]]] = {}
        for groupe, metiers in partis.items():
            for metier, cout in metiers:
                if (groupe[1], metier) in demandees:
                    self._arc(groupe, ("demande", groupe[1], metier, 0), change=1, preference=cout)
            if self.distance == PAYS:
                parti: Noeud = ("parti", 0, groupe[2], groupe[3])
                self._arc(groupe, parti)
                sortis[parti] = metiers
        for parti, metiers in sortis.items():
            for metier, cout in metiers:
                if metier in titres:
                    prix = COUT_AUTRE_DIRECTION + cout
                    self._arc(parti, ("arrive", 0, metier, 0), change=1, preference=prix)
        if self.distance == PAYS:
            for demande in demandes:
                self._arc(("arrive", 0, demande[2], 0), demande)

    def resoudre(self, mouvements_max: int) -> list[Mouvement]:
        self._arc(SOURCE, DEBUT, capacite=min(mouvements_max, self._sans_borne))
        arcs = np.array(self._arcs, dtype=np.int64)
        debit = self._debit_maximal(arcs)
        if not debit:
            return []
        return self._en_mouvements(self._moindre_cout(arcs, debit))

    def _debit_maximal(self, arcs: Entiers) -> int:
        # Importés à l'usage : les pages et l'API, qui lisent ici les distances, n'ont pas à payer scipy.
        from scipy import sparse
        from scipy.sparse.csgraph import maximum_flow

        taille = len(self._noeuds)
        # Deux arcs de mêmes bouts s'additionnent : leur débit réuni est le même.
        graphe = sparse.csr_array(
            (np.minimum(arcs[:, 2], MOUVEMENTS_MAX).astype(np.int32), (arcs[:, 0], arcs[:, 1])),
            shape=(taille, taille),
        )
        return int(maximum_flow(graphe, self._noeuds[SOURCE], self._noeuds[PUITS]).flow_value)

    def _moindre_cout(self, arcs: Entiers, debit: int) -> Entiers:
        """Le flot de ce débit qui fait changer de centre le moins de gens, puis suit les préférences."""
        from scipy import sparse
        from scipy.optimize import linprog

        de, vers, capacites, change, preference = arcs.T
        # Un changement de centre pèse plus que toutes les préférences réunies : chacun en paie 5 au plus.
        couts = change * (debit * (COUT_AUTRE_DIRECTION + COUT_AUTRE_METIER) + 1) + preference
        rangs = np.arange(len(de))
        # Conservation partout, sauf à la source et au puits.
        bilan = sparse.csr_array(
            (np.r_[np.ones(len(de)), -np.ones(len(de))], (np.r_[vers, de], np.r_[rangs, rangs])),
            shape=(len(self._noeuds), len(de)),
        )
        conserves = [rang for noeud, rang in self._noeuds.items() if noeud not in (SOURCE, PUITS)]
        bornes = np.column_stack([np.zeros(len(de)), np.minimum(capacites, debit)])
        bornes[-1] = debit  # l'arc qui sort de la source
        solution = linprog(
            couts.astype(float),
            A_eq=bilan[conserves],
            b_eq=np.zeros(len(conserves)),
            bounds=bornes,
            method="highs-ds",
        )
        if not solution.success:
            raise ArithmeticError(f"rééquilibrage sans solution : {solution.message}")
        flots = np.rint(solution.x)
        if np.abs(flots - solution.x).max() > 1e-6:
            raise ArithmeticError("rééquilibrage : le flot trouvé n'est pas entier")
        return flots.astype(np.int64)

    def _en_mouvements(self, flots: Entiers) -> list[Mouvement]:
        """Les changements sur place tels quels, puis les échanges entre groupes, en peu de lignes."""
        lignes: dict[tuple[int, int], int] = {}
        for arc, (source, besoin) in self._sur_place.items():
            nombre = int(flots[arc])
            if not nombre:
                continue
            lignes[source, besoin] = nombre
            retirer(self._departs[self._noeuds[_offre(self.surplus[source])]], source, nombre)
            retirer(self._arrivees[self._noeuds[_demande(self.besoins[besoin])]], besoin, nombre)
        noms = {rang: noeud for noeud, rang in self._noeuds.items()}
        echanges = sorted(_echanges(self._arcs, flots.tolist(), noms))
        lignes |= affecter(echanges, self._departs, self._arrivees)
        return [self._mouvement(source, besoin, nombre) for (source, besoin), nombre in lignes.items()]

    def _mouvement(self, source: int, besoin: int, nombre: int) -> Mouvement:
        de, vers = self.surplus[source], self.besoins[besoin]
        return Mouvement(de.centre, vers.centre, de.titre, vers.titre, nombre, de.direction == vers.direction)


def _offre(poste: Poste) -> Noeud:
    return ("offre", poste.direction, poste.titre, poste.cible)


def _demande(poste: Poste) -> Noeud:
    return ("demande", poste.direction, poste.titre, 0)


def _personnes(postes: list[Poste]) -> int:
    return sum(abs(p.ecart) // PERSONNE for p in postes)


def _echanges(arcs: list[Arc], flots: list[int], noms: dict[int, Noeud]) -> list[tuple[int, int, int]]:
    """(groupe d'offre, groupe de demande, personnes) : échanges directs, puis ceux par le pays."""
    sorties: dict[int, list[list[int]]] = {}
    for (de, vers, *_), flot in zip(arcs, flots, strict=True):
        if flot and noms[de][0] in ("offre", "parti", "arrive"):
            sorties.setdefault(de, []).append([vers, flot])
    echanges: dict[tuple[int, int], int] = {}
    for depart in [rang for rang, noeud in noms.items() if noeud[0] == "offre"]:
        for vers, nombre in sorties.get(depart, []):
            if noms[vers][0] == "demande":
                echanges[depart, vers] = echanges.get((depart, vers), 0) + nombre
                continue
            reste = nombre
            while reste:
                arrivee, dispo = sorties[vers][-1]
                demande, voulu = sorties[arrivee][-1]
                pris = min(reste, dispo, voulu)
                echanges[depart, demande] = echanges.get((depart, demande), 0) + pris
                reste -= pris
                _consommer(sorties[vers], pris)
                _consommer(sorties[arrivee], pris)
    return [(de, vers, nombre) for (de, vers), nombre in echanges.items()]


def _consommer(arcs: list[list[int]], nombre: int) -> None:
    arcs[-1][1] -= nombre
    if not arcs[-1][1]:
        arcs.pop()
