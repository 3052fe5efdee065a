"""Ce qu'un calcul lit du réseau : la carte et les volumes de chaque direction visée. Une seule lecture pour
la simulation gardée et l'essai : les mêmes entrées font les mêmes chiffres."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.db.models import QuerySet

from referentiels.models import Centre
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulations.calculs.directions import DirectionLue
from simulations.cartes.cache import ReglesLues, carte_de_direction
from simulations.cartes.volumes import appliquer_volumes, volumes_de_direction
from simulations.models.contenus import VolumeSaisi

Suivi = Callable[[int, int], None]  # (centres faits, dont lus pendant cette direction)


def par_direction(centres: "QuerySet[Centre]") -> dict[int, list[int]]:
    """Centres par direction, dans l'ordre des directions. Une requête."""
    groupes: dict[int, list[int]] = defaultdict(list)
    for pk, direction_id in centres.order_by("direction__nom", "direction_id", "nom").values_list(
        "pk", "direction_id"
    ):
        groupes[direction_id].append(pk)
    return dict(groupes)


def lire_directions(
    voulus: Mapping[int, Sequence[int]], annee: int, suivre: Suivi | None = None
) -> list[DirectionLue]:
    """Carte et volumes de l'année des centres voulus de chaque direction, à appeler sous `une_lecture`.

    `suivre(centres faits, lus)` : avant chaque direction (lus nul), puis à chaque lot de tâches lu.
    """
    regles = ReglesLues()
    lues: list[DirectionLue] = []
    faits = 0
    if len(voulus) > 1:
        revisions.lire_sous(portees.volumes_de_l_annee(annee))
    for direction_id, centres in voulus.items():
        if suivre:
            suivre(faits, 0)
        deja = faits

        def avancer(lus: int, _: int, deja: int = deja) -> None:
            if suivre:
                suivre(deja, lus)

        origine = carte_de_direction(direction_id, avancer=avancer, regles=regles)
        tous_voulus = set(centres).issuperset(origine.carte.centres.id.tolist())
        carte = origine.carte if tous_voulus else origine.carte.restreinte(centres)
        lues.append(DirectionLue(direction_id, origine, carte, volumes_de_direction(origine, carte, annee)))
        faits += len(centres)
    return lues


def avec_volumes(lues: Sequence[DirectionLue], saisis: Sequence[VolumeSaisi]) -> list[DirectionLue]:
    """Les mêmes directions, les volumes saisis posés sur des copies."""
    if not saisis:
        return list(lues)
    posees = []
    for lue in lues:
        volumes = lue.volumes.copy()
        appliquer_volumes(lue.carte, volumes, saisis)
        posees.append(replace(lue, volumes=volumes))
    return posees
