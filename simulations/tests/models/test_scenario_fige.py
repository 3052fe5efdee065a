"""Un scénario validé ne change plus : la base le tient, même quand deux personnes agissent ensemble."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from simulations.models import Scenario
from simulations.models.scenarios import ScenarioFige
from simulations.scenarios import services

pytestmark = pytest.mark.django_db
GESTES: dict[str, Callable[[Scenario], Any]] = {
    "enregistrer": lambda s: s.save(),
    "renommer": lambda s: Scenario.objects.filter(pk=s.pk).update(nom="Autre"),
    "changer des volumes": lambda s: Scenario.objects.update(volumes=[{"centre_id": 1}]),
    "rouvrir": lambda s: Scenario.objects.update(etat="brouillon", valide_le=None),
    "modifier": lambda s: services.modifier(s, {"nom": "Autre"}),
    "modifier en masse": lambda s: Scenario.objects.bulk_update([_renomme(s)], ["nom"]),
    "supprimer": lambda s: s.delete(),
    "supprimer en masse": lambda s: Scenario.objects.all().delete(),
    "supprimer par le service": services.supprimer,
}


BLOQUES = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def _renomme(scenario: Scenario) -> Scenario:
    scenario.nom = "Autre"
    return scenario


@pytest.fixture
def brouillon(utilisateur: Any) -> Scenario:
    return services.creer({"nom": "Base", "productivite": 90}, proprietaire=utilisateur)


@pytest.fixture
def valide(brouillon: Scenario, utilisateur: Any) -> Scenario:
    assert services.valider(brouillon, par=utilisateur)
    return brouillon


def ligne(scenario: Scenario) -> dict[str, Any]:
    return Scenario.objects.filter(pk=scenario.pk).values().get()


@pytest.mark.parametrize("geste", GESTES.values(), ids=list(GESTES))
def test_aucun_geste_ne_change_un_scenario_valide(valide: Scenario, geste: Callable[[Scenario], Any]) -> None:
    avant = ligne(valide)
    with pytest.raises(ScenarioFige):
        geste(valide)
    assert ligne(valide) == avant


@pytest.mark.parametrize(
    "ordre", ["UPDATE simulations_scenario SET nom = 'x'", "DELETE FROM simulations_scenario"]
)
def test_meme_du_sql_ecrit_a_la_main_est_refuse(valide: Scenario, ordre: str) -> None:
    avant = ligne(valide)
    with (
        pytest.raises(IntegrityError, match="scenario_fige"),
        transaction.atomic(),
        connection.cursor() as sql,
    ):
        sql.execute(ordre)
    assert ligne(valide) == avant


def test_un_brouillon_change_et_se_supprime(brouillon: Scenario) -> None:
    brouillon.nom = "Autre"
    brouillon.save()
    assert Scenario.objects.update(description="essai") == 1
    brouillon.delete()
    assert not Scenario.objects.exists()


def test_le_depart_du_proprietaire_laisse_le_scenario_valide(valide: Scenario, utilisateur: Any) -> None:
    get_user_model().objects.filter(pk=utilisateur.pk).delete()
    lue = ligne(valide)
    assert (lue["etat"], lue["nom"], lue["proprietaire_id"]) == ("valide", "Base", None)


# --- Ensemble -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("geste", ["enregistrer", "renommer", "supprimer", "supprimer en masse"])
def test_valider_pendant_qu_un_autre_change_ou_supprime_ne_laisse_jamais_un_valide_change(
    brouillon: Scenario, utilisateur: Any, en_parallele: Any, geste: str
) -> None:
    """La validation, écrite mais pas encore confirmée, fait attendre l'autre connexion, qui est refusée."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite n'a qu'un écrivain à la fois : cette course n'y existe pas")
    ecrite = Event()

    def agir(rang: int) -> str:
        if rang == 0:
            with transaction.atomic():
                services.valider(brouillon, par=utilisateur)
                ecrite.set()
                _attendre_un_bloque()
            return "validé"
        assert ecrite.wait(20)
        copie = Scenario(**{c.attname: getattr(brouillon, c.attname) for c in Scenario._meta.concrete_fields})
        copie._state.adding, copie.etat, copie.valide_le = False, "brouillon", None
        try:
            GESTES[geste](copie)
        except ScenarioFige:
            return "refusé"
        return "écrit"

    assert en_parallele(agir, 2) == ["validé", "refusé"]
    lue = ligne(brouillon)
    assert (lue["etat"], lue["nom"], lue["volumes"]) == ("valide", "Base", [])


def _attendre_un_bloque() -> None:
    """Rend la main quand une autre connexion attend notre verrou."""
    limite = timezone.now() + timedelta(seconds=20)
    while timezone.now() < limite:
        with connection.cursor() as sql:
            sql.execute("SELECT pg_stat_clear_snapshot()")
            sql.execute(BLOQUES)
            if sql.fetchone()[0]:
                return
    raise AssertionError("personne n'attend le verrou")
