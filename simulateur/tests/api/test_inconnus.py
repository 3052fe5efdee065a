"""Un inconnu, dans l'adresse ou le corps, est un 400 qui le nomme et dit les permis, sur toutes les vues."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from simulateur.api.inconnus import permis_de
from simulateur.api.vues import VueApi
from simulateur.langue.inconnus import CITES_MAX

pytestmark = pytest.mark.rapide
usine = APIRequestFactory()


class Boite(serializers.Serializer[Any]):
    couleur = serializers.CharField()
    libre = serializers.DictField(required=False)


class Envoi(serializers.Serializer[Any]):
    nom = serializers.CharField()
    rendu = serializers.CharField(read_only=True)
    boites = Boite(many=True, required=False)


class Essai(VueApi):
    @extend_schema(
        parameters=[OpenApiParameter("page", int), OpenApiParameter("part_{flux}", float)], responses=None
    )
    def get(self, request: Any) -> Response:
        return Response({"ok": True})

    @extend_schema(request=Envoi, responses=None)
    def post(self, request: Any) -> Response:
        return Response({"ok": True})

    @extend_schema(request=None, responses=None)
    def put(self, request: Any) -> Response:
        return Response({"ok": True})


class JugeAilleurs(Essai):
    corps_juge = False


def appeler(requete: Any, vue: type[VueApi] = Essai) -> Response:
    force_authenticate(requete, user=_compte())
    reponse: Response = vue.as_view()(requete).render()
    return reponse


def _compte() -> Any:
    return get_user_model()(pk=1, username="essai", is_superuser=True)


def test_un_parametre_inconnu_est_nomme_avec_les_permis() -> None:
    assert appeler(usine.get("/x?page=2&part_co=1")).status_code == 200
    refus = appeler(usine.get("/x?pages=2"))
    assert refus.status_code == 400
    assert refus.data["champs"] == {"pages": ["Paramètre inconnu. Permis : page, part_{flux}."]}
    assert appeler(usine.head("/x?pages=2")).status_code == 400


@pytest.mark.parametrize(
    ("corps", "fautif", "permis"),
    [
        ({"nom": "a", "nmo": "b"}, "nmo", "nom, boites"),
        ({"nom": "a", "boites": [{"couleur": "b"}, {"coleur": "b"}]}, "boites[1].coleur", "couleur, libre"),
    ],
)
def test_un_champ_inconnu_est_nomme_a_sa_place(corps: Any, fautif: str, permis: str) -> None:
    refus = appeler(usine.post("/x", corps, format="json"))
    assert refus.status_code == 400
    assert refus.data["champs"] == {fautif: [f"Champ inconnu. Permis : {permis}."]}
    assert appeler(usine.post("/x", corps, format="json"), JugeAilleurs).status_code == 200


def test_ce_qui_se_relit_ou_n_est_pas_decrit_reste_permis() -> None:
    corps = {"nom": "a", "rendu": "relu", "boites": [{"couleur": "b", "libre": {"ce": "qu'on veut"}}]}
    assert appeler(usine.post("/x", corps, format="json")).status_code == 200


def test_un_appel_sans_corps_n_en_accepte_pas() -> None:
    assert appeler(usine.put("/x")).status_code == 200
    assert appeler(usine.put("/x", {}, format="json")).status_code == 200
    assert "Permis : aucun" in appeler(usine.put("/x", {"a": 1}, format="json")).data["detail"]
    assert "aucun corps" in appeler(usine.put("/x", [1], format="json")).data["detail"]
    assert "objet JSON" in appeler(usine.post("/x", [1], format="json")).data["detail"]


def test_cent_mille_inconnus_donnent_une_reponse_courte() -> None:
    refus = appeler(usine.post("/x", {f"c{i}" * 50: i for i in range(20_000)}, format="json"))
    assert len(refus.data["champs"]) == CITES_MAX + 1
    assert len(refus.content) < 3000


def vues_de_l_api(noeud: URLResolver | None = None, prefixe: str = "") -> Iterator[tuple[str, Any]]:
    """(adresse, vue servie) de chaque route de l'API."""
    for enfant in (noeud or get_resolver()).url_patterns:
        motif = prefixe + str(enfant.pattern)
        if isinstance(enfant, URLPattern):
            if motif.startswith("api/") and motif != "api/docs":
                yield motif, enfant.callback
        else:
            yield from vues_de_l_api(enfant, motif)


VUES = dict(vues_de_l_api())


@pytest.mark.parametrize("adresse", VUES)
def test_toute_vue_de_l_api_juge_les_inconnus(adresse: str) -> None:
    vue: Any = VUES[adresse]
    assert issubclass(vue.cls, VueApi)
    actions = getattr(vue, "actions", None) or {}
    methodes = {m.upper() for m in actions} or set(vue.cls(**vue.initkwargs).allowed_methods) - {"OPTIONS"}
    for methode in methodes - {"HEAD"}:
        permis = permis_de(vue.cls, methode, tuple(sorted(actions.items())))
        assert permis.corps is not None, f"{methode} {adresse} : corps non décrit"


@pytest.mark.django_db
def test_un_filtre_mal_nomme_ne_rend_pas_tout(api: Any) -> None:
    refus = api.get("/api/taches?nom=x")
    assert refus.status_code == 400
    assert "recherche" in refus.json()["champs"]["nom"][0]


@pytest.mark.django_db
@pytest.mark.parametrize("inconnu", ["format=xml", "zzz=1"])
def test_un_parametre_inconnu_est_refuse_par_chaque_lecture(api_staff: Any, inconnu: str) -> None:
    simples = [adresse for adresse in VUES if "<" not in adresse and adresse != "api/schema"]
    for adresse in simples:
        chemin = "/" + adresse.replace("^", "").rstrip("$")
        reponse = api_staff.get(f"{chemin}?{inconnu}")
        assert reponse.status_code in (400, 405), f"{chemin} : {reponse.status_code}"


@pytest.mark.django_db
def test_un_caractere_nul_dans_l_adresse_est_refuse_en_le_nommant(api_staff: Any) -> None:
    for adresse, nom in (("/api/referentiel/exports/taches", "typologie"), ("/api/simulations", "q")):
        refus = api_staff.get(adresse, {nom: "a\x00b"})
        assert refus.status_code == 400
        assert nom in refus.json()["champs"]
