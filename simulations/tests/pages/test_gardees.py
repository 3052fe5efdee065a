"""Rien de périmé : après chaque geste, chaque lecture est celle qu'un cache vide rendrait."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from referentiels.models import (
    Centre,
    CentrePoste,
    Direction,
    Flux,
    Parametre,
    Poste,
    Region,
    Tache,
    Typologie,
    VolumeAnnuel,
)
from simulateur.tests.outils.gardees import lire, perimees
from simulations.analyses.registre import ANALYSES
from simulations.models import Scenario, Simulation
from simulations.tests.outils.pages import simulation_en_file, simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db


def _changer(modele: Any, **champs: Any) -> Callable[[], None]:
    """Le premier de ce modèle, écrit autrement."""

    def geste() -> None:
        objet = modele.objects.order_by("pk").first()
        for champ, valeur in champs.items():
            setattr(objet, champ, valeur)
        objet.save()

    return geste


def _finir_une_simulation() -> None:
    simulation_terminee(
        Direction.objects.first(), demandeur=get_user_model().objects.first(), productivite=60
    )


GESTES: dict[str, Callable[[], Any]] = {
    "une direction renommée": _changer(Direction, nom="Direction neuve"),
    "une direction de plus": lambda: direction_a_simuler(1),
    "une région renommée": _changer(Region, nom="Région neuve"),
    "un centre renommé": _changer(Centre, nom="Centre neuf"),
    "un centre fermé": _changer(Centre, actif=False),
    "une typologie renommée": _changer(Typologie, nom="Typologie neuve", code="ZZ"),
    "un effectif changé": _changer(CentrePoste, effectif_actuel=7),
    "un poste renommé": _changer(Poste, nom="Poste neuf"),
    "une tâche changée": _changer(Tache, nom="Tâche neuve", duree_secondes=99),
    "une tâche retirée": lambda: Tache.objects.first().delete(),
    "un volume changé": _changer(VolumeAnnuel, volume=123456),
    "une année de plus": lambda: _une_annee_de_plus(),
    "une règle changée": _changer(Parametre, nom="Paramètre neuf", defaut=1.5),
    "un flux renommé": _changer(Flux, nom="Flux neuf"),
    "une simulation finie": _finir_une_simulation,
    "une simulation en file": lambda: simulation_en_file(Direction.objects.first()),
    "une simulation renommée": _changer(Simulation, libelle="Libellé neuf"),
    "une simulation conservée": lambda: Simulation.objects.update(conservee=True),
    "une simulation supprimée": lambda: Simulation.objects.order_by("cree_le").last().delete(),
    "un scénario renommé": _changer(Scenario, nom="Scénario neuf"),
    "un scénario de plus": lambda: Scenario.objects.create(nom="Un autre"),
    "un compte renommé": lambda: _renommer("camille", "camille-neuve"),
}


def _une_annee_de_plus() -> None:
    for volume in list(VolumeAnnuel.objects.all()):
        volume.pk, volume.annee = None, 2027
        volume.save()


def _renommer(ancien: str, nouveau: str) -> None:
    compte = get_user_model().objects.get(username=ancien)
    compte.username = nouveau
    compte.save()


@pytest.fixture
def adresses(utilisateur: Any) -> list[str]:
    directions = [direction_a_simuler(2), direction_a_simuler(1)]
    scenario = Scenario.objects.create(nom="Hypothèse", proprietaire=utilisateur, annee=2026)
    simulations = [
        simulation_terminee(directions[0], demandeur=utilisateur),
        simulation_terminee(demandeur=utilisateur, productivite=80),
    ]
    Simulation.objects.filter(pk=simulations[0].pk).update(scenario=scenario)
    centre = Centre.objects.filter(direction=directions[0]).order_by("-pk").first()
    poste = simulations[0].postes.filter(centre_id=centre.pk).first()
    pages = ["/", *(reverse(f"simulations:{nom}") for nom in SANS_ARGUMENT)]
    pages += [reverse("simulations:direction", args=[d.pk]) for d in directions]
    pages += [reverse("simulations:centre", args=[centre.pk])]
    for simulation in simulations:
        pages += [simulation.get_absolute_url()]
        pages += [reverse(f"simulations:{une.code}", args=[simulation.pk]) for une in ANALYSES]
    pages.append(reverse("simulations:resultat-centre", args=[simulations[0].pk, centre.pk]))
    pages.append(reverse("simulations:resultat-poste", args=[simulations[0].pk, centre.pk, poste.titre_id]))
    pages.append(reverse("simulations:comparer") + f"?ids={simulations[0].pk}&ids={simulations[1].pk}")
    lectures = [
        f"/api/{nom}" for nom in ("regions", "directions", "centres", "taches", "postes", "parametres")
    ]
    lectures += [f"/api/directions/{directions[0].pk}/centres", f"/api/centres/{centre.pk}/postes"]
    lectures += [f"/api/async/task/{simulation.pk}" for simulation in simulations]
    return [*pages, *lectures, "/api/centres?recherche=centre", "/api/taches?page_size=1"]


SANS_ARGUMENT = ("directions", "nationale", "lot", "liste", "scenarios", "comparer", "couverture")


@pytest.mark.parametrize("nom", GESTES)
def test_apres_un_geste_chaque_lecture_est_celle_d_un_cache_vide(
    nom, adresses, client_connecte, client_staff
):
    clients = [client_connecte, client_staff]
    lire(clients, adresses)
    GESTES[nom]()
    assert perimees(clients, adresses) == []


def test_une_page_gardee_ne_relit_que_son_etat(adresses, client_connecte, compter_requetes):
    """Session, compte, état : une simulation demande sa ligne, ses révisions et ses directions."""
    lire([client_connecte], adresses)
    couteuses = {}
    for adresse in adresses:
        with compter_requetes() as requetes:
            client_connecte.get(adresse)
        siennes = [r["sql"] for r in requetes if "auth_user" not in r["sql"] and "session" not in r["sql"]]
        if len(siennes) > 3:
            couteuses[adresse] = siennes
    assert couteuses == {}
