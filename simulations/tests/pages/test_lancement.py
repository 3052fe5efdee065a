"""Lancer depuis une page : la page juge comme l'API, et un double envoi ne lance qu'une fois."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django_q.models import OrmQ

from referentiels.tests.outils.factories import (
    CelluleVolumeFactory,
    CentreFactory,
    ParametreFactory,
    VolumeAnnuelFactory,
)
from simulateur.tests.outils.texte import texte_visible as texte
from simulations.demandes.cibles import LOT_MAX
from simulations.models import Simulation
from simulations.tests.outils.pages import calculer, envoi, simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction() -> Any:
    return direction_a_simuler(2)


@pytest.fixture
def adresse(direction: Any) -> str:
    return reverse("simulations:direction", args=[direction.pk])


@pytest.mark.rapide
def test_la_page_lance_et_mene_a_la_simulation(client_connecte, utilisateur, direction, adresse):
    reponse = client_connecte.post(
        adresse, envoi(productivite="80", temps_mort="30", co_croissance="5", pct_retour="2,5", shift="2")
    )
    simulation = Simulation.objects.get()
    assert reponse.status_code == 302
    assert reponse["Location"] == simulation.get_absolute_url()
    assert simulation.demandeur == utilisateur
    assert simulation.direction == direction
    parametres = simulation.jeu_de_parametres
    assert (parametres.productivite, parametres.temps_mort, parametres.shift) == (80, 30, 2)
    assert parametres.croissance == {"CO": 5}
    assert parametres.libres == {"pct_retour": 2.5}
    assert OrmQ.objects.count() == 1


def test_une_simulation_de_la_page_est_celle_de_l_api(client_connecte, api, direction, adresse):
    client_connecte.post(
        adresse, envoi(productivite="85", croissance="10", co_pct_retour="12", part_du_mois="9")
    )
    de_la_page = Simulation.objects.get()
    api.post(
        f"/api/async/simulation/direction/{direction.pk}",
        {
            "productivite": 85,
            "global_params": {"croissance": 10, "co_pct_retour": 12, "part_du_mois": 9},
        },
        format="json",
    )
    de_l_api = Simulation.objects.exclude(pk=de_la_page.pk).get()
    assert de_la_page.parametres == de_l_api.parametres
    assert de_la_page.empreinte == de_l_api.empreinte


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("productivite", "0", "0 est hors des bornes : de 1 à 200."),
        ("productivite", "beaucoup", "« beaucoup » n'est pas un nombre : de 1 à 200."),
        ("heures_jour", "25", "25 est hors des bornes : de 1 à 24."),
        ("heures_jour", "1e309", "« 1e309 » n'est pas un nombre : de 1 à 24."),
        ("temps_mort", "-1", "-1 est hors des bornes : de 0 à 480."),
        ("temps_mort", "nan", "« nan » n'est pas un nombre : de 0 à 480."),
        ("jours_ouvres", "367", "367 est hors des bornes : de 1 à 366."),
        ("croissance", "-101", "-101 est hors des bornes : de -100 à 1000."),
        ("amana_croissance", "1001", "1001 est hors des bornes : de -100 à 1000."),
        ("pct_retour", "101", "101 est hors des bornes : de 0 à 100."),
        ("co_pct_retour", "-1", "-1 est hors des bornes : de 0 à 100."),
    ],
)
def test_une_valeur_refusee_le_dit_a_cote_de_son_champ(
    client_connecte: Any, adresse: str, champ: str, valeur: str, phrase: str
) -> None:
    reponse = client_connecte.post(adresse, envoi(**{champ: valeur}))
    assert reponse.context["form"].errors == {champ: [phrase]}
    assert phrase in texte(reponse)
    assert 'aria-invalid="true"' in reponse.content.decode()
    assert not Simulation.objects.exists()
    assert not OrmQ.objects.exists()


def test_toutes_les_erreurs_sont_dites_a_la_fois_et_la_saisie_est_gardee(client_connecte, adresse):
    reponse = client_connecte.post(
        adresse, envoi(productivite="300", shift="4", mode="autre", annee="1789", pct_axes="150")
    )
    assert set(reponse.context["form"].errors) == {"productivite", "shift", "mode", "annee", "pct_axes"}
    page = reponse.content.decode()
    assert 'value="300"' in page
    assert "<details open>" in page


@pytest.mark.parametrize("ecrit", ["1 234,5", "1\u202f234,5", "1\u00a0234,5", "1234.5"])
def test_un_nombre_s_ecrit_a_la_francaise(client_connecte, adresse, ecrit):
    client_connecte.post(adresse, envoi(colis_amana_par_sac=ecrit))
    assert Simulation.objects.get().jeu_de_parametres.libres == {"colis_amana_par_sac": 1234.5}


def test_un_champ_vide_garde_la_valeur_par_defaut(client_connecte, adresse):
    vide = dict.fromkeys(("productivite", "heures_jour", "jours_ouvres", "shift", "mode", "annee"), "")
    client_connecte.post(adresse, envoi(**vide))
    parametres = Simulation.objects.get().jeu_de_parametres
    assert (parametres.productivite, parametres.heures_jour, parametres.jours_ouvres) == (100, 8.5, 264)
    assert (parametres.shift, parametres.mode) == (1, "actuel")


def test_un_parametre_ajoute_au_catalogue_parait_et_compte_sans_code(client_connecte, adresse):
    ParametreFactory(code="pct_essai", nom="Part d'essai", defaut=3, maximum=50, par_flux=True)
    page = client_connecte.get(adresse).content.decode()
    assert 'name="pct_essai"' in page
    assert 'name="co_pct_essai"' in page
    client_connecte.post(adresse, envoi(co_pct_essai="51"))
    assert not Simulation.objects.exists()
    client_connecte.post(adresse, envoi(co_pct_essai="50"))
    assert Simulation.objects.get().jeu_de_parametres.libres == {"co_pct_essai": 50}


def test_un_double_envoi_ne_lance_qu_une_simulation(client_connecte, adresse):
    formulaire = envoi(productivite="90")
    adresses = {client_connecte.post(adresse, formulaire)["Location"] for _ in range(3)}
    assert len(adresses) == 1
    assert Simulation.objects.count() == 1
    assert OrmQ.objects.count() == 1


def test_revenir_en_arriere_et_changer_une_valeur_lance_une_autre_simulation(client_connecte, adresse):
    formulaire = envoi(productivite="90")
    client_connecte.post(adresse, formulaire)
    reponse = client_connecte.post(adresse, {**formulaire, "productivite": "95"})
    assert reponse.status_code == 302
    assert Simulation.objects.count() == 2


def test_le_meme_formulaire_vaut_une_simulation_par_cible(client_connecte, direction, adresse):
    """Rejoué tel quel sur une autre direction, le pays ou un lot, un envoi est une autre demande."""
    formulaire = envoi(productivite="90")
    autre = reverse("simulations:direction", args=[direction_a_simuler(1).pk])
    centre = direction.centres.first().pk
    envois = [
        (adresse, formulaire),
        (autre, formulaire),
        (reverse("simulations:nationale"), formulaire),
        (reverse("simulations:lot"), {**formulaire, "centres": [centre]}),
    ]
    menes = [client_connecte.post(vers, corps) for _ in range(2) for vers, corps in envois]
    assert {reponse.status_code for reponse in menes} == {302}
    assert len({reponse["Location"] for reponse in menes}) == Simulation.objects.count() == 4


@pytest.mark.parametrize("page", ["direction", "nationale", "lot"])
def test_une_cle_deja_servie_pour_autre_chose_est_dite_et_le_renvoi_passe(client_connecte, direction, page):
    """L'année laissée vide suit les volumes : importés entre deux envois, ils font une autre demande."""
    arguments = [direction.pk] if page == "direction" else []
    centre = direction.centres.first()
    vers = reverse(f"simulations:{page}", args=arguments)
    corps = envoi(annee="", centres=[centre.pk])
    assert client_connecte.post(vers, corps).status_code == 302
    for rempli in direction.centres.all():
        VolumeAnnuelFactory(centre=rempli, cellule=CelluleVolumeFactory(), annee=2031)
    reponse = client_connecte.post(vers, corps)
    assert reponse.status_code == 409
    assert "Ce formulaire a déjà servi pour une autre demande" in texte(reponse)
    assert Simulation.objects.count() == 1
    neuve = reponse.context["form"]["cle"].value()
    assert client_connecte.post(vers, {**corps, "cle": neuve}).status_code == 302
    assert Simulation.objects.count() == 2


