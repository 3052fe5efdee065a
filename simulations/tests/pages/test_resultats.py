"""Suivre une simulation et lire ses résultats : mêmes chiffres que l'API, jamais ceux d'un autre jour."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from referentiels.models import Centre, Poste, Tache, VolumeAnnuel
from referentiels.tests.outils.factories import TacheFactory
from simulateur.cache.memoire import Memoire
from simulateur.langue.nombres import nombre, signe
from simulateur.models import Etat
from simulateur.tests.outils.texte import texte_visible as texte
from simulateur.travaux import machine
from simulations.calculs.lancement import lancer
from simulations.demandes.demande import lire_demande
from simulations.models import ResultatCentre, ResultatPoste, Simulation
from simulations.pages import resultats
from simulations.resultats import restitution
from simulations.tests.outils.pages import calculer, simulation_en_file, simulation_terminee
from simulations.tests.outils.reseau import centre_a_simuler, direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cartes_oubliees() -> None:
    Memoire.tout_oublier()


@pytest.fixture
def direction() -> Any:
    direction = direction_a_simuler(3)
    Poste.objects.update(salaire_mensuel=5000)
    return direction


@pytest.fixture
def terminee(direction: Any, utilisateur: Any) -> Simulation:
    return simulation_terminee(direction, demandeur=utilisateur, productivite=70)


def resultat_api(api: Any, simulation: Simulation) -> Any:
    return api.get(f"/api/async/task/{simulation.pk}").json()["result"]["data"]


# --- Chiffres -------------------------------------------------------------------------------------------


@pytest.mark.rapide
def test_la_page_montre_les_chiffres_de_l_api(client_connecte, api, terminee):
    donnees = resultat_api(api, terminee)
    reponse = client_connecte.get(terminee.get_absolute_url())
    page, kpis = texte(reponse), donnees["kpis"]
    for libelle, valeur in (
        ("Effectif présent", nombre(kpis["etp_actuel"], 1)),
        ("ETP calculé", nombre(kpis["etp_calcule"], 2)),
        ("Effectif arrondi", nombre(kpis["etp_arrondi"], 1)),
        ("Écart", signe(kpis["ecart_global"], 1)),
        ("Heures par jour", nombre(kpis["heures_jour"], 1)),
        ("Coût mensuel", signe(kpis["cout_mensuel"])),
        ("Coût annuel", signe(kpis["cout_annuel"])),
    ):
        assert f"{libelle} {valeur}" in page
    assert reponse.context["distribution"] == donnees["chart_distribution_moi_mod"]
    lignes = [restitution.ligne_centre(ligne) for ligne in reponse.context["lignes"]]
    assert lignes == donnees["rows"]
    for ligne in donnees["rows"]:
        assert f"{nombre(ligne['etp_calcule'], 2)} {nombre(ligne['etp_arrondi'], 1)}" in page


def test_le_total_des_postes_est_celui_du_centre_et_le_total_des_taches_celui_du_poste(
    client_connecte, terminee
):
    centre = terminee.centres.first()
    TacheFactory(centre_poste=Centre.objects.get(pk=centre.centre_id).centre_postes.first())
    page = client_connecte.get(reverse("simulations:resultat-centre", args=[terminee.pk, centre.centre_id]))
    postes = page.context["postes"]
    assert sum(poste.heures_pico for poste in postes) == centre.heures_pico
    adresse = reverse("simulations:resultat-poste", args=[terminee.pk, centre.centre_id, postes[0].titre_id])
    taches = client_connecte.get(adresse).context["taches"]
    assert sum(t.heures_par_jour for t in taches) == pytest.approx(float(postes[0].heures), rel=1e-12)


def test_la_page_nationale_somme_ses_directions_et_en_ouvre_une(client_connecte, api, direction):
    direction_a_simuler(2)
    nationale = simulation_terminee()
    reponse = client_connecte.get(nationale.get_absolute_url())
    assert reponse.context["directions"] == resultat_api(api, nationale)["directions"]
    assert len(reponse.context["lignes"]) == 5
    ouverte = client_connecte.get(nationale.get_absolute_url(), {"direction": direction.pk})
    assert {ligne.direction_id for ligne in ouverte.context["lignes"]} == {direction.pk}
    assert len(ouverte.context["lignes"]) == 3


def test_un_salaire_inconnu_se_dit_au_lieu_d_un_cout_faux(client_connecte, direction):
    Poste.objects.update(salaire_mensuel=None)
    simulation = simulation_terminee(direction)
    assert simulation.ecart
    assert "un salaire manque au référentiel" in texte(client_connecte.get(simulation.get_absolute_url()))


def test_les_parametres_employes_sont_dits_en_mots(client_connecte, direction):
    simulation = simulation_terminee(
        direction,
        productivite=80,
        temps_mort=30,
        global_params={"croissance": 5, "co_croissance": -2, "co_pct_retour": 12.5, "part_du_mois": 9},
        mode="optimise",
    )
    page = texte(client_connecte.get(simulation.get_absolute_url()))
    for phrase in (
        "Productivité 80 %",
        "Temps mort 30 min par jour",
        "tous les flux +5,0 %",
        "Courrier ordinaire −2,0 %",
        "Part en retour, Courrier ordinaire 12,5 %",
        "un mois : 9 % du volume annuel sur 22 jours",
        "Optimisé (sans tâches exclues)",
    ):
        assert phrase in page


def test_le_rapport_des_volumes_nomme_les_centres_inconnus_et_ignores(client_connecte, direction):
    d_ailleurs = centre_a_simuler()
    ligne = {"flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 1000}
    simulation = lancer(
        niveau=Simulation.Niveau.DIRECTION,
        demande=lire_demande(
            {
                "volumes": [
                    {"centre_id": direction.centres.first().pk, **ligne},
                    {"centre_label": "Nulle part", **ligne},
                    {"centre_label": d_ailleurs.nom, **ligne},
                ]
            },
            direction_id=direction.pk,
        ),
        direction=direction,
        annee=2026,
    )
    page = texte(client_connecte.get(calculer(simulation).get_absolute_url()))
    assert "3 lignes lues, 1 centre reconnu" in page
    assert "Centres inconnus : Nulle part." in page
    assert f"(fermés ou hors de cette simulation) : {d_ailleurs.nom}." in page


# --- Table ----------------------------------------------------------------------------------------------


def test_la_table_se_filtre_par_decision(client_connecte, terminee):
    ResultatCentre.objects.filter(pk=terminee.centres.first().pk).update(decision="Recruter")
    reponse = client_connecte.get(terminee.get_absolute_url(), {"decision": "Recruter"})
    assert [ligne.decision for ligne in reponse.context["lignes"]] == ["Recruter"]
    assert "Tout montrer" in texte(reponse)


def test_au_dela_d_une_page_le_serveur_trie_cherche_et_decoupe(client_connecte, terminee, monkeypatch):
    monkeypatch.setattr(resultats, "LIGNES_PAR_PAGE", 2)
    noms = ("Écluse", "Étang", "Île")
    for rang, ligne in enumerate(terminee.centres.all()):
        ResultatCentre.objects.filter(pk=ligne.pk).update(nom=noms[rang], ecart_centiemes=rang)
    adresse = terminee.get_absolute_url()
    premiere = client_connecte.get(adresse, {"tri": "-ecart"})
    assert [ligne.ecart_centiemes for ligne in premiere.context["lignes"]] == [2, 1]
    assert 'href="?tri=ecart"' in premiere.content.decode()
    seconde = client_connecte.get(adresse, {"tri": "-ecart", "page": 2})
    assert [ligne.ecart_centiemes for ligne in seconde.context["lignes"]] == [0]
    cherchee = client_connecte.get(adresse, {"recherche": "ECLUSE"})
    assert [ligne.nom for ligne in cherchee.context["lignes"]] == ["Écluse"]


def liens_de_tri(reponse: Any) -> list[str]:
    return re.findall(r'class="tri" href="\?tri=([\w-]+)"', reponse.content.decode())


def test_chaque_colonne_de_la_table_se_trie_sur_le_serveur_meme_en_une_seule_page(client_connecte, terminee):
    for rang, ligne in enumerate(terminee.centres.all()):
        ResultatCentre.objects.filter(pk=ligne.pk).update(nom=f"Centre {11 - rang}", ecart_centiemes=rang)
    adresse = terminee.get_absolute_url()
    assert {tri.lstrip("-") for tri in liens_de_tri(client_connecte.get(adresse))} == set(resultats.TRIS)
    for champ, cle in resultats.TRIS.items():
        montee = [cle(ligne) for ligne in client_connecte.get(adresse, {"tri": champ}).context["lignes"]]
        descente = [
            cle(ligne) for ligne in client_connecte.get(adresse, {"tri": f"-{champ}"}).context["lignes"]
        ]
        assert montee == sorted(montee)
        assert descente == sorted(montee, reverse=True)
    par_nom = client_connecte.get(adresse, {"tri": "nom", "recherche": "centre"}).context["lignes"]
    assert [ligne.nom for ligne in par_nom] == ["Centre 9", "Centre 10", "Centre 11"]


def test_un_cout_inconnu_reste_en_bas_de_la_table_triee(client_connecte, terminee):
    for rang, ligne in enumerate(terminee.centres.all()):
        couts = {"cout_dix_milliemes": rang - 1, "cout_connu": rang != 1}
        ResultatCentre.objects.filter(pk=ligne.pk).update(**couts)
    for tri in ("cout", "-cout"):
        lignes = client_connecte.get(terminee.get_absolute_url(), {"tri": tri}).context["lignes"]
        assert [ligne.cout_connu for ligne in lignes] == [True, True, False]


def test_chaque_colonne_triable_de_l_historique_est_un_tri_que_le_filtre_connait(client_connecte, terminee):
    page = client_connecte.get(reverse("simulations:liste"))
    tris = liens_de_tri(page)
    assert len(tris) == 5
    for tri in tris:
        assert client_connecte.get(reverse("simulations:liste"), {"tri": tri}).context["filtre"].is_valid()


@pytest.mark.parametrize("parametre", ["tri", "page", "direction", "decision", "recherche"])
@pytest.mark.parametrize("valeur", ["", "x", "-", "999999999999999999999", "%00", "' OR 1=1"])
def test_une_adresse_bricolee_ne_casse_rien(client_connecte, terminee, parametre, valeur):
    for adresse in (terminee.get_absolute_url(), reverse("simulations:liste")):
        assert client_connecte.get(adresse, {parametre: valeur}).status_code == 200


# --- Suivi ----------------------------------------------------------------------------------------------


def fragment(client: Any, simulation: Simulation) -> Any:
    return client.get(reverse("simulations:suivi", args=[simulation.pk]), headers={"HX-Request": "true"})


def test_le_fragment_se_redemande_tant_que_la_simulation_vit(client_connecte, direction, utilisateur):
    simulation = simulation_en_file(direction, demandeur=utilisateur)
    en_file = fragment(client_connecte, simulation).content.decode()
    assert 'hx-trigger="every 1s"' in en_file
    assert reverse("simulations:annuler", args=[simulation.pk]) in en_file
    prise = machine.reclamer(simulation)
    assert prise is not None
    prise.avancer(1, 4, "1 centre sur 4")
    en_cours = fragment(client_connecte, simulation)
    assert 'value="25"' in en_cours.content.decode()
    assert "1 centre sur 4" in texte(en_cours)
    assert 'hx-trigger="every 1s"' in en_cours.content.decode()


def test_le_fragment_cesse_a_la_fin_et_ouvre_le_resultat(client_connecte, terminee):
    reponse = fragment(client_connecte, terminee)
    html = reponse.content.decode()
    assert "hx-get" not in html
    assert f'data-suite="{terminee.get_absolute_url()}"' in html
    assert "HX-Refresh" not in reponse


@pytest.mark.parametrize("etat", [Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE])
def test_une_fin_sans_resultat_cesse_le_suivi_et_propose_de_relancer(
    client_connecte: Any, direction: Any, utilisateur: Any, etat: Etat
) -> None:
    simulation = simulation_en_file(direction, demandeur=utilisateur)
    Simulation.objects.filter(pk=simulation.pk).update(
        etat=etat, termine_le=timezone.now(), message="La raison", reference_erreur="AB12CD34"
    )
    reponse = fragment(client_connecte, simulation)
    assert "hx-get" not in reponse.content.decode()
    assert reponse["HX-Refresh"] == "true"
    page = client_connecte.get(simulation.get_absolute_url())
    attendu = {
        Etat.REFUSEE: "Simulation refusée. La raison",
        Etat.EN_ERREUR: "Donner la référence AB12CD34",
        Etat.ANNULEE: "Simulation annulée.",
    }[etat]
    assert attendu in texte(page)
    assert "Relancer" in texte(page)
    client_connecte.post(reverse("simulations:relancer", args=[simulation.pk]))
    simulation.refresh_from_db()
    assert simulation.etat == Etat.EN_FILE
    assert calculer(simulation).etat == Etat.TERMINEE


def test_annuler_trop_tard_ne_change_rien_et_le_dit(client_connecte, terminee):
    reponse = client_connecte.post(reverse("simulations:annuler", args=[terminee.pk]), follow=True)
    terminee.refresh_from_db()
    assert terminee.etat == Etat.TERMINEE
    assert "Trop tard pour annuler : la simulation est « terminée »." in texte(reponse)


def test_relancer_une_simulation_terminee_ne_fait_rien_et_le_dit(client_connecte, terminee):
    reponse = client_connecte.post(reverse("simulations:relancer", args=[terminee.pk]), follow=True)
    terminee.refresh_from_db()
    assert terminee.etat == Etat.TERMINEE
    assert "Rien à relancer" in texte(reponse)


# --- Provenance -----------------------------------------------------------------------------------------


def page_du_poste(client: Any, simulation: Simulation, rang: int = 0) -> Any:
    poste: Any = ResultatPoste.objects.filter(simulation=simulation).order_by("centre_id", "nom")[rang]
    return client.get(
        reverse("simulations:resultat-poste", args=[simulation.pk, poste.centre_id, poste.titre_id])
    )


def test_le_detail_d_une_simulation_ne_bouge_pas_quand_le_referentiel_change(
    client_connecte, terminee, direction
):
    avant = texte(page_du_poste(client_connecte, terminee))
    assert "264\u202f000 par an ÷ 264 jours" in avant
    Tache.objects.all().delete()
    VolumeAnnuel.objects.all().delete()
    Poste.objects.update(nom="Autre nom", type="MOI")
    Centre.objects.update(nom="Autre centre", actif=False)
    Memoire.tout_oublier()
    assert texte(page_du_poste(client_connecte, terminee)) == avant
