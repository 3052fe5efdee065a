"""L'API du référentiel : formes, filtres, droits et nombre de requêtes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from referentiels.api import serializers
from referentiels.models import Tache
from referentiels.tests.outils import factories as f
from simulateur.tests.outils.jetons import secret_pour

pytestmark = pytest.mark.django_db
PAGE = {"count", "next", "previous", "results"}
NOMENCLATURES = {
    "typologies": serializers.TypologieSerializer,
    "cellules": serializers.CelluleSerializer,
    "produits": serializers.ProduitSerializer,
    "unites": serializers.UniteSerializer,
    "phases": serializers.PhaseSerializer,
    "parametres": serializers.ParametreSerializer,
    "postes": serializers.PosteSerializer,
}


def client_de(compte: Any) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret_pour(compte)}")
    return client


@pytest.fixture
def tache():
    return f.TacheFactory(en_collecte=True)


def adresses(tache) -> dict[str, str]:
    """Chaque adresse de l'API, par ressource."""
    tenu = tache.centre_poste
    centre, direction = tenu.centre, tenu.centre.direction
    return {
        **{nom: f"/api/{nom}" for nom in ("regions", "directions", "centres", "taches", *NOMENCLATURES)},
        "region": f"/api/regions/{direction.region_id}",
        "direction": f"/api/directions/{direction.pk}",
        "centres de la direction": f"/api/directions/{direction.pk}/centres",
        "centre": f"/api/centres/{centre.pk}",
        "postes du centre": f"/api/centres/{centre.pk}/postes",
        "poste du centre": f"/api/centres/{centre.pk}/postes/{tenu.poste_id}",
        "tâches du poste": f"/api/centres/{centre.pk}/postes/{tenu.poste_id}/taches",
        "tâche": f"/api/taches/{tache.pk}",
    }


def test_chaque_adresse_repond_avec_ou_sans_barre_finale_sans_rien_ecrire(tache, api, lecture_seule):
    for nom, adresse in adresses(tache).items():
        with lecture_seule():
            sans, avec = api.get(adresse), api.get(adresse + "/")
        assert (sans.status_code, avec.status_code) == (200, 200), nom
        assert sans.json() == avec.json(), nom


def test_chaque_adresse_tient_en_trois_requetes_d_avance_en_cache(tache, api, compter_requetes):
    """Jeton compris. À froid, une direction complète en demande une de plus, dite par la règle."""
    for nom, adresse in adresses(tache).items():
        with compter_requetes() as froide:
            api.get(adresse)
        with compter_requetes() as chaude:
            api.get(adresse)
        api.get(adresse, {"recherche": "e"})
        with compter_requetes() as filtree:
            api.get(adresse, {"recherche": "e"})
        assert len(chaude) <= 3, nom
        assert len(filtree) <= 3, nom
        assert len(froide) <= (4 if nom in ("direction", "taches", "centres") else 3), nom


def test_le_nombre_de_requetes_ne_suit_pas_le_nombre_de_lignes(tache, api, compter_requetes):
    f.TacheFactory.create_batch(4)
    api.get("/api/regions")  # les droits du compte se lisent une fois
    for nom, adresse in adresses(tache).items():
        with compter_requetes() as requetes:
            api.get(adresse, {"page_size": 500})
        assert len(requetes) <= 4, nom


def test_les_listes_se_paginent(tache, api):
    f.CentreFactory.create_batch(3, direction=tache.centre_poste.centre.direction)
    for adresse in ("/api/centres", adresses(tache)["centres de la direction"]):
        reponse = api.get(adresse, {"page_size": 3}).json()
        assert set(reponse) == PAGE
        assert (reponse["count"], len(reponse["results"])) == (4, 3)
        assert len(api.get(reponse["next"]).json()["results"]) == 1
        assert api.get(adresse, {"page": 99}).status_code == 404


def test_les_lignes_ont_exactement_les_champs_documentes(tache, api):
    formes = {
        "regions": serializers.RegionSerializer,
        "directions": serializers.DirectionSerializer,
        "centres": serializers.CentreSerializer,
        "taches": serializers.TacheSerializer,
        "centres de la direction": serializers.CentreSerializer,
        "postes du centre": serializers.CentrePosteSerializer,
        "tâches du poste": serializers.TacheSerializer,
        **NOMENCLATURES,
    }
    for nom, forme in formes.items():
        ligne = api.get(adresses(tache)[nom]).json()["results"][0]
        assert set(ligne) == set(forme().fields), nom
    complete = api.get(adresses(tache)["direction"]).json()
    tenu = complete["centres"][0]["postes"][0]
    for contenu, forme in (
        (complete, serializers.DirectionCompleteSerializer),
        (complete["centres"][0], serializers.CentreCompletSerializer),
        (tenu, serializers.PosteDuCentreSerializer),
        (tenu["taches"][0], serializers.TacheDuPosteSerializer),
    ):
        assert set(contenu) == set(forme().fields)


