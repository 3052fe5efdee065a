"""Qui voit quelles simulations et quels scénarios, et les partage (docs/metier/effectifs.md#droits)."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from referentiels.models import Direction
from simulateur.tests.outils.droits import DU_LECTEUR, DU_PLANIFICATEUR, accorder, borner
from simulations.calculs.lancement import lancer
from simulations.calculs.rejeu import rejouer
from simulations.demandes.demande import lire_demande
from simulations.models import DirectionVisee, Partage, Scenario, Simulation
from simulations.scenarios import services
from simulations.tests.outils import etrangers
from simulations.tests.outils.etrangers import MOT, compte_borne, compte_du_pays, direction_nommee
from simulations.tests.outils.parcours import finir

pytestmark = pytest.mark.django_db
INCONNUE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sienne() -> Direction:
    return direction_nommee("Sienne")


@pytest.fixture
def autre(sienne: Direction) -> Direction:
    return direction_nommee(MOT)


@pytest.fixture
def pays() -> Any:
    return compte_du_pays()


@pytest.fixture
def borne(sienne: Direction) -> Any:
    return compte_borne(sienne)


def client_de(compte: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_login(compte)
    return client


def simuler(compte: Any, direction: Direction | None, **corps: Any) -> Simulation:
    niveau = Simulation.Niveau.DIRECTION if direction else Simulation.Niveau.NATIONAL
    demande = lire_demande(corps, direction_id=direction.pk if direction else None)
    return finir(lancer(niveau=niveau, direction=direction, demande=demande, demandeur=compte))


def lot(compte: Any, *directions: Direction) -> Simulation:
    ids = [direction.centres.get().pk for direction in directions]
    demande = lire_demande({}, centre_ids=ids)
    return finir(lancer(niveau=Simulation.Niveau.BATCH, centre_ids=ids, demande=demande, demandeur=compte))


def vues(compte: Any) -> set[Any]:
    """Les simulations que liste l'API, toutes lisibles une à une, et elles seules."""
    client = client_de(compte)
    listees = {ligne["id"] for ligne in client.get("/api/simulations?page_size=100").json()["results"]}
    lisibles = {
        str(pk)
        for pk in Simulation.objects.values_list("pk", flat=True)
        if client.get(f"/api/async/task/{pk}").status_code == 200
    }
    assert listees == lisibles
    return listees


def test_on_voit_les_simulations_dont_on_a_tout_le_perimetre(
    sienne: Direction, autre: Direction, pays: Any, borne: Any
) -> None:
    la_sienne, un_lot = simuler(pays, sienne), lot(pays, sienne)
    ailleurs = [simuler(pays, autre), simuler(pays, None), lot(pays, sienne, autre)]
    assert vues(borne) == {str(la_sienne.pk), str(un_lot.pk)}
    assert vues(pays) == {str(s.pk) for s in (la_sienne, un_lot, *ailleurs)}
    borner(borne, [sienne, autre])
    assert vues(type(borne)._default_manager.get(pk=borne.pk)) == {
        str(s.pk) for s in (la_sienne, un_lot, ailleurs[0], ailleurs[2])
    }


def test_un_calcul_qui_nomme_des_centres_d_ailleurs_est_aussi_de_la_bas(
    sienne: Direction, autre: Direction, pays: Any, borne: Any
) -> None:
    """Son rapport les cite."""
    cellule = autre.centres.get().volumes.get().cellule.code
    lignes = [{"centre_label": f"{MOT} centre", "cellule": cellule, "volume": 3}]
    simulation = simuler(pays, sienne, volumes=lignes)
    assert MOT in str(simulation.rapport)
    assert vues(borne) == set()


