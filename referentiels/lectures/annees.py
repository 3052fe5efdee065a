"""L'année des volumes : la même pour tout calcul qui n'en nomme pas (docs/metier/effectifs.md#annee)."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from referentiels.models import Centre, Reglage, Tache, VolumeAnnuel
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, lire_ou_calculer
from simulateur.langue.citation import citer
from simulateur.web.refus import SaisieRefusee

FAMILLE = Famille("ref:annees", duree_s=24 * 3600, alias="calcul")
ANNEE_FIXEE = "annee_des_volumes"
PART_DES_CENTRES = 95  # % de l'année la mieux couverte

Remplies = dict[int, dict[int, int]]


@dataclass(frozen=True)
class AnneesDesVolumes:
    """`retenue` : celle d'un calcul qui n'en nomme pas ; `annees` : celles qui en ont, récentes d'abord.

    `remplies[annee][centre]` : cellules non nulles ; `meilleures[centre]` : celles de sa meilleure année ;
    `medianes[annee][typologie]` : celles du centre médian. Seuls comptent les centres actifs à tâches.
    """

    retenue: int | None
    annees: tuple[int, ...]
    remplies: Remplies
    meilleures: dict[int, int]
    typologies: dict[int, int]
    medianes: dict[int, dict[int, float]]

    @property
    def par_defaut(self) -> int:
        """L'année retenue ; celle en cours si aucun centre à tâches n'a de volume."""
        return self.retenue or timezone.localdate().year

    def cellules(self, centre: int, annee: int) -> int:
        return self.remplies.get(annee, {}).get(centre, 0)

    def couvre(self, centre: int, cellules: int) -> bool:
        """Autant de cellules non nulles suffisent-elles à ce centre ?"""
        return _compte(cellules, self.meilleures.get(centre, 0))

    def partiel(self, centre: int, annee: int, cellules: int) -> bool:
        """Moins de la moitié des cellules du centre médian de sa typologie."""
        mediane = self.medianes.get(annee, {}).get(self.typologies.get(centre, 0), 0)
        return 2 * cellules < mediane


def annees_des_volumes() -> AnneesDesVolumes:
    """Une requête quand le cache l'a : la même réponse pour toutes les portes et tous les niveaux."""
    numeros = revisions.lire(portees.VOLUMES, portees.NATIONAL, portees.REGLES)
    lues: AnneesDesVolumes = lire_ou_calculer(FAMILLE, "pays", max(numeros.values()), _calculer).valeur
    return lues


def _calculer() -> AnneesDesVolumes:
    a_taches = Exists(Tache.objects.actives().filter(centre_poste__centre=OuterRef("pk")))
    typologies = dict(Centre.objects.actifs().filter(a_taches).values_list("pk", "typologie_id"))
    non_nuls = VolumeAnnuel.objects.filter(volume__gt=0).order_by()
    remplies: Remplies = defaultdict(dict)
    annees = set()
    for annee, centre, nombre in non_nuls.values_list("annee", "centre_id").annotate(Count("pk")):
        annees.add(annee)
        if centre in typologies:
            remplies[annee][centre] = nombre
    meilleures = {
        centre: max((du_centre.get(centre, 0) for du_centre in remplies.values()), default=0)
        for centre in typologies
    }
    fixee = Reglage.valeur_de(ANNEE_FIXEE)
    return AnneesDesVolumes(
        retenue=_retenue(remplies, meilleures) if fixee is None else int(fixee),
        annees=tuple(sorted(annees, reverse=True)),
        remplies=dict(remplies),
        meilleures=meilleures,
        typologies=typologies,
        medianes={annee: _medianes(cellules, typologies) for annee, cellules in remplies.items()},
    )


def _compte(cellules: int, meilleure: int) -> bool:
    return cellules > 0 and 2 * cellules >= meilleure


def _retenue(remplies: Remplies, meilleures: dict[int, int]) -> int | None:
    """La plus récente des années presque aussi couvertes que la mieux couverte."""
    couverts = {
        annee: sum(_compte(nombre, meilleures[centre]) for centre, nombre in cellules.items())
        for annee, cellules in remplies.items()
    }
    plus_couverte = max(couverts.values(), default=0)
    suffisantes = [a for a, nombre in couverts.items() if 100 * nombre >= PART_DES_CENTRES * plus_couverte]
    return max(suffisantes, default=None)


def _medianes(cellules: dict[int, int], typologies: dict[int, int]) -> dict[int, float]:
    par_typologie: dict[int, list[int]] = defaultdict(list)
    for centre, typologie in typologies.items():
        par_typologie[typologie].append(cellules.get(centre, 0))
    return {typologie: median(nombres) for typologie, nombres in par_typologie.items()}


def lire_annee(brut: Any) -> int | None:
    """L'année demandée, None si elle ne l'est pas ; SaisieRefusee hors de ANNEE_MIN à ANNEE_MAX."""
    texte = "" if brut is None else str(brut).strip()
    if not texte:
        return None
    if not (texte.isascii() and texte.isdecimal() and ANNEE_MIN <= int(texte[:9]) <= ANNEE_MAX):
        attendue = f"une année de {ANNEE_MIN} à {ANNEE_MAX} est attendue"
        raise SaisieRefusee({"annee": [f"« {citer(texte)} » : {attendue}."]})
    return int(texte)
