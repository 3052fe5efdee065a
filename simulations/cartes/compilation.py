"""Du référentiel en base à la carte du moteur : un nombre constant de requêtes, quelle que soit la taille."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from referentiels.models import (
    Centre,
    CentrePoste,
    MappingPosteRecommande,
    ParametreCentre,
    Poste,
    TacheExclue,
)
from simulateur.langue.texte import normaliser
from simulations.cartes.colonnes import Avancement, Colonnes, lire
from simulations.cartes.index_regles import IndexRegles, rangs_des
from simulations.moteur import Carte, Centres, Postes, Taches, Titres, TypesTache
from simulations.moteur.arrondis import PERSONNE
from simulations.moteur.carte import Booleens, Entiers, distincts
from simulations.moteur.regles import SANS

PREFIXE_GUICHET = "GUICHET"  # familles qui ne comptent pas sans guichet : docs/metier/effectifs.md#guichet
SANS_PHASE = 0  # dans une colonne lue ; aucun identifiant n'est nul


def compiler(
    centre_ids: Sequence[int], *, avancer: Avancement | None = None, index_regles: IndexRegles | None = None
) -> Carte:
    """La carte de ces centres (triés par nom de direction, puis par nom). `avancer(centres lus, centres)`.

    `index_regles` : les règles, quand l'appelant les a déjà lues.
    """
    index_regles = index_regles or IndexRegles()
    centres, rang_centre, typologie_ids = _centres(centre_ids, index_regles)
    titres, rang_titre = _titres()
    postes, rang_poste = _postes(centre_ids, rang_centre, rang_titre)
    centre_du_poste = [(int(centres.id[rang]), typologie_ids[rang]) for rang in postes.centre.tolist()]
    colonnes = lire(centre_ids, avancer)
    types, lignes = _taches(colonnes, index_regles, rang_poste, centre_du_poste)
    return Carte(
        regles=index_regles.regles,
        centres=centres,
        titres=titres,
        postes=postes,
        types=types,
        taches=lignes,
        noms=colonnes.noms,
        mapping=tuple(
            (rang_titre[source], rang_titre[cible], SANS if centre is None else rang_centre[centre])
            for source, cible, centre in MappingPosteRecommande.objects.order_by("pk").values_list(
                "poste_source_id", "poste_cible_id", "centre_id"
            )
            if centre is None or centre in rang_centre
        ),
    )


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
    rangs = rangs_des(lignes)
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
        parametres=_parametres_propres(rangs, regles),
    )
    return centres, rangs, [ligne[10] for ligne in lignes]


def _parametres_propres(rangs: Mapping[int, int], regles: IndexRegles) -> tuple[tuple[int, str, float], ...]:
    """(rang du centre, paramètre, précédé de son flux s'il en a un, valeur). `rangs` : par identifiant."""
    lignes = ParametreCentre.objects.filter(centre_id__in=list(rangs)).order_by("pk")
    return tuple(
        (
            rangs[centre],
            code if flux is None else f"{regles.regles.flux[regles.flux[flux]].lower()}_{code}",
            valeur,
        )
        for centre, code, flux, valeur in lignes.values_list(
            "centre_id", "parametre__code", "flux_id", "valeur"
        )
    )


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
    return titres, rangs_des(lignes)


def _postes(
    centre_ids: Sequence[int], rang_centre: dict[int, int], rang_titre: dict[int, int]
) -> tuple[Postes, dict[int, int]]:
    lignes = [
        (rang_centre[centre], pk, rang_titre[poste], int(effectif * PERSONNE))
        for pk, centre, poste, effectif in CentrePoste.objects.filter(centre_id__in=centre_ids)
        .order_by("centre_id", "poste__nom", "pk")
        .values_list("pk", "centre_id", "poste_id", "effectif_actuel")
    ]
    lignes.sort(key=lambda ligne: ligne[0])
    postes = Postes(
        id=_entiers(ligne[1] for ligne in lignes),
        centre=_entiers(ligne[0] for ligne in lignes),
        titre=_entiers(ligne[2] for ligne in lignes),
        effectif_centiemes=_entiers(ligne[3] for ligne in lignes),
    )
    return postes, {ligne[1]: rang for rang, ligne in enumerate(lignes)}


def _taches(
    colonnes: Colonnes, index: IndexRegles, rang_poste: dict[int, int], centre_du_poste: list[tuple[int, int]]
) -> tuple[TypesTache, Taches]:
    """Les types distincts de tâche, et les lignes qui les désignent.

    `centre_du_poste[rang]` : (identifiant du centre, de sa typologie) du poste de ce rang.
    """
    poste = _rangs_de(colonnes.poste, rang_poste)
    produit = _rangs_de(colonnes.produit, index.produits)
    unite = _rangs_de(colonnes.unite, index.unites)
    phase = _rangs_de(colonnes.phase, {SANS_PHASE: SANS, **index.phases})
    cles = [normaliser(nom) for nom in colonnes.noms]
    au_guichet = np.array([cle.startswith(PREFIXE_GUICHET) for cle in cles], dtype=bool)
    guichet = au_guichet[colonnes.famille] if len(poste) else np.zeros(0, dtype=bool)
    types, inverse = distincts((produit, unite, phase, colonnes.base, guichet))
    exclusions = _Exclusions(index, cles, centre_du_poste)
    lignes = Taches(
        id=colonnes.pk,
        poste=poste,
        type=inverse,
        duree_s=colonnes.duree,
        nom=colonnes.nom,
        famille=colonnes.famille,
        exclue=exclusions.exclues(poste, colonnes.nom, colonnes.famille, produit, unite),
    )
    return TypesTache(*types), lignes


def _rangs_de(cles: Entiers, rangs: Mapping[int, int]) -> Entiers:
    """Le rang de chaque clé ; LookupError si l'une n'en a pas (créée depuis la lecture des rangs)."""
    connues = np.array(sorted(rangs), dtype=np.int64)
    if not len(cles):
        return np.zeros(0, dtype=np.int64)
    places = np.minimum(np.searchsorted(connues, cles), len(connues) - 1)
    if not len(connues) or (connues[places] != cles).any():
        raise LookupError("le référentiel a changé pendant sa lecture")
    trouves: Entiers = np.array([rangs[cle] for cle in connues.tolist()], dtype=np.int64)[places]
    return trouves


class _Exclusions:
    """Tâches exclues, par nom normalisé : critères (typologie, centre, famille, produit, unité) ou None."""

    def __init__(self, index: IndexRegles, cles: list[str], centre_du_poste: list[tuple[int, int]]) -> None:
        """`cles` : libellés normalisés, dans l'ordre de leurs rangs."""
        self._cles, self._centre_du_poste = cles, centre_du_poste
        self._par_nom: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for nom, typologie, centre, famille, produit, unite in TacheExclue.objects.values_list(
            "nom", "typologie_id", "centre_id", "famille", "produit_id", "unite_id"
        ):
            self._par_nom[normaliser(nom)].append(
                (
                    typologie,
                    centre,
                    normaliser(famille) or None,
                    index.produits.get(produit),
                    index.unites.get(unite),
                )
            )

    def exclues(
        self, poste: Entiers, nom: Entiers, famille: Entiers, produit: Entiers, unite: Entiers
    ) -> Booleens:
        """Masque des tâches exclues du mode optimisé ; seuls les noms cités sont examinés."""
        cites = [rang for rang, cle in enumerate(self._cles) if cle in self._par_nom]
        masque = np.zeros(len(poste), dtype=bool)
        for ligne in np.flatnonzero(np.isin(nom, cites)).tolist():
            centre, typologie = self._centre_du_poste[poste[ligne]]
            criteres = (typologie, centre, self._cles[famille[ligne]], produit[ligne], unite[ligne])
            masque[ligne] = self._exclut(self._cles[nom[ligne]], criteres)
        return masque

    def _exclut(self, nom: str, tache: tuple[Any, ...]) -> bool:
        return any(
            all(voulu is None or voulu == eu for voulu, eu in zip(criteres, tache, strict=True))
            for criteres in self._par_nom[nom]
        )


def _entiers(valeurs: Iterable[int]) -> np.ndarray:
    return np.array(valeurs if isinstance(valeurs, list | tuple) else list(valeurs), dtype=np.int64)


def _flottants(valeurs: Iterable[float | Decimal]) -> np.ndarray:
    return np.array([float(valeur) for valeur in valeurs], dtype=np.float64)