def test_qui_est_borne_ne_nomme_pas_ce_qu_il_ne_voit_pas(
    sienne: Direction, autre: Direction, borne: Any
) -> None:
    cellule = autre.centres.get().volumes.get().cellule.code
    lignes = [
        {"centre_id": autre.centres.get().pk, "cellule": cellule, "volume": 3},
        {"centre_label": f"{MOT} centre", "cellule": cellule, "volume": 3},
    ]
    client = client_de(borne)
    lancee = client.post(
        f"/api/async/simulation/direction/{sienne.pk}", {"volumes": lignes}, format="json"
    ).json()
    rapport = Simulation.objects.get(pk=lancee["task_id"]).rapport
    assert rapport["ignored_centres"] == []
    assert rapport["unknown_centres"] == [str(autre.centres.get().pk), f"{MOT} centre"]
    assert vues(borne) == {lancee["task_id"]}


def test_lancer_hors_de_son_perimetre_est_lancer_sur_un_inconnu(
    sienne: Direction, autre: Direction, borne: Any
) -> None:
    client = client_de(borne)
    for modele in ("/api/async/simulation/direction/{}", "/api/simulation/direction/{}/modes"):
        reponses = [client.post(modele.format(pk), {}, format="json") for pk in (autre.pk, 900_000_000)]
        assert [r.status_code for r in reponses] == [404, 404]
        assert reponses[0].json()["detail"] == reponses[1].json()["detail"]
    centre = autre.centres.get().pk
    refus = client.post(
        "/api/async/simulation/centres/batch", {"centre_ids": [centre, 900_000_000]}, format="json"
    )
    assert refus.json()["champs"] == {"centre_ids": [f"Centres inconnus : {centre}, 900000000."]}
    assert client.post("/api/async/simulation/nationale", {}, format="json").status_code == 403
    assert client.get("/effectifs/nationale").status_code == 403
    assert 'href="/effectifs/nationale"' not in client.get("/effectifs/").content.decode()
    assert not Simulation.objects.exists()


def test_un_partage_montre_sans_donner_de_quoi_relancer(autre: Direction, pays: Any, borne: Any) -> None:
    simulation = simuler(pays, autre)
    client, proprietaire = client_de(borne), client_de(pays)
    adresses = [
        simulation.get_absolute_url(),
        f"/effectifs/simulations/{simulation.pk}/metiers",
        f"/effectifs/simulations/{simulation.pk}/volumes",
        f"/api/async/task/{simulation.pk}",
        f"/api/simulations/{simulation.pk}/postes",
        f"/api/simulations/{simulation.pk}/export",
        f"/admin/simulations/simulation/{simulation.pk}/change/",
    ]
    assert {client.get(a).status_code for a in adresses[:-1]} == {404}
    partages = f"/api/simulations/{simulation.pk}/partages"
    partage = proprietaire.post(partages, {"compte": borne.username}, format="json")
    assert partage.status_code == 201
    assert proprietaire.post(partages, {"compte": borne.username}, format="json").status_code == 409
    assert {a: client.get(a).status_code for a in adresses} == dict.fromkeys(adresses, 200)
    assert autre.nom in client.get("/effectifs/simulations").content.decode()
    for geste in ("rejouer", "partages"):
        assert client.post(f"/api/simulations/{simulation.pk}/{geste}", {}, format="json").status_code == 403
    assert client.delete(f"/api/async/task/{simulation.pk}").status_code == 403
    assert proprietaire.delete(f"{partages}/{partage.json()['id']}").status_code == 204
    assert {client.get(a).status_code for a in adresses[:-1]} == {404}
    assert autre.nom not in client.get("/effectifs/simulations").content.decode()


def test_un_partage_avec_un_groupe_suit_ses_membres(pays: Any, autre: Direction, borne: Any) -> None:
    simulation, groupe = simuler(pays, autre), Group.objects.create(name="Contrôle")
    page = reverse("simulations:partages", args=[simulation.pk])
    proprietaire = Client()
    proprietaire.force_login(pays)
    assert proprietaire.post(page, {"groupe": "Contrôle"}).status_code == 302
    assert "groupe Contrôle" in proprietaire.get(page).content.decode()
    assert vues(borne) == set()
    borne.groups.add(groupe)
    assert vues(borne) == {str(simulation.pk)}
    partage = Partage.objects.get()
    assert (
        proprietaire.post(reverse("simulations:partage-retirer", args=[simulation.pk, partage.pk])).url
        == page
    )
    assert vues(borne) == set()