def test_chaque_affichage_du_formulaire_a_sa_cle(client_connecte, adresse):
    pages = [client_connecte.get(adresse).content.decode() for _ in range(2)]
    cles = {re.search(r'name="cle" value="([0-9a-f-]{36})"', page)[1] for page in pages}
    assert len(cles) == 2


def test_une_direction_sans_centre_est_refusee_et_la_page_dit_pourquoi(client_connecte, direction, adresse):
    type(direction.centres.first()).objects.filter(direction=direction).update(actif=False)
    client_connecte.post(adresse, envoi())
    simulation = calculer(Simulation.objects.get())
    page = texte(client_connecte.get(simulation.get_absolute_url()))
    assert "Simulation refusée." in page
    assert "n'a aucun centre actif" in page


def test_les_parametres_d_une_simulation_se_reprennent(client_connecte, direction, adresse):
    passee = simulation_terminee(
        direction, productivite=80, global_params={"co_croissance": 5, "pct_retour": 2.5}, mode="optimise"
    )
    page = client_connecte.get(passee.get_absolute_url())
    assert page.context["adresse_reprise"] == f"{adresse}?depuis={passee.pk}"
    formulaire = client_connecte.get(page.context["adresse_reprise"]).context["form"]
    valeurs = {champ.name: champ.value() for champ in formulaire if champ.value() and champ.name != "cle"}
    assert valeurs["productivite"] == "80"
    assert valeurs["co_croissance"] == "5"
    assert valeurs["pct_retour"] == "2,5"
    assert valeurs["mode"] == "optimise"
    client_connecte.post(adresse, {**valeurs, "annee": "2026"})
    assert Simulation.objects.exclude(pk=passee.pk).get().parametres == passee.parametres


