"""Pages des simulations : qui y entre, ce qu'elles coûtent, et qu'une lecture n'écrit jamais."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referentiels.perms import PAYS
from referentiels.tests.outils.factories import (
    CentreFactory,
    CentrePosteFactory,
    DirectionFactory,
    TacheFactory,
)
from simulateur.cache.memoire import Memoire
from simulateur.tests.outils.texte import texte_visible as texte
from simulations.models import ResultatPoste, Simulation
from simulations.models.exports import ContenuExport, Export
from simulations.models.scenarios import Scenario
from simulations.pages import lecture, urls
from simulations.tests.outils.pages import simulation_en_file, simulation_terminee
from simulations.tests.outils.reseau import centre_a_simuler, direction_a_simuler

pytestmark = pytest.mark.django_db
SESSION_ET_COMPTE = ('FROM "django_session"', 'FROM "auth_user"')


@pytest.fixture
def direction() -> Any:
    return direction_a_simuler(2)


@pytest.fixture
def terminee(direction: Any, utilisateur: Any) -> Simulation:
    return simulation_terminee(direction, demandeur=utilisateur)


def adresses(simulation: Simulation) -> dict[str, str]:
    """Une adresse par page : celles que liste `urls.py`, ni plus ni moins."""
    poste: Any = ResultatPoste.objects.filter(simulation=simulation).first()
    arguments: dict[str, tuple[Any, ...]] = {
        "direction": (simulation.direction_id,),
        "centre": (poste.centre_id,),
        "centre-simuler": (poste.centre_id,),
        "centre-volumes": (poste.centre_id,),
        "simulation": (simulation.pk,),
        "suivi": (simulation.pk,),
        "annuler": (simulation.pk,),
        "relancer": (simulation.pk,),
        "resultat-centre": (simulation.pk, poste.centre_id),
        "resultat-poste": (simulation.pk, poste.centre_id, poste.titre_id),
        **dict.fromkeys(PAGES_DE_SIMULATION, (simulation.pk,)),
        **{f"{analyse}-fichier": (simulation.pk, "csv") for analyse in PAGES_DE_SIMULATION},
        "comparer-fichier": ("csv",),
    }
    noms = [str(route.name) for route in urls.urlpatterns]
    compte = get_user_model().objects.order_by("pk").first()
    scenario = Scenario.objects.first() or Scenario.objects.create(nom="Essai", proprietaire=compte)
    export = Export.objects.first() or export_termine(simulation, compte)
    arguments |= {nom: (scenario.pk,) for nom in noms if nom.startswith("scenario-") and "nouveau" not in nom}
    arguments |= {"scenario": (scenario.pk,)} | {
        nom: (export.pk,) for nom in noms if nom.startswith("export")
    }
    arguments |= {"exporter": (simulation.pk,), "partages": (simulation.pk,)}
    arguments["partage-retirer"] = (simulation.pk, 1)
    lues = {nom: reverse(f"simulations:{nom}", args=arguments.get(nom, ())) for nom in noms}
    autres = Simulation.objects.filter(etat="terminee").exclude(pk=simulation.pk)
    comparees = f"{simulation.pk},{(autres.first() or simulation_terminee(simulation.direction)).pk}"
    return lues | {"comparer-fichier": f"{lues['comparer-fichier']}?ids={comparees}"}


def export_termine(simulation: Simulation, compte: Any) -> Export:
    export = Export.objects.create(
        simulation=simulation,
        libelle=simulation.libelle,
        nom_fichier="essai.csv",
        format="csv",
        demandeur=compte,
        etat="terminee",
        termine_le=timezone.now(),
    )
    ContenuExport.objects.create(export=export, octets=b"PK")
    return export


PAGES_DE_SIMULATION = (
    "sensibilites",
    "incertitude",
    "profil",
    "reequilibrage",
    "couts",
    "modes",
    "metiers",
    "volumes",
    "rejouer",
    "conserver",
)
ACTIONS_DE_SIMULATION = {"annuler", "relancer"}
ACTIONS = ACTIONS_DE_SIMULATION | {
    *("rejouer", "conserver", "exporter", "scenario-dupliquer", "scenario-valider"),
    *("scenario-supprimer", "scenario-simuler", "partage-retirer"),
}


@pytest.mark.rapide
def test_un_visiteur_est_mene_a_la_connexion_de_chaque_page(client, terminee):
    for nom, adresse in adresses(terminee).items():
        reponse = client.post(adresse) if nom in ACTIONS else client.get(adresse)
        assert reponse.status_code == 302, nom
        assert reponse["Location"].startswith(reverse("connexion")), nom


@pytest.mark.rapide
def test_toute_personne_connectee_lit_chaque_page_sans_rien_ecrire(client_connecte, terminee, lecture_seule):
    pages = {nom: adresse for nom, adresse in adresses(terminee).items() if nom not in ACTIONS}
    with lecture_seule():
        statuts = {nom: client_connecte.get(adresse).status_code for nom, adresse in pages.items()}
    assert set(statuts.values()) == {200}, statuts


def test_l_equipe_lit_aussi_chaque_page(client_staff, terminee):
    for nom, adresse in adresses(terminee).items():
        if nom not in ACTIONS:
            assert client_staff.get(adresse).status_code == 200, nom


def test_une_action_ne_se_fait_pas_par_un_lien(client_connecte, terminee):
    for nom in ACTIONS:
        refus = client_connecte.get(adresses(terminee)[nom])
        assert refus.status_code == 405
        assert "Cette action n'a pas été faite" in texte(refus)


ACTEURS = {"le demandeur": True, "une autre personne": False, "l'équipe": True}


@pytest.mark.parametrize("action", sorted(ACTIONS_DE_SIMULATION))
@pytest.mark.parametrize(("acteur", "permis"), ACTEURS.items(), ids=list(ACTEURS))
def test_seuls_le_demandeur_et_l_equipe_agissent(
    action: str, acteur: str, permis: bool, direction: Any, utilisateur: Any, utilisateur_staff: Any
) -> None:
    simulation = simulation_en_file(direction, demandeur=utilisateur)
    autre = get_user_model().objects.create_user("sacha")
    client = Client()
    client.force_login(
        {"le demandeur": utilisateur, "une autre personne": autre, "l'équipe": utilisateur_staff}[acteur]
    )
    reponse = client.post(reverse(f"simulations:{action}", args=[simulation.pk]))
    simulation.refresh_from_db()
    assert reponse.status_code == (302 if permis else 403)
    assert simulation.etat == ("annulee" if permis and action == "annuler" else "en_file")


def test_le_bouton_annuler_ne_se_montre_qu_a_qui_le_peut(client_connecte, direction, utilisateur_staff):
    simulation = simulation_en_file(direction, demandeur=utilisateur_staff)
    annulation = reverse("simulations:annuler", args=[simulation.pk])
    assert annulation not in client_connecte.get(simulation.get_absolute_url()).content.decode()
    assert annulation not in client_connecte.get(reverse("simulations:liste")).content.decode()
    client_connecte.force_login(utilisateur_staff)
    assert annulation in client_connecte.get(simulation.get_absolute_url()).content.decode()


@pytest.mark.parametrize("nombre_trop_grand", [999_999, 10**18, 10**30])
def test_ce_qui_n_existe_pas_rend_404(client_connecte, terminee, nombre_trop_grand):
    absents = [
        reverse("simulations:direction", args=[nombre_trop_grand]),
        reverse("simulations:centre", args=[nombre_trop_grand]),
        reverse("simulations:centre-volumes", args=[nombre_trop_grand]),
        reverse("simulations:centre-simuler", args=[nombre_trop_grand]),
        reverse("simulations:scenario", args=[nombre_trop_grand]),
        reverse("simulations:simulation", args=[uuid4()]),
        reverse("simulations:suivi", args=[uuid4()]),
        reverse("simulations:resultat-centre", args=[terminee.pk, nombre_trop_grand]),
        reverse("simulations:resultat-poste", args=[terminee.pk, nombre_trop_grand, 1]),
    ]
    assert [client_connecte.get(adresse).status_code for adresse in absents] == [404] * len(absents)


def requetes_par_page(client: Client, simulation: Simulation, compter: Callable[[], Any]) -> dict[str, int]:
    """Requêtes de chaque page, caches chauds."""
    compte = {}
    for nom, adresse in adresses(simulation).items():
        if nom in ACTIONS:
            continue
        client.get(adresse)
        with compter() as requetes:
            assert client.get(adresse).status_code == 200
        compte[nom] = cout(requetes)
    return compte


def cout(requetes: Any) -> int:
    """Requêtes de la page même, sans celles de la session et du compte."""
    return sum(not any(table in requete["sql"] for table in SESSION_ET_COMPTE) for requete in requetes)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_centres(
    client_connecte, utilisateur, compter_requetes
):
    petite, grande = direction_a_simuler(1), direction_a_simuler(12)
    de_un = simulation_terminee(petite, demandeur=utilisateur)
    peu = requetes_par_page(client_connecte, de_un, compter_requetes)
    for _ in range(5):
        simulation_terminee(grande, demandeur=utilisateur)
    de_douze = simulation_terminee(grande, demandeur=utilisateur)
    beaucoup = requetes_par_page(client_connecte, de_douze, compter_requetes)
    assert peu == beaucoup
    # L'essai n'est pas une lecture : il relit volumes et réglages, puis calcule.
    assert beaucoup.pop("essai") <= 9
    assert max(beaucoup.values()) <= 3, beaucoup


def test_la_page_nationale_gardee_coute_deux_requetes(client_connecte, compter_requetes):
    for _ in range(4):
        direction_a_simuler(2)
    nationale = simulation_terminee()
    client_connecte.get(nationale.get_absolute_url())
    with compter_requetes() as requetes:
        page = texte(client_connecte.get(nationale.get_absolute_url()))
    assert cout(requetes) == 2
    assert "Par direction" in page


def test_sans_cache_les_pages_disent_la_meme_chose(client_connecte, terminee, monkeypatch):
    def pages() -> dict[str, str]:
        noms = ("directions", "direction", "centre", "simulation", "lot")
        return {nom: texte(client_connecte.get(adresses(terminee)[nom])) for nom in noms}

    avec = pages()
    monkeypatch.setattr("simulateur.cache.donnees._appeler", lambda *_, **__: None)
    assert pages() == avec


def test_une_ecriture_se_voit_aussitot(client_connecte, direction):
    adresse = reverse("simulations:direction", args=[direction.pk])
    client_connecte.get(adresse)
    CentreFactory(direction=direction, nom="Centre tout neuf")
    assert "Centre tout neuf" in texte(client_connecte.get(adresse))
    direction.nom = "Direction renommée"
    direction.save()
    assert "Direction renommée" in texte(client_connecte.get(reverse("simulations:directions")))


def test_les_directions_montrent_leur_effectif_et_leur_derniere_simulation(client_connecte, direction):
    simulation_terminee(direction)
    derniere = simulation_terminee(direction, productivite=50)
    autre = DirectionFactory(nom="Direction vide")
    simulation_en_file(autre)
    lignes = client_connecte.get(reverse("simulations:directions")).context["directions"]
    par_id = {ligne["id"]: ligne for ligne in lignes}
    assert par_id[direction.pk]["effectif_actuel"] == 4
    assert par_id[direction.pk]["derniere"] == derniere
    assert par_id[autre.pk]["derniere"] is None
    assert [ligne["nom"] for ligne in lignes] == sorted(ligne["nom"] for ligne in lignes)


def test_le_centre_montre_ses_postes_meme_sans_tache_active(client_connecte):
    centre = centre_a_simuler()
    vide = CentrePosteFactory(centre=centre, poste__code="TRIEUR", effectif_actuel=3)
    TacheFactory(centre_poste=vide, nom="Tâche retirée", actif=False)
    page = texte(client_connecte.get(reverse("simulations:centre", args=[centre.pk])))
    assert vide.poste.nom in page
    assert "3,0 présents · 0 tâche" in page
    assert "Tâche retirée" not in page
    assert "264\u202f000" in page


def test_les_donnees_fictives_se_disent(client_connecte):
    centre = centre_a_simuler()
    type(centre).objects.filter(pk=centre.pk).update(fictif=True)
    simulation = simulation_terminee(centre.direction)
    for nom in (
        "directions",
        "direction",
        "centre",
        "simulation",
        "resultat-centre",
        "resultat-poste",
        "lot",
    ):
        assert "Données fictives." in texte(client_connecte.get(adresses(simulation)[nom])), nom


def test_un_paquet_en_cache_n_est_pas_servi_sous_une_autre_revision(direction):
    lecture.page_direction(direction.pk, PAYS)
    CentreFactory(direction=direction)
    assert len(lecture.page_direction(direction.pk, PAYS).centres) == 3


@pytest.fixture(autouse=True)
def _cartes_oubliees() -> None:
    Memoire.tout_oublier()
    caches["default"].clear()
