"""Ce qui a été modifié depuis un calcul : le référentiel de ses directions, les volumes de ses centres."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.models import Revision
from simulations.models import PartSimulation, Simulation


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
    lues = [*map(portees.direction, _directions(simulation)), portees.POSTES, portees.REGLES]
    if simulation.niveau == Simulation.Niveau.NATIONAL:
        lues.append(portees.NATIONAL)
    lignes = Revision.objects.filter(Q(pk__in=lues) | _volumes_recents(simulation))
    referentiel, revision_regles = False, 0
    aux_volumes_changes: set[int] = set()
    for portee, numero, modifie_le in lignes.values_list("portee", "numero", "modifie_le"):
        if (centre_id := _centre_des_volumes(simulation, portee)) is not None:
            aux_volumes_changes.add(centre_id)
            continue
        recente = numero > simulation.revision
        if portee == portees.NATIONAL:
            # Une direction sans centre porte aussi cette portée : seule compte une écriture postérieure.
            recente = recente and _apres_le_depart(simulation, numero, modifie_le)
        referentiel = referentiel or recente
        if portee == portees.REGLES:
            revision_regles = numero
    volumes = bool(aux_volumes_changes) and _en_a_un(simulation, aux_volumes_changes)
    return Fraicheur(referentiel, volumes, revision_regles)


def _directions(simulation: Simulation) -> set[int]:
    if simulation.niveau == Simulation.Niveau.DIRECTION and simulation.direction_id:
        return {simulation.direction_id}
    return set(simulation.centres.order_by().values_list("direction_id", flat=True).distinct())


def _en_a_un(simulation: Simulation, centre_ids: set[int]) -> bool:
    """L'un de ces centres est-il dans la simulation ? Comparés ici : un import en touche des milliers."""
    return not centre_ids.isdisjoint(simulation.centres.order_by().values_list("centre_id", flat=True))


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
