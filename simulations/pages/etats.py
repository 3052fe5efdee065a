"""De quoi dépend chaque page gardée : des révisions, lues en une requête."""

import time

from django.http import HttpRequest

from referentiels.perms import etendue_de
from referentiels.suivi import portees as ref
from simulateur.cache import revisions
from simulateur.cache.comptes import COMPTES
from simulateur.models import Etat
from simulations.models import Simulation
from simulations.models import portees as sim
from simulations.perms import agit_sur_toutes

DIRECTIONS = (ref.DIRECTIONS, ref.REGIONS, ref.NATIONAL)
# Un formulaire de lancement : le catalogue, et les années qui ont des volumes.
FORMULAIRE = (ref.REGLES, ref.VOLUMES, ref.NATIONAL)


def lire(*portees: str) -> list[int]:
    return list(revisions.lire(*portees).values())


def _lecteur(request: HttpRequest) -> int | None:
    """Hors du pays entier, les simulations d'une liste dépendent de ce qu'on a partagé à chacun."""
    return None if etendue_de(request.user).pays else request.user.pk


def directions(request: HttpRequest) -> list[object]:
    return [*lire(*DIRECTIONS, sim.FINIES, sim.PARTAGES), _lecteur(request)]


def direction(request: HttpRequest, direction_id: int) -> list[object]:
    siennes = (ref.centres_de(direction_id), sim.de_la_direction(direction_id))
    communes = (ref.REGIONS, ref.TYPOLOGIES, *FORMULAIRE, sim.SCENARIOS, sim.PARTAGES, COMPTES)
    heure = _heure_des_vivantes(direction__pk=direction_id)
    return [*lire(*siennes, *communes), heure, _lecteur(request)]


def centre(_: HttpRequest, centre_id: int) -> list[int]:
    # Son année des volumes est celle du pays : elle dépend de tous les centres et de tous les volumes.
    return lire(ref.centre(centre_id), ref.TYPOLOGIES, ref.POSTES, ref.REGLES, ref.VOLUMES, ref.NATIONAL)


def nationale(_: HttpRequest) -> list[int]:
    niveau = Simulation.Niveau.NATIONAL
    lues = lire(*FORMULAIRE, sim.du_niveau(niveau), sim.SCENARIOS, COMPTES)
    return [*lues, _heure_des_vivantes(niveau=niveau)]


def _heure_des_vivantes(**lesquelles: object) -> int:
    """La durée d'une simulation vivante avance seule : sa page vaut une seconde."""
    return int(time.time()) if Simulation.objects.vivants().filter(**lesquelles).exists() else 0


def lot(_: HttpRequest) -> list[int]:
    return lire(*FORMULAIRE, ref.DIRECTIONS, ref.TYPOLOGIES)


def couverture(_: HttpRequest) -> list[int]:
    return lire(*DIRECTIONS, ref.REGLES, ref.TYPOLOGIES)


def historique(request: HttpRequest) -> list[object]:
    """Les boutons d'une ligne sont à son demandeur et à l'équipe : qui n'en a aucun lit la même page."""
    siennes = Simulation.objects.filter(demandeur_id=request.user.pk).exclude(etat=Etat.TERMINEE)
    agit = not agit_sur_toutes(request.user) and siennes.exists()
    lues = lire(*DIRECTIONS, sim.TOUTES, sim.SCENARIOS, sim.PARTAGES, COMPTES)
    return [*lues, _heure_des_vivantes(), request.user.pk if agit else _lecteur(request)]


def scenarios(request: HttpRequest) -> list[object]:
    return [*lire(sim.SCENARIOS, sim.TOUTES, sim.PARTAGES, COMPTES), _lecteur(request)]


def scenario(_: HttpRequest, pk: int) -> list[int]:
    lues = lire(*DIRECTIONS, ref.REGLES, sim.SCENARIOS, sim.TOUTES, COMPTES)
    return [*lues, _heure_des_vivantes(scenario_id=pk)]


def comparaison(request: HttpRequest) -> list[object]:
    """Celles qu'on compare sont finies, celles qu'on propose aussi."""
    return [*lire(sim.FINIES, sim.SCENARIOS, sim.PARTAGES, COMPTES), _lecteur(request)]