@pytest.mark.parametrize("depuis", ["", "rien", "00000000-0000-0000-0000-000000000000"])
def test_reprendre_une_simulation_inconnue_rend_le_formulaire_neuf(client_connecte, adresse, depuis):
    reponse = client_connecte.get(adresse, {"depuis": depuis})
    assert reponse.status_code == 200
    assert reponse.context["form"]["productivite"].value() == "100"


def test_la_simulation_nationale_se_lance_d_une_page(client_connecte, direction):
    reponse = client_connecte.post(reverse("simulations:nationale"), envoi())
    simulation = calculer(Simulation.objects.get())
    assert reponse["Location"] == simulation.get_absolute_url()
    assert (simulation.niveau, simulation.nb_centres) == ("national", 2)


# --- Lot ------------------------------------------------------------------------------------------------


@pytest.fixture
def lot() -> str:
    return reverse("simulations:lot")


def test_un_lot_se_lance_sur_les_centres_coches(client_connecte, direction, lot):
    autre = direction_a_simuler(3)
    voulus = [direction.centres.first().pk, autre.centres.first().pk]
    client_connecte.post(lot, envoi(centres=voulus))
    simulation = calculer(Simulation.objects.get())
    assert (simulation.niveau, simulation.nb_centres) == ("batch", 2)
    assert simulation.centre_ids == sorted(voulus)


@pytest.mark.parametrize(
    ("centres", "phrase"),
    [
        ([], "Choisir au moins un centre."),
        (["999999"], "Le centre « 999999 » n'existe pas."),
        (["abc"], "Le centre « abc » n'existe pas."),
    ],
)
def test_un_lot_faux_est_refuse(
    client_connecte: Any, direction: Any, lot: str, centres: list[str], phrase: str
) -> None:
    reponse = client_connecte.post(lot, envoi(centres=centres))
    assert phrase in texte(reponse)
    assert not Simulation.objects.exists()


def test_un_lot_trop_grand_est_refuse_et_garde_son_choix(client_connecte, direction, lot):
    centres = CentreFactory.create_batch(LOT_MAX + 1, direction=direction)
    reponse = client_connecte.post(lot, envoi(centres=[centre.pk for centre in centres]))
    assert "Maximum 50 centres par lot : 51 sont choisis." in texte(reponse)
    assert reponse.content.decode().count(" checked>") == LOT_MAX + 1
    assert not Simulation.objects.exists()


def test_la_recherche_de_centres_ignore_accents_et_casse_et_garde_les_coches(client_connecte, direction):
    trouve = CentreFactory(direction=direction, nom="Évreux Gare")
    coche = direction.centres.exclude(pk=trouve.pk).first()
    ferme = CentreFactory(direction=direction, nom="Evreux fermé", actif=False)
    reponse = client_connecte.get(
        reverse("simulations:choix-de-centres"), {"recherche": "EVREUX", "centres": [coche.pk]}
    )
    assert [centre["id"] for centre in reponse.context["trouves"]] == [trouve.pk]
    assert [centre["id"] for centre in reponse.context["choisis"]] == [coche.pk]
    assert ferme.nom not in texte(reponse)


def test_la_recherche_se_limite_a_une_direction(client_connecte, direction):
    direction_a_simuler(4)
    reponse = client_connecte.get(reverse("simulations:choix-de-centres"), {"dans": direction.pk})
    assert {c["direction_id"] for c in reponse.context["trouves"]} == {direction.pk}
