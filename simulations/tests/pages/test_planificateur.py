"""Ce qu'un planificateur cherche sur les pages : les trois modes, ce qui a servi, s'y retrouver."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from referentiels.models import Centre, CentrePoste, MappingPosteRecommande, Tache, TacheExclue
from referentiels.tests.outils.factories import PosteFactory
from simulateur.langue.nombres import nombre, signe
from simulateur.tests.outils.texte import texte_visible as texte
from simulations.models import Simulation
from simulations.tests.outils.pages import envoi
from simulations.tests.outils.parcours import finir, lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def directions() -> list[Any]:
    directions = petit_reseau()
    agent = CentrePoste.objects.filter(taches__isnull=False)[0].poste
    MappingPosteRecommande.objects.create(poste_source=agent, poste_cible=PosteFactory(code="POLYVALENT"))
    TacheExclue.objects.create(centre=Centre.objects.all()[0], nom="Tri")
    return directions


@pytest.fixture
def nationale(api: Any, directions: list[Any]) -> Simulation:
    return simuler(api)


def page(client: Client, nom: str, *arguments: Any, statut: int = 200, **options: Any) -> str:
    reponse = client.get(reverse(f"simulations:{nom}", args=arguments), options)
    assert reponse.status_code == statut
    return texte(reponse)


@pytest.mark.parametrize("niveau", ["national", "direction", "centre", "poste"])
def test_chaque_mode_rend_les_chiffres_d_une_simulation_de_ce_mode_a_tous_les_niveaux(
    api: Any, nationale: Simulation, directions: list[Any], niveau: str
) -> None:
    pk = directions[0].pk
    trois = lire(api, f"/api/simulations/{nationale.pk}/modes", niveau=niveau, direction=pk)
    for rang, mode in enumerate(("actuel", "recommande", "optimise")):
        seule = simuler(api, f"direction/{pk}", {"mode": mode})
        total = trois["modes"][rang]
        assert (total["mode"], total["etp_calcule"]) == (mode, float(seule.etp_calcule))
        assert (total["ecart"], total["cout_mensuel"]) == (
            float(seule.ecart),
            None if seule.cout_mensuel is None else float(seule.cout_mensuel),
        )
        if niveau == "poste":
            attendus = {(p.centre_id, p.titre_id): float(p.etp_calcule) for p in seule.postes.all()}
        elif niveau == "centre":
            attendus = {(c.centre_id, None): float(c.etp_calcule) for c in seule.centres.all()}
        else:
            continue
        lus = {
            (ligne["centre_id"], ligne.get("poste_id")): ligne["modes"][mode]["etp_calcule"]
            for ligne in trois["lignes"]
            if ligne["modes"][mode]
        }
        assert lus == attendus


def test_un_poste_verse_a_un_autre_n_a_pas_de_mesures_dans_ce_mode(api: Any, nationale: Simulation) -> None:
    centre = nationale.centres.first()
    lignes = lire(api, f"/api/simulations/{nationale.pk}/modes", centre=centre.centre_id)["lignes"]
    absents = [ligne["modes"] for ligne in lignes if None in ligne["modes"].values()]
    assert {tuple(mode for mode, mesures in modes.items() if not mesures) for modes in absents} == {
        ("recommande",),
        ("actuel", "optimise"),
    }


def test_les_trois_modes_d_un_centre_se_demandent_en_un_appel(api: Any, nationale: Simulation) -> None:
    centre = nationale.centres.first()
    reponse = api.post(f"/api/simulation/centre/{centre.centre_id}/modes", {}, format="json").json()
    garde = lire(api, f"/api/simulations/{nationale.pk}/modes", niveau="national", centre=centre.centre_id)
    assert [m["etp_calcule"] for m in reponse["modes"]] == [m["etp_calcule"] for m in garde["modes"]]
    assert [m["difference_etp"] for m in reponse["modes"]] == [m["difference_etp"] for m in garde["modes"]]
    assert sum(p["etp_calcule"] for p in reponse["modes"][1]["postes"]) == pytest.approx(
        reponse["modes"][1]["etp_calcule"]
    )


def test_la_page_des_modes_dit_les_chiffres_de_l_api(
    api: Any, client_connecte: Client, nationale: Simulation
) -> None:
    lue = page(client_connecte, "modes", nationale.pk)
    for mode in lire(api, f"/api/simulations/{nationale.pk}/modes")["modes"]:
        assert nombre(mode["etp_calcule"], 2) in lue
        assert signe(mode["ecart"], 1) in lue
    assert "Optimisé (sans tâches exclues)" in lue


def test_un_profil_sans_saison_n_invente_pas_de_pointe(
    api: Any, client_connecte: Client, nationale: Simulation
) -> None:
    assert lire(api, f"/api/simulations/{nationale.pk}/profil")["total"]["pointe"] is None
    assert "Les douze mois se valent" in page(client_connecte, "profil", nationale.pk)
    parts = "12;8;8;8;8;8;8;8;8;8;8;8"
    assert lire(api, f"/api/simulations/{nationale.pk}/profil", parts=parts)["total"]["pointe"] == 1
    assert "Mois de pointe Janv." in page(client_connecte, "profil", nationale.pk, parts=parts)


def test_la_dispersion_de_chaque_flux_se_regle_sur_la_page(
    api: Any, client_connecte: Client, nationale: Simulation
) -> None:
    options = {"dispersion": "5", "dispersion_co": "40", "tirages": "200"}
    total = lire(api, f"/api/simulations/{nationale.pk}/incertitude", **options)["total"]
    adresse = reverse("simulations:incertitude", args=[nationale.pk])
    lue = client_connecte.get(adresse, options).content.decode()
    assert nombre(total["etp_95"][1], 1) in lue
    assert 'name="dispersion_co" inputmode="decimal" value="40"' in lue
    fausse = client_connecte.get(adresse, {"dispersion_co": "beaucoup"})
    assert fausse.status_code == 400
    assert 'name="dispersion_co" inputmode="decimal" value="beaucoup"' in fausse.content.decode()


def test_la_page_montre_tout_ce_qui_a_ete_utilise(
    api: Any, client_connecte: Client, directions: list[Any]
) -> None:
    centre = Centre.objects.filter(direction=directions[0])[0]
    ligne = {"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 1234}
    corps = {
        "mois": 3,
        "temps_morts": 4,
        "centres_params": {str(centre.pk): {"pct_collecte": 12}},
        "volumes": [ligne],
    }
    simulation = simuler(api, f"direction/{directions[0].pk}", corps)
    lue = page(client_connecte, "simulation", simulation.pk)
    assert "mars : 8,33 % du volume annuel sur 22 jours" in lue
    assert re.search(rf"{centre.nom} [^.]*12 %", lue)
    assert "1 centre, à la place de ceux du référentiel" in lue
    assert "sans effet : temps_morts." in lue
    assert f"{centre.nom} co.arrive.local 1\u202f234" in page(client_connecte, "volumes", simulation.pk)


def test_des_volumes_que_rien_n_a_reconnus_ne_passent_pas_pour_utilises(
    api: Any, client_connecte: Client, directions: list[Any]
) -> None:
    ligne = {"centre_id": 10**9, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 1}
    lue = page(client_connecte, "simulation", simuler(api, "nationale", {"volumes": [ligne]}).pk)
    assert "à la place de ceux du référentiel" not in lue
    assert "Centres inconnus : 1000000000." in lue


def test_la_page_d_une_simulation_nomme_son_scenario_et_celle_du_scenario_ses_volumes(
    api: Any, client_connecte: Client, directions: list[Any]
) -> None:
    centre = Centre.objects.all()[0]
    ligne = {"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 987}
    corps = {"nom": "Hiver", "volumes": [ligne]}
    pk = api.post("/api/scenarios", corps, format="json").json()["id"]
    simulation = finir(api.post(f"/api/scenarios/{pk}/simuler", {}, format="json").json()["task_id"])
    assert "scénario Hiver" in page(client_connecte, "simulation", simulation.pk)
    assert f"{centre.nom} co.arrive.local 987" in page(client_connecte, "scenario", pk)


def test_l_historique_se_filtre_par_mode_scenario_et_conservation(
    api: Any, client_connecte: Client, nationale: Simulation, directions: list[Any]
) -> None:
    optimisee = simuler(api, f"direction/{directions[0].pk}", {"mode": "optimise"})
    Simulation.objects.filter(pk=optimisee.pk).update(conservee=True)
    for options in ({"mode": "optimise"}, {"conservee": "True"}):
        lue = page(client_connecte, "liste", **options)
        assert "1 à 1 sur 1 simulations" in lue
        assert "Mode optimisé · conservée" in lue
    assert "Aucune simulation" in page(client_connecte, "liste", scenario="Nulle part")
    assert "Sélectionnez un choix valide" in page(client_connecte, "liste", mode="zz")


def test_la_base_d_une_comparaison_se_choisit(
    api: Any, client_connecte: Client, nationale: Simulation
) -> None:
    autre = simuler(api, "nationale", {"productivite": 80})
    ids = [str(nationale.pk), str(autre.pk)]
    lue = page(client_connecte, "comparer", ids=ids, base=str(autre.pk))
    difference = float(nationale.etp_calcule) - float(autre.etp_calcule)
    assert signe(difference, 3) in lue
    assert "Diff. de coût / mois" in lue
    assert "attendues (0 reçue" in page(client_connecte, "comparer", statut=400, choix="1")
    assert "attendues (1 reçue" in page(client_connecte, "comparer", statut=400, ids=ids[:1])


def test_la_page_de_comparaison_lit_trois_requetes_a_chaque_niveau(
    api: Any, client_connecte: Client, nationale: Simulation, compter_requetes: Any
) -> None:
    autre = simuler(api, "nationale", {"temps_mort": 30})
    ids, centre = [str(nationale.pk), str(autre.pk)], nationale.centres.first()
    postes = {"niveau": "poste", "direction": centre.direction_id}
    for options in ({"niveau": "direction"}, {"niveau": "centre"}, postes, {"centre": centre.centre_id}):
        with compter_requetes() as requetes:
            page(client_connecte, "comparer", ids=ids, **options)
        metier = [r["sql"] for r in requetes if "simulations_" in r["sql"] or "referentiels_" in r["sql"]]
        assert len(metier) <= 3, (options, metier)


def test_un_centre_se_simule_tout_de_suite_sur_sa_page_aux_chiffres_de_l_api(
    api: Any, client_connecte: Client, directions: list[Any], lecture_seule: Any
) -> None:
    tenu = CentrePoste.objects.filter(taches__isnull=False).select_related("centre")[0]
    adresse = reverse("simulations:centre-simuler", args=[tenu.centre_id])
    assert "Simuler ce centre" in page(client_connecte, "centre", tenu.centre_id)
    champs = envoi(productivite="80")
    client_connecte.get(adresse)
    with lecture_seule():
        lue = texte(client_connecte.post(adresse, champs))
        taches = texte(client_connecte.post(adresse, {**champs, "poste": tenu.pk}))
        modes = texte(client_connecte.post(adresse, {**champs, "modes": "1"}))
    corps = {"productivite": 80}
    dit = api.post(f"/api/simulation/centre/{tenu.centre_id}", corps, format="json").json()
    for poste in dit["postes"]:
        assert f"{nombre(poste['etp_calcule'], 2)} {nombre(poste['etp_arrondi'], 1)}" in lue
    for tache in api.post(f"/api/simulation/poste/{tenu.pk}", corps, format="json").json()["taches"]:
        assert tache["formule"] in taches
    for mode in api.post(f"/api/simulation/centre/{tenu.centre_id}/modes", corps, format="json").json()[
        "modes"
    ]:
        assert nombre(mode["etp_calcule"], 2) in modes


def test_la_page_d_un_centre_refuse_comme_l_api(client_connecte: Client, directions: list[Any]) -> None:
    centre = Centre.objects.all()[0]
    adresse = reverse("simulations:centre-simuler", args=[centre.pk])
    faux = client_connecte.post(adresse, envoi(temps_mort="beaucoup", poste="x"))
    assert faux.status_code == 400
    assert "n'est pas un nombre" in texte(faux)
    Centre.objects.filter(pk=centre.pk).update(actif=False)
    centre.refresh_from_db()
    centre.save()
    ferme = client_connecte.post(adresse, envoi())
    assert ferme.status_code == 409
    assert "est inactif" in texte(ferme)


def test_l_historique_dit_quelles_simulations_viennent_de_donnees_fictives(
    api: Any, client_connecte: Client, nationale: Simulation
) -> None:
    autre = simuler(api)
    assert "fictives" not in page(client_connecte, "liste")
    Simulation.objects.filter(pk=autre.pk).update(fictive=True)
    assert page(client_connecte, "liste").count("données fictives") == 1
    Simulation.objects.update(fictive=True)
    assert "aucun chiffre de cette page ne décrit une situation réelle" in page(client_connecte, "liste")


def test_un_centre_sans_tache_dit_comment_le_remplir(client_connecte: Client, directions: list[Any]) -> None:
    centre = Centre.objects.all()[0]
    assert "copier la table modèle" not in page(client_connecte, "centre", centre.pk)
    for tache in Tache.objects.filter(centre_poste__centre=centre):
        tache.delete()
    lue = page(client_connecte, "centre", centre.pk)
    assert "Rien n'est rempli tout seul" in lue
    assert not Tache.objects.filter(centre_poste__centre=centre).exists()


def test_un_scenario_se_simule_sur_des_centres_depuis_sa_page(
    api: Any, client_connecte: Client, directions: list[Any]
) -> None:
    pk = api.post("/api/scenarios", {"nom": "Hiver"}, format="json").json()["id"]
    adresse = reverse("simulations:scenario-simuler", args=[pk])
    un, autre = Centre.objects.all()[:2]
    for codes, phrase in (
        (f"{un.code} NULLE", "Centres inconnus : NULLE."),
        (f"{un.code} {un.code}", f"Centres en double : {un.pk}."),
    ):
        assert phrase in texte(client_connecte.post(adresse, {"codes": codes}, follow=True))
    client_connecte.post(adresse, {"codes": f"{un.code}, {autre.code}", "direction_id": ""})
    simulation = Simulation.objects.get()
    assert (simulation.niveau, simulation.centre_ids) == ("batch", sorted([un.pk, autre.pk]))
    assert "Simulation d'un lot de centres" in page(client_connecte, "simulation", simulation.pk)


def test_chaque_metier_du_pays_somme_ses_postes_exactement(
    api: Any, client_connecte: Client, nationale: Simulation, directions: list[Any]
) -> None:
    dit = lire(api, f"/api/simulations/{nationale.pk}/metiers")
    assert dit["total"]["etp_calcule"] == float(nationale.etp_calcule)
    assert dit["total"]["ecart"] == float(nationale.ecart)
    for ligne in dit["lignes"]:
        postes = list(nationale.postes.filter(titre_id=ligne["poste_id"]))
        assert ligne["nb_centres"] == len(postes)
        assert ligne["etp_calcule"] == float(sum(poste.etp_calcule for poste in postes))
        assert ligne["ecart"] == float(sum(poste.ecart for poste in postes))
    assert lire(api, f"/api/async/task/{nationale.pk}")["result"]["data"]["postes"] == dit["lignes"]
    une = lire(api, f"/api/simulations/{nationale.pk}/metiers", direction=directions[0].pk)
    assert une["total"]["etp_actuel"] < dit["total"]["etp_actuel"]
    lue = page(client_connecte, "metiers", nationale.pk)
    assert f"Total {nombre(dit['total']['heures'], 1)}" in lue
    assert signe(dit["lignes"][0]["ecart"], 1) in lue
