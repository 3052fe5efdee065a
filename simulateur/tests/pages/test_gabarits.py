"""Le cadre des pages : accès, erreurs, politique de contenu, bibliothèques embarquées."""

import hashlib
import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.library import import_library
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.views import defaults
from django.views.csrf import CSRF_FAILURE_TEMPLATE_NAME
from drf_spectacular.views import SpectacularSwaggerView

LIGNE_MAX = 140
VENDOR = settings.BASE_DIR / "static" / "vendor"
GABARITS = sorted(
    fichier
    for dossier in (settings.BASE_DIR / "templates", *settings.BASE_DIR.glob("*/templates"))
    for fichier in dossier.rglob("*.html")
)
INTERDITS_PAR_LA_CSP = {
    "script en ligne": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json[\"'])[^>]*>", re.I
    ),
    "feuille de style en ligne": re.compile(r"<style\b", re.I),
    "attribut style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "attribut d'événement": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.I),
    "adresse javascript:": re.compile(r"javascript:", re.I),
    "valeur htmx évaluée": re.compile(r"hx-(?:vals|headers)=[\"']\s*js:", re.I),
    "ressource d'un autre serveur": re.compile(
        r"<(?:script|link|img)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I
    ),
}


def nom_relatif(fichier: Path) -> str:
    return str(fichier.relative_to(settings.BASE_DIR))


def rendre(source: str, **contexte: object) -> str:
    return Template(source).render(Context(contexte))


# --- Accès et pages d'erreur ---------------------------------------------------------------------------


def test_un_visiteur_anonyme_est_envoye_a_la_connexion(client):
    reponse = client.get(reverse("accueil"))
    assert reponse.status_code == 302
    assert reponse.url == f"{reverse('connexion')}?next=/"


@pytest.mark.django_db
def test_la_page_de_connexion_est_en_francais_et_sans_menu(client):
    page = client.get(reverse("connexion")).content.decode()
    assert '<html lang="fr"' in page
    assert "Se connecter" in page
    assert "Menu principal" not in page
    assert "Se déconnecter" not in page


@pytest.mark.django_db
def test_un_mauvais_mot_de_passe_est_dit_en_francais(client):
    User.objects.create_user("fatima", password="le-bon-mot-de-passe")
    reponse = client.post(reverse("connexion"), {"username": "fatima", "password": "le-mauvais"})
    assert reponse.status_code == 200
    assert "Nom d'utilisateur ou mot de passe incorrect" in reponse.content.decode()


@pytest.mark.django_db
def test_un_compte_verrouille_recoit_une_page_en_francais(client, settings):
    settings.AXES_FAILURE_LIMIT = 2
    User.objects.create_user("fatima", password="le-bon-mot-de-passe")
    for _ in range(2):
        reponse = client.post(reverse("connexion"), {"username": "fatima", "password": "le-mauvais"})
    assert reponse.status_code == 429
    assert "Trop d'échecs de connexion" in reponse.content.decode()


@pytest.mark.django_db
def test_la_deconnexion_passe_par_un_post(admin_client):
    assert admin_client.get(reverse("deconnexion")).status_code == 405
    assert admin_client.post(reverse("deconnexion")).url == reverse("connexion")


@pytest.mark.django_db
@pytest.mark.parametrize("qui", ["anonyme", "connecté"])
def test_une_adresse_inconnue_donne_une_page_404_en_francais(client, qui):
    if qui == "connecté":
        client.force_login(User.objects.create_user("fatima"))
    reponse = client.get("/nulle-part")
    page = reponse.content.decode()
    assert reponse.status_code == 404
    assert "Page introuvable" in page
    assert "<code>/nulle-part</code>" in page
    assert ("Se déconnecter" in page) is (qui == "connecté")


@pytest.mark.django_db
def test_un_formulaire_sans_jeton_csrf_recoit_une_page_en_francais(client):
    client.handler.enforce_csrf_checks = True
    reponse = client.post(reverse("connexion"), {"username": "a", "password": "b"})
    assert reponse.status_code == 403
    assert "Ce formulaire a expiré" in reponse.content.decode()


@pytest.mark.parametrize("code", ["400", "500"])
def test_les_pages_400_et_500_se_rendent_sans_contexte_ni_balise_de_projet(code):
    page = engines["django"].get_template(f"{code}.html").render()
    assert f"Erreur {code}" in page
    for fichier in (f"{code}.html", "erreur_statique.html"):
        source = (settings.BASE_DIR / "templates" / fichier).read_text()
        assert "{{" not in source
        assert "{% load" not in source


def test_les_adresses_en_dur_des_pages_statiques_designent_de_vrais_fichiers():
    page = render_to_string("500.html")
    adresses = re.findall(r'href="/static/([^"]+)"', page)
    assert len(adresses) == 2
    assert all(finders.find(adresse) for adresse in adresses)


# --- Politique de contenu ------------------------------------------------------------------------------


