"""Les volumes d'un centre ont une page et un point d'API : toutes ses années, rien d'un autre."""

from typing import Any

import pytest
from django.urls import reverse

from referentiels.models import CelluleVolume
from referentiels.tests.outils.factories import CentreFactory, VolumeAnnuelFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(db: None) -> Any:
    centre = CentreFactory()
    cellules = CelluleVolume.objects.order_by("ordre")[:2]
    for annee, volumes in ((2025, (10.5, 20)), (2026, (11, None))):
        for cellule, volume in zip(cellules, volumes, strict=True):
            if volume is not None:
                VolumeAnnuelFactory(centre=centre, cellule=cellule, annee=annee, volume=volume)
    VolumeAnnuelFactory(volume=777)
    return centre


def test_l_api_rend_toutes_les_annees_et_se_filtre(api: Any, centre: Any) -> None:
    adresse = f"/api/centres/{centre.pk}/volumes"
    lus = api.get(adresse).json()
    assert [(v["annee"], v["volume"]) for v in lus["results"]] == [(2026, 11), (2025, 10.5), (2025, 20)]
    assert {"cellule", "flux", "sens", "segment"} <= set(lus["results"][0])
    assert [v["volume"] for v in api.get(adresse, {"annee": 2026}).json()["results"]] == [11]
    assert api.get(adresse, {"annee": "x"}).status_code == 400
    assert api.get(adresse, {"an": 2026}).status_code == 400
    assert api.get("/api/centres/999999/volumes").status_code == 404


def test_la_page_a_une_colonne_par_annee(client_connecte: Any, centre: Any, compter_requetes: Any) -> None:
    adresse = reverse("simulations:centre-volumes", args=[centre.pk])
    page = client_connecte.get(adresse).content.decode()
    assert page.index(">2026<") < page.index(">2025<")
    assert "30,5" in page or "31" in page
    assert "777" not in page
    assert "volumes.xlsx?centre=" in page
    assert adresse in client_connecte.get(reverse("simulations:centre", args=[centre.pk])).content.decode()
    vide = reverse("simulations:centre-volumes", args=[CentreFactory().pk])
    assert "Aucun volume" in client_connecte.get(vide).content.decode()
    assert client_connecte.get(reverse("simulations:centre-volumes", args=[999999])).status_code == 404
