"""L'image de production sert de vraies pages : se connecter, lancer une direction, lire son résultat.

Code en lecture seule, sous un compte sans droits, avec les étapes mêmes du Dockerfile : collecte, gunicorn,
chien de garde.
"""

import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse

from simulateur.exploitation import processus
from simulateur.tests.outils.grappe import adresse_de_la_base_de_test
from simulateur.tests.outils.image import construire, instructions
from simulations.tests.outils.pages import envoi
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = [pytest.mark.complet]
COMPTE = 10001
PASSE_DROITS = ("dac_override", "dac_read_search", "fowner", "chown")
JETON = re.compile(r'csrfmiddlewaretoken" value="(\w+)"')


class Visiteur:
    """Un navigateur réduit : ses témoins, et l'en-tête que pose le serveur frontal."""

    def __init__(self, adresse: str) -> None:
        self.adresse, self.temoins = adresse, {}

    def ouvrir(self, chemin: str, formulaire: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(code, adresse de redirection, contenu)."""
        entetes = {
            "X-Forwarded-Proto": "https",
            "Host": "simulateur.example",
            "Referer": "https://simulateur.example/",
            "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self.temoins.items()),
        }
        corps = urllib.parse.urlencode(formulaire).encode() if formulaire is not None else None
        demande = urllib.request.Request(self.adresse + chemin, data=corps, headers=entetes)
        try:
            reponse: Any = urllib.request.build_opener(SansSuite).open(demande, timeout=30)
        except urllib.error.HTTPError as refus:
            reponse = refus
        with reponse:
            for temoin in reponse.headers.get_all("Set-Cookie") or []:
                nom, _, valeur = temoin.split(";")[0].partition("=")
                self.temoins[nom] = valeur
            return reponse.status, reponse.headers.get("Location", ""), reponse.read().decode()

    def envoyer(self, chemin: str, **champs: str) -> tuple[int, str, str]:
        """Ouvre la page, puis renvoie son formulaire avec ces champs."""
        code, _, page = self.ouvrir(chemin)
        assert code == 200, page[:500]
        jeton = JETON.search(page)
        assert jeton
        return self.ouvrir(chemin, {"csrfmiddlewaretoken": jeton[1], **champs})


class SansSuite(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@pytest.fixture
def dossier() -> Iterator[Path]:
    """Un dossier que le compte de l'image peut traverser."""
    cree = Path(tempfile.mkdtemp(prefix="image-"))
    cree.chmod(0o755)
    yield cree
    shutil.rmtree(cree, ignore_errors=True)


@pytest.fixture
def site(dossier: Path, transactional_db: None) -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("changer de compte demande d'être root")
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        pytest.skip("la production est sur PostgreSQL")
    app = construire(dossier / "app")
    ecrits = dossier / "ecrits"
    for nom in ("donnees", "mesures"):
        (ecrits / nom).mkdir(parents=True)
        (ecrits / nom).chmod(0o777)
    port = port_libre()
    env = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SIMULATEUR_MODE": "production",
        "SECRET_KEY": "une-cle-assez-longue-et-variee-pour-la-verification-0123456789",
        "ALLOWED_HOSTS": "simulateur.example,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "https://simulateur.example",
        "DATABASE_URL": adresse_de_la_base_de_test(),
        "REDIS_URL": str(settings.CACHES["default"]["LOCATION"]),
        "DOSSIER_DONNEES": str(ecrits / "donnees"),
        "PROMETHEUS_MULTIPROC_DIR": str(ecrits / "mesures"),
        "PORT": str(port),
    }
    [collecte] = [reste for mot, reste in instructions() if mot == "RUN" and "collectstatic" in reste]
    _collecter(app, collecte, env)
    _figer(app)
    [demarrage] = [yaml.safe_load(reste) for mot, reste in instructions() if mot == "CMD"]
    lances = []
    with (ecrits / "journal.txt").open("wb") as journal:
        try:
            for commande in (["-m", *demarrage], ["manage.py", "chien_de_garde"]):
                lances.append(_servir(app, [sys.executable, *commande], env, journal))
            yield f"http://127.0.0.1:{port}"
        finally:
            for lance in lances:
                processus.arreter(lance, delai_s=15)
            print((ecrits / "journal.txt").read_text(errors="replace")[-4000:])


def _collecter(app: Path, etape: str, env: dict[str, str]) -> None:
    mots = shlex.split(etape)
    reglages = dict(mot.split("=", 1) for mot in mots if "=" in mot)
    commande = [sys.executable, *[mot for mot in mots if "=" not in mot][1:]]
    fait = subprocess.run(
        commande, cwd=app, env={**env, **reglages}, capture_output=True, text=True, timeout=120
    )
    assert fait.returncode == 0, fait.stderr


def _figer(app: Path) -> None:
    """Lisible par tous, écrit par personne."""
    for chemin in [app, *app.rglob("*")]:
        chemin.chmod(0o555 if chemin.is_dir() else 0o444)
    assert not (app / "manage.py").stat().st_mode & stat.S_IWUSR


def _servir(app: Path, commande: list[str], env: dict[str, str], journal: Any) -> "subprocess.Popen[bytes]":
    """Sous le compte de l'image ; à défaut, sous un root privé de son passe-droit sur les fichiers."""
    sous_compte = {"user": COMPTE, "group": COMPTE, "extra_groups": []} if _compte_peut_lancer() else {}
    return subprocess.Popen(
        commande if sous_compte else ["setpriv", "--bounding-set", f"-{',-'.join(PASSE_DROITS)}", *commande],
        cwd=app,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=journal,
        stderr=journal,
        start_new_session=True,
        **sous_compte,  # type: ignore[arg-type]
    )


def _compte_peut_lancer() -> bool:
    """L'interpréteur des tests est parfois dans un dossier que son seul propriétaire traverse."""
    try:
        subprocess.run([sys.executable, "-c", ""], user=COMPTE, group=COMPTE, check=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@pytest.mark.panne("image de production", "sert une page, connecte, calcule une direction")
def test_l_image_sert_une_page_connecte_et_calcule_une_direction(site, utilisateur):
    # Les tests hachent plus vite que la production ne l'accepte.
    utilisateur.password = PBKDF2PasswordHasher().encode("mot-de-passe-de-test", "sel-de-test")
    utilisateur.save()
    direction = direction_a_simuler(2)
    visiteur = Visiteur(site)
    processus.attendre(lambda: _prete(visiteur), delai_s=60, quoi="l'image répond sur /pret")
    code, suite, _ = visiteur.envoyer("/connexion", username="camille", password="mot-de-passe-de-test")
    assert (code, suite) == (302, "/")
    code, _, accueil = visiteur.ouvrir("/")
    assert code == 200
    assert "camille" in accueil
    feuille = re.search(r'href="(/static/simulateur/simulateur\.[0-9a-f]+\.css)"', accueil)
    assert feuille
    assert visiteur.ouvrir(feuille[1])[0] == 200
    page = reverse("simulations:direction", args=[direction.pk])
    code, resultat, contenu = visiteur.envoyer(page, **envoi())
    assert code == 302, contenu[:1000]
    processus.attendre(
        lambda: "ETP calculé" in visiteur.ouvrir(resultat)[2], delai_s=90, quoi="la direction est calculée"
    )
    assert "Provenance" in visiteur.ouvrir(resultat)[2]
    assert visiteur.ouvrir("/metrics")[0] == 200


def _prete(visiteur: Visiteur) -> bool:
    try:
        return visiteur.ouvrir("/pret")[0] == 200
    except OSError:
        return False
