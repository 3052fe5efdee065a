"""Le registre : chaque analyse répond à chaque niveau, par l'API, sans rien écrire."""

from typing import Any

import pytest
from django.template.loader import get_template
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from simulateur.cache.disjoncteur import disjoncteur
from simulations.analyses.analyse import Analyse
from simulations.analyses.registre import ANALYSES, PAR_CODE
from simulations.models import Simulation
from simulations.pages.complements import COMPLEMENTS
from simulations.tests.outils.parcours import lire

pytestmark = pytest.mark.django_db


def test_un_code_ne_sert_qu_une_fois() -> None:
    assert len(PAR_CODE) == len(ANALYSES)
    assert set(COMPLEMENTS) <= set(PAR_CODE)


@pytest.mark.parametrize("analyse", ANALYSES, ids=lambda analyse: analyse.code)
def test_une_entree_fait_la_page_l_onglet_et_l_api(
    client_connecte: Any, nationale: Simulation, analyse: Analyse
) -> None:
    get_template(analyse.gabarit)
    page = client_connecte.get(reverse(f"simulations:{analyse.code}", args=[nationale.pk]))
    assert analyse.gabarit in [gabarit.name for gabarit in page.templates]
    du_resultat = client_connecte.get(nationale.get_absolute_url()).content.decode()
    for une in ANALYSES:
        lien = f'href="{reverse(f"simulations:{une.code}", args=[nationale.pk])}"'
        assert lien in page.content.decode()
        assert lien in du_resultat
    assert page.content.decode().count('aria-current="page"') >= 1


def test_l_api_documente_les_options_de_chaque_analyse() -> None:
    chemins = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    for analyse in ANALYSES:
        decrite = chemins[f"/api/simulations/{{cle}}/{analyse.code}"]["get"]
        nommes = {p["name"] for p in decrite["parameters"] if p["in"] == "query"}
        assert decrite["summary"] == analyse.phrase
        assert nommes - {"niveau", "direction", "centre"} == {option.nom for option in analyse.options}
        assert ("niveau" in nommes) is analyse.a_niveaux


@pytest.mark.parametrize("analyse", ANALYSES, ids=lambda analyse: analyse.code)
@pytest.mark.parametrize("niveau", ["national", "direction", "centre"])
def test_chaque_analyse_repond_a_chaque_niveau_sans_ecrire(
    api: Any, nationale: Simulation, lecture_seule: Any, analyse: Analyse, niveau: str
) -> None:
    with lecture_seule():
        options = {"niveau": niveau} if analyse.a_niveaux else {}
        corps = lire(api, f"/api/simulations/{nationale.pk}/{analyse.code}", **options)
    attendues = {"national": 0, "direction": 2, "centre": 4}[niveau]
    if analyse.a_niveaux and "lignes" in corps:
        assert len(corps["lignes"]) == attendues


def test_une_analyse_se_restreint_a_une_direction_ou_a_un_centre(
    api: Any, nationale: Simulation, directions: list[Any]
) -> None:
    centre = directions[1].centres.first()
    for analyse in ("incertitude", "profil", "sensibilites"):
        de_la_direction = lire(api, f"/api/simulations/{nationale.pk}/{analyse}", direction=directions[1].pk)
        assert {ligne["direction_id"] for ligne in de_la_direction["lignes"]} == {directions[1].pk}
        du_centre = lire(api, f"/api/simulations/{nationale.pk}/{analyse}", centre=centre.pk)
        assert {ligne["centre_id"] for ligne in du_centre["lignes"]} == {centre.pk}
        assert {ligne["poste_label"] for ligne in du_centre["lignes"]} >= {"Agent traitement"}


def test_les_postes_du_pays_demandent_une_direction(api: Any, nationale: Simulation) -> None:
    corps = lire(api, f"/api/simulations/{nationale.pk}/profil", 400, niveau="poste")
    assert "direction" in corps["detail"]


def test_sans_cache_les_analyses_repondent_pareil(api: Any, nationale: Simulation) -> None:
    chemin = f"/api/simulations/{nationale.pk}/incertitude"
    avec = lire(api, chemin)
    disjoncteur.declencher("default", "coupé par le test")
    assert lire(api, chemin) == avec
