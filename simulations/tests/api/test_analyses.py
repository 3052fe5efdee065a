"""Les analyses par l'API publique : mêmes chiffres que la simulation, à tous les niveaux."""

import json
from typing import Any

import pytest

from referentiels.models import CentrePoste, MappingPosteRecommande, Poste, Tache, VolumeAnnuel
from referentiels.tests.outils.factories import CentrePosteFactory, PosteFactory, TacheFactory
from simulateur.cache.donnees import disjoncteur
from simulations.models import Instantane, PartSimulation, Simulation
from simulations.tests.outils.parcours import finir, lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db
ANALYSES = ("sensibilites", "incertitude", "profil", "reequilibrage", "couts")


@pytest.fixture
def directions() -> list[Any]:
    return petit_reseau()


@pytest.fixture
def nationale(api: Any, directions: list[Any]) -> Simulation:
    return simuler(api)


def test_l_historique_filtre_et_pagine(api: Any, nationale: Simulation, directions: list[Any]) -> None:
    autre = simuler(api, f"direction/{directions[0].pk}", {"mode": "optimise"})
    tout = lire(api, "/api/simulations")
    assert {ligne["id"] for ligne in tout["results"]} == {str(nationale.pk), str(autre.pk)}
    assert tout["results"][0]["state"] == "SUCCESS"
    assert lire(api, "/api/simulations", niveau="national")["count"] == 1
    assert lire(api, "/api/simulations", mode="optimise")["results"][0]["id"] == str(autre.pk)
    assert lire(api, "/api/simulations", direction=directions[1].pk)["count"] == 0
    assert lire(api, "/api/simulations", page_size=1)["next"]
    assert lire(api, "/api/simulations", mes="vrai")["count"] == 2


@pytest.mark.parametrize(
    ("options", "champ"),
    [
        ({"niveau": "planete"}, "niveau"),
        ({"etat": "perdu"}, "etat"),
        ({"direction": "x"}, "direction"),
        ({"tri": "mot_de_passe"}, "tri"),
        ({"mes": "peut-être"}, "mes"),
        ({"scenario": "99999999999999999999"}, "scenario"),
    ],
)
def test_un_filtre_inconnu_est_nomme(api: Any, options: dict[str, str], champ: str) -> None:
    assert champ in lire(api, "/api/simulations", 400, **options)["champs"]


def test_les_postes_somment_au_total_de_la_simulation(api: Any, nationale: Simulation) -> None:
    page = lire(api, f"/api/simulations/{nationale.pk}/postes", page_size=500)
    assert page["count"] == nationale.nb_postes == 8
    assert sum(p["etp_calcule"] for p in page["results"]) == pytest.approx(float(nationale.etp_calcule))
    moi = lire(api, f"/api/simulations/{nationale.pk}/postes", type="MOI")
    assert [p["etp_calcule"] for p in moi["results"]] == [1.0] * 4


@pytest.mark.parametrize("analyse", ANALYSES)
@pytest.mark.parametrize("niveau", ["national", "direction", "centre"])
def test_chaque_analyse_repond_a_chaque_niveau_sans_ecrire(
    api: Any, nationale: Simulation, lecture_seule: Any, analyse: str, niveau: str
) -> None:
    with lecture_seule():
        corps = lire(api, f"/api/simulations/{nationale.pk}/{analyse}", niveau=niveau)
    attendues = {"national": 0, "direction": 2, "centre": 4}[niveau]
    if analyse != "reequilibrage":
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


def test_la_tornade_est_triee_et_la_minute_perdue_coute(api: Any, nationale: Simulation) -> None:
    total = lire(api, f"/api/simulations/{nationale.pk}/sensibilites")["total"]
    tailles = [abs(effet["etp"]) for effet in total]
    assert tailles == sorted(tailles, reverse=True)
    effets = {effet["levier"]: effet["etp"] for effet in total}
    assert effets["temps_mort"] > 0 > effets["productivite"]
    assert set(effets) == {"temps_mort", "productivite", "heures_jour", "flux_co_plus", "flux_co_moins"}


