"""Un travail échoué se relance par une personne, page comme admin, tant que son tirage n'est pas passé."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from euromillions.grilles import relance
from euromillions.grilles.lancement import prochaine_cible
from euromillions.models import Backtest, Generation
from euromillions.tests.outils.fabriques import petite_histoire
from simulateur.models import Etat
from simulateur.travaux import machine
from simulateur.web.refus import Refus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _histoire() -> None:
    petite_histoire()


def echec(compte: Any = None) -> dict[str, Any]:
    return {"etat": Etat.EN_ERREUR, "tentative": 2, "demandeur": compte, "termine_le": timezone.now()}


def generation_echouee(compte: Any = None, **champs: Any) -> Generation:
    valeurs = {"strategie": "random", "nombre": 3, "graine": 7, "cible": prochaine_cible(timezone.now())}
    return Generation.objects.create(**{**valeurs, **echec(compte), **champs})


def backtest_echoue(compte: Any) -> Backtest:
    return Backtest.objects.create(**echec(compte), par_tirage=1, graine=1)


@pytest.mark.panne("génération ou backtest échoué", "une personne le relance, il finit une fois")
def test_une_generation_echouee_se_relance_et_finit(client_connecte: Any, utilisateur: Any) -> None:
    echouee = generation_echouee(utilisateur)
    page = reverse("euromillions:generation", args=[echouee.pk])
    assert "Relancer" in client_connecte.get(page).content.decode()
    client_connecte.post(reverse("euromillions:generation-relancer", args=[echouee.pk]))
    echouee.refresh_from_db()
    assert (echouee.etat, echouee.tentative) == (Etat.EN_FILE, 0)
    machine.executer("euromillions.Generation", str(echouee.pk))
    echouee.refresh_from_db()
    assert echouee.etat == Etat.TERMINEE
    assert echouee.grilles.count() == 3
    assert "Relancer" not in client_connecte.get(page).content.decode()


def test_un_backtest_echoue_se_relance(client_connecte: Any, utilisateur: Any) -> None:
    echoue = backtest_echoue(utilisateur)
    assert "Relancer" in client_connecte.get(echoue.get_absolute_url()).content.decode()
    client_connecte.post(reverse("euromillions:backtest-relancer", args=[echoue.pk]))
    echoue.refresh_from_db()
    assert echoue.etat == Etat.EN_FILE


def test_le_travail_d_un_autre_ne_se_relance_pas(client_connecte: Any, utilisateur_staff: Any) -> None:
    d_un_autre = generation_echouee(utilisateur_staff)
    backtest = backtest_echoue(utilisateur_staff)
    for route, travail in (("generation-relancer", d_un_autre), ("backtest-relancer", backtest)):
        refus = client_connecte.post(reverse(f"euromillions:{route}", args=[travail.pk]))
        assert refus.status_code in (403, 404)
        travail.refresh_from_db()
        assert travail.etat == Etat.EN_ERREUR


def test_un_tirage_passe_ou_un_travail_fini_ne_se_relance_pas() -> None:
    hier = timezone.localdate() - timedelta(days=30)
    with pytest.raises(Refus, match="est passé"):
        relance.relancer(generation_echouee(cible=hier))
    with pytest.raises(Refus, match="terminée"):
        relance.relancer(generation_echouee(etat=Etat.TERMINEE))
