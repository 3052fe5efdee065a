"""Lancer, suivre, annuler des grilles : le contrat de l'API, les droits, le cache de cinq minutes."""

import re
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from euromillions.grilles.lancement import prochaine_cible
from euromillions.models import Generation, Grille, Strategie, Tirage
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tests.outils.grilles import executee, generer
from simulateur.models import Etat
from simulateur.travaux.machine import executer
from simulateur.web.refus import Refus

pytestmark = pytest.mark.django_db
LANCER = "/api/euromillions/generate-advanced"
GRAINE_MAX = 2**63 - 1


def lancer(api, **corps):
    return api.post(LANCER, {"strategy": "frequency_based", "num_grids": 3} | corps, format="json")


def fini(api, lancement):
    executee(Generation.objects.get(pk=lancement.json()["task_id"]))
    return api.get(lancement.json()["check_status_url"]).json()


@pytest.mark.rapide
@pytest.mark.parametrize("strategie", Strategie.values)
def test_du_lancement_au_succes_les_formes_sont_celles_du_contrat(api, petite_histoire, strategie):
    lancement = lancer(api, strategy=strategie, seed=42)
    assert lancement.status_code == 202
    corps = lancement.json()
    assert corps["status"] == "started"
    assert corps["check_status_url"] == f"/api/euromillions/task-status/{corps['task_id']}"
    attente = api.get(corps["check_status_url"]).json()
    assert (attente["state"], attente["current"], attente["total"]) == ("PENDING", 0, 3)
    suivi = fini(api, lancement)
    assert suivi["state"] == "SUCCESS"
    resultat = suivi["result"]
    assert set(resultat) == {"grids", "cached", "strategy", "params", "total_draws_analyzed"}
    assert resultat["total_draws_analyzed"] == len(petite_histoire)
    assert resultat["params"]["seed"] == 42
    assert resultat["params"]["history_until"] == petite_histoire[-1].isoformat()
    assert [set(grille) for grille in resultat["grids"]] == [{"numbers", "stars", "strategy"}] * 3


def test_la_progression_a_la_forme_du_contrat(api, petite_histoire):
    lancement = lancer(api, num_grids=200).json()
    Generation.objects.update(
        etat=Etat.EN_COURS,
        progression=50,
        jeton=lancement["task_id"],
        battement=datetime.now(ZoneInfo("UTC")),
        message="200 grilles tirées",
    )
    suivi = api.get(lancement["check_status_url"]).json()
    assert (suivi["state"], suivi["current"], suivi["total"]) == ("PROGRESS", 100, 200)
    assert suivi["status"] == "200 grilles tirées"


def test_les_parametres_viennent_aussi_de_l_adresse(api, petite_histoire):
    lancement = api.post(f"{LANCER}?strategy=gap_based&num_grids=4&seed=5")
    assert lancement.status_code == 202
    generation = Generation.objects.get()
    assert (generation.strategie, generation.nombre, generation.graine) == ("gap_based", 4, 5)


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("strategy", "tarot"), ("strategy", None), ("strategy", ["random"]), ("num_grids", 0),
        ("num_grids", 1001), ("num_grids", "dix"), ("num_grids", 2.5), ("num_grids", None), ("seed", -1),
        ("seed", GRAINE_MAX + 1), ("seed", 10**40), ("seed", "9" * 2000), ("seed", "graine"),
    ],
)  # fmt: skip
def test_une_mauvaise_demande_est_refusee_en_nommant_le_champ(api, petite_histoire, champ, valeur):
    reponse = lancer(api, **{champ: valeur})
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]
    assert not Generation.objects.exists()


@pytest.mark.parametrize("corps", [[1], "texte", 3])
def test_un_corps_qui_n_est_pas_un_objet_est_refuse(api, petite_histoire, corps):
    assert api.post(LANCER, corps, format="json").status_code == 400


def test_sans_strategie_l_erreur_dit_lesquelles_existent(api, petite_histoire):
    assert "frequency_based, gap_based" in api.post(LANCER).json()["detail"]


def test_sans_aucun_tirage_la_demande_est_refusee_par_une_phrase(api, client_connecte):
    reponse = lancer(api)
    assert reponse.status_code == 409
    assert reponse.json()["detail"].startswith("Aucun tirage n'est enregistré")
    page = client_connecte.post(reverse("euromillions:grilles"), {"strategie": "random", "nombre": 3})
    assert page.status_code == 400
    assert "Aucun tirage n&#x27;est enregistré" in page.content.decode()