def test_un_poste_rend_toutes_ses_taches_dans_une_page(tache, api):
    f.TacheFactory.create_batch(60, centre_poste=tache.centre_poste)
    reponse = api.get(adresses(tache)["tâches du poste"]).json()
    assert len(reponse["results"]) == 61


@pytest.mark.parametrize(
    ("parametres", "attendus"),
    [
        ({"recherche": "val gare"}, {"Valdren-Gare"}),
        ({"typologie": "cm"}, {"Valdren-Gare"}),
        ({"actif": "false"}, {"Ormel"}),
        ({"fictif": "true"}, {"Ormel"}),
        ({"a_guichet": "false"}, {"Selmar"}),
        ({"recherche": "val", "typologie": "CD"}, set()),
    ],
)
def test_les_centres_se_filtrent_partout_pareil(api, parametres, attendus):
    direction = f.DirectionFactory()
    f.CentreFactory(direction=direction, nom="Valdren-Gare", typologie__code="CM")
    f.CentreFactory(direction=direction, nom="Ormel", inactif=True, de_demonstration=True)
    f.CentreFactory(direction=direction, nom="Selmar", sans_guichet=True)
    for adresse in ("/api/centres", f"/api/directions/{direction.pk}/centres"):
        reponse = api.get(adresse, parametres)
        assert {centre["nom"] for centre in reponse.json()["results"]} == attendus


def test_les_centres_se_trient_par_effectif(api):
    for effectif in (3, 9, 6):
        f.CentrePosteFactory(effectif_actuel=Decimal(effectif))
    lignes = api.get("/api/centres", {"tri": "-effectif_actuel"}).json()["results"]
    assert [ligne["effectif_actuel"] for ligne in lignes] == [9, 6, 3]


def test_les_taches_se_comptent_sans_jointure_et_une_seule_fois(tache, api):
    with CaptureQueriesContext(connection) as premiere:
        assert api.get("/api/taches").json()["count"] == 1
    comptages = [r["sql"] for r in premiere if "COUNT(" in r["sql"]]
    assert len(comptages) == 1
    assert "JOIN" not in comptages[0]
    with CaptureQueriesContext(connection) as seconde:
        api.get("/api/taches", {"page_size": 10})
    assert not [r["sql"] for r in seconde if "COUNT(" in r["sql"]]
    with CaptureQueriesContext(connection) as filtree:
        assert api.get("/api/taches", {"famille": tache.famille}).json()["count"] == 1
    assert not [r["sql"] for r in filtree if "COUNT(" in r["sql"] and "JOIN" in r["sql"]]


def test_chaque_page_de_taches_est_celle_que_la_base_rendrait_en_les_sautant(tache, api):
    """Postes sans tâche, à une, à beaucoup : aucune page n'en perd ni n'en répète."""
    for nombre in (0, 1, 7, 3):
        tenu = f.CentrePosteFactory(centre=tache.centre_poste.centre, poste_neuf=True)
        f.TacheFactory.create_batch(nombre, centre_poste=tenu)
    attendues = list(Tache.objects.order_by("centre_poste_id", "ordre", "pk").values_list("pk", flat=True))
    for taille in (1, 2, 5, 12, 13):
        lues, suite = [], f"/api/taches?page_size={taille}"
        while suite:
            page = api.get(suite).json()
            assert page["count"] == len(attendues)
            lues += [ligne["id"] for ligne in page["results"]]
            suite = page["next"]
        assert lues == attendues, taille
    assert api.get("/api/taches?page=99").status_code == 404


def test_le_nombre_de_taches_suit_chaque_ecriture(tache, api):
    def nombre():
        return api.get("/api/taches").json()["count"]

    assert nombre() == 1
    autre = f.TacheFactory()
    assert nombre() == 2
    Tache.objects.bulk_create(f.TacheFactory.build_batch(2, **regles_de(autre)))
    assert nombre() == 4
    autre.delete()
    assert nombre() == 3
    tache.centre_poste.centre.delete()
    assert nombre() == Tache.objects.count() == 2