def test_l_incertitude_est_reproductible_et_encadre_le_calcul(api: Any, nationale: Simulation) -> None:
    chemin = f"/api/simulations/{nationale.pk}/incertitude"
    un = lire(api, chemin, graine=7, dispersion=20)
    assert lire(api, chemin, graine=7, dispersion=20) == un
    assert lire(api, chemin, graine=8, dispersion=20)["total"] != un["total"]
    total = un["total"]
    assert total["etp_95"][0] < total["etp_80"][0] < total["etp_calcule"]
    assert total["etp_calcule"] < total["etp_80"][1] < total["etp_95"][1]
    assert total["etp_calcule"] == float(nationale.etp_calcule)
    nul = lire(api, chemin, dispersion=0)["total"]
    assert nul["personnes_95"] == [nul["etp_arrondi"]] * 2
    propre = lire(api, chemin, dispersion=0, dispersion_co=20, graine=7)
    assert propre["total"]["etp_95"] == pytest.approx(total["etp_95"])


@pytest.mark.parametrize(
    ("options", "champ"),
    [
        ({"graine": "-1"}, "graine"),
        ({"dispersion": "NaN"}, "dispersion"),
        ({"dispersion": "1e309"}, "dispersion"),
        ({"dispersion": "101"}, "dispersion"),
        ({"tirages": "10"}, "tirages"),
        ({"tirages": "100000000"}, "tirages"),
        ({"dispersion_zz": "5"}, "dispersion_zz"),
    ],
)
def test_une_option_d_incertitude_hors_bornes_est_nommee(
    api: Any, nationale: Simulation, options: dict[str, str], champ: str
) -> None:
    corps = lire(api, f"/api/simulations/{nationale.pk}/incertitude", 400, **options)
    assert champ in corps["champs"]


def test_le_profil_trouve_le_mois_de_pointe(api: Any, nationale: Simulation) -> None:
    parts = "5,5,5,5,5,5,5,5,5,5,30,20"
    corps = lire(api, f"/api/simulations/{nationale.pk}/profil", parts=parts)
    assert corps["total"]["pointe"] == 11
    assert "parts" in lire(api, f"/api/simulations/{nationale.pk}/profil", 400, parts="1,2")["champs"]
    assert (
        "parts" in lire(api, f"/api/simulations/{nationale.pk}/profil", 400, parts="9," * 11 + "9")["champs"]
    )


def test_le_reequilibrage_propose_sans_rien_appliquer(api: Any, nationale: Simulation) -> None:
    avant = list(CentrePoste.objects.order_by("pk").values_list("effectif_actuel", flat=True))
    corps = lire(api, f"/api/simulations/{nationale.pk}/reequilibrage", distance="pays")
    assert corps["mouvements"]
    assert corps["besoin_avant"] - corps["besoin_apres"] == corps["personnes"]
    assert list(CentrePoste.objects.order_by("pk").values_list("effectif_actuel", flat=True)) == avant
    borne = lire(api, f"/api/simulations/{nationale.pk}/reequilibrage", mouvements_max=1)
    assert borne["personnes"] == 1
    assert (
        "distance"
        in lire(api, f"/api/simulations/{nationale.pk}/reequilibrage", 400, distance="lune")["champs"]
    )


@pytest.mark.parametrize(("centre_du_mapping", "deplaces"), [(1, True), (0, False)])
def test_un_mapping_limite_a_un_centre_ne_vaut_que_pour_les_gens_de_ce_centre(
    api: Any, directions: list[Any], centre_du_mapping: int, deplaces: bool
) -> None:
    agent = Poste.objects.get(code="AGENT TRAITEMENT")
    trieur = PosteFactory(code="TRIEUR DE NUIT")
    en_manque, en_surplus = directions[0].centres.order_by("nom")
    tenu = CentrePosteFactory(centre=en_manque, poste=trieur, effectif_actuel=0)
    TacheFactory(centre_poste=tenu, forfait=True, duree_secondes=3600 * 24)
    MappingPosteRecommande.objects.create(
        poste_source=agent, poste_cible=trieur, centre=(en_manque, en_surplus)[centre_du_mapping]
    )
    simulation = simuler(api)
    corps = lire(api, f"/api/simulations/{simulation.pk}/reequilibrage", distance="pays")
    changent = [m for m in corps["mouvements"] if not m["meme_poste"]]
    assert bool(changent) is deplaces
    assert all(m["depart"]["centre_id"] == en_surplus.pk for m in changent)
    assert corps["personnes_entre_centres"] == corps["personnes"]
    sans = lire(api, f"/api/simulations/{simulation.pk}/reequilibrage", distance="pays", mapping="faux")
    assert all(m["meme_poste"] for m in sans["mouvements"])


