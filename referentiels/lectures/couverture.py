"""Couverture : les tâches actives dont aucune règle ne couvre le produit, l'unité ou la phase.

- produit : il ne désigne aucune cellule, et l'unité n'est pas un forfait : son volume est nul ;
- unité : elle divise, mais n'a de diviseur ni pour le flux du produit ni pour tout flux : comptée 1 pour 1 ;
- phase : ni terme ni facteur de base (elle ne change rien), ou un terme nomme un paramètre inconnu.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from referentiels.models import (
    Centre,
    DiviseurUnite,
    FacteurBase,
    Parametre,
    Phase,
    Produit,
    Tache,
    TermePhase,
    UniteMesure,
)
from referentiels.perms import PAYS, Etendue
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, lire_ou_calculer

PARAMETRES_DU_CENTRE = frozenset({"circulation", "geographie"})
CAUSES = ("produit", "unite", "phase")
FAMILLE = Famille("ref:couverture", duree_s=7200, alias="calcul")  # un objet, pas du JSON


@dataclass
class Ligne:
    """Décompte d'un centre, d'une typologie ou du réseau ; une tâche peut avoir plusieurs causes."""

    identifiant: Any
    nom: str
    taches: int = 0
    non_couvertes: int = 0
    causes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CAUSES, 0))

    @property
    def part(self) -> float:
        """% des tâches couvertes."""
        return 100.0 * (1 - self.non_couvertes / self.taches) if self.taches else 100.0


@dataclass
class Rapport:
    """`regles` : (cause, code, nom, tâches) de chaque règle qui manque, la plus lourde d'abord."""

    total: Ligne
    typologies: list[Ligne]
    centres: list[Ligne]
    regles: list[tuple[str, str, str, int]]


@dataclass(frozen=True)
class _Manques:
    """Ce que les règles ne couvrent pas ; une unité peut ne manquer que pour certains flux."""

    produits: frozenset[int]
    phases: frozenset[int]
    unites: frozenset[tuple[int, int | None]]
    forfaits: frozenset[int]

    def causes(self, produit: int, unite: int, phase: int | None, flux: int | None) -> list[str]:
        forfait = unite in self.forfaits
        return [
            cause
            for cause, manque in (
                ("produit", not forfait and produit in self.produits),
                ("unite", not forfait and (unite, flux) in self.unites),
                ("phase", phase in self.phases),
            )
            if manque
        ]


def couverture(
    *, direction_id: int | None = None, centre_id: int | None = None, etendue: Etendue = PAYS
) -> Rapport:
    """Le rapport de ce qui est vu, d'une direction ou d'un centre, gardé tant que rien n'y a changé."""
    revision = max(revisions.lire(portees.NATIONAL, portees.REGLES, portees.TYPOLOGIES).values())
    nom = f"direction:{direction_id}:centre:{centre_id}{etendue.cle and f':{etendue.cle}'}"
    lecture = lire_ou_calculer(
        FAMILLE,
        nom,
        revision,
        lambda: _calculer(Tache.objects.actives().dans(etendue), direction_id, centre_id),
    )
    rapport: Rapport = lecture.valeur
    return rapport


def _calculer(taches: Any, direction_id: int | None, centre_id: int | None) -> Rapport:
    """Neuf requêtes, quelle que soit la taille."""
    manques, noms = _manques()
    if centre_id:
        taches = taches.filter(centre_poste__centre_id=centre_id)
    elif direction_id:
        taches = taches.filter(centre_poste__centre__direction_id=direction_id)
    totaux = dict(taches.order_by().values_list("centre_poste__centre_id").annotate(nombre=Count("pk")))
    suspects = Q(produit_id__in=manques.produits) | Q(phase_id__in=manques.phases)
    suspects |= Q(unite_id__in={unite for unite, _ in manques.unites})
    groupes = (
        taches.filter(suspects)
        .order_by()
        .values_list("centre_poste__centre_id", "produit_id", "unite_id", "phase_id", "produit__flux_id")
        .annotate(nombre=Count("pk"))
    )
    return _rapport(totaux, list(groupes), manques, noms)


