"""Proposer des mouvements de personnes entre centres : le plus de besoin comblé, puis les moins coûteux.

Programme linéaire de flot à coût minimal (scipy, HiGHS). Un surplus entre dans le nœud (direction, métier) de
son centre, y trouve un besoin du même métier, d'un métier correspondant (mapping), ou passe par le nœud
national du métier quand la distance le permet. Le nombre de mouvements est borné par un seul arc : la matrice
reste celle d'un réseau, la solution de sommet est donc entière. Variables : une par poste, pas par couple.

On ne déplace que des personnes entières, et jamais au-delà d'un besoin ou d'un surplus entier : aucun
mouvement ne crée d'écart. À besoin comblé égal, on préfère rester dans la direction, puis dans le métier ;
chaque personne déplacée comble un besoin d'une personne, leur nombre est donc minimal. Les lignes (de tel
centre à tel autre) servent d'abord les plus gros centres : au plus départs + arrivées − 1 par échange.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from simulations.moteur.carte import Entiers

DIRECTION, PAYS = "direction", "pays"
DISTANCES = (DIRECTION, PAYS)
MOUVEMENTS_MAX = 100_000
# Prime d'une personne placée, très au-dessus des coûts : combler passe avant tout.
PRIME, COUT_AUTRE_DIRECTION, COUT_AUTRE_METIER = 1000.0, 4.0, 1.0
DIXIEMES = 10


@dataclass(frozen=True)
class Poste:
    """Un poste : centre (rang libre de l'appelant), direction, métier, écart en dixièmes (besoin > 0)."""

    centre: int
    direction: int
    titre: int
    ecart: int


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
    """Mouvements, les plus gros d'abord, et (besoin, surplus) en dixièmes avant et après."""

    mouvements: tuple[Mouvement, ...]
    besoin_avant: int
    surplus_avant: int
    personnes: int

    @property
    def besoin_apres(self) -> int:
        return self.besoin_avant - self.personnes * DIXIEMES

    @property
    def surplus_apres(self) -> int:
        return self.surplus_avant - self.personnes * DIXIEMES


def proposer(
    postes: Sequence[Poste],
    *,
    distance: str = DIRECTION,
    mouvements_max: int = MOUVEMENTS_MAX,
    mapping: Iterable[tuple[int, int]] = (),
) -> Proposition:
    """Les mouvements proposés. `mapping` : couples (métier en surplus, métier qu'il peut tenir)."""
    if distance not in DISTANCES:
        raise ValueError(f"distance inconnue : {distance}")
    besoins = [p for p in postes if p.ecart >= DIXIEMES]
    surplus = [p for p in postes if p.ecart <= -DIXIEMES]
    reseau = _Reseau(distance, sorted(set(mapping)))
    for poste in surplus:
        reseau.offrir(poste)
    for poste in besoins:
        reseau.demander(poste)
    mouvements = reseau.resoudre(mouvements_max) if besoins and surplus and mouvements_max > 0 else []
    mouvements.sort(key=lambda m: (-m.personnes, not m.meme_direction, m.depart, m.arrivee))
    return Proposition(
        mouvements=tuple(mouvements),
        besoin_avant=sum(p.ecart for p in postes if p.ecart > 0),
        surplus_avant=-sum(p.ecart for p in postes if p.ecart < 0),
        personnes=sum(m.personnes for m in mouvements),
    )


Noeud = tuple[str, int, int]
SOURCE: Noeud = ("source", 0, 0)
DEBUT: Noeud = ("debut", 0, 0)
PUITS: Noeud = ("puits", 0, 0)


class _Reseau:
    """Nœuds et arcs (départ, arrivée, capacité, coût) ; l'offre et la demande sont des arcs bornés."""

    def __init__(self, distance: str, mapping: list[tuple[int, int]]) -> None:
        self.distance, self.mapping = distance, mapping
        self._noeuds: dict[Noeud, int] = {SOURCE: 0, DEBUT: 1, PUITS: 2}
        self._arcs: list[tuple[int, int, float, float]] = []
        self._offres: list[tuple[int, Poste]] = []
        self._demandes: list[tuple[int, Poste]] = []

    def offrir(self, poste: Poste) -> None:
        arc = self._arc(DEBUT, ("offre", poste.direction, poste.titre), -poste.ecart // DIXIEMES, 0.0)
        self._offres.append((arc, poste))

    def demander(self, poste: Poste) -> None:
        arc = self._arc(("demande", poste.direction, poste.titre), PUITS, poste.ecart // DIXIEMES, -PRIME)
        self._demandes.append((arc, poste))

    def _arc(self, de: Noeud, vers: Noeud, capacite: float, cout: float) -> int:
        i, j = (self._noeuds.setdefault(noeud, len(self._noeuds)) for noeud in (de, vers))
        self._arcs.append((i, j, float(capacite), cout))
        return len(self._arcs) - 1

    def _relier(self) -> None:
        """Arcs offre → demande, dans la direction puis par le pays."""
        cibles: dict[int, list[tuple[int, float]]] = {}
        offres = [n for n in self._noeuds if n[0] == "offre"]
        demandes = {n for n in self._noeuds if n[0] == "demande"}
        for _, _, titre in offres:
            cibles[titre] = [(titre, 0.0), *((c, COUT_AUTRE_METIER) for s, c in self.mapping if s == titre)]
        sortis: set[int] = set()
        for noeud in offres:
            _, direction, titre = noeud
            for cible, cout in cibles[titre]:
                demande = ("demande", direction, cible)
                if demande in demandes:
                    self._arc(noeud, demande, np.inf, cout)
            if self.distance == PAYS:
                self._arc(noeud, ("parti", 0, titre), np.inf, 0.0)
                sortis.add(titre)
        if self.distance == PAYS:
            self._relier_le_pays(sorted(sortis), sorted(demandes), cibles)

    def _relier_le_pays(
        self, sortis: list[int], demandes: list[Noeud], cibles: dict[int, list[tuple[int, float]]]
    ) -> None:
        titres = {demande[2] for demande in demandes}
        for titre in sortis:
            for cible, cout in cibles[titre]:
                if cible in titres:
                    self._arc(("parti", 0, titre), ("arrive", 0, cible), np.inf, COUT_AUTRE_DIRECTION + cout)
        for demande in demandes:
            self._arc(("arrive", 0, demande[2]), demande, np.inf, 0.0)

    def resoudre(self, mouvements_max: int) -> list[Mouvement]:
        self._arc(SOURCE, DEBUT, mouvements_max, 0.0)
        self._relier()
        flots = self._optimum()
        return self._affecter(flots)

    def _optimum(self) -> Entiers:
        de, vers, capacites, couts = (np.array(colonne) for colonne in zip(*self._arcs, strict=True))
        rangs = np.arange(len(de))
        # Conservation partout, sauf à la source et au puits.
        bilan = sparse.csr_array(
            (
                np.r_[np.ones(len(de)), -np.ones(len(de))],
                (np.r_[vers, de].astype(np.int64), np.r_[rangs, rangs]),
            ),
            shape=(len(self._noeuds), len(de)),
        )
        conserves = [rang for noeud, rang in self._noeuds.items() if noeud not in (SOURCE, PUITS)]
        solution = linprog(
            couts,
            A_eq=bilan[conserves],
            b_eq=np.zeros(len(conserves)),
            bounds=np.column_stack([np.zeros(len(de)), capacites]),
            method="highs-ds",
        )
        if not solution.success:
            raise ArithmeticError(f"rééquilibrage sans solution : {solution.message}")
        return np.rint(solution.x).astype(np.int64)

    def _affecter(self, flots: Entiers) -> list[Mouvement]:
        """Des flots par nœud aux lignes : chaque échange puise dans les centres de ses deux bouts."""
        departs = _Reserves((self._arcs[arc][1], poste, int(flots[arc])) for arc, poste in self._offres)
        arrivees = _Reserves((self._arcs[arc][0], poste, int(flots[arc])) for arc, poste in self._demandes)
        noms = {rang: noeud for noeud, rang in self._noeuds.items()}
        mouvements: dict[tuple[int, int, int, int], Mouvement] = {}
        for de, vers, personnes in _chemins(self._arcs, flots, noms):
            for source, besoin, nombre in _apparier(departs, de, arrivees, vers, personnes):
                cle = (source.centre, besoin.centre, source.titre, besoin.titre)
                deja = mouvements[cle].personnes if cle in mouvements else 0
                mouvements[cle] = Mouvement(
                    source.centre,
                    besoin.centre,
                    source.titre,
                    besoin.titre,
                    deja + nombre,
                    source.direction == besoin.direction,
                )
        return list(mouvements.values())


class _Reserves:
    """Personnes encore à placer, par nœud : les plus gros centres d'abord, donc peu de lignes."""

    def __init__(self, lignes: Iterable[tuple[int, Poste, int]]) -> None:
        self._par_noeud: dict[int, list[list[int | Poste]]] = {}
        for noeud, poste, nombre in lignes:
            if nombre:
                self._par_noeud.setdefault(noeud, []).append([nombre, poste])
        for reserve in self._par_noeud.values():
            reserve.sort(key=lambda ligne: (ligne[0], -ligne[1].centre))  # type: ignore[union-attr]

    def tete(self, noeud: int) -> tuple[int, Poste]:
        nombre, poste = self._par_noeud[noeud][-1]
        return nombre, poste  # type: ignore[return-value]

    def prendre(self, noeud: int, nombre: int) -> None:
        ligne = self._par_noeud[noeud][-1]
        ligne[0] -= nombre  # type: ignore[operator]
        if not ligne[0]:
            self._par_noeud[noeud].pop()


def _apparier(
    departs: _Reserves, de: int, arrivees: _Reserves, vers: int, personnes: int
) -> Iterable[tuple[Poste, Poste, int]]:
    while personnes:
        offerts, source = departs.tete(de)
        voulus, besoin = arrivees.tete(vers)
        nombre = min(offerts, voulus, personnes)
        departs.prendre(de, nombre)
        arrivees.prendre(vers, nombre)
        personnes -= nombre
        yield source, besoin, nombre


def _chemins(
    arcs: list[tuple[int, int, float, float]], flots: Entiers, noms: dict[int, Noeud]
) -> Iterable[tuple[int, int, int]]:
    """(nœud d'offre, nœud de demande, personnes) : échanges directs, puis ceux qui passent par le pays."""
    sorties: dict[int, list[list[int]]] = {}
    for arc, (de, vers, _, _) in enumerate(arcs):
        if flots[arc] and noms[de][0] in ("offre", "parti", "arrive"):
            sorties.setdefault(de, []).append([vers, int(flots[arc])])
    for depart in [rang for rang, noeud in noms.items() if noeud[0] == "offre"]:
        for vers, nombre in sorties.get(depart, []):
            if noms[vers][0] == "demande":
                yield depart, vers, nombre
                continue
            reste = nombre
            while reste:
                arrivee, dispo = sorties[vers][-1]
                demande, voulu = sorties[arrivee][-1]
                pris = min(reste, dispo, voulu)
                yield depart, demande, pris
                reste -= pris
                _consommer(sorties[vers], pris)
                _consommer(sorties[arrivee], pris)


def _consommer(arcs: list[list[int]], nombre: int) -> None:
    arcs[-1][1] -= nombre
    if not arcs[-1][1]:
        arcs.pop()
