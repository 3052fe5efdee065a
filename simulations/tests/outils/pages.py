"""Ce que les tests des pages partagent : une simulation calculée sur place, un formulaire valide."""

import uuid
from typing import Any

from simulateur.travaux import machine
from simulations.calculs.lancement import lancer
from simulations.demandes.demande import lire_demande
from simulations.models import Simulation


def simulation_en_file(direction: Any = None, *, demandeur: Any = None, **corps: Any) -> Simulation:
    niveau = Simulation.Niveau.DIRECTION if direction else Simulation.Niveau.NATIONAL
    return lancer(
        niveau=niveau, demande=lire_demande(corps), demandeur=demandeur, direction=direction, annee=2026
    )


def calculer(simulation: Simulation) -> Simulation:
    """Ce que ferait l'ouvrier, dans ce processus."""
    machine.executer(simulation._meta.label, str(simulation.pk))
    simulation.refresh_from_db()
    return simulation


def simulation_terminee(direction: Any = None, **options: Any) -> Simulation:
    simulation = calculer(simulation_en_file(direction, **options))
    assert simulation.etat == "terminee", simulation.message
    return simulation


def envoi(**champs: Any) -> dict[str, Any]:
    """Le formulaire de lancement tel qu'un navigateur l'envoie."""
    return {
        "cle": str(uuid.uuid4()),
        "productivite": "100",
        "heures_jour": "8,5",
        "temps_mort": "0",
        "trajet_minutes": "0",
        "jours_ouvres": "264",
        "shift": "1",
        "mode": "actuel",
        "annee": "2026",
        **champs,
    }
