"""Une cible atteinte redonne son objectif ; une cible impossible le dit (#cible)."""

from typing import Any

import pytest
from django.core.management import CommandError

from referentiels.models import Poste
from simulations.tests.calculs.test_essai import essayer
from simulations.tests.outils.commandes import dire

pytestmark = pytest.mark.django_db
CHEMIN = "/api/simulation/cible"


def viser(api: Any, statut: int = 200, **corps: Any) -> Any:
    reponse = api.post(CHEMIN, corps, format="json")
    assert reponse.status_code == statut, reponse.content
    return reponse.json()


@pytest.mark.parametrize(
    "libre", ["productivite", "heures_jour", "temps_mort", "absence_pct", "croissance", "co_croissance"]
)
def test_la_cible_rejouee_redonne_son_objectif(api: Any, directions: list[Any], libre: str) -> None:
    depart = essayer(api)["total"]["etp_calcule"]
    sens = -1 if libre in ("productivite", "heures_jour") else 1
    voulu = depart + (0.5 if sens == 1 else -0.5)
    reponse = viser(api, libre=libre, objectif="etp", valeur=voulu)
    assert reponse["possible"], reponse
    rejouee = essayer(api, global_params={libre: reponse["valeur"]})["total"]
    assert rejouee == {**rejouee, **reponse["total"]}
    assert rejouee["etp_calcule"] == pytest.approx(voulu, rel=1e-11)


def test_un_ecart_tient_sur_un_intervalle(api: Any, directions: list[Any]) -> None:
    voulu = essayer(api, productivite=80)["total"]["ecart"]
    reponse = viser(api, libre="productivite", objectif="ecart", valeur=voulu)
    bas, haut = reponse["intervalle"]
    assert bas < 80 < haut
    for valeur in (bas, (bas + haut) / 2, haut, reponse["valeur"]):
        assert essayer(api, productivite=valeur)["total"]["ecart"] == voulu
    for dehors in (bas - 1e-6, haut + 1e-6):
        assert essayer(api, productivite=dehors)["total"]["ecart"] != voulu


def test_la_commande_dit_ce_que_dit_l_api(api: Any, directions: list[Any]) -> None:
    reponse = viser(api, direction_id=directions[0].pk, temps_mort=10, libre="productivite", valeur=0)
    options = ("--direction", str(directions[0].pk), "--parametre", "temps_mort=10")
    assert dire("viser", "productivite", *options).strip().startswith(reponse["message"])
    with pytest.raises(CommandError, match="ne se cherche pas"):
        dire("viser", "shift")


def test_l_impossible_se_dit_avec_la_borne_la_plus_proche(api: Any, directions: list[Any]) -> None:
    reponse = viser(api, libre="productivite", objectif="etp", valeur=100_000)
    assert not reponse["possible"]
    (borne,) = reponse["proche"]
    assert borne["valeur"] == 1
    un_pour_cent = 0.01  # une productivité d'au plus 2 est un rapport
    assert borne["mesure"] == essayer(api, productivite=un_pour_cent)["total"]["etp_calcule"]
    assert reponse["message"].startswith("Impossible : même à 1, etp vaut ")
    assert reponse["valeur"] is None
    saut = viser(api, libre="productivite", objectif="ecart", valeur=0.5)
    assert not saut["possible"]
    avant, apres = (borne["mesure"] for borne in saut["proche"])
    assert min(avant, apres) < 0.5 < max(avant, apres)


def test_un_cout_se_vise_sauf_salaire_inconnu(api_staff: Any, directions: list[Any]) -> None:
    voulu = essayer(api_staff, productivite=80)["total"]["cout_annuel"]
    reponse = viser(api_staff, libre="productivite", objectif="cout", valeur=voulu)
    assert reponse["total"]["cout_annuel"] == voulu
    with pytest.MonkeyPatch.context() as sans_permission:
        sans_permission.setattr("simulations.api.essai.peut_voir_les_couts", lambda compte: False)
        viser(api_staff, 403, libre="productivite", objectif="cout", valeur=voulu)
    Poste.objects.update(salaire_mensuel=None)
    refus = viser(api_staff, 409, libre="productivite", objectif="cout", valeur=voulu)
    assert "salaire manque" in str(refus)


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({}, "libre"),
        ({"libre": "shift"}, "libre"),
        ({"libre": "productivite", "verrouilles": ["productivite"]}, "libre"),
        ({"libre": "productivite", "verrouilles": ["nimporte"]}, "verrouilles"),
        ({"libre": "productivite", "objectif": "bonheur"}, "objectif"),
        ({"libre": "productivite", "objectif": "etp"}, "valeur"),
        ({"libre": "productivite", "valeur": "beaucoup"}, "valeur"),
        ({"libre": "productivite", "nimporte": 1}, "nimporte"),
    ],
)
def test_une_entree_fausse_est_refusee_et_nommee(
    api: Any, directions: list[Any], corps: Any, champ: str
) -> None:
    assert champ in viser(api, 400, **corps)["champs"]


def test_sous_l_arrondi_par_centre_l_ecart_d_un_poste_ne_se_vise_pas(api: Any, directions: list[Any]) -> None:
    tenu = directions[0].centres.first().centre_postes.filter(poste__type="MOD").first()
    ou = {
        "centre_id": tenu.centre_id,
        "poste_id": tenu.poste_id,
        "arrondi": "centre",
        "libre": "productivite",
    }
    assert "perdre une personne" in viser(api, 400, **ou, objectif="ecart")["champs"]["objectif"][0]
    du_poste = essayer(api, centre_id=tenu.centre_id, poste_id=tenu.poste_id)["total"]["etp_calcule"]
    assert viser(api, **ou, objectif="etp", valeur=1.1 * du_poste)["possible"]
