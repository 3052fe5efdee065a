"""Lectures du référentiel, en dictionnaires prêts pour le JSON, en cache (docs/metier/effectifs.md#lectures).

Chaque valeur porte la révision la plus haute des portées dont elle dépend : une écriture change la clé,
aucune valeur d'avant ne peut être servie. Cache trouvé : une requête, celle des révisions. Cache coupé :
mêmes réponses. Les nombres décimaux deviennent des flottants, dans le cache comme hors de lui.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from referentiels.models import (
    CelluleVolume,
    Centre,
    CentrePoste,
    Direction,
    Parametre,
    Phase,
    Poste,
    Produit,
    Region,
    Tache,
    Typologie,
    UniteMesure,
)
from referentiels.perms import PAYS, Etendue
from referentiels.suivi import portees
from simulateur.cache import revisions, versions
from simulateur.cache.donnees import Famille, lire_ou_calculer

Ligne = dict[str, Any]
HEURE = 3600

LISTES = Famille("ref:liste", duree_s=4 * HEURE)  # régions, directions
NOMENCLATURES = Famille("ref:nomenclature", duree_s=2 * HEURE)  # typologies, postes et règles
DIRECTION = Famille("ref:direction", duree_s=2 * HEURE)
DIRECTION_COMPLETE = Famille("ref:servie", duree_s=2 * HEURE, alias="calcul")  # des octets, pas du JSON
CENTRE = Famille("ref:centre", duree_s=2 * HEURE)


def _lire(famille: Famille, nom: str, depend_de: Sequence[str], calculer: Callable[[], Any]) -> Any:
    revision = max(revisions.lire(*depend_de).values())
    return lire_ou_calculer(famille, nom, revision, calculer).valeur


def _nombre(valeur: Any) -> Any:
    return float(valeur) if isinstance(valeur, Decimal) else valeur


def en_lignes(requete: Iterable[Any]) -> list[Ligne]:
    """Des dictionnaires `.values()`, décimaux en flottants."""
    return [{nom: _nombre(valeur) for nom, valeur in ligne.items()} for ligne in requete]


# --- Ce que chaque ligne contient -------------------------------------------------------------------


def lignes_regions(regions: "QuerySet[Region]") -> QuerySet[Any]:
    return regions.values("id", "code", "nom")


def lignes_directions(directions: "QuerySet[Direction]") -> QuerySet[Any]:
    """`nb_centres` : centres actifs."""
    # Un décompte efface l'ordre par défaut du modèle : il faut le redire.
    return directions.order_by("nom", "code").values(
        *("id", "code", "nom", "est_siege", "region_id"),
        region_nom=F("region__nom"),
        nb_centres=Count("centres", filter=Q(centres__actif=True)),
    )


COLONNES_CENTRE = (
    *("id", "code", "nom", "direction_id", "aps", "a_guichet", "coeff_circulation", "coeff_geographie"),
    *("trajet_minutes", "actif", "fictif"),
)


def lignes_centres(centres: "QuerySet[Centre]") -> QuerySet[Any]:
    """`effectif_actuel` : personnes présentes, tous postes ; nul (None) sans poste.

    Sous-requêtes, et non jointure : une page ne compte que les postes de ses propres centres.
    """
    tenus = CentrePoste.objects.filter(centre=OuterRef("pk")).order_by().values("centre")
    return centres.order_by("nom", "code").values(
        *COLONNES_CENTRE,
        typologie_code=F("typologie__code"),
        nb_postes=Coalesce(Subquery(tenus.values(nombre=Count("pk"))), 0),
        effectif_actuel=Subquery(tenus.values(effectif=Sum("effectif_actuel"))),
    )


COLONNES_POSTE = (
    *("id", "code", "nom", "type", "salaire_mensuel", "soumis_au_trajet", "coef_shift_2", "coef_shift_3"),
)


def lignes_postes(postes: "QuerySet[Poste]") -> QuerySet[Any]:
    return postes.values(*COLONNES_POSTE)


def lignes_centre_postes(tenus: "QuerySet[CentrePoste]") -> QuerySet[Any]:
    """`nb_taches` : tâches actives."""
    return tenus.order_by("poste__nom", "pk").values(
        *("id", "centre_id", "poste_id", "effectif_actuel", "aps"),
        code=F("poste__code"),
        nom=F("poste__nom"),
        type=F("poste__type"),
        nb_taches=Count("taches", filter=Q(taches__actif=True)),
    )


COLONNES_TACHE = (
    *("id", "centre_poste_id", "nom", "famille", "base_calcul", "duree_secondes", "ordre", "actif"),
)


def lignes_taches(taches: "QuerySet[Tache]") -> QuerySet[Any]:
    return taches.order_by("centre_poste_id", "ordre", "pk").values(
        *COLONNES_TACHE,
        produit_code=F("produit__code"),
        unite_code=F("unite__code"),
        phase_code=F("phase__code"),
    )


# --- Listes -------------------------------------------------------------------------------------------


def regions() -> list[Ligne]:
    return _lire(
        LISTES, "regions", [portees.REGIONS], lambda: en_lignes(lignes_regions(Region.objects.all()))
    )


def directions(etendue: Etendue = PAYS) -> list[Ligne]:
    depend_de = [portees.DIRECTIONS, portees.REGIONS]
    toutes = _lire(
        LISTES, "directions", depend_de, lambda: en_lignes(lignes_directions(Direction.objects.all()))
    )
    return [ligne for ligne in toutes if etendue.voit(ligne["id"])]


def typologies() -> list[Ligne]:
    requete = Typologie.objects.order_by("code").values(
        "id", "code", "nom", nb_taches_modeles=Count("taches_modeles")
    )
    return _lire(NOMENCLATURES, "typologies", [portees.TYPOLOGIES], lambda: en_lignes(requete))


def postes() -> list[Ligne]:
    return _lire(
        NOMENCLATURES, "postes", [portees.POSTES], lambda: en_lignes(lignes_postes(Poste.objects.all()))
    )


def cellules() -> list[Ligne]:
    requete = CelluleVolume.objects.values(
        *("id", "code", "rang", "ordre"),
        flux_code=F("flux__code"),
        sens_code=F("sens__code"),
        segment_code=F("segment__code"),
    )
    return _lire(NOMENCLATURES, "cellules", [portees.REGLES], lambda: en_lignes(requete))


def parametres() -> list[Ligne]:
    requete = Parametre.objects.values(
        *("id", "code", "nom", "unite", "defaut", "minimum", "maximum", "par_flux", "source")
    )
    return _lire(NOMENCLATURES, "parametres", [portees.REGLES], lambda: en_lignes(requete))


def produits() -> list[Ligne]:
    """Chaque produit et les codes des cellules qu'il additionne."""

    def calculer() -> list[Ligne]:
        lignes = Produit.objects.order_by("code", "lignes_cellules__cellule__ordre").values_list(
            "id", "code", "nom", "flux__code", "lignes_cellules__cellule__code"
        )
        return _regrouper(lignes, ("id", "code", "nom", "flux_code"), "cellules", lambda reste: reste[0])

    return _lire(NOMENCLATURES, "produits", [portees.REGLES], calculer)


