"""Précision, comptée : ce qui change dans un centre ne recalcule rien des autres directions."""

from typing import Any

import pytest
from django.urls import reverse

from referentiels.lectures import referentiel
from referentiels.models import Centre, CentrePoste, Tache, VolumeAnnuel
from simulateur.cache import donnees
from simulateur.cache.memoire import Memoire
from simulations.cartes import volumes
from simulations.cartes.cache import carte_de_direction
from simulations.cartes.volumes import volumes_de_direction
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def directions() -> list[Any]:
    return [direction_a_simuler(2), direction_a_simuler(2)]


@pytest.fixture
def calcules(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Les noms recalculés, dans l'ordre, volumes compris."""
    noms: list[str] = []
    ranger, lire_volumes = donnees._calculer_et_ranger, volumes.volumes_de

    def noter(famille: Any, cle: str, calculer: Any) -> Any:
        noms.append(cle.partition("@")[0])
        return ranger(famille, cle, calculer)

    def noter_les_volumes(carte: Any, annee: int) -> Any:
        noms.append(f"volumes:{carte.centres.direction[0]}")
        return lire_volumes(carte, annee)

    monkeypatch.setattr(donnees, "_calculer_et_ranger", noter)
    monkeypatch.setattr(volumes, "volumes_de", noter_les_volumes)
    return noms


def tout_lire(client: Any, api: Any, directions: list[Any]) -> None:
    """Ce que l'on garde d'une direction : sa page, ses lectures, sa carte, ses volumes."""
    for direction in directions:
        referentiel.direction_servie(direction.pk)
        referentiel.centres_de_direction(direction.pk)
        carte = carte_de_direction(direction.pk)
        volumes_de_direction(carte, carte.carte, 2026)
        assert client.get(reverse("simulations:direction", args=[direction.pk])).status_code == 200
        assert api.get(f"/api/directions/{direction.pk}/centres").status_code == 200
        for centre in direction.centres.all():
            assert client.get(reverse("simulations:centre", args=[centre.pk])).status_code == 200


def _centres(direction: Any) -> list[str]:
    return [f"centre:{pk}" for pk in direction.centres.values_list("pk", flat=True)]


def _objet(cle: str) -> str:
    """« sim:page:direction:5 » et « carte:direction:5 » parlent de la direction 5."""
    famille, _, nom = cle.rpartition(":")
    avant = famille.rpartition(":")[2]
    if avant in ("complete", "direction") or nom == "centres":
        return f"direction:{cle.split(':')[-2] if nom == 'centres' else nom}"
    return f"{avant}:{nom}"


GESTES = {
    "tâche": lambda centre: Tache.objects.filter(centre_poste__centre=centre).update(duree_secondes=77),
    "effectif": lambda centre: CentrePoste.objects.filter(centre=centre).update(effectif_actuel=9),
    "centre": lambda centre: Centre.objects.filter(pk=centre.pk).update(nom="Renommé"),
    "volume": lambda centre: VolumeAnnuel.objects.filter(centre=centre).update(volume=7),
}


@pytest.mark.parametrize("nom", GESTES)
def test_un_centre_change_les_autres_directions_ne_se_recalculent_pas(
    nom, directions, calcules, client_connecte, api
):
    """La seule page d'une autre direction se récrit quand l'année de tous les volumes peut avoir changé."""
    tout_lire(client_connecte, api, directions)
    GESTES[nom](directions[0].centres.first())
    calcules.clear()
    tout_lire(client_connecte, api, directions)
    lui, autre = ({f"direction:{d.pk}", f"volumes:{d.nom}", *_centres(d)} for d in directions)
    faits = {_objet(fait) for fait in calcules}
    assert faits & autre == set()
    assert faits & lui


def test_rien_ne_change_rien_ne_se_recalcule(directions, calcules, client_connecte, api):
    tout_lire(client_connecte, api, directions)
    calcules.clear()
    tout_lire(client_connecte, api, directions)
    assert calcules == []


def test_un_autre_processus_lit_la_carte_sans_la_recompiler(directions, calcules):
    carte_de_direction(directions[0].pk)
    Memoire.tout_oublier()
    calcules.clear()
    assert carte_de_direction(directions[0].pk).en_cache
    assert calcules == []