def test_la_plus_grande_graine_se_garde_et_redonne_les_memes_grilles(api, petite_histoire):
    une, autre = (fini(api, lancer(api, strategy="random", seed=GRAINE_MAX)) for _ in range(2))
    assert une["result"]["grids"] == autre["result"]["grids"]
    assert Generation.objects.filter(graine=GRAINE_MAX).count() == 2


@pytest.mark.rapide
def test_la_meme_demande_est_servie_du_cache_et_le_dit(api, petite_histoire):
    premiere = fini(api, lancer(api))
    seconde = lancer(api)
    assert seconde.json()["cached"] is True
    suivi = api.get(seconde.json()["check_status_url"]).json()
    assert (premiere["result"]["cached"], suivi["result"]["cached"]) == (False, True)
    assert suivi["result"]["grids"] == premiere["result"]["grids"]
    assert suivi["task_id"] != premiere["task_id"]
    assert Grille.objects.count() == 3


@pytest.mark.parametrize(
    "changer",
    [
        lambda api: lancer(api, num_grids=4),
        lambda api: lancer(api, strategy="gap_based"),
        lambda api: lancer(api, seed=9),
    ],
)
def test_une_autre_demande_n_est_pas_servie_du_cache(api, petite_histoire, changer):
    fini(api, lancer(api))
    assert changer(api).json()["cached"] is False


def test_le_cache_s_oublie_apres_cinq_minutes_apres_un_tirage_et_d_un_compte_a_l_autre(
    api, api_staff, petite_histoire
):
    fini(api, lancer(api))
    assert lancer(api_staff).json()["cached"] is False
    un_tirage().save()
    apres = lancer(api)
    assert apres.json()["cached"] is False
    fini(api, apres)
    assert lancer(api).json()["cached"] is True
    Generation.objects.update(
        termine_le=Generation.objects.first().cree_le - timedelta(minutes=6), etat="terminee"
    )
    assert lancer(api).json()["cached"] is False


def test_le_hasard_n_est_jamais_servi_du_cache(api, petite_histoire):
    grilles = [fini(api, lancer(api, strategy="random"))["result"] for _ in range(2)]
    assert [un["cached"] for un in grilles] == [False, False]
    assert grilles[0]["grids"] != grilles[1]["grids"]


@pytest.mark.rapide
def test_chacun_ne_voit_que_ses_grilles_et_le_personnel_les_voit_toutes(
    api, api_staff, client_staff, petite_histoire
):
    lancement = lancer(api).json()
    autre = APIClient()
    autre.force_authenticate(get_user_model().objects.create_user("morgan"))
    assert autre.get(lancement["check_status_url"]).status_code == 404
    assert autre.delete(lancement["check_status_url"]).status_code == 404
    assert APIClient().post(LANCER).status_code == 401
    assert api_staff.get(lancement["check_status_url"]).status_code == 200
    assert client_staff.get(f"/euromillions/grilles/{lancement['task_id']}").status_code == 200


@pytest.mark.parametrize("cle", ["inconnu", "00000000-0000-0000-0000-000000000000"])
def test_un_identifiant_inconnu_rend_404(api, cle):
    assert api.get(f"/api/euromillions/task-status/{cle}").status_code == 404


def test_annuler_en_file_puis_trop_tard(api, petite_histoire):
    lancement = lancer(api).json()
    assert api.delete(lancement["check_status_url"]).json()["status"] == "cancelled"
    assert api.get(lancement["check_status_url"]).json()["state"] == "REVOKED"
    encore = api.delete(lancement["check_status_url"]).json()
    assert (encore["status"], encore["message"][:10]) == ("REVOKED", "Impossible")
    assert not Grille.objects.exists()


def test_livree_deux_fois_une_generation_ne_fait_qu_un_jeu_de_grilles(petite_histoire):
    generation = generer(nombre=7)
    assert executer(generation._meta.label, str(generation.pk)) == "déjà pris ou fini"
    assert Grille.objects.count() == 7


def test_un_tirage_supprime_entre_temps_refuse_la_generation(api, petite_histoire):
    lancement = lancer(api).json()
    Tirage.objects.all().delete()
    executer("euromillions.Generation", lancement["task_id"])
    suivi = api.get(lancement["check_status_url"]).json()
    assert suivi["state"] == "FAILURE"
    assert "pas de passé" in suivi["error"]