def _manques() -> tuple[_Manques, dict[tuple[str, int], tuple[str, str]]]:
    """Règles manquantes et (code, nom) de chaque produit, unité et phase."""
    noms: dict[tuple[str, int], tuple[str, str]] = {}
    produits: set[int] = set()
    flux: set[int | None] = {None}
    for pk, code, nom, flux_id, cellules in Produit.objects.annotate(n=Count("cellules")).values_list(
        "pk", "code", "nom", "flux_id", "n"
    ):
        noms["produit", pk] = (code, nom)
        flux.add(flux_id)
        if not cellules:
            produits.add(pk)
    diviseurs = set(DiviseurUnite.objects.values_list("unite_id", "flux_id"))
    unites, forfaits = set(), set()
    for pk, code, nom, mode in UniteMesure.objects.values_list("pk", "code", "nom", "mode"):
        noms["unite", pk] = (code, nom)
        if mode == UniteMesure.Mode.FORFAIT:
            forfaits.add(pk)
        elif (pk, None) not in diviseurs:
            unites |= {(pk, f) for f in flux if (pk, f) not in diviseurs}
    connus = set(Parametre.objects.values_list("code", flat=True)) | PARAMETRES_DU_CENTRE
    termes: dict[int, bool] = {}
    for phase, p, q in TermePhase.objects.values_list("phase_id", "parametre", "parametre_2"):
        termes[phase] = termes.get(phase, True) and all(code in connus for code in (p, q) if code)
    des_bases = set(FacteurBase.objects.filter(phase__isnull=False).values_list("phase_id", flat=True))
    phases = set()
    for pk, code, nom in Phase.objects.values_list("pk", "code", "nom"):
        noms["phase", pk] = (code, nom)
        if not termes.get(pk, pk in des_bases):
            phases.add(pk)
    return _Manques(frozenset(produits), frozenset(phases), frozenset(unites), frozenset(forfaits)), noms


def _rapport(
    totaux: dict[int, int],
    groupes: list[tuple[Any, ...]],
    manques: _Manques,
    noms: dict[tuple[str, int], tuple[str, str]],
) -> Rapport:
    centres = {
        pk: (nom, typologie_id, typologie)
        for pk, nom, typologie_id, typologie in Centre.objects.filter(pk__in=totaux).values_list(
            "pk", "nom", "typologie_id", "typologie__code"
        )
    }
    total = Ligne(None, "Ensemble")
    par_centre = {pk: Ligne(pk, centres[pk][0]) for pk in totaux}
    par_typologie: dict[int, Ligne] = {}
    for pk, nombre in totaux.items():
        _, typologie_id, code = centres[pk]
        typologie = par_typologie.setdefault(typologie_id, Ligne(typologie_id, code))
        for ligne in (total, par_centre[pk], typologie):
            ligne.taches += nombre
    regles: dict[tuple[str, int], int] = defaultdict(int)
    for centre, produit, unite, phase, flux, nombre in groupes:
        causes = manques.causes(produit, unite, phase, flux)
        if not causes:
            continue
        for cause in causes:
            regles[cause, {"produit": produit, "unite": unite, "phase": phase}[cause]] += nombre
        for ligne in (total, par_centre[centre], par_typologie[centres[centre][1]]):
            ligne.non_couvertes += nombre
            for cause in causes:
                ligne.causes[cause] += nombre
    return Rapport(
        total=total,
        typologies=sorted(par_typologie.values(), key=lambda ligne: (-ligne.non_couvertes, ligne.nom)),
        centres=sorted(par_centre.values(), key=lambda ligne: (-ligne.non_couvertes, ligne.nom)),
        regles=sorted(
            ((cause, *noms[cause, pk], nombre) for (cause, pk), nombre in regles.items()),
            key=lambda ligne: (-ligne[3], ligne[0], ligne[1]),
        ),
    )
