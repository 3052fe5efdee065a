"""Ce que les pages montrent du référentiel : lectures groupées, en cache, une requête quand elles y sont.

Une page lit en une fois les révisions dont elle dépend, puis tire du cache les paquets de ces révisions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q, Sum

from referentiels.lectures.annees import annees_des_volumes
from referentiels.lectures.referentiel import (
    COLONNES_CENTRE,
    Ligne,
    en_lignes,
    lignes_centres,
    lignes_directions,
)
from referentiels.models import Centre, CentrePoste, Direction, Flux, Parametre, VolumeAnnuel
from referentiels.perms import Etendue
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, lire_ou_calculer
from simulations.demandes.arrondi import arrondi_par_defaut
from simulations.moteur.parametres import PAR_POSTE

DEUX_HEURES = 2 * 3600
PAGES = Famille("sim:page", duree_s=DEUX_HEURES)
# Chaque centre a les siens (Centre.coeff_*) : une valeur commune n'aurait aucun effet.
PARAMETRES_DU_CENTRE = ("circulation", "geographie")


@dataclass(frozen=True)
class Catalogue:
    """Les paramètres nommés par les règles, les flux qui peuvent les préciser, l'arrondi par défaut."""

    parametres: list[Ligne]
    flux: list[Ligne]
    arrondi: str = PAR_POSTE


@dataclass(frozen=True)
class PageDirection:
    direction: Ligne
    centres: list[Ligne]
    catalogue: Catalogue


def _paquet(nom: str, revision: int, calculer: Callable[[], Any]) -> Any:
    return lire_ou_calculer(PAGES, nom, revision, calculer).valeur


def directions(etendue: Etendue) -> list[Ligne]:
    """Directions avec région, centres actifs, effectif présent ; `fictive` si l'un des centres l'est."""
    numeros = revisions.lire(portees.DIRECTIONS, portees.REGIONS, portees.NATIONAL)
    return _vues(_paquet("directions", max(numeros.values()), _lire_directions), "id", etendue)


def _vues(lignes: list[Ligne], champ: str, etendue: Etendue) -> list[Ligne]:
    """Celles dont `champ` nomme une direction vue : le paquet est le même pour tous, le choix se fait ici."""
    return [ligne for ligne in lignes if etendue.voit(ligne[champ])]


def directions_et_catalogue(etendue: Etendue) -> tuple[list[Ligne], "Catalogue"]:
    """Les deux pour une seule lecture des révisions."""
    listes = (portees.DIRECTIONS, portees.REGIONS, portees.NATIONAL)
    numeros = revisions.lire(*listes, portees.REGLES)
    revision = max(numeros[portee] for portee in listes)
    lignes = _vues(_paquet("directions", revision, _lire_directions), "id", etendue)
    return lignes, catalogue(numeros[portees.REGLES])


def _lire_directions() -> list[Ligne]:
    effectifs = {
        ligne["direction_id"]: ligne
        for ligne in en_lignes(
            Centre.objects.actifs()
            .order_by()
            .values("direction_id")
            .annotate(effectif=Sum("centre_postes__effectif_actuel"))
        )
    }
    fictives = set(Centre.objects.filter(fictif=True).order_by().values_list("direction_id", flat=True))
    return [
        {
            **ligne,
            "effectif_actuel": effectifs.get(ligne["id"], {}).get("effectif") or 0.0,
            "fictive": ligne["id"] in fictives,
        }
        for ligne in en_lignes(lignes_directions(Direction.objects.order_by("nom")))
    ]


def page_direction(direction_id: int, etendue: Etendue) -> PageDirection:
    """La direction, ses centres et le catalogue ; lève Direction.DoesNotExist, hors de `etendue` aussi."""
    if not etendue.voit(direction_id):
        raise Direction.DoesNotExist
    depend_de = (portees.centres_de(direction_id), portees.REGIONS, portees.TYPOLOGIES)
    numeros = revisions.lire(*depend_de, portees.REGLES)
    revision = max(numeros[portee] for portee in depend_de)
    paquet = _paquet(f"direction:{direction_id}", revision, lambda: _lire_direction(direction_id))
    return PageDirection(paquet["direction"], paquet["centres"], catalogue(numeros[portees.REGLES]))


def _lire_direction(direction_id: int) -> Ligne:
    trouvees = en_lignes(lignes_directions(Direction.objects.filter(pk=direction_id)))
    if not trouvees:
        raise Direction.DoesNotExist
    centres = Centre.objects.filter(direction_id=direction_id).order_by("nom", "code")
    return {"direction": trouvees[0], "centres": en_lignes(lignes_centres(centres))}