def unites() -> list[Ligne]:
    """Chaque unité et ses diviseurs : {flux_code, constante, parametre}."""

    def calculer() -> list[Ligne]:
        lignes = UniteMesure.objects.order_by("code", "diviseurs__pk").values_list(
            *("id", "code", "nom", "mode"),
            *("diviseurs__pk", "diviseurs__flux__code", "diviseurs__constante", "diviseurs__parametre"),
        )
        return _regrouper(
            lignes,
            ("id", "code", "nom", "mode"),
            "diviseurs",
            lambda reste: {"flux_code": reste[1], "constante": reste[2], "parametre": reste[3]},
        )

    return _lire(NOMENCLATURES, "unites", [portees.REGLES], calculer)


def phases() -> list[Ligne]:
    """Chaque phase et ses termes : {nature, parametre, parametre_2, constante}."""

    def calculer() -> list[Ligne]:
        champs = ("nature", "parametre", "parametre_2", "constante")
        lignes = Phase.objects.order_by("code", "termes__ordre", "termes__pk").values_list(
            "id", "code", "nom", "termes__pk", *(f"termes__{champ}" for champ in champs)
        )
        return _regrouper(
            lignes, ("id", "code", "nom"), "termes", lambda reste: dict(zip(champs, reste[1:], strict=True))
        )

    return _lire(NOMENCLATURES, "phases", [portees.REGLES], calculer)