@pytest.mark.parametrize(
    ("corps", "phrase"),
    [
        ({}, "Donner un compte ou un groupe"),
        ({"compte": "du-pays", "groupe": "Lecteur"}, "Donner un compte ou un groupe"),
        ({"compte": "personne"}, "Aucun compte ne s'appelle « personne »"),
        ({"groupe": 3}, "Aucun groupe ne s'appelle « 3 »"),
        ({"compte": "\x00"}, "Aucun compte ne s'appelle"),
    ],
)
def test_un_partage_dit_ce_qui_ne_va_pas(sienne: Direction, pays: Any, corps: Any, phrase: str) -> None:
    adresse = f"/api/simulations/{simuler(pays, sienne).pk}/partages"
    refus = client_de(pays).post(adresse, corps, format="json")
    assert refus.status_code == 400
    assert phrase in str(refus.json()["champs"])


def test_seuls_le_demandeur_et_l_equipe_partagent(sienne: Direction, pays: Any) -> None:
    borne = compte_borne(sienne, *DU_PLANIFICATEUR)
    du_pays, du_borne = simuler(pays, sienne), simuler(borne, sienne)
    for simulation, statut in ((du_pays, 403), (du_borne, 200)):
        page = client_de(borne).get(reverse("simulations:partages", args=[simulation.pk]))
        assert page.status_code == statut
        lien = f'href="{reverse("simulations:partages", args=[simulation.pk])}"'
        assert (lien in client_de(borne).get(simulation.get_absolute_url()).content.decode()) is (
            statut == 200
        )


def test_un_perimetre_retire_cache_jusqu_a_ses_propres_calculs(
    sienne: Direction, autre: Direction, borne: Any
) -> None:
    simulation = simuler(borne, sienne)
    export = etrangers.exporter(simulation, borne)
    client = client_de(borne)
    assert client.get(f"/api/exports/{export.pk}/fichier").status_code == 200
    borner(borne, [autre])
    for adresse in (
        simulation.get_absolute_url(),
        f"/api/exports/{export.pk}/fichier",
        f"/api/exports/{export.pk}",
    ):
        assert client.get(adresse).status_code == 404, adresse


def test_le_perimetre_d_un_scenario_est_celui_de_ses_centres_sinon_de_son_auteur(
    sienne: Direction, autre: Direction, pays: Any, borne: Any
) -> None:
    def ecrit(nom: str, par: Any, *directions: Direction) -> Scenario:
        volumes = [
            {
                "centre_id": d.centres.get().pk,
                "cellule": d.centres.get().volumes.get().cellule.code,
                "volume": 1,
            }
            for d in directions
        ]
        return services.creer({"nom": nom, "volumes": volumes}, proprietaire=par)

    ecrit("du pays", pays), ecrit("d'ailleurs", pays, autre), ecrit("des deux", pays, sienne, autre)
    d_ici, du_borne = ecrit("d'ici", pays, sienne), ecrit("sans centre", borne)
    client = client_de(borne)
    noms = {ligne["nom"] for ligne in client.get("/api/scenarios").json()["results"]}
    assert noms == {"d'ici", "sans centre"}
    for scenario in Scenario.objects.all():
        attendu = 200 if scenario in (d_ici, du_borne) else 404
        assert client.get(f"/api/scenarios/{scenario.pk}").status_code == attendu, scenario
        assert client.get(scenario.get_absolute_url()).status_code == attendu, scenario
        assert client.post(f"/api/scenarios/{scenario.pk}/dupliquer").status_code == (
            201 if attendu == 200 else 404
        )
    refus = client.post(f"/api/scenarios/{d_ici.pk}/simuler", {}, format="json")
    assert list(refus.json()["champs"]) == ["direction_id"]