def test_les_couts_comparent_la_masse_presente_et_calculee(api: Any, nationale: Simulation) -> None:
    Poste.objects.filter(code="CHEF DE CENTRE").update(salaire_mensuel=None)
    inconnu = lire(api, f"/api/simulations/{nationale.pk}/couts")["total"]
    assert inconnu["actuel_mensuel"] is None
    assert inconnu["salaires_inconnus"] == 4
    Poste.objects.filter(code="CHEF DE CENTRE").update(salaire_mensuel=9000)
    payee = simuler(api)
    connu = lire(api, f"/api/simulations/{payee.pk}/couts")["total"]
    assert connu["actuel_mensuel"] == (1 + 9 + 1 + 9) * 5000 + 4 * 9000
    assert connu["ecart_annuel"] == pytest.approx(12 * connu["ecart_mensuel"])
    assert connu["ecart_mensuel"] == float(payee.cout_mensuel)


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
    assert total["difference"]["exact"]["ecart_dixiemes"] == autre.ecart_dixiemes - nationale.ecart_dixiemes
    assert total["pourquoi"]["volume"]["etp"] > 0
    assert total["pourquoi"]["capacite"]["etp"] > 0
    assert total["pourquoi"]["referentiel"]["etp"] > 0
    assert total["pourquoi"]["effectif"]["ecart"] == 4.0
    lignes = [difference for ligne in corps["lignes"] for difference in ligne["differences"]]
    for mesure in ("etp_pico", "ecart_dixiemes", "cout_milliemes"):
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
        assert [(e["cout_mensuel"], _exacts(e)["cout_milliemes"]) for e in inconnus] == [(None, None)] * 3
        assert [(e["cout_mensuel"], _exacts(e)["cout_milliemes"]) for e in connus] == [(0, 0)] * 4
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


def test_un_rejeu_redonne_les_memes_chiffres_et_dit_que_le_referentiel_a_change(
    api: Any, nationale: Simulation
) -> None:
    Tache.objects.update(duree_secondes=500)
    reponse = api.post(f"/api/simulations/{nationale.pk}/rejouer")
    assert reponse.status_code == 202
    rejeu = finir(reponse.json()["task_id"])
    assert (rejeu.etat, rejeu.etp_pico) == ("terminee", nationale.etp_pico)
    assert rejeu.rapport["rejeu"]["identique"] is True
    assert rejeu.rapport["rejeu"]["referentiel_change"] is True
    assert list(rejeu.postes.values_list("centre_id", "etp_pico")) == list(
        nationale.postes.values_list("centre_id", "etp_pico")
    )
    neuve = simuler(api)
    assert neuve.etp_pico > nationale.etp_pico
    du_jour = finir(api.post(f"/api/simulations/{neuve.pk}/rejouer").json()["task_id"])
    assert du_jour.rapport["rejeu"]["referentiel_change"] is False


def test_un_rejeu_dit_que_les_volumes_de_ses_centres_ont_change(api: Any, directions: list[Any]) -> None:
    nationale = simuler(api)
    lot = simuler(api, "centres/batch", {"centre_ids": [directions[1].centres.first().pk]})
    VolumeAnnuel.objects.filter(centre__direction=directions[0]).update(volume=7)
    constats = {}
    for simulation in (nationale, lot):
        rejeu = finir(api.post(f"/api/simulations/{simulation.pk}/rejouer").json()["task_id"])
        constats[simulation.pk] = rejeu.rapport["rejeu"]
    for pk, volumes, centres in ((nationale.pk, True, 2), (lot.pk, False, 0)):
        assert constats[pk]["identique"] is True
        assert constats[pk]["referentiel_change"] is False
        assert constats[pk]["volumes_changes"] is volumes
        assert constats[pk]["centres_aux_volumes_changes"] == centres


def test_un_lot_se_rejoue_sur_ses_seuls_centres(api: Any, directions: list[Any]) -> None:
    centres = [directions[0].centres.first().pk, directions[1].centres.first().pk]
    lot = simuler(api, "centres/batch", {"centre_ids": centres})
    rejeu = finir(api.post(f"/api/simulations/{lot.pk}/rejouer").json()["task_id"])
    assert (rejeu.nb_centres, rejeu.etp_pico) == (2, lot.etp_pico)
    assert lire(api, f"/api/simulations/{rejeu.pk}/profil")["lignes"].__len__() == 2


