"""Relire une simulation gardée : ses cartes, ses volumes, ses paramètres. Rien du référentiel du jour."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef

from simulateur.cache.donnees import Famille, lire_ou_calculer
from simulateur.travaux.machine import Refus
from simulations.calculs.execution import DEMESURE, volumes_depuis_octets
from simulations.models import Instantane, PartSimulation, ResultatCentre, Simulation
from simulations.moteur import VERSION, Carte, Parametres, Resultat, appliquer_mode, calculer
from simulations.moteur.carte import Flottants
from simulations.moteur.decomposition import Entrees
from simulations.moteur.niveaux import lignes

FAMILLE = Famille("analyse", duree_s=24 * 3600)
CLE_MAX = 150
CARTES_GARDEES = 32  # par processus : le pays entier, deux mégaoctets par direction


@dataclass(frozen=True)
class Perimetre:
    """Ce qu'on regarde : tout le calcul, une direction ou un centre ; et le niveau des lignes."""

    niveau: str
    direction_id: int | None = None
    centre_id: int | None = None

    def __str__(self) -> str:
        if self.centre_id:
            return f"Le centre {self.centre_id}"
        return f"La direction {self.direction_id}" if self.direction_id else "Ce périmètre"

    @property
    def cle(self) -> str:
        return f"{self.niveau}:{self.direction_id or 0}:{self.centre_id or 0}"


@dataclass(frozen=True)
class PartLue:
    """Une direction relue : entrées du calcul, et carte du mode demandé."""

    direction_id: int
    entrees: Entrees
    carte: Carte

    @property
    def resultat(self) -> Resultat:
        return calculer(self.carte, self.entrees.volumes, self.entrees.parametres)


def charger_part(part: PartSimulation) -> tuple[Carte, Flottants, Parametres]:
    """(carte du référentiel lu, volumes, paramètres) : tout ce qu'il faut pour refaire ce calcul."""
    carte = _cartes([part.instantane_id])[part.instantane_id]
    octets = bytes(part.volumes)
    try:
        volumes = volumes_depuis_octets(octets, carte)
    except ValueError:  # moins de centres que la carte : un lot, ou un centre activé entre-temps
        carte = carte.restreinte(_centres_de(part))
        volumes = volumes_depuis_octets(octets, carte)
    return carte, volumes, part.simulation.jeu_de_parametres


def _centres_de(part: PartSimulation) -> list[int]:
    """Centres calculés : ceux des résultats ; pour un rejeu qui n'en a pas encore, ceux de l'original."""
    for pk in filter(None, (part.simulation_id, part.simulation.rejoue_de_id)):
        centres = ResultatCentre.objects.filter(simulation_id=pk, direction_id=part.direction_id).order_by()
        if calcules := list(centres.values_list("centre_id", flat=True)):
            return calcules
    raise Refus("Les résultats de la simulation d'origine ont été purgés : la relancer.")


_gardees: OrderedDict[str, Carte] = OrderedDict()
_verrou = Lock()


def oublier_les_cartes() -> None:
    """Vide la mémoire des cartes de ce processus."""
    with _verrou:
        _gardees.clear()


def _cartes(empreintes: Iterable[str]) -> dict[str, Carte]:
    """Les cartes de ces instantanés, une requête pour celles que ce processus n'a pas.

    Le nom d'un instantané est l'empreinte de son contenu : une carte gardée ne vieillit pas.
    """
    voulues = dict.fromkeys(empreintes)
    with _verrou:
        trouvees = {cle: _gardees[cle] for cle in voulues if cle in _gardees}
    manquantes = [cle for cle in voulues if cle not in trouvees]
    if manquantes:
        contenus = Instantane.objects.filter(pk__in=manquantes).values_list("pk", "contenu")
        trouvees |= {cle: Carte.depuis_octets(bytes(contenu)) for cle, contenu in contenus}
    with _verrou:
        for cle, carte in trouvees.items():
            _gardees[cle] = carte
            _gardees.move_to_end(cle)
        while len(_gardees) > CARTES_GARDEES:
            _gardees.popitem(last=False)
    return trouvees


