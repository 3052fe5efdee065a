"""Les pages des exports."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from simulateur.travaux.machine import executer
from simulations.models import Export, Simulation

pytestmark = pytest.mark.django_db


def _ouvrir(client: Client, adresse: str, statut: int = 200, **options: Any) -> str:
    reponse = client.get(adresse, options)
    assert reponse.status_code == statut, reponse.content[:2000]
    return reponse.content.decode()


def test_un_export_se_demande_se_suit_et_se_telecharge(
    client_connecte: Client, client: Client, nationale: Simulation
) -> None:
    client_connecte.post(
        reverse("simulations:exporter", args=[nationale.pk]), {"format": "csv", "ecriture": "iso"}
    )
    export = Export.objects.get()
    _ouvrir(client_connecte, export.get_absolute_url())
    executer("simulations.Export", str(export.pk))
    _ouvrir(client_connecte, reverse("simulations:export-suivi", args=[export.pk]))
    fichier = reverse("simulations:export-fichier", args=[export.pk])
    assert client_connecte.get(fichier)["Content-Type"] == "application/zip"
    client.force_login(get_user_model().objects.create_user("autre"))
    assert client.get(fichier).status_code == 403