@pytest.mark.parametrize(
    ("instant", "cible"),
    [
        ((2026, 8, 25, 20, 14), date(2026, 8, 25)),  # mardi, avant le tirage
        ((2026, 8, 25, 20, 15), date(2026, 8, 28)),
        ((2026, 8, 26, 9, 0), date(2026, 8, 28)),
        ((2026, 8, 28, 23, 0), date(2026, 9, 1)),
    ],
)
@pytest.mark.parametrize("fuseau", ["Europe/Paris", "Asia/Tokyo"])
def test_la_cible_est_le_premier_tirage_a_venir(petite_histoire, instant, cible, fuseau):
    with timezone.override(fuseau):
        assert prochaine_cible(datetime(*instant, tzinfo=ZoneInfo("Europe/Paris"))) == cible


def test_un_tirage_deja_connu_n_est_jamais_vise(petite_histoire):
    un_tirage(date(2026, 8, 25)).save()
    assert prochaine_cible(datetime(2026, 8, 25, 9, tzinfo=ZoneInfo("Europe/Paris"))) == date(2026, 8, 28)


def test_sans_ere_en_cours_rien_n_est_vise(petite_histoire):
    from euromillions.models import Ere

    Ere.objects.filter(fin__isnull=True).update(fin=date(2026, 1, 1))
    with pytest.raises(Refus, match="aucune ère"):
        prochaine_cible(datetime(2026, 8, 25, 9, tzinfo=ZoneInfo("Europe/Paris")))


@pytest.mark.rapide
def test_les_pages_montrent_les_siennes_et_n_ecrivent_pas(
    client_connecte, utilisateur, petite_histoire, lecture_seule
):
    generation = generer(nombre=4, demandeur=utilisateur)
    generer(nombre=2)
    with lecture_seule():
        liste = client_connecte.get(reverse("euromillions:grilles")).content.decode()
        page = client_connecte.get(generation.get_absolute_url()).content.decode()
        fragment = client_connecte.get(f"{generation.get_absolute_url()}/suivi")
    assert liste.count("Voir les chiffres") == 0
    assert "1 à 1 sur 1 générations" in liste
    assert page.count('class="boules boules-petites"') == 4
    assert "Le hasard décide." in page
    assert fragment["Cache-Control"] == "no-store"


def test_la_page_lance_suit_et_annule(client_connecte, petite_histoire):
    reponse = client_connecte.post(reverse("euromillions:grilles"), {"strategie": "gap_based", "nombre": 3})
    assert reponse.status_code == 302
    page = client_connecte.get(reponse.url).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert client_connecte.post(f"{reponse.url}/annuler").status_code == 302
    assert Generation.objects.get().etat == Etat.ANNULEE
    mauvaise = client_connecte.post(reverse("euromillions:grilles"), {"strategie": "random", "nombre": 1001})
    assert mauvaise.status_code == 400
    assert "Un nombre de grilles de 1 à 1000." in mauvaise.content.decode()


def test_la_liste_coute_un_nombre_fixe_de_requetes(
    client_connecte, utilisateur, petite_histoire, compter_requetes
):
    for graine in range(3):
        generer(nombre=1, graine=graine, demandeur=utilisateur)
    client_connecte.get(reverse("euromillions:grilles"))
    with compter_requetes() as requetes:
        client_connecte.get(reverse("euromillions:grilles"))
    assert len(requetes) <= 7


def test_la_commande_redonne_les_memes_grilles_d_une_graine(petite_histoire):
    sorties = []
    for _ in range(2):
        sortie = StringIO()
        call_command("generer_grilles", "random", "3", graine="12", stdout=sortie)
        sorties.append(sortie.getvalue())
    assert sorties[0] == sorties[1]
    assert len(re.findall(r"★", sorties[0])) == 3
    with pytest.raises(CommandError, match="strategy : Stratégie inconnue"):
        call_command("generer_grilles", "tarot", "3")
    with pytest.raises(CommandError, match="num_grids"):
        call_command("generer_grilles", "random", "0")


@pytest.mark.parametrize("modele", ["generation", "grille", "ancienjugement", "reglement"])
def test_l_admin_liste_en_peu_de_requetes(client_staff, petite_histoire, compter_requetes, modele):
    generer(nombre=20)
    adresse = reverse(f"admin:euromillions_{modele}_changelist")
    client_staff.get(adresse)
    with compter_requetes() as requetes:
        assert client_staff.get(adresse).status_code == 200
    assert len(requetes) <= 12