def regles_de(tache):
    return {champ: getattr(tache, champ) for champ in ("centre_poste", "produit", "unite")}


def test_les_taches_se_filtrent_par_centre_poste_et_regle(tache, api):
    f.TacheFactory(au_guichet=True, inactive=True)
    tenu = tache.centre_poste
    for parametres in (
        {"centre": tenu.centre_id, "poste": tenu.poste_id},
        {"centre_poste": tenu.pk},
        {"direction": tenu.centre.direction_id},
        {"phase": "collect"},
        {"actif": "true"},
        {"recherche": tache.nom},
    ):
        lignes = api.get("/api/taches", parametres).json()["results"]
        assert [ligne["id"] for ligne in lignes] == [tache.pk], parametres
    assert api.get("/api/taches", {"famille": "guichet depot"}).json()["count"] == 1


@pytest.mark.parametrize(
    ("adresse", "parametre", "valeur"),
    [
        ("/api/centres", "direction", "abc"),
        ("/api/centres", "direction", "99999999999999999999"),
        ("/api/centres", "actif", "peut-être"),
        ("/api/centres", "tri", "mot_de_passe"),
        ("/api/centres", "recherche", "x" * 101),
        ("/api/centres", "recherche", "\x00"),
        ("/api/postes", "type", "AUTRE"),
        ("/api/taches", "centre", "-1"),
    ],
)
def test_un_filtre_insense_est_refuse_en_nommant_le_parametre(api, adresse, parametre, valeur):
    reponse = api.get(adresse, {parametre: valeur})
    assert reponse.status_code == 400
    assert parametre in reponse.json()["champs"]


@pytest.mark.parametrize("cle", ["0", "999999999", "9223372036854775808", "99999999999999999999999"])
def test_une_cle_inconnue_est_un_404_filtree_ou_non(api, cle):
    for adresse in (
        f"/api/regions/{cle}",
        f"/api/directions/{cle}",
        f"/api/directions/{cle}/centres",
        f"/api/directions/{cle}/centres?actif=true",
        f"/api/centres/{cle}",
        f"/api/centres/{cle}/postes",
        f"/api/centres/{cle}/postes?type=MOD",
        f"/api/centres/{cle}/postes/{cle}",
        f"/api/centres/{cle}/postes/{cle}/taches",
        f"/api/taches/{cle}",
    ):
        assert api.get(adresse).status_code == 404, adresse


ECRITURES = {
    "regions": {"post"},
    "directions": {"post"},
    "centres": {"post"},
    "taches": {"post"},
    "postes du centre": {"post"},
    "region": {"put", "patch", "delete"},
    "direction": {"put", "patch", "delete"},
    "centre": {"put", "patch", "delete"},
    "tâche": {"put", "patch", "delete"},
    "poste du centre": {"put", "patch", "delete"},
}


def test_qui_peut_quoi_sur_chaque_adresse(tache, lecture_seule):
    """acteur × méthode × adresse : 401 sans compte, 403 hors de l'équipe, 405 si rien ne s'écrit là."""
    inactif = client_de(f.UtilisateurFactory(is_active=False, equipe=True))
    acteurs = {
        "anonyme": (APIClient(), 401, 401),
        "inactif": (inactif, 401, 401),
        "sans droit": (client_de(f.UtilisateurFactory(is_staff=True)), 403, 403),
        "personne": (client_de(f.UtilisateurFactory(lecteur=True)), 200, 403),
        "équipe": (client_de(f.UtilisateurFactory(equipe=True)), 200, None),
    }
    for nom, adresse in adresses(tache).items():
        for acteur, (client, lire, ecrire) in acteurs.items():
            with lecture_seule():
                assert client.get(adresse).status_code == lire, (nom, acteur)
            for methode in ("post", "put", "patch", "delete", "trace"):
                permise = methode in ECRITURES.get(nom, set())
                if ecrire is None and permise:
                    continue  # les écritures permises ont leurs tests, dans test_api_ecriture
                # Une personne hors de l'équipe apprend qu'elle n'écrit pas, jamais si l'adresse existe.
                attendu = ecrire if permise or lire == 401 else {405, ecrire}
                code = client.generic(methode.upper(), adresse, "{}", "application/json").status_code
                assert code in (attendu if isinstance(attendu, set) else {attendu}), (nom, acteur, methode)


def test_une_session_lit_l_api_comme_un_jeton(tache, client_connecte):
    assert client_connecte.get("/api/centres").status_code == 200
