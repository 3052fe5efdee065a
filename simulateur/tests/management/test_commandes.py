"""Les commandes du noyau, jouées pour de vrai : démonstration, mode embarqué, santé, faucheur."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import timedelta
from http.cookiejar import CookieJar
from io import StringIO
from urllib.parse import urlencode

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from simulateur.exploitation import embarque, processus
from simulateur.models import Canari
from simulateur.tests.outils.grappe import RACINE
from simulateur.travaux import faucheur
from simulateur.travaux.planification import NOM_CANARI

DELAI_S = 300.0  # une machine chargée met des minutes à préparer la démonstration


@pytest.mark.rapide
@pytest.mark.django_db
@pytest.mark.parametrize(("age_s", "code"), [(1, 0), (120, 1), (1000, 2), (None, 2)])
def test_la_sante_sort_avec_son_code(age_s, code):
    if age_s is not None:
        Canari.objects.create(nom=NOM_CANARI, repondu_le=timezone.now() - timedelta(seconds=age_s))
    sortie = StringIO()
    with pytest.raises(SystemExit) as fin:
        call_command("sante", stdout=sortie)
    assert fin.value.code == code
    assert "ouvriers" in sortie.getvalue()


@pytest.mark.rapide
@pytest.mark.django_db
def test_le_faucheur_a_la_main_dit_ses_comptes(monkeypatch):
    comptes = {"repris": 2, "en_erreur": 0, "annules": 1, "remis_en_file": 0}
    monkeypatch.setattr(faucheur, "faucher", lambda: comptes)
    sortie = StringIO()
    call_command("faucher", stdout=sortie)
    assert re.findall(r"(\d+) (\w+)", sortie.getvalue())[:3] == [
        ("2", "repris"),
        ("0", "abandonnés"),
        ("1", "annulés"),
    ]


@pytest.fixture
def port_libre():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@pytest.fixture
def machine_nue(tmp_path, port_libre):
    """L'environnement d'un poste où rien n'est réglé : ni base, ni cache, ni secret."""
    a_taire = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SIMULATEUR_TEST_SERVEURS")
    env = {nom: valeur for nom, valeur in os.environ.items() if nom not in a_taire}
    return {**env, "DOSSIER_DONNEES": str(tmp_path / "donnees"), "PORT": str(port_libre)}


class Lancee:
    """Une commande longue, son journal, et tous les processus qu'elle a eus."""

    def __init__(self, tmp_path, env, *arguments):
        self.journal = tmp_path / "sortie.log"
        self.port = env["PORT"]
        with self.journal.open("wb") as sortie:
            self.processus = processus.lancer(
                [sys.executable, "manage.py", *arguments],
                env=env,
                sortie=sortie,
                erreurs=subprocess.STDOUT,
                dossier=RACINE,
            )

    def texte(self):
        return self.journal.read_text(errors="replace")

    def attendre(self, condition, quoi, delai_s=DELAI_S):
        def ou_mort():
            assert self.processus.poll() is None, f"la commande s'est arrêtée :\n{self.texte()}"
            return condition()

        try:
            return processus.attendre(ou_mort, delai_s=delai_s, quoi=quoi)
        except TimeoutError as erreur:
            raise AssertionError(f"{erreur}\n{self.texte()}") from None

    def lire(self, chemin):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{chemin}", timeout=5) as reponse:
                return reponse.read().decode()
        except OSError:
            return ""

    def descendants(self):
        return psutil.Process(self.processus.pid).children(recursive=True)


@pytest.fixture
def lancer(tmp_path, machine_nue):
    lancees = []

    def faire(*arguments):
        lancees.append(Lancee(tmp_path, machine_nue, *arguments))
        return lancees[-1]

    yield faire
    for lancee in lancees:
        processus.arreter(lancee.processus, delai_s=20)


def _se_connecter(lancee, identifiant, mot_de_passe):
    """Ouvre une session par le formulaire, comme un navigateur ; rend l'adresse d'arrivée."""
    temoins = CookieJar()
    navigateur = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(temoins))
    adresse = f"http://localhost:{lancee.port}/connexion"
    with navigateur.open(adresse, timeout=10) as page:
        jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[1]
    champs = {"username": identifiant, "password": mot_de_passe, "csrfmiddlewaretoken": jeton}
    requete = urllib.request.Request(adresse, urlencode(champs).encode(), {"Referer": adresse})
    with navigateur.open(requete, timeout=10) as arrivee:
        return arrivee.geturl()


@pytest.mark.complet
def test_la_demonstration_simule_sert_le_site_et_ne_laisse_rien(lancer):
    demo = lancer("demo")
    demo.attendre(lambda: "Ctrl-C pour tout arrêter" in demo.texte(), "la démonstration prête")
    texte = demo.texte()
    assert "ETP calculé" in texte
    assert "TOTAL" in texte
    mot_de_passe = re.search(r"Mot de passe +(\S+)", texte)[1]
    demo.attendre(lambda: demo.lire("/pret"), "le site")
    assert '"cache": true' in demo.lire("/pret")
    assert _se_connecter(demo, "demo", mot_de_passe).endswith(f":{demo.port}/")
    # Le web et les ouvriers comptent dans le même dossier : la simulation y est.
    mesures = demo.lire("/metrics")
    assert re.search(r'simulateur_travaux_finis_total\{etat="terminee",.*\} 1\.0', mesures)
    assert re.search(r'simulateur_requetes_total\{code="302",methode="POST",vue="connexion"\} 1\.0', mesures)

    restes = demo.descendants()
    assert len(restes) >= 8
    demo.processus.send_signal(signal.SIGINT)
    assert demo.processus.wait(DELAI_S) == 0
    assert [reste.name() for reste in restes if reste.is_running()] == []


@pytest.mark.complet
def test_le_mode_embarque_s_arrete_sur_sigterm_et_reprend_ou_il_en_etait(lancer, tmp_path):
    for tour in range(2):
        tout = lancer("demarrer", "--sans-web")
        tout.attendre(lambda tout=tout: "Ctrl-C pour arrêter" in tout.texte(), f"le lancement {tour}")
        restes = tout.descendants()
        tout.processus.send_signal(signal.SIGTERM)
        assert tout.processus.wait(DELAI_S) == 0, tout.texte()
        assert [reste.name() for reste in restes if reste.is_running()] == []
    assert not (tmp_path / "donnees" / "valkey.sock").is_symlink()


@pytest.mark.parametrize("commande", ["demo", "demarrer"])
def test_un_port_deja_pris_arrete_tout_avant_de_commencer(commande, settings, tmp_path, monkeypatch):
    settings.DOSSIER_DONNEES = tmp_path
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        monkeypatch.setenv("PORT", str(prise.getsockname()[1]))
        with pytest.raises(CommandError, match="déjà pris"):
            call_command(commande)


def test_le_chien_de_garde_lance_qcluster_et_rien_d_autre():
    assert embarque.service_file().programme[-1] == "qcluster"
