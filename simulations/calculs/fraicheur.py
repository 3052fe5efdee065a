"""Ce qui a été modifié depuis un calcul : le référentiel de ses directions, les volumes de ses centres."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.memoire import Memoire
from simulateur.models import Revision
from simulations.models import PartSimulation, Simulation

PEU_DE_CENTRES = 200  # au-delà, nommer chaque portée coûterait plus que les parcourir
# Par processus : cent kilo-octets pour un calcul du pays.
_PERIMETRES: Memoire[tuple[frozenset[int], frozenset[int]]] = Memoire(128)


@dataclass(frozen=True)
class Fraicheur:
    """Ce qui a été modifié depuis le calcul : le référentiel, les volumes de son année dans ses centres.

    `revision_regles` : celle d'aujourd'hui.
    """

    referentiel: bool
    volumes: bool
    revision_regles: int


def fraicheur(simulation: Simulation) -> Fraicheur:
    """Compare les révisions d'aujourd'hui à celles du calcul, pour ses directions et ses centres."""
    directions, centres = _perimetre(simulation)
    lues = [*map(portees.direction, directions), portees.POSTES, portees.REGLES]
    if simulation.niveau == Simulation.Niveau.NATIONAL:
        lues.append(portees.NATIONAL)
    peu = len(centres) <= PEU_DE_CENTRES
    if peu:
        lues += [portees.volumes(simulation.annee, pk) for pk in centres]
    referentiel, volumes, revision_regles = False, False, 0
    lignes = Revision.objects.filter(pk__in=lues).values_list("portee", "numero", "modifie_le")
    for portee, numero, modifie_le in lignes:
        if _centre_des_volumes(simulation, portee) is not None:
            volumes = volumes or _apres_le_depart(simulation, numero, modifie_le)
            continue
        recente = numero > simulation.revision
        if portee == portees.NATIONAL:
            # Une direction sans centre porte aussi cette portée : seule compte une écriture postérieure.
            recente = recente and _apres_le_depart(simulation, numero, modifie_le)
        referentiel = referentiel or recente
        if portee == portees.REGLES:
            revision_regles = numero
    return Fraicheur(referentiel, volumes if peu else _volumes_touches(simulation, centres), revision_regles)


def _volumes_touches(simulation: Simulation, centres: frozenset[int]) -> bool:
    """Le premier centre touché suffit : un import en touche des milliers."""
    touchees = Revision.objects.filter(_volumes_recents(simulation)).values_list("portee", flat=True)
    return any(
        _centre_des_volumes(simulation, portee) in centres for portee in touchees.iterator(chunk_size=50)
    )


def _perimetre(simulation: Simulation) -> tuple[frozenset[int], frozenset[int]]:
    """Directions et centres calculés : lus une fois, une simulation finie n'en change plus."""
    garde = _PERIMETRES.lire(simulation.pk)
    if garde is None:
        couples = list(simulation.centres.order_by().values_list("direction_id", "centre_id"))
        garde = (frozenset(d for d, _ in couples), frozenset(c for _, c in couples))
        _PERIMETRES.garder(simulation.pk, garde)
    return garde


def centres_aux_volumes_changes(simulation: Simulation, centre_ids: set[int]) -> set[int]:
    """Centres, parmi ceux-ci, dont un volume de l'année a été écrit depuis le calcul. Une requête."""
    touchees = Revision.objects.filter(_volumes_recents(simulation)).values_list("portee", flat=True)
    return centre_ids & {_centre_des_volumes(simulation, portee) for portee in touchees}


def _volumes_recents(simulation: Simulation) -> Q:
    de_l_annee = Q(portee__startswith=portees.volumes_de_l_annee(simulation.annee))
    if simulation.revision_depart is not None:
        return de_l_annee & Q(numero__gt=simulation.revision_depart)
    # Un calcul d'avant ce champ : l'heure de son départ en tient lieu.
    return de_l_annee & Q(modifie_le__gt=simulation.demarre_le or timezone.now())


def _apres_le_depart(simulation: Simulation, numero: int, modifie_le: datetime) -> bool:
    if simulation.revision_depart is not None:
        return numero > simulation.revision_depart
    return simulation.demarre_le is not None and modifie_le > simulation.demarre_le


def _centre_des_volumes(simulation: Simulation, portee: str) -> int | None:
    debut = portees.volumes_de_l_annee(simulation.annee)
    return int(portee.removeprefix(debut)) if portee.startswith(debut) else None


def directions_changees(parts: list[PartSimulation]) -> list[int]:
    """Directions dont le référentiel a changé depuis que ces parts l'ont lu. Une requête."""
    communes = (portees.POSTES, portees.REGLES)
    numeros = revisions.lire(*communes, *(portees.direction(part.direction_id) for part in parts))
    plancher = max(numeros[portee] for portee in communes)
    return [
        part.direction_id
        for part in parts
        if max(plancher, numeros[portees.direction(part.direction_id)]) > part.revision
    ]
