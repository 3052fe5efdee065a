"""La comparaison : des effets entiers qui somment à la différence."""

from typing import Any

import pytest

from referentiels.models import CentrePoste, Poste, Tache
from simulations.models import Simulation
from simulations.tests.outils.parcours import lire, simuler

pytestmark = pytest.mark.django_db


def _exacts(effet: dict[str, Any]) -> dict[str, int]:
    return effet["exact"]


@pytest.mark.parametrize("niveau", ["national", "direction", "centre"])
def test_la_comparaison_explique_exactement_la_difference(
    api: Any, nationale: Simulation, niveau: str
) -> None:
    Tache.objects.filter(nom="Tri").update(duree_secondes=45)
    CentrePoste.objects.filter(effectif_actuel=9).update(effectif_actuel=7)
    autre = simuler(
        api, "nationale", {"productivite": 80, "global_params": {"croissance": 12, "pct_retour": 3}}
    )
    corps = lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{autre.pk}", niveau=niveau)
    (total,) = corps["total"]
    assert total["difference"]["exact"]["etp_pico"] == autre.etp_pico - nationale.etp_pico
    assert (
        total["difference"]["exact"]["ecart_centiemes"] == autre.ecart_centiemes - nationale.ecart_centiemes
    )
    assert total["pourquoi"]["volume"]["etp"] > 0
    assert total["pourquoi"]["capacite"]["etp"] > 0
    assert total["pourquoi"]["referentiel"]["etp"] > 0
    assert total["pourquoi"]["effectif"]["ecart"] == 4.0
    lignes = [difference for ligne in corps["lignes"] for difference in ligne["differences"]]
    for mesure in ("etp_pico", "ecart_centiemes", "cout_dix_milliemes"):
        for difference in (total, *lignes):
            effets = sum(_exacts(e)[mesure] for e in difference["pourquoi"].values())
            assert effets == _exacts(difference["difference"])[mesure]
        assert sum(_exacts(d["difference"])[mesure] for d in lignes) == _exacts(total["difference"])[mesure]


@pytest.mark.parametrize("niveau", ["national", "direction", "centre"])
def test_un_salaire_inconnu_reste_inconnu_dans_la_comparaison(
    api: Any, nationale: Simulation, niveau: str
) -> None:
    """L'agent a un salaire, puis n'en a plus : ni coût de la seconde, ni différence de coût."""
    Poste.objects.filter(code="AGENT TRAITEMENT").update(salaire_mensuel=None)
    sans_prix = simuler(api)
    assert (nationale.cout_connu, sans_prix.cout_connu) == (True, False)
    corps = lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{sans_prix.pk}", niveau=niveau)
    for ligne in (*corps["total"], *(d for rangee in corps["lignes"] for d in rangee["differences"])):
        connus = [ligne["pourquoi"][code] for code in ("volume", "regles", "capacite", "mode")]
        inconnus = [ligne["difference"], ligne["pourquoi"]["referentiel"], ligne["pourquoi"]["effectif"]]
        assert ligne["cout_mensuel"] is None
        assert [(e["cout_mensuel"], _exacts(e)["cout_dix_milliemes"]) for e in inconnus] == [(None, None)] * 3
        assert [(e["cout_mensuel"], _exacts(e)["cout_dix_milliemes"]) for e in connus] == [(0, 0)] * 4
    assert all(ligne["base"]["cout_mensuel"] is not None for ligne in corps["lignes"])
    retour = lire(api, "/api/simulations/comparer", ids=f"{sans_prix.pk},{nationale.pk}", niveau=niveau)
    assert {ligne["base"]["cout_mensuel"] for ligne in retour["lignes"]} == {None}
    assert retour["total"][0]["cout_mensuel"] == float(nationale.cout_mensuel)
    assert retour["total"][0]["difference"]["cout_mensuel"] is None


def test_une_comparaison_se_lit_en_trois_requetes(
    api: Any, nationale: Simulation, compter_requetes: Any
) -> None:
    autre = simuler(api, "nationale", {"temps_mort": 30})
    for niveau in ("direction", "centre"):
        with compter_requetes() as requetes:
            lire(api, "/api/simulations/comparer", ids=f"{nationale.pk},{autre.pk}", niveau=niveau)
        metier = [r["sql"] for r in requetes if "simulations_" in r["sql"]]
        assert len(metier) <= 3, metier


@pytest.mark.parametrize("ids", ["", "x,y", "SEULE", "DEUX FOIS"])
def test_des_identifiants_a_comparer_faux_sont_refuses(api: Any, nationale: Simulation, ids: str) -> None:
    ids = {"SEULE": str(nationale.pk), "DEUX FOIS": f"{nationale.pk},{nationale.pk}"}.get(ids, ids)
    assert "ids" in lire(api, "/api/simulations/comparer", 400, ids=ids)["champs"]


def test_une_simulation_purgee_ou_en_cours_ne_se_compare_pas(api: Any, nationale: Simulation) -> None:
    inconnue = "00000000-0000-4000-8000-000000000000"
    lire(api, "/api/simulations/comparer", 409, ids=f"{nationale.pk},{inconnue}")
    en_file = api.post("/api/async/simulation/nationale", {}, format="json").json()["task_id"]
    lire(api, "/api/simulations/comparer", 409, ids=f"{nationale.pk},{en_file}")
    lire(api, f"/api/simulations/{en_file}/sensibilites", 409)
    lire(api, f"/api/simulations/{inconnue}/sensibilites", 404)
