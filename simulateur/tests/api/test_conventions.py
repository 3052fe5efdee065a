"""Les conventions de l'API : forme des erreurs, jeton, pagination, limites, barre finale, identifiant."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError as ErreurDjango
from django.test import override_settings
from django.urls import include, path
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView

from simulateur import urls as urls_du_projet
from simulateur.api.conventions import Conflit, LimiteAnonyme, LimiteUtilisateur, Pagination
from simulateur.cache.disjoncteur import disjoncteur
from simulateur.tests.outils.jetons import secret_pour
from simulateur.web.intergiciels import FiltreIdentifiant

pytestmark = [pytest.mark.rapide, pytest.mark.django_db, pytest.mark.urls(__name__)]


class Entrees(serializers.Serializer):
    productivite = serializers.FloatField(min_value=0.1, max_value=3)
    volumes = serializers.DictField(child=serializers.FloatField(min_value=0), required=False)


class Essai(APIView):
    def post(self, request):
        Entrees(data=request.data).is_valid(raise_exception=True)
        return Response({"ok": True})

    def get(self, request):
        erreurs = {
            "conflit": Conflit("Cette clé a déjà servi."),
            "django": ErreurDjango({"nom": ["Ce nom est pris."]}),
            "django-simple": ErreurDjango("Deux lignes se contredisent."),
            "liste": exceptions.ValidationError(["Une phrase.", "Une autre."]),
            "absent": exceptions.NotFound("Direction inconnue."),
        }
        if "bug" in request.GET:
            raise ZeroDivisionError
        raise erreurs[request.GET["erreur"]]


class Liste(APIView):
    def get(self, request):
        pages = Pagination()
        return pages.get_paginated_response(pages.paginate_queryset(list(range(120)), request))


urlpatterns = [
    path("api/essai", Essai.as_view()),
    path("api/liste", Liste.as_view()),
    path("", include(urls_du_projet)),
]
handler404 = urls_du_projet.handler404
handler500 = urls_du_projet.handler500


def test_un_champ_hors_bornes_est_nomme_avec_ses_bornes(api):
    reponse = api.post("/api/essai", {"productivite": 9})
    assert reponse.status_code == status.HTTP_400_BAD_REQUEST
    corps = reponse.json()
    assert corps["detail"].startswith("productivite : ")
    assert "3" in corps["detail"]
    assert list(corps["champs"]) == ["productivite"]
    assert corps["requete"] == reponse["X-Request-ID"]


def test_une_erreur_au_fond_d_un_dictionnaire_donne_sa_premiere_phrase(api):
    corps = api.post("/api/essai", {"productivite": 1, "volumes": {"CM1": -4}}).json()
    assert corps["detail"].startswith("volumes : ")
    assert "CM1" in corps["champs"]["volumes"]


def test_un_corps_qui_n_est_pas_un_objet_est_refuse_sans_nommer_de_champ(api):
    corps = api.post("/api/essai", []).json()
    assert corps["detail"].startswith("Donnée non valide.")


@pytest.mark.parametrize(
    ("nom", "code", "detail"),
    [
        ("conflit", 409, "Cette clé a déjà servi."),
        ("django", 400, "nom : Ce nom est pris."),
        ("django-simple", 400, "Deux lignes se contredisent."),
        ("liste", 400, "Une phrase. Une autre."),
        ("absent", 404, "Direction inconnue."),
    ],
)
def test_toute_erreur_rend_un_detail_en_une_phrase(api, nom, code, detail):
    reponse = api.get(f"/api/essai?erreur={nom}")
    assert reponse.status_code == code
    assert reponse.json()["detail"] == detail


def test_une_adresse_inconnue_de_l_api_est_un_404_en_json(api):
    reponse = api.get("/api/rien-ici")
    assert reponse.status_code == 404
    assert reponse.json() == {"detail": "Cette adresse n'existe pas.", "requete": reponse["X-Request-ID"]}


def test_une_page_inconnue_reste_une_page(client):
    reponse = client.get("/rien-ici")
    assert reponse.status_code == 404
    assert reponse["Content-Type"].startswith("text/html")


def test_un_bug_rend_un_500_en_json_qui_ne_montre_rien(api):
    api.raise_request_exception = False
    reponse = api.get("/api/essai?bug=1")
    assert reponse.status_code == 500
    assert reponse.json()["requete"] == reponse["X-Request-ID"]
    assert "ZeroDivision" not in reponse.content.decode()


def test_un_appel_anonyme_recoit_401(client):
    reponse = client.get("/api/liste")
    assert reponse.status_code == 401
    assert reponse.json()["detail"]


@pytest.mark.parametrize("mot", ["Token", "Bearer", "bearer"])
def test_le_jeton_ouvre_l_api(utilisateur, mot):
    jeton = secret_pour(utilisateur)
    api = APIClient(headers={"Authorization": f"{mot} {jeton}"})
    assert api.get("/api/liste").status_code == 200


def test_un_jeton_faux_recoit_401(db):
    assert APIClient(headers={"Authorization": "Token faux"}).get("/api/liste").status_code == 401


def test_le_jeton_d_un_compte_ferme_recoit_401(utilisateur):
    jeton = secret_pour(utilisateur)
    utilisateur.is_active = False
    utilisateur.save()
    api = APIClient(headers={"Authorization": f"Token {jeton}"})
    assert api.get("/api/liste").status_code == 401


@pytest.mark.parametrize(
    ("requete", "nombre"), [("", 50), ("?page_size=7", 7), ("?page_size=9999", 120), ("?page=3", 20)]
)
def test_la_pagination_a_toujours_la_meme_forme(api, requete, nombre):
    corps = api.get(f"/api/liste{requete}").json()
    assert set(corps) == {"count", "next", "previous", "results"}
    assert corps["count"] == 120
    assert len(corps["results"]) == nombre


def test_une_page_au_dela_de_la_derniere_est_un_404(api):
    assert api.get("/api/liste?page=99").status_code == 404


def test_la_barre_finale_ne_change_pas_la_reponse(api):
    assert api.get("/api/liste/").json()["count"] == 120
    assert api.post("/api/essai/", {"productivite": 1}).json() == {"ok": True}


@pytest.fixture
def deux_par_minute(monkeypatch):
    """Deux appels par minute ; l'horloge des limites est tenue, à 45 s d'une minute, et se règle."""
    horloge = [60_045.0]
    monkeypatch.setattr(LimiteUtilisateur, "get_rate", lambda self: "2/min")
    monkeypatch.setattr(LimiteUtilisateur, "timer", staticmethod(lambda: horloge[0]))
    return horloge


def test_au_dela_de_la_limite_l_api_repond_429_et_dit_quand_revenir(api, deux_par_minute):
    reponses = [api.get("/api/liste") for _ in range(3)]
    assert [reponse.status_code for reponse in reponses] == [200, 200, 429]
    assert reponses[2]["Retry-After"] == "15"


def test_la_fenetre_suivante_rend_tous_les_appels(api, deux_par_minute):
    for _ in range(3):
        api.get("/api/liste")
    deux_par_minute[0] += 15
    assert [api.get("/api/liste").status_code for _ in range(3)] == [200, 200, 429]


def test_la_limite_d_un_utilisateur_n_est_pas_celle_d_un_autre(api, api_staff, deux_par_minute):
    for _ in range(3):
        api.get("/api/liste")
    assert api_staff.get("/api/liste").status_code == 200


def test_le_cache_en_panne_ne_limite_personne(api, deux_par_minute):
    disjoncteur.declencher("default", "essai")
    assert {api.get("/api/liste").status_code for _ in range(4)} == {200}


def test_les_appels_anonymes_ont_leur_propre_limite(client, monkeypatch):
    monkeypatch.setattr(LimiteAnonyme, "get_rate", lambda self: "1/min")
    monkeypatch.setattr(LimiteAnonyme, "timer", staticmethod(lambda: 60_045.0))
    ouverte = type("Ouverte", (Liste,), {"permission_classes": []})
    requetes = [APIRequestFactory().get("/", REMOTE_ADDR=f"10.0.0.{n}") for n in (1, 1, 2)]
    assert [ouverte.as_view()(requete).status_code for requete in requetes] == [200, 429, 200]


def test_l_identifiant_du_client_est_repris_s_il_est_bien_forme(client):
    reponse = client.get("/vivant", headers={"X-Request-ID": "abcd-1234.xyz"})
    assert reponse["X-Request-ID"] == "abcd-1234.xyz"


@pytest.mark.parametrize("recu", ["court", "a" * 65, "avec espace 123", "<script>alert(1)</script>"])
def test_un_identifiant_douteux_est_remplace(client, recu):
    rendu = client.get("/vivant", headers={"X-Request-ID": recu})["X-Request-ID"]
    assert rendu != recu
    assert len(rendu) == 16


def test_l_identifiant_de_requete_est_dans_le_journal(client, caplog):
    caplog.handler.addFilter(FiltreIdentifiant())
    reponse = client.get("/rien-ici")
    assert [trace.requete for trace in caplog.records if trace.name == "django.request"] == [
        reponse["X-Request-ID"]
    ]


def test_le_schema_de_l_api_se_lit(api):
    with override_settings(ROOT_URLCONF="simulateur.urls"):
        reponse = api.get("/api/schema?format=json")
    assert reponse.status_code == 200
    assert reponse.json()["info"]["title"] == "API du Simulateur"


@pytest.mark.parametrize(
    ("combien", "faire"),
    [
        (100_000, lambda api, n: api.get("/api/taches?" + "&".join(f"c{i}=1" for i in range(n)))),
        (100_000, lambda api, n: api.post("/api/regions", champs(n), format="json")),
        (
            100_000,
            lambda api, n: api.post("/api/regions", champs(n), format="multipart"),
        ),
        (20_000, lambda api, n: api.generic("POST", "/api/imports/volumes", *fichiers(n))),
    ],
    ids=["adresse", "json", "multipart", "fichiers"],
)
def test_une_demande_demesuree_est_refusee_court_et_en_json(api_staff: Any, combien: int, faire: Any) -> None:
    reponse = faire(api_staff, combien)
    assert 400 <= reponse.status_code < 500
    assert reponse["Content-Type"] == "application/json"
    assert reponse.json()["detail"]
    assert len(reponse.content) < 2000


def champs(nombre: int) -> dict[str, int]:
    return {f"c{i}": 1 for i in range(nombre)}


def fichiers(nombre: int) -> tuple[bytes, str]:
    """Un corps multipart d'autant de petits fichiers, et son type."""
    parties = (
        f'--lim\r\nContent-Disposition: form-data; name="f{i}"; filename="f{i}.csv"\r\n\r\na\r\n'
        for i in range(nombre)
    )
    return ("".join(parties) + "--lim--\r\n").encode(), "multipart/form-data; boundary=lim"
