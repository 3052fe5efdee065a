"""Du référentiel en base à la carte du moteur : un nombre constant de requêtes, quelle que soit la taille."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from referentiels.models import (
    CelluleVolume,
    Centre,
    CentrePoste,
    DiviseurUnite,
    FacteurBase,
    Flux,
    MappingPosteRecommande,
    Parametre,
    ParametreCentre,
    Phase,
    Poste,
    Produit,
    ProduitCellule,
    RepartitionVolume,
    Tache,
    TacheExclue,
    TermePhase,
    UniteMesure,
    VolumeAnnuel,
)
from simulateur.texte import normaliser
from simulations.moteur import Carte, Centres, Lignes, Postes, Regles, Titres, TypesTache
from simulations.moteur.carte import Flottants
from simulations.moteur.regles import SANS

PREFIXE_GUICHET = "GUICHET"  # metier/effectifs.md §3 : familles qui ne comptent pas sans guichet
LOT_LECTURE = 5000
PAS_AVANCEMENT = 100  # tâches entre deux notes : moins qu'un centre en a d'ordinaire
Avancement = Callable[[int, int], None]


def compiler(centre_ids: Sequence[int], *, avancer: Avancement | None = None) -> Carte:
    """La carte de ces centres (triés par direction puis identifiant). `avancer(centres lus, centres)`."""
    index_regles = IndexRegles()
    centres, rang_centre, typologie_ids = _centres(centre_ids, index_regles)
    titres, rang_titre = _titres()
    postes, rang_poste = _postes(centre_ids, rang_centre, rang_titre)
    centre_du_poste = [(int(centres.id[rang]), typologie_ids[rang]) for rang in postes.centre.tolist()]
    lecture = _LectureTaches(index_regles, centre_du_poste, rang_poste)
    lecture.lire(centre_ids, avancer)
    return Carte(
        regles=index_regles.regles,
        centres=centres,
        titres=titres,
        postes=postes,
        types=lecture.types(),
        taches=lecture.lignes(),
        noms=tuple(lecture.noms),
        mapping=tuple(
            (rang_titre[source], rang_titre[cible], SANS if centre is None else rang_centre[centre])
            for source, cible, centre in MappingPosteRecommande.objects.order_by("pk").values_list(
                "poste_source_id", "poste_cible_id", "centre_id"
            )
            if centre is None or centre in rang_centre
        ),
    )


class IndexRegles:
    """Les règles et la correspondance identifiant de base → index."""

    def __init__(self) -> None:
        flux = list(Flux.objects.order_by("pk").values_list("pk", "code"))
        self.flux = _rangs(flux)
        cellules = list(
            CelluleVolume.objects.order_by("pk").values_list("pk", "code", "flux_id", "sens_id", "rang")
        )
        self.cellules = _rangs(cellules)
        produits = list(Produit.objects.order_by("pk").values_list("pk", "code", "nom", "flux_id"))
        self.produits = _rangs(produits)
        unites = list(UniteMesure.objects.order_by("pk").values_list("pk", "code", "nom", "mode"))
        self.unites = _rangs(unites)
        phases = list(Phase.objects.order_by("pk").values_list("pk", "code"))
        self.phases = _rangs(phases)
        groupes: dict[tuple[int | None, int], int] = {}
        self.regles = Regles(
            flux=tuple(code for _, code in flux),
            cellules=tuple(ligne[1] for ligne in cellules),
            cellule_flux=tuple(self._flux(ligne[2]) for ligne in cellules),
            cellule_groupe=tuple(groupes.setdefault((f, s), len(groupes)) for _, _, f, s, _ in cellules),
            cellule_rang=tuple(ligne[4] for ligne in cellules),
            repartitions=tuple(
                (self.cellules[source], self.cellules[cible], parametre, complement)
                for source, cible, parametre, complement in RepartitionVolume.objects.order_by(
                    "pk"
                ).values_list("source_id", "cible_id", "parametre", "complement")
            ),
            produits=tuple(ligne[1] for ligne in produits),
            produit_noms=tuple(ligne[2] for ligne in produits),
            produit_flux=tuple(self._flux(ligne[3]) for ligne in produits),
            produit_cellules=self._cellules_par_produit(len(produits)),
            unites=tuple(ligne[1] for ligne in unites),
            unite_noms=tuple(ligne[2] for ligne in unites),
            forfait=tuple(ligne[3] == UniteMesure.Mode.FORFAIT for ligne in unites),
            diviseurs=tuple(
                (self.unites[unite], self._flux(f), constante, parametre)
                for unite, f, constante, parametre in DiviseurUnite.objects.order_by("pk").values_list(
                    "unite_id", "flux_id", "constante", "parametre"
                )
            ),
            phases=tuple(code for _, code in phases),
            termes=self._termes_par_phase(len(phases)),
            facteurs_base=tuple(
                (
                    self._flux(f),
                    self.unites[unite],
                    SANS if phase is None else self.phases[phase],
                    parametre,
                    complement,
                )
                for f, unite, phase, parametre, complement in FacteurBase.objects.order_by("pk").values_list(
                    "flux_id", "unite_id", "phase_id", "parametre", "complement"
                )
            ),
            defauts=dict(Parametre.objects.order_by("code").values_list("code", "defaut")),
        )

    def _flux(self, pk: int | None) -> int:
        return SANS if pk is None else self.flux[pk]

    def _cellules_par_produit(self, nombre: int) -> tuple[tuple[int, ...], ...]:
        listes: list[list[int]] = [[] for _ in range(nombre)]
        for produit, cellule in ProduitCellule.objects.order_by("pk").values_list("produit_id", "cellule_id"):
            listes[self.produits[produit]].append(self.cellules[cellule])
        return tuple(tuple(sorted(liste)) for liste in listes)

    def _termes_par_phase(self, nombre: int) -> tuple[tuple[tuple[str, str, str, float | None], ...], ...]:
        listes: list[list[tuple[str, str, str, float | None]]] = [[] for _ in range(nombre)]
        for phase, nature, p, q, n in TermePhase.objects.order_by("phase_id", "ordre", "pk").values_list(
            "phase_id", "nature", "parametre", "parametre_2", "constante"
        ):
            listes[self.phases[phase]].append((nature, p, q, n))
        return tuple(tuple(liste) for liste in listes)


def _rangs(lignes: Iterable[tuple[Any, ...]]) -> dict[int, int]:
    return {ligne[0]: rang for rang, ligne in enumerate(lignes)}


def _centres(centre_ids: Sequence[int], regles: IndexRegles) -> tuple[Centres, dict[int, int], list[int]]:
    lignes = list(
        Centre.objects.filter(pk__in=centre_ids)
        .order_by("direction__nom", "direction_id", "nom", "pk")
        .values_list(
            "pk",
            "direction_id",
            "coeff_circulation",
            "coeff_geographie",
            "trajet_minutes",
            "a_guichet",
            "code",
            "nom",
            "typologie__code",
            "direction__nom",
            "typologie_id",
        )
    )
    rangs = _rangs(lignes)
    parametres = ParametreCentre.objects.filter(centre_id__in=centre_ids).order_by("pk")
    propres = tuple(
        (
            rangs[centre],
            code if flux is None else f"{regles.regles.flux[regles.flux[flux]].lower()}_{code}",
            valeur,
        )
        for centre, code, flux, valeur in parametres.values_list(
            "centre_id", "parametre__code", "flux_id", "valeur"
        )
    )
    centres = Centres(
        id=_entiers(ligne[0] for ligne in lignes),
        direction_id=_entiers(ligne[1] for ligne in lignes),
        circulation=_flottants(ligne[2] for ligne in lignes),
        geographie=_flottants(ligne[3] for ligne in lignes),
        trajet_minutes=_flottants(ligne[4] for ligne in lignes),
        a_guichet=np.array([ligne[5] for ligne in lignes], dtype=bool),
        code=tuple(ligne[6] for ligne in lignes),
        nom=tuple(ligne[7] for ligne in lignes),
        typologie=tuple(ligne[8] for ligne in lignes),
        direction=tuple(ligne[9] for ligne in lignes),
        parametres=propres,
    )
    return centres, rangs, [ligne[10] for ligne in lignes]


def _titres() -> tuple[Titres, dict[int, int]]:
    lignes = list(
        Poste.objects.order_by("pk").values_list(
            "pk", "type", "soumis_au_trajet", "coef_shift_2", "coef_shift_3", "salaire_mensuel", "code", "nom"
        )
    )
    titres = Titres(
        id=_entiers(ligne[0] for ligne in lignes),
        mod=np.array([ligne[1] == Poste.Type.MOD for ligne in lignes], dtype=bool),
        trajet=np.array([ligne[2] for ligne in lignes], dtype=bool),
        coef_2=_flottants(ligne[3] for ligne in lignes),
        coef_3=_flottants(ligne[4] for ligne in lignes),
        salaire_centimes=_entiers(-1 if ligne[5] is None else int(ligne[5] * 100) for ligne in lignes),
        code=tuple(ligne[6] for ligne in lignes),
        nom=tuple(ligne[7] for ligne in lignes),
    )
    return titres, _rangs(lignes)


def _postes(
    centre_ids: Sequence[int], rang_centre: dict[int, int], rang_titre: dict[int, int]
) -> tuple[Postes, dict[int, int]]:
    lignes = [
        (rang_centre[centre], pk, rang_titre[poste], int(effectif * 10))
        for pk, centre, poste, effectif in CentrePoste.objects.filter(centre_id__in=centre_ids)
        .order_by("centre_id", "poste__nom", "pk")
        .values_list("pk", "centre_id", "poste_id", "effectif_actuel")
    ]
    lignes.sort(key=lambda ligne: ligne[0])
    postes = Postes(
        id=_entiers(ligne[1] for ligne in lignes),
        centre=_entiers(ligne[0] for ligne in lignes),
        titre=_entiers(ligne[2] for ligne in lignes),
        effectif_dixiemes=_entiers(ligne[3] for ligne in lignes),
    )
    return postes, {ligne[1]: rang for rang, ligne in enumerate(lignes)}


class _LectureTaches:
    """Lit les tâches en flux et les range en colonnes ; les libellés répétés ne sont gardés qu'une fois."""

    def __init__(
        self, regles: IndexRegles, centre_du_poste: list[tuple[int, int]], rang_poste: dict[int, int]
    ) -> None:
        """`centre_du_poste[rang]` : (identifiant du centre, de sa typologie) du poste de ce rang."""
        self.regles, self.centre_du_poste, self.rang_poste = regles, centre_du_poste, rang_poste
        self.noms: dict[str, int] = {}
        self._types: dict[tuple[int, int, int, int, bool], int] = {}
        self._guichet: dict[str, bool] = {}
        self._exclusions = _Exclusions()
        self._colonnes: list[list[Any]] = [[] for _ in range(7)]

    def lire(self, centre_ids: Sequence[int], avancer: Avancement | None) -> None:
        taches = (
            Tache.objects.actives()
            .filter(centre_poste__centre_id__in=centre_ids)
            .order_by("centre_poste__centre_id", "ordre", "pk")
            .values_list(
                "pk",
                "centre_poste_id",
                "produit_id",
                "unite_id",
                "phase_id",
                "base_calcul",
                "duree_secondes",
                "nom",
                "famille",
            )
        )
        centres_lus: set[int] = set()
        for rang, ligne in enumerate(taches.iterator(chunk_size=LOT_LECTURE)):
            self._ranger(*ligne)
            if avancer is not None and rang % PAS_AVANCEMENT == 0:
                centres_lus.add(self.centre_du_poste[self.rang_poste[ligne[1]]][0])
                avancer(len(centres_lus) - 1, len(centre_ids))

    def _ranger(
        self,
        pk: int,
        poste: int,
        produit: int,
        unite: int,
        phase: int | None,
        base: int,
        duree: float,
        nom: str,
        famille: str,
    ) -> None:
        rang = self.rang_poste[poste]
        type_ = (
            self.regles.produits[produit],
            self.regles.unites[unite],
            SANS if phase is None else self.regles.phases[phase],
            base,
            self._est_guichet(famille),
        )
        valeurs = (
            pk,
            rang,
            self._types.setdefault(type_, len(self._types)),
            duree,
            self.noms.setdefault(nom, len(self.noms)),
            self.noms.setdefault(famille, len(self.noms)),
            self._exclue(rang, nom, famille, produit, unite),
        )
        for colonne, valeur in zip(self._colonnes, valeurs, strict=True):
            colonne.append(valeur)

    def _est_guichet(self, famille: str) -> bool:
        if famille not in self._guichet:
            self._guichet[famille] = normaliser(famille).startswith(PREFIXE_GUICHET)
        return self._guichet[famille]

    def _exclue(self, rang_poste: int, nom: str, famille: str, produit: int, unite: int) -> bool:
        if not self._exclusions.presentes:
            return False
        centre, typologie = self.centre_du_poste[rang_poste]
        return self._exclusions.exclut(typologie, centre, nom, famille, produit, unite)

    def types(self) -> TypesTache:
        colonnes = list(zip(*self._types, strict=True)) if self._types else [(), (), (), (), ()]
        return TypesTache(
            produit=_entiers(colonnes[0]),
            unite=_entiers(colonnes[1]),
            phase=_entiers(colonnes[2]),
            base=_entiers(colonnes[3]),
            guichet=np.array(colonnes[4], dtype=bool),
        )

    def lignes(self) -> Lignes:
        pk, poste, type_, duree, nom, famille, exclue = self._colonnes
        return Lignes(
            id=_entiers(pk),
            poste=_entiers(poste),
            type=_entiers(type_),
            duree_s=_flottants(duree),
            nom=_entiers(nom),
            famille=_entiers(famille),
            exclue=np.array(exclue, dtype=bool),
        )