def test_rejouer_une_simulation_en_file_est_un_conflit(api: Any, directions: list[Any]) -> None:
    en_file = api.post("/api/async/simulation/nationale", {}, format="json").json()["task_id"]
    assert api.post(f"/api/simulations/{en_file}/rejouer").status_code == 409


def test_sans_cache_les_analyses_repondent_pareil(api: Any, nationale: Simulation) -> None:
    chemin = f"/api/simulations/{nationale.pk}/incertitude"
    avec = lire(api, chemin)
    disjoncteur.declencher("default", "coupé par le test")
    assert lire(api, chemin) == avec


def test_conserver_est_reserve_au_demandeur_et_a_l_equipe(
    api: Any, api_staff: Any, nationale: Simulation
) -> None:
    chemin = f"/api/simulations/{nationale.pk}/conserver"
    assert api.post(chemin).json() == {"conservee": True}
    assert api_staff.post(chemin, {"conservee": False}, format="json").json() == {"conservee": False}
    Simulation.objects.filter(pk=nationale.pk).update(demandeur=None)
    assert api.post(chemin).status_code == 403


def test_le_centre_et_le_poste_repondent_tout_de_suite_comme_la_simulation(
    api: Any, nationale: Simulation
) -> None:
    ligne = nationale.centres.first()
    corps = api.post(f"/api/simulation/centre/{ligne.centre_id}", {}, format="json").json()
    assert corps["kpis"]["etp_calcule"] == float(ligne.etp_calcule)
    assert {poste["type"] for poste in corps["postes"]} == {"MOD", "MOI"}
    agent = next(poste for poste in corps["postes"] if poste["type"] == "MOD")
    poste = api.post(f"/api/simulation/poste/{agent['centre_poste_id']}", {}, format="json").json()
    assert poste["etp_calcule"] == agent["etp_calcule"]
    assert sum(t["heures_par_jour"] for t in poste["taches"]) == pytest.approx(poste["heures"])
    assert all("h/jour" in t["formule"] for t in poste["taches"])


def test_les_trois_modes_d_une_direction_tiennent_en_un_appel(
    api: Any, nationale: Simulation, directions: list[Any]
) -> None:
    corps = api.post(f"/api/simulation/direction/{directions[0].pk}/modes", {}, format="json").json()
    assert [mode["mode"] for mode in corps["modes"]] == ["actuel", "recommande", "optimise"]
    assert corps["modes"][0]["difference_etp"] == 0
    etp = sum(ligne.etp_pico for ligne in nationale.centres.filter(direction_id=directions[0].pk))
    assert corps["modes"][0]["etp_calcule"] == etp / 10**12


@pytest.mark.parametrize("valeur", ["NaN", "Infinity", "1e309", -1, "abc", True])
def test_une_valeur_impossible_est_refusee_partout(api: Any, directions: list[Any], valeur: Any) -> None:
    centre = directions[0].centres.first()
    tenu = centre.centre_postes.first()
    for chemin in (
        f"centre/{centre.pk}",
        f"poste/{tenu.pk}",
        f"direction/{directions[0].pk}/modes",
    ):
        reponse = api.post(f"/api/simulation/{chemin}", {"temps_mort": valeur}, format="json")
        assert reponse.status_code == 400, chemin
        assert "temps_mort" in reponse.json()["champs"]


def test_un_corps_qui_n_est_pas_un_objet_est_refuse(api: Any, directions: list[Any]) -> None:
    centre = directions[0].centres.first()
    for chemin in (f"/api/simulation/centre/{centre.pk}", "/api/scenarios"):
        reponse = api.post(chemin, json.dumps([1]), content_type="application/json")
        assert reponse.status_code == 400, chemin


def test_un_centre_inactif_ne_se_simule_pas(api: Any, directions: list[Any]) -> None:
    centre = directions[0].centres.first()
    type(centre).objects.filter(pk=centre.pk).update(actif=False)
    assert api.post(f"/api/simulation/centre/{centre.pk}", {}, format="json").status_code == 409


def test_deux_simulations_du_meme_referentiel_partagent_leurs_instantanes(
    api: Any, nationale: Simulation
) -> None:
    simuler(api, "nationale", {"productivite": 50})
    assert Instantane.objects.count() == 2
    assert PartSimulation.objects.count() == 4