def charger(simulation: Simulation, perimetre: Perimetre | None = None) -> list[PartLue]:
    """Les parts de la simulation dans ce périmètre, dans l'ordre du calcul."""
    return charger_toutes([simulation], perimetre)[0]


def charger_toutes(
    simulations: Sequence[Simulation], perimetre: Perimetre | None = None
) -> list[list[PartLue]]:
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
    lues: dict[Any, list[PartLue]] = {pk: [] for pk in connues}
    toutes = list(parts)
    if perimetre and not toutes:
        ou = "ces simulations" if len(connues) > 1 else "cette simulation"
        raise Refus(f"{perimetre} n'est pas dans {ou}.")
    _cartes(part.instantane_id for part in toutes)
    for part in toutes:
        part.simulation = connues[part.simulation_id]
        carte, volumes, parametres = charger_part(part)
        if perimetre and perimetre.centre_id:
            garde = carte.centres.id == perimetre.centre_id
            carte, volumes = carte.restreinte([perimetre.centre_id]), volumes[garde]
        entrees = Entrees(carte, volumes, parametres)
        lues[part.simulation_id].append(
            PartLue(part.direction_id, entrees, appliquer_mode(carte, parametres.mode))
        )
    return [lues[simulation.pk] for simulation in simulations]


def memoriser(simulations: Sequence[Simulation], nom: str, calcul: Any) -> dict[str, Any]:
    """Le résultat d'une analyse : une simulation finie ne change plus, sa clé n'a pas besoin de révision.

    Lève Refus si une mesure ne tient pas dans ses 64 bits : jamais un chiffre replié.
    """
    cles = ",".join(str(simulation.pk) for simulation in simulations)
    cle = f"{nom}:{cles}"
    if len(cle) > CLE_MAX:
        cle = f"{nom.split(':')[0]}:{hashlib.sha256(cle.encode()).hexdigest()}"
    try:
        with np.errstate(invalid="raise"):
            valeur: dict[str, Any] = lire_ou_calculer(FAMILLE, cle, VERSION, calcul).valeur
    except FloatingPointError:
        raise Refus(DEMESURE) from None
    return valeur


def sous_le_total(corps: list[dict[str, Any]], perimetre: Perimetre) -> list[dict[str, Any]]:
    """Au niveau national, les lignes répéteraient le total, direction par direction."""
    return [] if perimetre.niveau == "national" else corps


def niveau_par_defaut(simulation: Simulation, *, direction_id: int | None, centre_id: int | None) -> str:
    """Le niveau juste au-dessous de ce qu'on regarde."""
    if centre_id:
        return "poste"
    if direction_id:
        return "centre"
    if simulation.niveau == Simulation.Niveau.NATIONAL:
        return "direction"
    return "centre" if simulation.niveau != Simulation.Niveau.CENTRE else "poste"


def etiquettes(carte: Carte, niveau: str) -> list[dict[str, Any]]:
    """Qui est chaque ligne de `lignes(carte, niveau)` : identifiants et noms du jour du calcul."""
    centres, titres = carte.centres, carte.titres
    if niveau == "national":
        return [{}]
    if niveau == "direction":
        noms = dict(zip(centres.direction_id.tolist(), centres.direction, strict=True))
        return [
            {"direction_id": pk, "direction_label": noms[pk]} for (pk,) in lignes(carte, niveau).identifiants
        ]
    du_centre = [
        {
            "direction_id": int(centres.direction_id[c]),
            "direction_label": centres.direction[c],
            "centre_id": int(centres.id[c]),
            "centre_label": centres.nom[c],
        }
        for c in range(len(centres.id))
    ]
    if niveau == "centre":
        return du_centre
    return [
        {**du_centre[c], "poste_id": int(titres.id[t]), "poste_label": titres.nom[t]}
        for c, t in zip(carte.postes.centre.tolist(), carte.postes.titre.tolist(), strict=True)
    ]


def flux_de(simulation: Simulation) -> list[str]:
    """Codes des flux que connaissaient les règles du calcul."""
    return sorted({code for part in charger(simulation) for code in part.carte.regles.flux})
