"""Admin des simulations : voir, relancer, annuler ; ne rien saisir, ne rien recalculer."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from simulateur.models import Canari, Etat, Ouvrier
from simulateur.tests.outils.droits import accorder
from simulateur.tests.outils.texte import texte_visible as texte
from simulations.models import (
    Instantane,
    PartSimulation,
    ResultatCentre,
    ResultatPoste,
    Scenario,
    Simulation,
)
from simulations.tests.outils.pages import simulation_en_file, simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db
MODELES = (Simulation, ResultatCentre, ResultatPoste, Instantane, PartSimulation)
REQUETES_MAX = 8


@pytest.fixture
def direction() -> Any:
    return direction_a_simuler(2)


def liste(modele: Any) -> str:
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_changelist")


def fiche(objet: Any) -> str:
    return reverse(f"admin:{objet._meta.app_label}_{objet._meta.model_name}_change", args=[objet.pk])


def agir(client: Client, action: str, *simulations: Simulation) -> Any:
    return client.post(
        liste(Simulation),
        {"action": action, "_selected_action": [str(s.pk) for s in simulations]},
        follow=True,
    )


def test_chaque_liste_coute_un_nombre_constant_de_requetes(client_staff, compter_requetes, direction):
    def compte() -> dict[str, int]:
        requetes = {}
        for modele in MODELES:
            client_staff.get(liste(modele))
            with compter_requetes() as faites:
                assert client_staff.get(liste(modele)).status_code == 200
            requetes[modele.__name__] = len(faites)
        return requetes

    simulation_terminee(direction)
    peu = compte()
    for _ in range(4):
        simulation_terminee(direction)
    assert compte() == peu
    assert max(peu.values()) <= REQUETES_MAX, peu


def test_les_listes_ne_chargent_pas_les_contenus_lourds(client_staff, compter_requetes, direction):
    simulation = simulation_terminee(direction)
    adresses = [liste(modele) for modele in MODELES]
    adresses += [fiche(Instantane.objects.get()), fiche(PartSimulation.objects.get())]
    with compter_requetes() as requetes:
        for adresse in adresses:
            assert client_staff.get(adresse).status_code == 200
    sql = " ".join(requete["sql"] for requete in requetes)
    for colonne in ('"contenu"', '."volumes"', '"volumes_demandes"', '"centre_ids"'):
        assert colonne not in sql
    assert client_staff.get(fiche(simulation)).status_code == 200


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele.__name__)
def test_rien_ne_se_saisit_ni_ne_se_supprime_a_la_main(client_staff, direction, modele):
    simulation_terminee(direction)
    objet = modele.objects.first()
    nom = f"admin:{modele._meta.app_label}_{modele._meta.model_name}"
    assert client_staff.get(reverse(f"{nom}_add")).status_code == 403
    assert client_staff.post(fiche(objet), {}).status_code == 403
    assert client_staff.post(reverse(f"{nom}_delete", args=[objet.pk]), {"post": "yes"}).status_code == 403
    assert modele.objects.filter(pk=objet.pk).exists()


def test_la_fiche_mene_aux_resultats_et_a_leurs_lignes(client_staff, direction):
    simulation = simulation_terminee(direction)
    autre = simulation_terminee(direction)
    reponse = client_staff.get(fiche(simulation))
    assert simulation.get_absolute_url() in reponse.content.decode()
    lignes = client_staff.get(liste(ResultatCentre), {"simulation__id__exact": simulation.pk})
    assert {ligne.simulation_id for ligne in lignes.context["cl"].result_list} == {simulation.pk}
    assert autre.centres.count() == 2


def test_l_admin_relance_ce_qui_peut_l_etre(client_staff, direction):
    annulee, terminee = simulation_en_file(direction), simulation_terminee(direction)
    agir(client_staff, "annuler", annulee)
    annulee.refresh_from_db()
    assert annulee.etat == Etat.ANNULEE
    reponse = agir(client_staff, "relancer", annulee, terminee)
    annulee.refresh_from_db()
    terminee.refresh_from_db()
    assert (annulee.etat, terminee.etat) == (Etat.EN_FILE, Etat.TERMINEE)
    assert "1 remise(s) en file." in texte(reponse)
    assert "1 sans effet : leur état l'interdit." in texte(reponse)


def test_annuler_une_simulation_finie_ne_change_rien(client_staff, direction):
    terminee = simulation_terminee(direction)
    reponse = agir(client_staff, "annuler", terminee)
    terminee.refresh_from_db()
    assert terminee.etat == Etat.TERMINEE
    assert "1 sans effet" in texte(reponse)


def test_l_admin_pose_les_memes_questions_que_la_page(client_staff, direction, monkeypatch):
    simulation = simulation_en_file(direction)
    monkeypatch.setattr("simulations.perms.peut_annuler", lambda *_: False)
    reponse = agir(client_staff, "annuler", simulation)
    simulation.refresh_from_db()
    assert simulation.etat == Etat.EN_FILE
    assert "1 refusée(s) : vous n'y avez pas droit." in texte(reponse)


@pytest.mark.parametrize(("equipe", "statut"), [(True, 200), (False, 302)])
def test_l_equipe_seule_voit_l_admin_des_simulations(equipe: bool, statut: int) -> None:
    client = Client()
    compte = get_user_model().objects.create_user("alix", is_staff=equipe)
    client.force_login(accorder(compte, "simulations", "simulateur"))
    for modele in (*MODELES, Ouvrier, Canari):
        assert client.get(liste(modele)).status_code == statut, modele


def test_la_file_de_django_q_se_voit_a_cote(client_staff):
    accueil = client_staff.get(reverse("admin:index")).content.decode()
    for nom in ("django_q_success", "django_q_failure", "django_q_schedule", "django_q_ormq"):
        assert reverse(f"admin:{nom}_changelist") in accueil
    for nom in ("simulations_simulation", "simulateur_ouvrier", "simulateur_revision", "simulateur_canari"):
        assert reverse(f"admin:{nom}_changelist") in accueil


def test_une_recherche_ne_casse_pas_la_liste(client_staff, direction):
    simulation = simulation_terminee(direction)
    for mots in (direction.nom, str(simulation.pk), "rien", "é'\"%"):
        reponse = client_staff.get(liste(Simulation), {"q": mots})
        assert reponse.status_code == 200
        assert (simulation in reponse.context["cl"].result_list) == (
            mots in (direction.nom, str(simulation.pk))
        )


def test_l_equipe_rejoue_conserve_exporte_et_compare_depuis_l_admin(client_staff, direction):
    une, autre = (simulation_terminee(direction) for _ in range(2))
    agir(client_staff, "rejouer", une)
    assert une.rejeux.count() == 1
    agir(client_staff, "conserver", une, autre)
    assert Simulation.objects.filter(conservee=True).count() == 2
    agir(client_staff, "ne_plus_conserver", autre)
    assert Simulation.objects.filter(conservee=True).get() == une
    for action, format_ in (("exporter_xlsx", "xlsx"), ("exporter_csv", "csv")):
        agir(client_staff, action, une)
        assert une.exports.filter(format=format_, demandeur__is_staff=True).count() == 1
    page = texte(agir(client_staff, "comparer", autre, une))
    assert "La somme des causes fait exactement la différence." in page


def test_l_admin_dit_ce_qui_ne_peut_etre_ni_rejoue_ni_exporte_ni_compare(client_staff, direction):
    en_file = simulation_en_file(direction)
    assert "Seule une simulation terminée, non purgée, se rejoue." in texte(
        agir(client_staff, "rejouer", en_file)
    )
    assert "Seule une simulation terminée s'exporte." in texte(agir(client_staff, "exporter_csv", en_file))
    assert "Choisir de 2 à 5 simulations" in texte(agir(client_staff, "comparer", en_file))
    assert "Simuler tout le réseau" in texte(client_staff.get(liste(Simulation)))


def test_un_scenario_se_simule_depuis_l_admin(client_staff, direction):
    scenario = Scenario.objects.create(nom="Été")
    donnees = {"action": "simuler", "_selected_action": [str(scenario.pk)]}
    assert "1 simulation(s) en file." in texte(client_staff.post(liste(Scenario), donnees, follow=True))
    assert scenario.simulations.get().niveau == "national"
