"""Rejouer et conserver depuis la page d'une simulation."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simulateur.travaux.machine import executer
from simulations.models import Simulation

pytestmark = pytest.mark.django_db


def _ouvrir(client: Client, adresse: str, statut: int = 200, **options: Any) -> str:
    reponse = client.get(adresse, options)
    assert reponse.status_code == statut, reponse.content[:2000]
    return reponse.content.decode()


def test_rejouer_et_conserver_depuis_la_page(client_connecte: Client, nationale: Simulation) -> None:
    client_connecte.post(reverse("simulations:conserver", args=[nationale.pk]), {"conservee": "1"})
    nationale.refresh_from_db()
    assert nationale.conservee
    client_connecte.post(reverse("simulations:rejouer", args=[nationale.pk]))
    rejeu = nationale.rejeux.get()
    executer("simulations.Simulation", str(rejeu.pk))
    page = _ouvrir(client_connecte, rejeu.get_absolute_url())
    assert "mêmes chiffres que l" in page
