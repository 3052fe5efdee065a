"""Vraies pannes, vrais processus : quoi qu'on tue, une simulation finit une fois, ou dit qu'elle a échoué.

L'ouvrier est retenu en plein travail par un verrou sur la table des tâches, tenu par le test : aucun
crochet d'attente dans le code, et la panne tombe toujours au même endroit.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django_q.models import Failure, OrmQ, Schedule, Success

from referentiels.lectures.annees import annees_des_volumes
from simulateur.exploitation import processus
from simulateur.exploitation.chien_de_garde import ChienDeGarde
from simulateur.exploitation.embarque import FILE, service_file, surveiller_la_file
from simulateur.exploitation.superviseur import Superviseur, environnement_des_enfants
from simulateur.models import Canari, Etat
from simulateur.tests.outils.grappe import RACINE, Grappe, adresse_de_la_base_de_test, titres_du_groupe
from simulateur.travaux import machine
from simulateur.travaux.faucheur import faucher
from simulations.models import ResultatCentre, ResultatPoste, Simulation
from simulations.tests.outils.reseau import Navigateur, direction_a_simuler

pytestmark = [pytest.mark.complet, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
CENTRES = 2
DELAI_DE_DEMARRAGE_S = 30.0  # une grappe met deux à dix secondes selon la charge : le chien doit l'attendre
COUPER = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND query NOT LIKE 'LOCK TABLE%'"
)
RETENUS = "SELECT count(*) FROM pg_locks WHERE relation = 'referentiels_tache'::regclass AND NOT granted"


@pytest.fixture(autouse=True)
def _pannes_aussitot_vues(settings: Any, transactional_db: None) -> None:
    """Le faucheur, appelé par le test seul, tient pour perdu tout battement passé."""
    if connection.vendor != "postgresql":
        pytest.skip("LOCK TABLE, qui retient l'ouvrier en plein travail, n'existe que dans PostgreSQL")
    settings.TRAVAUX_BATTEMENT_PERDU_S = 0
    Schedule.objects.all().delete()


@pytest.fixture
def direction(django_db_serialized_rollback: None, transactional_db: None) -> Any:
    return direction_a_simuler(CENTRES)


@pytest.fixture
def navigateur(api: Any) -> Navigateur:
    return Navigateur(api)


@contextmanager
def taches_verrouillees() -> Iterator[None]:
    """Qui lit la table des tâches attend la fin de ce bloc ; l'année des volumes, elle, sort du cache."""
    annees_des_volumes()
    autre = connection.copy()
    autre.ensure_connection()
    autre.set_autocommit(False)
    try:
        with autre.cursor() as curseur:
            curseur.execute("LOCK TABLE referentiels_tache IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        autre.rollback()
        autre.close()


def ouvriers_retenus() -> int:
    with connection.cursor() as curseur:
        curseur.execute(RETENUS)
        return int(curseur.fetchone()[0])


def attendre_en_plein_travail(grappe: Grappe, rang: int = 1) -> int:
    """Pid de l'ouvrier arrêté par le verrou ; `rang` compte aussi ceux qui y sont morts avant lui."""
    grappe.attendre(lambda: ouvriers_retenus() >= rang, f"{rang} lecture(s) de tâches retenue(s)")
    return int(grappe.attendre(grappe.ouvriers_au_travail, "un ouvrier au travail")[0])


def finie(grappe: Grappe, navigateur: Navigateur, lancement: dict[str, Any]) -> dict[str, Any]:
    return grappe.attendre(lambda: navigateur.fini(lancement), "la fin de la simulation")


def verifier_un_seul_resultat(lancement: dict[str, Any], *, tentative: int) -> None:
    simulation = Simulation.objects.get(pk=lancement["task_id"])
    assert (simulation.etat, simulation.tentative) == (Etat.TERMINEE, tentative)
    assert ResultatCentre.objects.count() == ResultatPoste.objects.count() == CENTRES


# --- Mises à mort -------------------------------------------------------------------------------------


@pytest.mark.panne("ouvrier tué en plein travail", "remplacé, la simulation finit une fois")
def test_un_ouvrier_tue_en_plein_travail_est_remplace_et_la_simulation_finit_une_fois(
    grappe, navigateur, direction
):
    with taches_verrouillees():
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        grappe.tuer_un(attendre_en_plein_travail(grappe))
        assert navigateur.suivre(lancement)["state"] == "PROGRESS"
        assert faucher()["repris"] == 1
        assert navigateur.suivre(lancement)["state"] in ("PENDING", "PROGRESS")
    assert finie(grappe, navigateur, lancement)["state"] == "SUCCESS"
    verifier_un_seul_resultat(lancement, tentative=2)


@pytest.mark.panne("ouvrier suspendu puis réveillé", "dépossédé, il n'écrit rien ; un seul résultat")
def test_un_ouvrier_suspendu_puis_reveille_n_ecrit_rien(lancer_grappe, navigateur, direction):
    grappe = lancer_grappe(TRAVAUX_OUVRIERS="2")
    with taches_verrouillees():
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        zombie = attendre_en_plein_travail(grappe)
        os.kill(zombie, signal.SIGSTOP)
        assert faucher()["repris"] == 1
    try:
        assert finie(grappe, navigateur, lancement)["state"] == "SUCCESS"
    finally:
        os.kill(zombie, signal.SIGCONT)
    grappe.attendre(lambda: not grappe.ouvriers_au_travail(), "la fin du revenant")
    verifier_un_seul_resultat(lancement, tentative=2)


@pytest.mark.panne("toutes les connexions à PostgreSQL coupées", "la grappe se reconnecte, un seul résultat")
def test_une_base_qui_redemarre_ne_perd_rien(lancer_grappe, navigateur, direction):
    grappe = lancer_grappe(TRAVAUX_OUVRIERS="1")
    with taches_verrouillees():
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        attendre_en_plein_travail(grappe)
        with connection.cursor() as curseur:
            curseur.execute(COUPER)
            assert curseur.rowcount >= 1
    grappe.attendre(lambda: not grappe.ouvriers_au_travail(), "la fin du travail coupé")
    faucher()
    assert finie(grappe, navigateur, lancement)["state"] == "SUCCESS"
    verifier_un_seul_resultat(lancement, tentative=Simulation.objects.get().tentative)


@pytest.mark.panne("cache vidé, ou rempli de n'importe quoi", "mêmes résultats, recalculés")
def test_un_cache_vide_ou_corrompu_ne_change_aucun_resultat(grappe, navigateur, direction):
    def chiffres(lancement: dict[str, Any]) -> Any:
        return finie(grappe, navigateur, lancement)["result"]["data"]["kpis"]

    attendus = chiffres(navigateur.lancer(f"direction/{direction.pk}"))
    for alias in ("default", "pages", "calcul"):
        client = caches[alias].client.get_client(write=True)
        for cle in client.keys("*"):
            client.delete(cle)
            client.lpush(cle, "une liste, là où l'on attend une valeur")
    assert chiffres(navigateur.lancer(f"direction/{direction.pk}")) == attendus
    for alias in ("default", "pages", "calcul"):
        caches[alias].clear()
    assert chiffres(navigateur.lancer(f"direction/{direction.pk}")) == attendus


@pytest.mark.panne("grappe entière tuée", "la suivante reprend, un seul résultat")
def test_une_grappe_entiere_tuee_en_plein_travail_laisse_la_place_a_la_suivante(
    lancer_grappe, navigateur, direction
):
    premiere = lancer_grappe(TRAVAUX_OUVRIERS="1")
    with taches_verrouillees():
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        attendre_en_plein_travail(premiere)
        premiere.tuer()
        assert faucher()["repris"] == 1
    seconde = lancer_grappe(TRAVAUX_OUVRIERS="1")
    assert finie(seconde, navigateur, lancement)["state"] == "SUCCESS"
    verifier_un_seul_resultat(lancement, tentative=2)


@pytest.mark.panne("ouvrier oisif tué", "la grappe figée est redémarrée")
def test_un_ouvrier_oisif_tue_fige_la_grappe_et_le_chien_de_garde_la_redemarre(direction, navigateur):
    """Il meurt en tenant le verrou de la file : la grappe semble vivre et ne fait plus rien."""
    env = environnement_des_enfants(DATABASE_URL=adresse_de_la_base_de_test(), TRAVAUX_OUVRIERS="1")
    superviseur = Superviseur(env=env, dossier=RACINE)
    chien = ChienDeGarde(intervalle_s=0.2, delai_s=DELAI_DE_DEMARRAGE_S)

    def veiller_jusqu_a(condition: Callable[[], Any], quoi: str) -> Any:
        def tour() -> Any:
            surveiller_la_file(superviseur, chien)
            return condition()

        return processus.attendre(tour, delai_s=2 * DELAI_DE_DEMARRAGE_S, quoi=quoi)

    def oisifs() -> list[int]:
        return [pid for pid, titre in titres_du_groupe(superviseur.pid(FILE)) if titre.endswith(" idle")]

    superviseur.lancer(service_file())
    try:
        veiller_jusqu_a(lambda: Canari.objects.filter(repondu_le__isnull=False).exists(), "un canari")
        figee = superviseur.pid(FILE)
        os.kill(veiller_jusqu_a(oisifs, "un ouvrier oisif")[0], signal.SIGKILL)
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        chien.delai_s = 1.0
        veiller_jusqu_a(lambda: superviseur.pid(FILE) != figee, "le redémarrage de la grappe")
        chien.delai_s = DELAI_DE_DEMARRAGE_S
        assert veiller_jusqu_a(lambda: navigateur.fini(lancement), "la fin")["state"] == "SUCCESS"
    finally:
        superviseur.arreter()
    verifier_un_seul_resultat(lancement, tentative=1)


@pytest.mark.panne("travail qui tue toujours son ouvrier", "en erreur, jamais en boucle")
def test_un_travail_qui_tue_toujours_son_ouvrier_finit_en_erreur_et_ne_tourne_pas_en_boucle(
    lancer_grappe, navigateur, direction
):
    grappe = lancer_grappe(TRAVAUX_OUVRIERS="2")
    with taches_verrouillees():
        lancement = navigateur.lancer("nationale")
        for tentative in range(1, Simulation.PERTES_MAX + 1):
            grappe.tuer_un(attendre_en_plein_travail(grappe, tentative))
            caches["calcul"].clear()  # le tour de calcul que le mort tenait encore 30 s
            assert faucher()["repris" if tentative < Simulation.PERTES_MAX else "en_erreur"] == 1
        machine.enfiler(Simulation.objects.get(pk=lancement["task_id"]))
        grappe.attendre(lambda: Success.objects.exists(), "la livraison de trop")
    assert Success.objects.get().result == "déjà pris ou fini"
    suivi = navigateur.suivre(lancement)
    assert (suivi["state"], suivi["error"]) == ("FAILURE", "L'ouvrier a disparu 5 fois : abandon")
    assert not ResultatCentre.objects.exists()


# --- Arrêt, doublons, absence -------------------------------------------------------------------------


@pytest.mark.panne("arrêt demandé pendant un travail", "il finit, rien n'est refait")
def test_un_arret_demande_pendant_un_travail_le_laisse_finir(lancer_grappe, navigateur, direction):
    grappe = lancer_grappe(TRAVAUX_OUVRIERS="1")
    with taches_verrouillees():
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        attendre_en_plein_travail(grappe)
        effectif = len(grappe.tous_les_pids())
        grappe.processus.send_signal(signal.SIGTERM)
        grappe.attendre(lambda: len(grappe.tous_les_pids()) < effectif, "le début de l'arrêt")
    assert grappe.processus.wait(30) == 0
    assert navigateur.suivre(lancement)["state"] == "SUCCESS"
    verifier_un_seul_resultat(lancement, tentative=1)
    assert not OrmQ.objects.exists()


@pytest.mark.panne("double livraison", "une seule exécution")
def test_livree_deux_fois_a_deux_ouvriers_une_simulation_ne_s_execute_qu_une_fois(
    grappe, navigateur, direction
):
    with taches_verrouillees():
        lancement = navigateur.lancer(f"direction/{direction.pk}")
        attendre_en_plein_travail(grappe)
        machine.enfiler(Simulation.objects.get(pk=lancement["task_id"]))
        grappe.attendre(lambda: Success.objects.exists(), "la seconde livraison")
        assert Success.objects.get().result == "déjà pris ou fini"
    assert finie(grappe, navigateur, lancement)["state"] == "SUCCESS"
    verifier_un_seul_resultat(lancement, tentative=1)


@pytest.mark.panne("deux versions côte à côte", "ce que l'autre a mis en file finit une fois")
@pytest.mark.parametrize("nom", ["simulateur.travaux.executer", "simulateur.travaux.nom_d_une_autre_version"])
def test_ce_qu_une_autre_version_a_mis_en_file_finit_une_fois(lancer_grappe, navigateur, direction, nom):
    """Le nom d'avant se lit encore ; un nom que cette version ignore échoue, et le faucheur remet en file."""
    grappe = lancer_grappe(GRAPPE="ancienne:1", TRAVAUX_OUVRIERS="1")
    lancer_grappe(GRAPPE="nouvelle:2", TRAVAUX_OUVRIERS="1")
    enfiler = machine.async_task
    with pytest.MonkeyPatch.context() as autre_version:
        autre_version.setattr(
            machine, "async_task", lambda _, *cles, **options: enfiler(nom, *cles, **options)
        )
        lancement = navigateur.lancer(f"direction/{direction.pk}")
    if nom.endswith("autre_version"):
        grappe.attendre(Failure.objects.exists, "l'échec d'un nom inconnu")
        assert navigateur.suivre(lancement)["state"] == "PENDING"
        grappe.attendre(lambda: faucher()["remis_en_file"] == 1, "le faucheur remet en file")
    assert finie(grappe, navigateur, lancement)["state"] == "SUCCESS"
    verifier_un_seul_resultat(lancement, tentative=1)


@pytest.mark.panne("aucun ouvrier", "la simulation attend, la santé le dit")
def test_sans_ouvrier_la_simulation_attend_et_la_sante_le_dit(navigateur, direction, api):
    lancement = navigateur.lancer(f"direction/{direction.pk}")
    assert navigateur.suivre(lancement)["state"] == "PENDING"
    assert api.get("/api/async/health").json()["status"] == "unhealthy"
    assert [ligne["task_id"] for ligne in api.get("/api/async/tasks/active").json()["queued"]] == [
        lancement["task_id"]
    ]


# --- Annulation ---------------------------------------------------------------------------------------


@pytest.mark.panne("annulation en file, en cours, finie", "vue à chaque fois")
def test_annuler_en_file_en_cours_puis_finie(lancer_grappe, navigateur, direction):
    grappe = lancer_grappe(TRAVAUX_OUVRIERS="1")
    with taches_verrouillees():
        en_cours = navigateur.lancer(f"direction/{direction.pk}")
        attendre_en_plein_travail(grappe)
        en_file = navigateur.lancer("nationale")
        assert navigateur.annuler(en_file)["status"] == "cancelled"
        assert navigateur.suivre(en_file)["state"] == "REVOKED"
        assert navigateur.annuler(en_cours)["status"] == "cancelled"
    assert finie(grappe, navigateur, en_cours)["state"] == "REVOKED"
    suivante = navigateur.lancer(f"direction/{direction.pk}")
    assert finie(grappe, navigateur, suivante)["state"] == "SUCCESS"
    verifier_un_seul_resultat(suivante, tentative=1)
    for lancement, etat in ((suivante, "SUCCESS"), (en_cours, "REVOKED"), (en_file, "REVOKED")):
        reponse = navigateur.annuler(lancement)
        assert reponse["status"] == etat
        assert reponse["message"].startswith("Impossible d'annuler")
