"""Lancer et finir une simulation dans le processus du test, par les mêmes portes que la file."""

from typing import Any

from referentiels.tests.outils.factories import (
    CelluleVolumeFactory,
    CentreFactory,
    CentrePosteFactory,
    DirectionFactory,
    PosteFactory,
    TacheFactory,
    VolumeAnnuelFactory,
)
from simulateur.travaux.machine import executer
from simulations.models import Simulation


def petit_reseau() -> list[Any]:
    """Deux directions de deux centres : agents en excédent ici, en manque là, un chef MOI, un salaire."""
    directions = [DirectionFactory(), DirectionFactory()]
    agent = PosteFactory(code="AGENT TRAITEMENT")
    type(agent).objects.filter(pk=agent.pk).update(salaire_mensuel=5000)
    for rang in range(4):
        centre = CentreFactory(direction=directions[rang // 2], nom=f"Centre {rang}")
        tenu = CentrePosteFactory(centre=centre, poste=agent, effectif_actuel=9 if rang % 2 else 1)
        TacheFactory(centre_poste=tenu, duree_secondes=30 + rang, nom="Tri")
        TacheFactory(centre_poste=tenu, forfait=True, duree_secondes=600, nom="=Dépêche")
        CentrePosteFactory(centre=centre, moi=True)
        VolumeAnnuelFactory(centre=centre, cellule=CelluleVolumeFactory(), volume=792_000.0 * (1 + rang % 2))
    return directions


def finir(simulation: Simulation | str) -> Simulation:
    """Exécute le travail en file et rend la simulation relue."""
    pk = simulation if isinstance(simulation, str) else str(simulation.pk)
    executer("simulations.Simulation", pk)
    return Simulation.objects.get(pk=pk)


def simuler(api: Any, chemin: str = "nationale", corps: Any = None) -> Simulation:
    """POST, exécution, relecture."""
    reponse = api.post(f"/api/async/simulation/{chemin}", corps or {}, format="json")
    assert reponse.status_code == 202, reponse.content
    return finir(reponse.json()["task_id"])


def lire(api: Any, chemin: str, statut: int = 200, **options: Any) -> Any:
    reponse = api.get(chemin, options)
    assert reponse.status_code == statut, reponse.content
    return reponse.json()
