"""Une présence presque nulle est refusée, centres nommés, par toutes les portes (#presence)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from referentiels.models import Flux, Parametre, ParametreCentre
from simulations.models import Simulation
from simulations.moteur.presence import DE_PRESENCE
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db
CLE = "conges_jours + formation_jours + absence_pct"


@pytest.fixture
def direction(db: None) -> Any:
    return direction_a_simuler(2)


def chemins(direction: Any) -> list[str]:
    centre = direction.centres.first()
    return [
        f"/api/async/simulation/direction/{direction.pk}",
        "/api/async/simulation/nationale",
        f"/api/simulation/centre/{centre.pk}",
        f"/api/simulation/direction/{direction.pk}/modes",
    ]


def propre(centre: Any, code: str, valeur: float) -> None:
    parametre = Parametre.objects.get(code=code)
    ParametreCentre.objects.create(centre=centre, parametre=parametre, valeur=valeur)


def test_sous_un_dixieme_la_demande_est_refusee_par_toutes_les_portes(api: Any, direction: Any) -> None:
    centre = direction.centres.first()
    for chemin in chemins(direction):
        reponse = api.post(chemin, {"conges_jours": 150, "formation_jours": 100}, format="json")
        assert reponse.status_code == 400, chemin
        (phrase,) = reponse.json()["champs"][CLE]
        assert "150 jours de congés, 100 de formation et 0 % d'absence sur 264 jours ouvrés" in phrase
        assert f"{centre.nom} ({centre.code})" in phrase
        assert api.post(chemin, {"conges_jours": 26, "absence_pct": 6}, format="json").status_code < 300
    assert not Simulation.objects.filter(parametres__libres__conges_jours=150).exists()


def test_seuls_les_centres_en_faute_sont_nommes(api: Any, direction: Any) -> None:
    fautif, sauf = direction.centres.order_by("code")
    propre(fautif, "absence_pct", 80)
    chemin = f"/api/async/simulation/direction/{direction.pk}"
    (phrase,) = api.post(chemin, {"conges_jours": 140}, format="json").json()["champs"][CLE]
    assert fautif.code in phrase
    assert sauf.code not in phrase


def test_un_centre_se_sauve_par_ses_propres_valeurs(api: Any, direction: Any) -> None:
    fautif, sauf = direction.centres.order_by("code")
    propre(sauf, "conges_jours", 10)
    corps = {"conges_jours": 150, "formation_jours": 100}
    chemin = f"/api/async/simulation/direction/{direction.pk}"
    (phrase,) = api.post(chemin, corps, format="json").json()["champs"][CLE]
    assert fautif.code in phrase
    assert sauf.code not in phrase
    corps["centres_params"] = {str(fautif.pk): {"formation_jours": 0}}
    assert api.post(chemin, corps, format="json").status_code == 202


def test_la_presence_ne_se_decline_pas_par_flux(api: Any, direction: Any) -> None:
    centre = direction.centres.first()
    reponse = api.post(f"/api/simulation/centre/{centre.pk}", {"co_absence_pct": 5}, format="json")
    assert reponse.json()["champs"] == {"co_absence_pct": ["Ne se décline pas par flux."]}
    ligne = ParametreCentre(
        centre=centre,
        parametre=Parametre.objects.get(code="absence_pct"),
        flux=Flux.objects.first(),
        valeur=5,
    )
    with pytest.raises(ValidationError, match="ne se décline pas par flux"):
        ligne.full_clean()


def test_le_catalogue_livre_les_parametres_du_moteur() -> None:
    livres = Parametre.objects.filter(code__in=DE_PRESENCE).values_list(
        "code", "defaut", "minimum", "maximum"
    )
    assert Parametre.DE_PRESENCE == DE_PRESENCE
    assert sorted(livres) == [
        ("absence_pct", 0.0, 0.0, 80.0),
        ("conges_jours", 0.0, 0.0, 150.0),
        ("formation_jours", 0.0, 0.0, 100.0),
    ]


def test_le_poste_simule_dit_sa_presence(api: Any, direction: Any) -> None:
    tenu = direction.centres.first().centre_postes.get()
    corps = api.post(f"/api/simulation/poste/{tenu.pk}", {"conges_jours": 66}, format="json").json()
    assert "× 75 % de présence : (264 − 66) ÷ 264 jours" in corps["formule_etp"]
