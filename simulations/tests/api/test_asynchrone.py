"""Le contrat de l'API asynchrone (docs/metier/effectifs.md#api), vu par les clients qui existent déjà."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from referentiels.tests.outils.factories import CentrePosteFactory, DirectionFactory
from simulateur.models import Canari, Etat, Ouvrier
from simulateur.tests.outils.droits import DU_PLANIFICATEUR, accorder
from simulateur.travaux import machine, sortes
from simulateur.travaux.planification import NOM_CANARI
from simulations.models import Simulation
from simulations.tests.outils.reseau import (
    ETP_PAR_CENTRE,
    centre_a_simuler,
    direction_a_simuler,
    volumes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
# Figé : deux processus de test doivent collecter les mêmes noms.
INCONNUE = uuid.UUID("00000000-0000-4000-8000-000000000001")
POST = "/api/async/simulation"


# --- Le client du navigateur, sur une vraie grappe ----------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_le_client_existant_obtient_ses_resultats_sur_les_trois_chemins(lancer_grappe, navigateur):
    direction = direction_a_simuler()
    centre = centre_a_simuler()
    grappe = lancer_grappe()
    lancements = [
        (navigateur.lancer(f"direction/{direction.pk}"), 2),
        (navigateur.lancer("nationale"), 3),
        (navigateur.lancer("centres/batch", {"centre_ids": [centre.pk], "productivite": 0.5}), 1),
    ]
    for lancement, centres in lancements:
        suivi = grappe.attendre(lambda lancement=lancement: navigateur.fini(lancement), "la fin")
        assert (suivi["state"], suivi["progress"]) == ("SUCCESS", 100)
        assert suivi["result"]["data"]["kpis"]["nb_centres"] == centres
    attendu = {"direction": 2 * ETP_PAR_CENTRE, "national": 3 * ETP_PAR_CENTRE, "batch": 2 * ETP_PAR_CENTRE}
    for simulation in Simulation.objects.all():
        assert float(simulation.etp_calcule) == pytest.approx(attendu[simulation.niveau])
    assert Ouvrier.objects.exists()
    assert navigateur.annuler(lancements[0][0])["message"].startswith("Impossible d'annuler")


# --- Formes -------------------------------------------------------------------------------------------


def test_la_reponse_d_un_lancement_de_direction(navigateur, direction):
    reponse = navigateur.lancer(f"direction/{direction.pk}")
    cle = reponse["task_id"]
    assert uuid.UUID(cle)
    assert reponse == {
        "task_id": cle,
        "status": "PENDING",
        "message": f"Simulation {direction.nom} mise en file",
        "check_status_url": f"/api/async/task/{cle}",
        "direction_id": direction.pk,
    }


def test_la_reponse_d_un_lancement_national_ou_d_un_lot(navigateur, direction):
    commun = {"task_id", "status", "message", "check_status_url"}
    nationale = navigateur.lancer("nationale")
    assert set(nationale) == commun | {"estimated_duration"}
    lot = navigateur.lancer("centres/batch", {"centre_ids": [c.pk for c in direction.centres.all()]})
    assert set(lot) == commun | {"total_centres"}
    assert lot["total_centres"] == 2


def test_le_suivi_d_une_simulation_en_file_puis_en_cours(navigateur, direction):
    lancement = navigateur.lancer(f"direction/{direction.pk}")
    cle = lancement["task_id"]
    assert navigateur.suivre(lancement) == {
        "task_id": cle,
        "state": "PENDING",
        "progress": 0,
        "status": "En file",
        "result": None,
    }
    prise = machine.reclamer(Simulation.objects.get())
    prise.avancer(1, 4, "1 centre sur 4")
    assert navigateur.suivre(lancement) == {
        "task_id": cle,
        "state": "PROGRESS",
        "progress": 25,
        "status": "1 centre sur 4",
        "result": None,
        "details": {"tentative": 1, "message": "1 centre sur 4"},
    }


def test_le_resultat_d_une_direction(simuler, direction):
    suivi = simuler(f"direction/{direction.pk}")
    assert (suivi["state"], suivi["progress"]) == ("SUCCESS", 100)
    resultat = suivi["result"]
    assert set(resultat) == {"success", "direction_id", "task_id", "completed_at", "data"}
    assert (resultat["success"], resultat["direction_id"]) == (True, direction.pk)
    donnees = resultat["data"]
    assert (donnees["direction_label"], donnees["mode"]) == (direction.nom, "actuel")
    kpis = donnees["kpis"]
    assert (kpis["nb_centres"], kpis["etp_actuel"], kpis["ecart_global"]) == (2, 4.0, -4.0)
    assert kpis["etp_calcule"] == pytest.approx(2 * ETP_PAR_CENTRE)
    assert [ligne["centre_label"] for ligne in donnees["rows"]] == sorted(
        direction.centres.values_list("nom", flat=True)
    )
    assert donnees["chart_distribution_moi_mod"][1] == {"name": "MOI", "value": 0.0, "actuel": 0.0}
    assert {ligne["value"] for ligne in donnees["chart_top_gaps"]} == {-2.0}
    assert donnees["report"] == {
        "total_lignes": 0,
        "matched_centres": 0,
        "unknown_centres": [],
        "ignored_centres": [],
        "couverture_annee": {"annee": 2026, "centres": 2, "couverts": 2, "part": 100.0},
        "seuils": {"recruter": 110.0, "surveiller": 102.0, "optimiser": 85.0},
    }


def test_le_resultat_national_detaille_les_directions(simuler, direction):
    autre = centre_a_simuler().direction
    directions = simuler("nationale")["result"]["data"]["directions"]
    assert {ligne["direction_id"]: ligne["nb_centres"] for ligne in directions} == {
        direction.pk: 2,
        autre.pk: 1,
    }


def test_une_simulation_refusee_dit_pourquoi(simuler):
    vide = DirectionFactory()
    suivi = simuler(f"direction/{vide.pk}")
    assert suivi["state"] == "FAILURE"
    assert suivi["error"] == f"{vide.nom} n'a aucun centre actif : rien à dimensionner."
    assert suivi["result"] is None
    sans_tache = CentrePosteFactory().centre.direction
    suivi = simuler(f"direction/{sans_tache.pk}")
    assert suivi["error"] == f"{sans_tache.nom} n'a aucune tâche active : importer d'abord ses tâches."


def test_une_erreur_donne_sa_reference_et_jamais_la_trace(navigateur, direction, monkeypatch, settings):
    def tomber(simulation, prise):
        raise ValueError("secret de fabrication")

    monkeypatch.setitem(sortes._SORTES, "simulations.Simulation", tomber)
    settings.TRAVAUX_DELAI_REPRISE_S = 0
    lancement = navigateur.lancer(f"direction/{direction.pk}")
    for _ in range(4):
        machine.executer("simulations.Simulation", lancement["task_id"])
    suivi = navigateur.suivre(lancement)
    assert suivi["state"] == "FAILURE"
    assert suivi["details"]["reference"] in suivi["error"]
    assert "secret" not in json.dumps(suivi)


@pytest.mark.parametrize(("niveau", "tentatives", "delai_s"), [("direction", 4, 60), ("nationale", 3, 120)])
def test_les_reprises_suivent_le_contrat(navigateur, direction, monkeypatch, niveau, tentatives, delai_s):
    """Trois reprises à 60 s pour une direction, deux à 120 s pour le pays."""

    def tomber(simulation, prise):
        raise ValueError

    monkeypatch.setitem(sortes._SORTES, "simulations.Simulation", tomber)
    navigateur.lancer("nationale" if niveau == "nationale" else f"direction/{direction.pk}")
    simulation = Simulation.objects.get()
    assert simulation.tentatives_max == tentatives
    machine.executer("simulations.Simulation", str(simulation.pk))
    simulation.refresh_from_db()
    attente = (simulation.pas_avant - timezone.now()).total_seconds()
    assert delai_s - 10 < attente <= delai_s


# --- Chemins et accès ---------------------------------------------------------------------------------


def test_avec_une_barre_finale_la_reponse_est_la_meme(api, simuler, direction):
    cle = simuler(f"direction/{direction.pk}")["task_id"]
    for chemin in (f"task/{cle}", "stats", "tasks/active"):
        assert api.get(f"/api/async/{chemin}/").json() == api.get(f"/api/async/{chemin}").json()
    reponse = api.post(f"{POST}/direction/{direction.pk}/", {}, format="json")
    assert reponse.status_code == 202
    assert api.post(f"{POST}/direction/{direction.pk}/", {"shift": 9}, format="json").status_code == 400


@pytest.mark.parametrize(
    ("methode", "chemin"),
    [
        ("post", "simulation/direction/1"),
        ("post", "simulation/nationale"),
        ("post", "simulation/centres/batch"),
        ("get", f"task/{INCONNUE}"),
        ("delete", f"task/{INCONNUE}"),
        ("get", "health"),
        ("get", "tasks/active"),
        ("get", "stats"),
    ],
)
def test_un_appel_anonyme_recoit_401(methode, chemin, db):
    reponse = getattr(APIClient(), methode)(f"/api/async/{chemin}")
    assert reponse.status_code == 401
    assert reponse.headers["WWW-Authenticate"].startswith("Token")
    assert "detail" in reponse.json()


def test_un_jeton_faux_recoit_401_et_la_session_vaut_le_jeton(direction, client_connecte, db):
    faux = APIClient()
    faux.credentials(HTTP_AUTHORIZATION="Token 0123")
    assert faux.get("/api/async/stats").status_code == 401
    assert client_connecte.get("/api/async/stats").status_code == 200


def test_par_session_un_lancement_exige_le_jeton_csrf(direction, utilisateur):
    client = Client(enforce_csrf_checks=True)
    client.force_login(utilisateur)
    chemin = f"{POST}/direction/{direction.pk}"
    assert client.post(chemin, "{}", content_type="application/json").status_code == 403
    assert not Simulation.objects.exists()


@pytest.mark.parametrize("cle", [INCONNUE, "abc", "0", "x" * 300, "%00", "١٢"])
@pytest.mark.parametrize("methode", ["get", "delete"])
def test_une_tache_inconnue_ou_mal_ecrite_est_introuvable(api, cle, methode):
    reponse = getattr(api, methode)(f"/api/async/task/{cle}")
    assert reponse.status_code == 404
    assert "detail" in reponse.json()


@pytest.mark.parametrize("cle", ["0", "999999", "9" * 30, "abc", "-1", "²"])
def test_une_direction_inconnue_ou_mal_ecrite_est_introuvable(api, cle):
    assert api.post(f"{POST}/direction/{cle}", {}, format="json").status_code == 404


# --- Annuler ------------------------------------------------------------------------------------------


def test_annuler_en_file_puis_encore(navigateur, direction):
    lancement = navigateur.lancer(f"direction/{direction.pk}")
    cle = lancement["task_id"]
    assert navigateur.annuler(lancement) == {
        "task_id": cle,
        "status": "cancelled",
        "message": "Simulation annulée",
    }
    assert navigateur.suivre(lancement)["state"] == "REVOKED"
    encore = navigateur.annuler(lancement)
    assert (encore["status"], encore["message"][:20]) == ("REVOKED", "Impossible d'annuler")


def test_seul_le_demandeur_ou_l_equipe_annule(navigateur, direction, api_staff, django_user_model):
    autre = APIClient()
    autre.force_authenticate(accorder(django_user_model.objects.create_user("autre"), *DU_PLANIFICATEUR))
    lancement = navigateur.lancer(f"direction/{direction.pk}")
    assert autre.get(lancement["check_status_url"]).status_code == 200
    assert autre.delete(lancement["check_status_url"]).status_code == 403
    assert navigateur.suivre(lancement)["state"] == "PENDING"
    assert api_staff.delete(lancement["check_status_url"]).json()["status"] == "cancelled"


# --- Lectures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("chemin", ["health", "tasks/active", "stats", "task"])
@pytest.mark.parametrize("acces", ["api", "client_connecte"])
def test_une_lecture_fait_trois_requetes_au_plus_et_n_ecrit_rien(
    request, simuler, direction, chemin, acces, compter_requetes, lecture_seule
):
    cle = simuler(f"direction/{direction.pk}")["task_id"]
    client = request.getfixturevalue(acces)
    chemin = f"/api/async/{chemin}" + (f"/{cle}" if chemin == "task" else "")
    with lecture_seule(), compter_requetes() as requetes:
        assert client.get(chemin).status_code == 200
    assert len(requetes) <= 3, [requete["sql"][:120] for requete in requetes]


def test_les_taches_actives_separent_en_cours_et_en_file(api, navigateur, direction):
    en_cours, en_file, finie = (navigateur.lancer(f"direction/{direction.pk}") for _ in range(3))
    machine.reclamer(Simulation.objects.get(pk=en_cours["task_id"]))
    navigateur.annuler(finie)
    reponse = api.get("/api/async/tasks/active").json()
    assert [ligne["task_id"] for ligne in reponse["active"]] == [en_cours["task_id"]]
    assert [ligne["task_id"] for ligne in reponse["queued"]] == [en_file["task_id"]]
    assert reponse["total"] == 2


@pytest.mark.parametrize(
    ("age_s", "etat"), [(None, "unhealthy"), (5, "healthy"), (120, "degraded"), (900, "unhealthy")]
)
def test_la_sante_suit_l_age_du_canari(api, age_s, etat):
    if age_s is not None:
        Canari.objects.create(nom=NOM_CANARI, repondu_le=timezone.now() - timedelta(seconds=age_s))
    reponse = api.get("/api/async/health").json()
    assert reponse["status"] == etat
    assert isinstance(reponse["workers_online"], int)


def test_un_canari_frais_mais_un_travail_qui_attend_est_un_service_degrade(api, navigateur, direction):
    from django_q.models import OrmQ

    Canari.objects.create(nom=NOM_CANARI, repondu_le=timezone.now())
    navigateur.lancer(f"direction/{direction.pk}")
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=200))
    assert api.get("/api/async/health").json()["status"] == "degraded"


# --- Cache en panne, rejeu ----------------------------------------------------------------------------


@pytest.fixture
def cache_en_panne(settings, tmp_path):
    """Tous les alias désignent une prise où personne n'écoute."""
    settings.CACHES = {
        nom: {**cache, "LOCATION": f"unix://{tmp_path}/absent.sock?db={rang}"}
        for rang, (nom, cache) in enumerate(settings.CACHES.items())
    }
    caches["calcul"].set("sonde", 1)
    assert caches["calcul"].get("sonde") is None
    yield
    caches.close_all()


def test_cache_en_panne_les_reponses_sont_les_memes(simuler, direction, request, api):
    corps = volumes(direction.centres.first(), LOCAL=300_000)
    avec = simuler(f"direction/{direction.pk}", corps)["result"]["data"]
    actives = api.get("/api/async/tasks/active").json()
    request.getfixturevalue("cache_en_panne")
    assert simuler(f"direction/{direction.pk}", corps)["result"]["data"] == avec
    assert api.get("/api/async/tasks/active").json() == actives
    assert api.get("/api/async/health").status_code == 200
    assert api.get("/api/async/stats").status_code == 200


def test_un_resultat_relu_ne_bouge_pas_quand_le_referentiel_change(simuler, navigateur, direction):
    suivi = simuler(f"direction/{direction.pk}")
    direction.centres.update(nom="Renommé")
    direction.centres.first().delete()
    assert navigateur.suivre({"check_status_url": f"/api/async/task/{suivi['task_id']}"}) == suivi
    assert Simulation.objects.get().etat == Etat.TERMINEE
