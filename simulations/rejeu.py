"""Relire une simulation telle qu'elle a été calculée : sa carte, ses volumes, ses paramètres.

Rien ne vient du référentiel du jour : tout est dans l'instantané et la part gardés avec elle.
"""

from dataclasses import dataclass

import numpy as np

from referentiels import portees
from simulateur.models import Revision
from simulations.models import PartSimulation, Simulation
from simulations.moteur import Carte, Parametres, appliquer_mode
from simulations.moteur.carte import Flottants
from simulations.moteur.detail import DetailTache, detailler
from simulations.parts import charger_part


@dataclass(frozen=True)
class Rejeu:
    """Une direction d'une simulation : `carte` est celle du mode demandé, `volumes` ceux du calcul."""

    carte: Carte
    volumes: Flottants
    parametres: Parametres

    def rang_du_poste(self, centre_id: int, titre_id: int) -> int | None:
        """Index du poste dans la carte, ou None s'il n'y est pas."""
        carte = self.carte
        rangs = np.flatnonzero(
            (carte.centres.id[carte.postes.centre] == centre_id)
            & (carte.titres.id[carte.postes.titre] == titre_id)
        )
        return int(rangs[0]) if len(rangs) else None

    def detail(self, centre_id: int, titre_id: int) -> list[DetailTache]:
        """Les tâches du poste, formule en mots ; vide si le poste n'est pas dans la carte."""
        rang = self.rang_du_poste(centre_id, titre_id)
        return [] if rang is None else detailler(self.carte, rang, self.volumes, self.parametres)


def rejouer(simulation: Simulation, direction_id: int) -> Rejeu:
    """La part de cette direction ; lève PartSimulation.DoesNotExist si elle n'en a pas.

    Une requête quand la carte est en mémoire, une de plus sinon, une de plus pour un lot de centres.
    """
    part = PartSimulation.objects.get(simulation_id=simulation.pk, direction_id=direction_id)
    part.simulation = simulation  # déjà lue : la relire coûterait une requête
    carte, volumes, parametres = charger_part(part)
    return Rejeu(appliquer_mode(carte, parametres.mode), volumes, parametres)


@dataclass(frozen=True)
class Fraicheur:
    """`a_change` : le référentiel a été modifié depuis le calcul. `revision_regles` : celle d'aujourd'hui."""

    a_change: bool
    revision_regles: int


def fraicheur(simulation: Simulation, direction_ids: set[int]) -> Fraicheur:
    """Compare les révisions d'aujourd'hui à celle du calcul. Une requête."""
    lues = [*(portees.direction(pk) for pk in direction_ids), portees.POSTES, portees.REGLES]
    nationale = simulation.niveau == Simulation.Niveau.NATIONAL
    lignes = Revision.objects.filter(pk__in=[*lues, portees.NATIONAL] if nationale else lues)
    a_change, revision_regles = False, 0
    for portee, numero, modifie_le in lignes.values_list("portee", "numero", "modifie_le"):
        recente = numero > simulation.revision
        if portee == portees.NATIONAL:
            # Une direction sans centre porte aussi cette portée : seule compte une écriture postérieure.
            recente = recente and simulation.demarre_le is not None and modifie_le > simulation.demarre_le
        a_change = a_change or recente
        if portee == portees.REGLES:
            revision_regles = numero
    return Fraicheur(a_change, revision_regles)