@pytest.mark.parametrize("fichier", GABARITS, ids=nom_relatif)
def test_un_gabarit_ne_contient_rien_que_la_csp_refuserait(fichier):
    source = fichier.read_text()
    trouves = {
        nom: motif.findall(source) for nom, motif in INTERDITS_PAR_LA_CSP.items() if motif.search(source)
    }
    assert trouves == {}


@pytest.mark.parametrize(
    ("source", "regle"),
    [
        ("<script>alert(1)</script>", "script en ligne"),
        ('<p style="color:red">', "attribut style"),
        ('<a onclick="x()">', "attribut d'événement"),
        ('<script src="https://exemple.org/a.js"></script>', "ressource d'un autre serveur"),
    ],
)
def test_la_recherche_reconnait_chaque_ecart(source, regle):
    assert INTERDITS_PAR_LA_CSP[regle].search(source)


@pytest.mark.django_db
def test_la_page_envoie_une_csp_sans_exception_et_htmx_sans_evaluation(admin_client):
    reponse = admin_client.get(reverse("accueil"))
    assert "default-src 'self'" in reponse["Content-Security-Policy"]
    assert "unsafe" not in reponse["Content-Security-Policy"]
    reglage = re.search(r"name=\"htmx-config\"\s+content='([^']+)'", reponse.content.decode())
    assert reglage is not None
    valeurs = json.loads(reglage[1])
    assert valeurs["allowEval"] is False
    assert valeurs["includeIndicatorStyles"] is False


@pytest.mark.parametrize("fichier", GABARITS, ids=nom_relatif)
def test_les_fichiers_statiques_cites_existent(fichier):
    cites = re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]\s*%}", fichier.read_text())
    assert [nom for nom in cites if finders.find(nom) is None] == []


@pytest.mark.parametrize(
    "fichier", sorted((settings.BASE_DIR / "templates" / "composants").glob("*.html")), ids=nom_relatif
)
def test_chaque_composant_dit_en_tete_a_quoi_il_sert(fichier):
    assert fichier.read_text().startswith("{% comment %}")


# --- Écriture des gabarits -----------------------------------------------------------------------------


@pytest.mark.parametrize("fichier", GABARITS, ids=nom_relatif)
def test_une_ligne_de_gabarit_se_lit_sans_defiler(fichier):
    lignes = enumerate(fichier.read_text().splitlines(), start=1)
    assert [rang for rang, ligne in lignes if len(ligne) > LIGNE_MAX] == []


@pytest.mark.parametrize("fichier", GABARITS, ids=nom_relatif)
def test_un_gabarit_n_ouvre_que_les_bibliotheques_qu_il_emploie(fichier):
    source = fichier.read_text()
    inutiles = []
    for nom in " ".join(re.findall(r"{% load ([^%]+) %}", source)).split():
        bibliotheque = import_library(engines["django"].engine.libraries[nom])
        employes = [rf"{{% {balise}\b" for balise in bibliotheque.tags]
        employes += [rf"\|{filtre}\b" for filtre in bibliotheque.filters]
        if not re.search("|".join(employes), source):
            inutiles.append(nom)
    assert inutiles == []


def noms_cites() -> set[str]:
    """Les gabarits que nomme le code ou un autre gabarit."""
    paquets = [fichier.parent for fichier in settings.BASE_DIR.glob("*/__init__.py")]
    python = [f for paquet in paquets for f in paquet.rglob("*.py") if "tests" not in f.parts]
    sources = [fichier.read_text() for fichier in (*python, *GABARITS)]
    return {nom for source in sources for nom in re.findall(r"[\"']([\w/{}.-]+\.html)[\"']", source)}


def noms_de_la_bibliotheque() -> set[str]:
    """Ceux que Django, DRF et leurs amis cherchent par leur nom : le projet les fournit ou les remplace."""
    erreurs = (defaults.ERROR_400_TEMPLATE_NAME, defaults.ERROR_403_TEMPLATE_NAME)
    pannes = (defaults.ERROR_404_TEMPLATE_NAME, defaults.ERROR_500_TEMPLATE_NAME)
    pages = (CSRF_FAILURE_TEMPLATE_NAME, LoginView.template_name, SpectacularSwaggerView.template_name)
    return {*erreurs, *pannes, *pages}


def test_chaque_gabarit_sert():
    # Le trou d'un nom composé, f"analyses/{nom}.html", vaut n'importe quoi.
    motifs = [re.sub(r"{[^}]*}", "*", nom) for nom in noms_cites() | noms_de_la_bibliotheque()]
    noms = [str(fichier.relative_to(settings.BASE_DIR / "templates")) for fichier in GABARITS]
    assert [nom for nom in noms if not any(fnmatch(nom, motif) for motif in motifs)] == []


# --- Bibliothèques embarquées --------------------------------------------------------------------------