def _regrouper(
    lignes: Iterable[tuple[Any, ...]],
    colonnes: tuple[str, ...],
    enfants: str,
    enfant: Callable[[tuple[Any, ...]], Any],
) -> list[Ligne]:
    """Une jointure à gauche en parents et enfants ; le premier champ après `colonnes` est nul sans enfant."""
    parents: dict[int, Ligne] = {}
    for ligne in lignes:
        parent = parents.setdefault(ligne[0], {**dict(zip(colonnes, ligne, strict=False)), enfants: []})
        if ligne[len(colonnes)] is not None:
            parent[enfants].append(enfant(ligne[len(colonnes) :]))
    return list(parents.values())


# --- Sous une direction, sous un centre ------------------------------------------------------------------


def centres_de_direction(direction_id: int, etendue: Etendue = PAYS) -> list[Ligne]:
    """Ses centres, fermés compris ; lève Direction.DoesNotExist si elle n'existe pas ou n'est pas vue."""
    if not etendue.voit(direction_id):
        raise Direction.DoesNotExist

    def calculer() -> list[Ligne]:
        lignes = en_lignes(lignes_centres(Centre.objects.filter(direction_id=direction_id)))
        return lignes or _vide_si_existe(Direction, direction_id)

    depend_de = [portees.centres_de(direction_id), portees.TYPOLOGIES]
    return _lire(DIRECTION, f"{direction_id}:centres", depend_de, calculer)


def postes_de_centre(centre_id: int, etendue: Etendue = PAYS) -> list[Ligne]:
    """Postes tenus dans le centre ; lève Centre.DoesNotExist s'il n'existe pas ou n'est pas vu."""
    _exiger_le_centre(centre_id, etendue)

    def calculer() -> list[Ligne]:
        tenus = CentrePoste.objects.filter(centre_id=centre_id)
        return en_lignes(lignes_centre_postes(tenus)) or _vide_si_existe(Centre, centre_id)

    return _lire(CENTRE, f"{centre_id}:postes", [portees.centre(centre_id), portees.POSTES], calculer)


def _exiger_le_centre(centre_id: int, etendue: Etendue) -> None:
    if not etendue.pays and not Centre.objects.dans(etendue).filter(pk=centre_id).exists():
        raise Centre.DoesNotExist


def taches_de(centre_id: int, poste_id: int, etendue: Etendue = PAYS) -> list[Ligne]:
    """Tâches du poste dans le centre ; lève CentrePoste.DoesNotExist si ce poste n'y est pas tenu."""
    _exiger_le_centre(centre_id, etendue)

    def calculer() -> list[Ligne]:
        taches = Tache.objects.filter(centre_poste__centre_id=centre_id, centre_poste__poste_id=poste_id)
        lignes = en_lignes(lignes_taches(taches))
        if not lignes:
            CentrePoste.objects.get(centre_id=centre_id, poste_id=poste_id)
        return lignes

    depend_de = [portees.centre(centre_id), portees.REGLES]
    return _lire(CENTRE, f"{centre_id}:poste:{poste_id}:taches", depend_de, calculer)


def _vide_si_existe(modele: Any, cle: int) -> list[Ligne]:
    if not modele._default_manager.filter(pk=cle).exists():
        raise modele.DoesNotExist
    return []


def direction_complete(direction_id: int) -> Ligne:
    """La direction, ses centres, leurs postes, leurs tâches : deux requêtes, plus celle des révisions.

    Lève Direction.DoesNotExist si elle n'existe pas.
    """
    complete: Ligne = json.loads(gzip.decompress(direction_servie(direction_id).octets))
    return complete


class DirectionServie(NamedTuple):
    """La version de la ligne de la direction (ETag), et l'arbre entier en JSON compressé, lus ensemble."""

    etiquette: str
    octets: bytes