class _Exclusions:
    """Tâches exclues du mode optimisé, par nom normalisé."""

    def __init__(self) -> None:
        self._par_nom: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._normes: dict[str, str] = {}
        for nom, *criteres in TacheExclue.objects.values_list(
            "nom", "typologie_id", "centre_id", "famille", "produit_id", "unite_id"
        ):
            self._par_nom[normaliser(nom)].append(tuple(criteres))

    @property
    def presentes(self) -> bool:
        return bool(self._par_nom)

    def _norme(self, libelle: str) -> str:
        if libelle not in self._normes:
            self._normes[libelle] = normaliser(libelle)
        return self._normes[libelle]

    def exclut(self, typologie: int, centre: int, nom: str, famille: str, produit: int, unite: int) -> bool:
        return any(
            (t is None or t == typologie)
            and (c is None or c == centre)
            and (not f or self._norme(f) == self._norme(famille))
            and (p is None or p == produit)
            and (u is None or u == unite)
            for t, c, f, p, u in self._par_nom.get(self._norme(nom), ())
        )


def volumes_de(carte: Carte, annee: int) -> Flottants:
    """(centres × cellules) volumes saisis de l'année, 0 où rien n'est saisi. Une requête."""
    rang_centre = {int(pk): rang for rang, pk in enumerate(carte.centres.id)}
    rang_cellule = {code: rang for rang, code in enumerate(carte.regles.cellules)}
    volumes = np.zeros((len(carte.centres.id), len(carte.regles.cellules)))
    lignes = VolumeAnnuel.objects.filter(annee=annee, centre_id__in=list(rang_centre))
    for centre, code, volume in lignes.values_list("centre_id", "cellule__code", "volume").iterator():
        if code in rang_cellule:
            volumes[rang_centre[centre], rang_cellule[code]] = volume
    return volumes


def _entiers(valeurs: Iterable[int]) -> np.ndarray:
    return np.array(list(valeurs), dtype=np.int64)


def _flottants(valeurs: Iterable[float | Decimal]) -> np.ndarray:
    return np.array([float(valeur) for valeur in valeurs], dtype=np.float64)
