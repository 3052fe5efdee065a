"""Deux directions : celle d'un lecteur borné, et une autre dont chaque nom porte un mot à ne jamais lire."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from referentiels.models import Centre, Direction, ImportFichier, MappingPosteRecommande, Poste, TacheExclue
from referentiels.tests.outils import factories as f
from simulateur.tests.outils.droits import accorder
from simulateur.travaux.machine import executer
from simulations.calculs.lancement import lancer
from simulations.demandes.demande import lire_demande
from simulations.exports import services as exports
from simulations.models import Export, Partage, Scenario, Simulation
from simulations.scenarios import services as scenarios
from simulations.tests.outils.parcours import finir

MOT = "Zorglub"
DU_BORNE = ("referentiels", "simulations")  # tout ce que ces deux métiers permettent


@dataclass
class Cote:
    """Ce qu'une direction a de chaque sorte. `national` n'a ni direction ni centre."""

    simulation: Simulation
    export: Export
    scenario: Scenario
    importe: ImportFichier
    partage: Partage
    direction: Direction
    centre: Centre

    @property
    def tenu(self) -> Any:
        return self.centre.centre_postes.order_by("pk").first()


def compte_du_pays() -> Any:
    return get_user_model().objects.create_superuser("du-pays")


def compte_borne(direction: Direction, *droits: str, nom: str = "borne") -> Any:
    compte = get_user_model().objects.create_user(nom, is_staff=True)
    return accorder(compte, *(droits or DU_BORNE), directions=[direction])


def direction_nommee(mot: str) -> Direction:
    """Une direction d'un centre à deux postes, dont chaque nom commence par `mot`."""
    direction = f.DirectionFactory(nom=f"{mot} direction", code=f"{mot}-D"[:20])
    centre = f.CentreFactory(direction=direction, nom=f"{mot} centre", code=f"{mot}-C")
    tenu = f.CentrePosteFactory(
        centre=centre, poste=f.PosteFactory(code="AGENT TRAITEMENT"), effectif_actuel=3
    )
    f.TacheFactory(centre_poste=tenu, nom=f"{mot} tâche", famille=f"{mot} famille")
    f.CentrePosteFactory(centre=centre, moi=True)
    f.VolumeAnnuelFactory(centre=centre, volume=792_000.0)
    f.ParametreCentreFactory(centre=centre)
    TacheExclue.objects.create(centre=centre, nom=f"{mot} exclue")
    source, cible = Poste.objects.order_by("pk")[:2]
    MappingPosteRecommande.objects.create(poste_source=source, poste_cible=cible, centre=centre)
    return direction


def cote(direction: Direction, demandeur: Any, mot: str) -> Cote:
    centre = direction.centres.get()
    volume = centre.volumes.get()
    corps = {
        "nom": f"{mot} scénario",
        "description": f"{mot} description",
        "volumes": [{"centre_id": centre.pk, "cellule": volume.cellule.code, "volume": 5000}],
    }
    scenario = scenarios.creer(corps, proprietaire=demandeur)
    simulation = finir(
        scenarios.simuler(
            scenario, niveau=Simulation.Niveau.DIRECTION, direction=direction, demandeur=demandeur
        )
    )
    return Cote(
        simulation=simulation,
        export=exporter(simulation, demandeur),
        scenario=scenario,
        importe=ImportFichier.objects.create(
            genre="taches",
            nom_fichier=f"{mot}.csv",
            cible=f"{mot} centre",
            sha256="0",
            octets=1,
            par=demandeur,
            rapport={"rejets": [], "details": [], "phrase": mot, "centres_inconnus": {mot: 1}},
        ),
        partage=Partage.objects.create(simulation=simulation, compte=compte_neuf(f"ami de {mot}")),
        direction=direction,
        centre=centre,
    )


def compte_neuf(nom: str) -> Any:
    return get_user_model().objects.create_user(nom)


def exporter(simulation: Simulation, demandeur: Any) -> Export:
    export = exports.demander(simulation, format_="xlsx", ecriture="fr", demandeur=demandeur)
    executer("simulations.Export", str(export.pk))
    export.refresh_from_db()
    return export


def nationale(demandeur: Any) -> Simulation:
    demande = lire_demande({})
    return finir(lancer(niveau=Simulation.Niveau.NATIONAL, demande=demande, demandeur=demandeur))
