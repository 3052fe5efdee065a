"""Relire une simulation gardée : ses cartes, ses volumes, ses paramètres. Rien du référentiel du jour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef

from simulateur.cache.memoire import Memoire
from simulateur.web.refus import Refus
from simulations.cartes.volumes import volumes_depuis_octets
from simulations.demandes.perimetre import Perimetre
from simulations.models import Instantane, PartSimulation, ResultatCentre, Simulation
from simulations.moteur import Carte, Resultat, appliquer_mode, calculer
from simulations.moteur.decomposition import Entrees
from simulations.moteur.detail import DetailTache, detailler, formule_etp

CARTES_GARDEES = 32  # par processus : le pays entier, deux mégaoctets par direction


@dataclass(frozen=True)
class PartRelue:
    """Une direction relue : entrées du calcul, et carte du mode demandé."""

    direction_id: int
    entrees: Entrees
    carte: Carte

    @property
    def resultat(self) -> Resultat:
        return calculer(self.carte, self.entrees.volumes, self.entrees.parametres)

    def detail(self, centre_id: int, titre_id: int) -> list[DetailTache]:
        """Les tâches du poste, formule en mots ; vide si le poste n'est pas dans la carte."""
        rang = self._rang_du_poste(centre_id, titre_id)
        entrees = self.entrees
        return [] if rang is None else detailler(self.carte, rang, entrees.volumes, entrees.parametres)

    def formule_etp(self, centre_id: int, titre_id: int, heures_pico: int) -> str:
        """Des heures du poste à son ETP, en mots ; vide pour un MOI ou un poste absent de la carte."""
        rang = self._rang_du_poste(centre_id, titre_id)
        return "" if rang is None else formule_etp(self.carte, rang, heures_pico, self.entrees.parametres)

    def _rang_du_poste(self, centre_id: int, titre_id: int) -> int | None:
        carte = self.carte
        rangs = np.flatnonzero(
            (carte.centres.id[carte.postes.centre] == centre_id)
            & (carte.titres.id[carte.postes.titre] == titre_id)
        )
        return int(rangs[0]) if len(rangs) else None


def relire(simulation: Simulation, perimetre: Perimetre | None = None) -> list[PartRelue]:
    """Les parts de la simulation dans ce périmètre, dans l'ordre du calcul."""
    return relire_ensemble([simulation], perimetre)[0]


def relire_ensemble(
    simulations: Sequence[Simulation], perimetre: Perimetre | None = None
) -> list[list[PartRelue]]:
    """Les parts de chaque simulation. Deux requêtes : les parts, puis les cartes manquantes."""
    connues = {simulation.pk: simulation for simulation in simulations}
    parts = PartSimulation.objects.filter(simulation__in=connues).order_by("pk")
    if perimetre and perimetre.centre_id:
        du_centre = ResultatCentre.objects.filter(
            simulation=OuterRef("simulation"),
            centre_id=perimetre.centre_id,
            direction_id=OuterRef("direction_id"),
        )
        parts = parts.filter(Exists(du_centre.order_by()))
    if perimetre and perimetre.direction_id:
        parts = parts.filter(direction_id=perimetre.direction_id)
    lues: dict[UUID, list[PartRelue]] = {pk: [] for pk in connues}
    toutes = list(parts)
    if perimetre and not toutes:
        ou = "ces simulations" if len(connues) > 1 else "cette simulation"
        raise Refus(f"{perimetre} n'est pas dans {ou}.")
    _cartes(part.instantane_id for part in toutes)
    for part in toutes:
        part.simulation = connues[part.simulation_id]
        entrees = _entrees(part)
        if perimetre and perimetre.centre_id:
            entrees = _du_centre(entrees, perimetre.centre_id)
        lues[part.simulation_id].append(_part_relue(part, entrees))
    return [lues[simulation.pk] for simulation in simulations]


def relire_direction(simulation: Simulation, direction_id: int) -> PartRelue:
    """La part de cette direction ; lève PartSimulation.DoesNotExist si elle n'en a pas.

    Une requête quand la carte est en mémoire, une de plus sinon, une de plus pour un lot de centres.
    """
    part = PartSimulation.objects.get(simulation_id=simulation.pk, direction_id=direction_id)
    part.simulation = simulation  # déjà lue : la relire coûterait une requête
    return _part_relue(part, _entrees(part))


def flux_de(simulation: Simulation) -> list[str]:
    """Codes des flux que connaissaient les règles du calcul."""
    return sorted({code for part in relire(simulation) for code in part.carte.regles.flux})


def _part_relue(part: PartSimulation, entrees: Entrees) -> PartRelue:
    carte = appliquer_mode(entrees.carte, entrees.parametres.mode)
    return PartRelue(part.direction_id, entrees, carte)


def _du_centre(entrees: Entrees, centre_id: int) -> Entrees:
    """Les entrées de ce seul centre."""
    gardees = entrees.carte.centres.id == centre_id
    return Entrees(entrees.carte.restreinte([centre_id]), entrees.volumes[gardees], entrees.parametres)


def _entrees(part: PartSimulation) -> Entrees:
    """Carte du référentiel lu, volumes, paramètres : tout ce qu'il faut pour refaire ce calcul."""
    carte = _cartes([part.instantane_id])[part.instantane_id]
    octets = bytes(part.volumes)
    try:
        volumes = volumes_depuis_octets(octets, carte)
    except ValueError:  # moins de centres que la carte : un lot, ou un centre activé entre-temps
        carte = carte.restreinte(_centres_de(part))
        volumes = volumes_depuis_octets(octets, carte)
    return Entrees(carte, volumes, part.simulation.jeu_de_parametres)


def _centres_de(part: PartSimulation) -> list[int]:
    """Centres calculés : ceux des résultats ; pour un rejeu qui n'en a pas encore, ceux de l'original."""
    for pk in filter(None, (part.simulation_id, part.simulation.rejoue_de_id)):
        centres = ResultatCentre.objects.filter(simulation_id=pk, direction_id=part.direction_id).order_by()
        if calcules := list(centres.values_list("centre_id", flat=True)):
            return calcules
    raise Refus("Les résultats de la simulation d'origine ont été purgés : la relancer.")


_CARTES: Memoire[Carte] = Memoire(CARTES_GARDEES)


def _cartes(empreintes: Iterable[str]) -> dict[str, Carte]:
    """Les cartes de ces instantanés, une requête pour celles que ce processus n'a pas.

    Le nom d'un instantané est l'empreinte de son contenu : une carte gardée ne vieillit pas.
    """
    voulues = dict.fromkeys(empreintes)
    trouvees = {cle: carte for cle in voulues if (carte := _CARTES.lire(cle)) is not None}
    if manquantes := [cle for cle in voulues if cle not in trouvees]:
        contenus = Instantane.objects.filter(pk__in=manquantes).values_list("pk", "contenu")
        for cle, contenu in contenus:
            trouvees[cle] = _CARTES.garder(cle, Carte.depuis_octets(bytes(contenu)))
    return trouvees