def empreintes_declarees() -> dict[str, str]:
    lignes = re.findall(r"\| `([^`|]+)` \| `([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.M)
    return dict(lignes)


def test_chaque_fichier_embarque_a_l_empreinte_declaree():
    presents = {
        str(fichier.relative_to(VENDOR)): hashlib.sha256(fichier.read_bytes()).hexdigest()
        for fichier in VENDOR.rglob("*")
        if fichier.is_file() and fichier.name != "README.md"
    }
    assert presents == empreintes_declarees()


def test_chaque_bibliotheque_embarquee_porte_sa_version_et_sa_licence():
    for dossier in (d for d in VENDOR.iterdir() if d.is_dir()):
        assert re.search(r"-\d+\.\d+\.\d+$", dossier.name), dossier
        assert (dossier / "LICENSE.md").is_file(), dossier


def test_la_collecte_de_production_accepte_les_fichiers_du_projet(settings, tmp_path):
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    manifeste = json.loads((tmp_path / "staticfiles.json").read_text())
    assert "simulateur/simulateur.css" in manifeste["paths"]


# --- Composants ----------------------------------------------------------------------------------------


class FormulaireDeTest(forms.Form):
    productivite = forms.IntegerField(label="Productivité", max_value=200, help_text="De 1 à 200.")


def test_l_erreur_d_un_champ_est_a_cote_de_lui_et_reliee_a_lui():
    html = render_to_string("composants/formulaire.html", {"form": FormulaireDeTest({"productivite": "300"})})
    assert 'aria-describedby="id_productivite_helptext id_productivite_error"' in html
    assert 'id="id_productivite_helptext"' in html
    assert 'id="id_productivite_error"' in html
    assert 'aria-invalid="true"' in html
    assert "inférieure ou égale à 200" in html


class TravailDeTest:
    pk = "6f1c"
    progression = 40
    message = ""
    duree_s = 3.0
    tentative = 1
    reference_erreur = ""
    annulation_demandee_le = None

    def __init__(self, etat: str) -> None:
        self.etat = etat
        self.est_fini = etat not in ("en_file", "en_cours")


def suivi(etat: str) -> str:
    return render_to_string(
        "composants/progression.html",
        {
            "travail": TravailDeTest(etat),
            "adresse_suivi": "/suivi",
            "adresse_annulation": "/annuler",
            "adresse_resultat": "/resultat",
        },
    )


def test_un_travail_vivant_se_redemande_et_peut_s_annuler():
    html = suivi("en_cours")
    assert 'hx-get="/suivi"' in html
    assert 'action="/annuler"' in html
    assert 'value="40"' in html
    assert "/resultat" not in html


@pytest.mark.parametrize("etat", ["terminee", "refusee", "en_erreur", "annulee"])
def test_un_travail_fini_ne_se_redemande_plus(etat):
    html = suivi(etat)
    assert "hx-get" not in html
    assert "/annuler" not in html
    assert ("/resultat" in html) is (etat == "terminee")


def test_un_graphique_porte_le_tableau_de_ses_valeurs():
    donnees = {
        "etiquettes": ["<1>", "2"],
        "series": [{"nom": "Sorties", "valeurs": [12.5, None]}],
        "attendu": 10,
        "bande": {"bas": 8, "haut": [12, 13], "nom": "±2σ"},
        "decimales": 1,
    }
    html = rendre('{% load pages %}{% graphique d id="f" titre="Fréquences" %}', d=donnees)
    assert 'data-source="#f-donnees"' in html
    assert '<script id="f-donnees" type="application/json">' in html
    assert re.findall(r'<td class="nombre">([^<]*)</td>', html) == [
        *("12,5", "10,0", "8,0", "12,0"),
        *("—", "10,0", "8,0", "13,0"),
    ]
    assert "&lt;1&gt;" in html


def test_un_graphique_d_une_sorte_inconnue_est_refuse():
    with pytest.raises(TemplateSyntaxError, match="barres-empilees"):
        rendre(
            '{% load pages %}{% graphique d id="f" titre="x" sorte="camembert" %}',
            d={"etiquettes": [], "series": []},
        )


def test_la_pagination_garde_les_filtres_et_dit_ou_l_on_est():
    page = Paginator(range(1000), 50).get_page(3)
    requete = RequestFactory().get("/", {"region": "5", "page": "3"})
    html = render_to_string("composants/pagination.html", {"page": page, "nom": "centres"}, requete)
    adresses = re.findall(r'href="([^"]+)"', html)
    assert "?region=5&amp;page=4" in adresses
    assert all("region=5" in adresse for adresse in adresses)
    assert 'aria-current="page"' in html
    assert "101 à 150 sur 1\u202f000 centres" in html


def test_une_boule_jugee_le_dit_aussi_en_texte():
    contexte = {"numeros": [7, 12], "etoiles": [2], "numeros_touches": [12], "etoiles_touchees": [2]}
    html = render_to_string("composants/boules.html", contexte)
    assert html.count("boule-touchee") == 2
    assert html.count("trouvé") == 2