def catalogue(revision_regles: int | None = None) -> Catalogue:
    """Le catalogue ; une requête de moins quand la révision des règles est déjà connue."""
    if revision_regles is None:
        revision_regles = revisions.lire_une(portees.REGLES)
    return Catalogue(**_paquet("catalogue", revision_regles, _lire_catalogue))


def _lire_catalogue() -> Ligne:
    parametres = Parametre.objects.exclude(code__in=PARAMETRES_DU_CENTRE)
    champs = ("code", "nom", "unite", "defaut", "minimum", "maximum", "par_flux")
    return {
        "parametres": en_lignes(parametres.values(*champs)),
        "flux": en_lignes(Flux.objects.order_by("pk").values("code", "nom")),
        "arrondi": arrondi_par_defaut(),
    }


def centres_et_catalogue(etendue: Etendue) -> tuple[list[Ligne], Catalogue]:
    """Les centres ouverts vus, par direction puis nom, et le catalogue. Une requête."""
    depend_de = (portees.NATIONAL, portees.DIRECTIONS, portees.TYPOLOGIES)
    numeros = revisions.lire(*depend_de, portees.REGLES)
    revision = max(numeros[portee] for portee in depend_de)
    vus = _vues(_paquet("centres", revision, _lire_centres), "direction_id", etendue)
    return vus, catalogue(numeros[portees.REGLES])


def _lire_centres() -> list[Ligne]:
    centres = Centre.objects.actifs().order_by("direction__nom", "direction_id", "nom", "code")
    return en_lignes(
        centres.values(
            *("id", "code", "nom", "direction_id", "fictif"),
            direction_nom=F("direction__nom"),
            typologie_code=F("typologie__code"),
        )
    )


def annees_proposees() -> list[int]:
    """L'année des volumes d'abord, puis les autres qui en ont, récentes d'abord. Une requête."""
    annees = annees_des_volumes()
    return list(dict.fromkeys([annees.par_defaut, *annees.annees]))


def centre(centre_id: int, etendue: Etendue) -> Ligne:
    """Le centre, ses postes et leurs tâches, ses volumes de l'année retenue.

    Lève Centre.DoesNotExist, hors de `etendue` aussi.
    """
    numeros = revisions.lire(
        *(portees.centre(centre_id), portees.TYPOLOGIES, portees.POSTES, portees.REGLES),
    )
    # L'année est celle du pays : elle peut changer sans que rien ne change dans ce centre.
    annee = annees_des_volumes().par_defaut
    lu: Ligne = _paquet(
        f"centre:{centre_id}:{annee}", max(numeros.values()), lambda: _lire_centre(centre_id, annee)
    )
    if not etendue.voit(lu["direction_id"]):
        raise Centre.DoesNotExist
    return lu


def _lire_centre(centre_id: int, annee: int) -> Ligne:
    trouves = en_lignes(
        Centre.objects.filter(pk=centre_id).values(
            *COLONNES_CENTRE,
            direction_nom=F("direction__nom"),
            typologie_code=F("typologie__code"),
            typologie_nom=F("typologie__nom"),
        )
    )
    if not trouves:
        raise Centre.DoesNotExist
    volumes = en_lignes(
        VolumeAnnuel.objects.filter(centre_id=centre_id, annee=annee)
        .order_by("cellule__ordre", "cellule__code")
        .values("annee", "volume", cellule_code=F("cellule__code"))
    )
    return {
        **trouves[0],
        "postes": _postes_et_taches(centre_id),
        "annee": annee,
        "volumes": volumes,
    }


CHAMPS_TACHE = {
    "nom": "active__nom",
    "famille": "active__famille",
    "produit": "active__produit__nom",
    "unite": "active__unite__nom",
    "phase": "active__phase__code",
    "base_calcul": "active__base_calcul",
    "duree_secondes": "active__duree_secondes",
}


def _postes_et_taches(centre_id: int) -> list[Ligne]:
    """Postes tenus et leurs tâches actives, en une requête."""
    lignes = (
        CentrePoste.objects.filter(centre_id=centre_id)
        .annotate(active=FilteredRelation("taches", condition=Q(taches__actif=True)))
        .order_by("poste__nom", "pk", "active__ordre", "active__pk")
        .values(*CHAMPS_TACHE.values(), "pk", "effectif_actuel", "poste__nom", "poste__type")
    )
    postes: dict[int, Ligne] = {}
    for ligne in en_lignes(lignes):
        poste = postes.setdefault(
            ligne["pk"],
            {
                "nom": ligne["poste__nom"],
                "type": ligne["poste__type"],
                "effectif_actuel": ligne["effectif_actuel"],
                "taches": [],
            },
        )
        if ligne["active__nom"] is not None:
            poste["taches"].append({nom: ligne[champ] for nom, champ in CHAMPS_TACHE.items()})
    return list(postes.values())
