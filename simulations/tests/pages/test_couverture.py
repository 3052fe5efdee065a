"""La page de couverture des règles."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simulations.models import Simulation

pytestmark = pytest.mark.django_db


def _ouvrir(client: Client, adresse: str, statut: int = 200, **options: Any) -> str:
    reponse = client.get(adresse, options)
    assert reponse.status_code == statut, reponse.content[:2000]
    return reponse.content.decode()


def test_la_couverture_s_ouvre_et_se_filtre(client_connecte: Client, nationale: Simulation) -> None:
    adresse = reverse("simulations:couverture")
    assert "Centre 0" in _ouvrir(client_connecte, adresse)
    direction = nationale.centres.last().direction_id
    _ouvrir(client_connecte, adresse, direction=direction)
    _ouvrir(client_connecte, adresse, 404, direction="abc")