def test_une_copie_un_changement_et_un_rejeu_gardent_le_perimetre(
    sienne: Direction, autre: Direction, pays: Any
) -> None:
    def directions(**objet: Any) -> set[int]:
        return set(DirectionVisee.objects.filter(**objet).values_list("direction_id", flat=True))

    cellule = sienne.centres.get().volumes.get().cellule.code
    scenario = services.creer(
        {"nom": "S", "volumes": [{"centre_id": sienne.centres.get().pk, "cellule": cellule, "volume": 1}]},
        proprietaire=pays,
    )
    assert directions(scenario=services.dupliquer(scenario, proprietaire=pays)) == {sienne.pk}
    services.modifier(
        scenario, {"volumes": [{"centre_id": autre.centres.get().pk, "cellule": cellule, "volume": 1}]}
    )
    assert directions(scenario=scenario) == {autre.pk}
    simulation = finir(
        services.simuler(scenario, niveau=Simulation.Niveau.DIRECTION, direction=sienne, demandeur=pays)
    )
    assert directions(simulation=simulation) == {sienne.pk, autre.pk}
    assert directions(simulation=rejouer(simulation, demandeur=pays)) == {sienne.pk, autre.pk}


def test_comparer_une_simulation_que_l_on_ne_voit_pas_est_en_comparer_une_inconnue(
    sienne: Direction, autre: Direction, pays: Any, borne: Any
) -> None:
    la_sienne, ailleurs = simuler(pays, sienne), simuler(pays, autre)
    for cle in (str(ailleurs.pk), INCONNUE):
        reponse = client_de(borne).get(f"/api/simulations/comparer?ids={la_sienne.pk},{cle}")
        assert (reponse.status_code, reponse.json()["detail"]) == (
            409,
            f"La simulation {cle} n'existe pas ou a été purgée.",
        )


def test_la_liste_d_un_lecteur_borne_ne_coute_pas_plus_de_requetes(
    sienne: Direction, pays: Any, borne: Any, compter_requetes: Any
) -> None:
    simuler(pays, sienne)
    nombres = []
    for compte in (borne, accorder(pays, *DU_LECTEUR)):
        client = client_de(compte)
        client.get("/effectifs/simulations")
        with compter_requetes() as requetes:
            client.get("/effectifs/simulations")
        nombres.append(len(requetes))
    assert nombres[0] <= nombres[1] + 1, nombres


@pytest.mark.parametrize("appel", ["essai", "cible"])
def test_un_essai_et_une_cible_restent_dans_le_perimetre(
    appel: str, sienne: Direction, autre: Direction, borne: Any
) -> None:
    client = client_de(borne)
    adresse, corps = f"/api/simulation/{appel}", {"libre": "productivite"} if appel == "cible" else {}

    def essayer(**lieu: Any) -> Any:
        return client.post(adresse, {**corps, **lieu}, format="json")

    assert essayer(direction_id=sienne.pk).status_code == 200
    ailleurs = {"direction_id": autre.pk, "centre_id": autre.centres.get().pk}
    for nom, pk in ailleurs.items():
        refus, inconnu = essayer(**{nom: pk}), essayer(**{nom: 999_999})
        assert refus.status_code == inconnu.status_code == 400
        assert refus.json()["champs"][nom] == [inconnu.json()["champs"][nom][0].replace("999999", str(pk))]
    assert "direction_id" in essayer().json()["champs"]


def test_la_page_de_l_essai_propose_les_directions_qu_on_voit(
    sienne: Direction, autre: Direction, borne: Any
) -> None:
    client = client_de(borne)
    page = client.get(reverse("simulations:essai"))
    assert page.status_code == 200
    assert sienne.nom in page.content.decode()
    assert MOT not in page.content.decode()
    assert client.get(reverse("simulations:essai"), {"direction_id": sienne.pk}).status_code == 200
    assert client.get(reverse("simulations:essai"), {"direction_id": autre.pk}).status_code == 404