def direction_servie(direction_id: int) -> DirectionServie:
    """La même en JSON déjà compressé : plusieurs Mo qui, du cache, partent tels quels au client."""
    depend_de = [
        *(portees.direction(direction_id), portees.POSTES, portees.REGLES, portees.TYPOLOGIES),
        portees.REGIONS,
    ]

    def calculer() -> DirectionServie:
        direction = _tout_lire(direction_id)
        for centre in direction["centres"]:
            for tenu in centre["postes"]:
                tenu["taches"] = [dict(zip(CHAMPS_TACHE, tache, strict=True)) for tache in tenu["taches"]]
        texte = json.dumps(direction, ensure_ascii=False, separators=(",", ":"))
        stockees = {champ.attname: direction[champ.attname] for champ in Direction._meta.concrete_fields}
        compresse = gzip.compress(texte.encode(), compresslevel=4, mtime=0)
        return DirectionServie(versions.etiquette(stockees), compresse)

    servie: DirectionServie = _lire(DIRECTION_COMPLETE, str(direction_id), depend_de, calculer)
    return servie


CHAMPS_DIRECTION = {
    **{nom: nom for nom in ("id", "code", "nom", "est_siege", "region_id")},
    "region_nom": "region__nom",
}
CHAMPS_CENTRE = {
    **{nom: f"centres__{nom}" for nom in COLONNES_CENTRE if nom != "direction_id"},
    "typologie_code": "centres__typologie__code",
}
CHAMPS_TENU = {
    "id": "centres__centre_postes__id",
    "poste_id": "centres__centre_postes__poste_id",
    "code": "centres__centre_postes__poste__code",
    "nom": "centres__centre_postes__poste__nom",
    "type": "centres__centre_postes__poste__type",
    "effectif_actuel": "centres__centre_postes__effectif_actuel",
    "aps": "centres__centre_postes__aps",
}
CHAMPS_TACHE = (
    *("id", "nom", "famille", "produit_code", "unite_code", "phase_code", "base_calcul"),
    *("duree_secondes", "ordre", "actif"),
)


def _tout_lire(direction_id: int) -> Ligne:
    """Le même arbre, tâches en listes de valeurs : deux fois moins lourd à décoder au sortir du cache."""
    champs = [*CHAMPS_DIRECTION.values(), *CHAMPS_CENTRE.values(), *CHAMPS_TENU.values()]
    lignes = list(
        Direction.objects.filter(pk=direction_id)
        .order_by(
            *("centres__nom", "centres__code"),
            *("centres__centre_postes__poste__nom", "centres__centre_postes__pk"),
        )
        .values_list(*champs)
    )
    if not lignes:
        raise Direction.DoesNotExist
    debut_tenu = len(CHAMPS_DIRECTION) + len(CHAMPS_CENTRE)
    direction: Ligne = dict(zip(CHAMPS_DIRECTION, lignes[0], strict=False))
    centres: dict[int, Ligne] = {}
    tenus: dict[int, Ligne] = {}
    for ligne in lignes:
        valeurs_centre = ligne[len(CHAMPS_DIRECTION) : debut_tenu]
        if valeurs_centre[0] is None:
            continue
        centre = centres.get(valeurs_centre[0])
        if centre is None:
            centre = dict(zip(CHAMPS_CENTRE, map(_nombre, valeurs_centre), strict=True))
            centre["postes"] = []
            centres[centre["id"]] = centre
        if ligne[debut_tenu] is None:
            continue
        tenu = dict(zip(CHAMPS_TENU, map(_nombre, ligne[debut_tenu:]), strict=True))
        tenu["taches"] = []
        centre["postes"].append(tenu)
        tenus[tenu["id"]] = tenu
    _ranger_les_taches(direction_id, tenus)
    return {**direction, "centres": list(centres.values())}


def _ranger_les_taches(direction_id: int, tenus: dict[int, Ligne]) -> None:
    taches = (
        Tache.objects.filter(centre_poste__centre__direction_id=direction_id)
        .order_by("centre_poste_id", "ordre", "pk")
        .values_list(
            *("centre_poste_id", "id", "nom", "famille", "produit__code", "unite__code", "phase__code"),
            *("base_calcul", "duree_secondes", "ordre", "actif"),
        )
    )
    for tenu_id, *valeurs in taches.iterator(chunk_size=5000):
        # Un poste créé entre les deux requêtes n'est pas encore connu ; la révision suivante l'aura.
        if tenu := tenus.get(tenu_id):
            tenu["taches"].append(valeurs)
