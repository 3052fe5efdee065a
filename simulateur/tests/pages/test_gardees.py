"""Une page gardée : la même pour tous, chacun son nom et ses jetons ; 304 quand le navigateur l'a encore."""

import re
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory

from simulateur.api import gardees as json_gardes
from simulateur.cache import cles, revisions
from simulateur.cache.disjoncteur import disjoncteur
from simulateur.pages import gardees
from simulateur.tests.outils.droits import DU_PLANIFICATEUR, accorder

pytestmark = pytest.mark.django_db
JETON = re.compile(r'csrfmiddlewaretoken" value="(\w{64})"')


def demande(compte: Any, chemin: str = "/essai", **options: Any) -> Any:
    request = RequestFactory().get(chemin, **options)
    request.user = compte
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    request.META["CSRF_COOKIE"] = "a" * 32
    return request


class Page:
    """Une vue qui compte ses rendus ; `etat` est ce dont elle dépend."""

    def __init__(self, gabarit: str = "base.html") -> None:
        self.rendus, self.etat, self.gabarit = 0, 0, gabarit

    def servir(self, request: HttpRequest) -> HttpResponse:
        return gardees.servir(request, lambda: [self.etat], lambda: self._rendre(request))

    def _rendre(self, request: HttpRequest) -> HttpResponse:
        self.rendus += 1
        return render(request, self.gabarit)


@pytest.fixture
def page() -> Page:
    return Page()


def test_la_meme_page_sert_a_deux_comptes_chacun_son_nom_et_son_jeton(page, utilisateur):
    neuf = get_user_model().objects.create_user("zoé <b>", first_name="Zoé", last_name="<Neuf>")
    autre = accorder(neuf, *DU_PLANIFICATEUR)
    premiere = page.servir(demande(utilisateur)).content.decode()
    seconde = page.servir(demande(autre)).content.decode()
    assert page.rendus == 1
    assert "camille" in premiere
    assert "camille" not in seconde
    assert "Zoé &lt;Neuf&gt;" in seconde
    jetons = {JETON.search(texte)[1] for texte in (premiere, seconde)}  # type: ignore[index]
    assert len(jetons) == 2
    for marque in (gardees.JETON, gardees.NOM, gardees.CLE):
        assert marque not in premiere + seconde


def test_le_jeton_d_une_page_gardee_est_accepte(utilisateur):
    client = Client(enforce_csrf_checks=True)
    client.force_login(utilisateur)
    for _ in range(2):
        jeton = JETON.search(client.get("/").content.decode())
        assert jeton
    assert client.post("/deconnexion", {"csrfmiddlewaretoken": jeton[1]}).status_code == 302
    assert client.post("/deconnexion", {"csrfmiddlewaretoken": "b" * 64}).status_code == 403


def test_l_equipe_et_les_autres_n_ont_pas_la_meme_page(page, utilisateur, utilisateur_staff):
    assert "Administration" in page.servir(demande(utilisateur_staff)).content.decode()
    assert "Administration" not in page.servir(demande(utilisateur)).content.decode()
    assert page.rendus == 2


@pytest.mark.parametrize("difference", ["etat", "adresse", "portee", "code", "fragment"])
def test_tout_ce_dont_elle_depend_fait_une_autre_page(page, utilisateur, monkeypatch, difference):
    page.servir(demande(utilisateur))
    suite = demande(utilisateur)
    if difference == "etat":
        page.etat = 1
    elif difference == "adresse":
        suite = demande(utilisateur, "/essai?page=2")
    elif difference == "portee":
        monkeypatch.setattr(cles, "portee_du_lecteur", lambda _: "direction:5")
    elif difference == "code":
        monkeypatch.setattr(cles, "empreinte_du_code", lambda: "autre")
    else:
        suite = demande(utilisateur, headers={"HX-Request": "true"})
    page.servir(suite)
    assert page.rendus == 2


def test_un_message_se_montre_une_fois_et_ne_se_garde_pas(page, utilisateur):
    avec = demande(utilisateur)
    messages.success(avec, "C'est fait.")
    assert "C&#x27;est fait." in page.servir(avec).content.decode()
    assert "C&#x27;est fait." not in page.servir(demande(utilisateur)).content.decode()


def test_le_navigateur_qui_a_deja_la_page_recoit_304(page, utilisateur):
    premiere = page.servir(demande(utilisateur))
    deja = {"If-None-Match": premiere["ETag"]}
    seconde = page.servir(demande(utilisateur, headers=deja))
    assert (seconde.status_code, seconde.content) == (304, b"")
    page.etat = 1
    assert page.servir(demande(utilisateur, headers=deja)).status_code == 200
    autre_jeton = demande(utilisateur, headers=deja)
    autre_jeton.META["CSRF_COOKIE"] = "b" * 32
    page.etat = 0
    assert page.servir(autre_jeton).status_code == 200


def test_une_redirection_et_un_refus_ne_se_gardent_pas(utilisateur):
    rendus = []

    def refuser() -> HttpResponse:
        rendus.append(1)
        return HttpResponse("non", status=400)

    for _ in range(2):
        reponse = gardees.servir(demande(utilisateur), lambda: [0], refuser)
        assert (reponse.status_code, reponse.content) == (400, b"non")
    assert len(rendus) == 2


def test_cache_en_panne_la_meme_page(page, utilisateur):
    disjoncteur.declencher("pages", "essai")
    assert "camille" in page.servir(demande(utilisateur)).content.decode()


def test_cinquante_lecteurs_a_froid_un_seul_rendu(utilisateur, en_parallele, transactional_db):
    page = Page()
    demandes = [demande(utilisateur) for _ in range(50)]
    corps = en_parallele(lambda rang: page.servir(demandes[rang]).content.decode(), 50)
    assert page.rendus == 1
    assert all("camille" in texte for texte in corps)


def test_un_json_garde_porte_son_etiquette(utilisateur, settings):
    appels = []

    def corps() -> dict[str, int]:
        appels.append(1)
        return {"a": 1}

    def lire(**entetes: str) -> HttpResponse:
        return json_gardes.repondre(demande(utilisateur, "/api/essai", headers=entetes), lambda: [3], corps)

    premiere, seconde = lire(), lire()
    assert premiere.content == seconde.content == b'{"a":1}'
    assert len(appels) == 1
    assert {"Cookie", "Authorization"} <= {nom.strip() for nom in premiere["Vary"].split(",")}
    assert lire(**{"If-None-Match": premiere["ETag"]}).status_code == 304
    assert any(cle.startswith("api:") for cle in caches["pages"].iter_keys("api:*"))  # type: ignore[attr-defined]


def test_dans_une_lecture_chaque_portee_n_est_lue_qu_une_fois(db, compter_requetes):
    revisions.toucher(["essai:a"])
    with compter_requetes() as requetes, revisions.une_lecture():
        premiere = revisions.lire("essai:a")
        seconde = revisions.lire("essai:a", "essai:b")
        assert revisions.lire_une("essai:b") == 0
    assert len(requetes) == 2
    assert seconde["essai:a"] == premiere["essai:a"] > 0


def test_un_compte_renomme_touche_sa_portee_une_connexion_non(utilisateur, client):
    avant = revisions.lire_une("comptes")
    client.force_login(utilisateur)
    assert revisions.lire_une("comptes") == avant
    utilisateur.first_name = "Camille"
    utilisateur.save()
    assert revisions.lire_une("comptes") > avant
