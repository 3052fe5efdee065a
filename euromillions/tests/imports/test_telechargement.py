"""Télécharger l'archive : un vrai serveur TLS local, et tout ce qu'un serveur peut faire de travers."""

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django_q.models import Schedule

from euromillions.imports.telechargement import TelechargementRefuse, prendre, telecharger
from euromillions.models import ImportTirages, Tirage
from euromillions.tests.imports.test_contenu import en_zip
from euromillions.tests.outils.imports import miniature
from euromillions.travaux import telecharger_tirages
from simulateur.exploitation import environnement

TAILLE_MAX = 100_000
Reponse = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(scope="module")
def certificat(tmp_path_factory: Any) -> tuple[Path, Path]:
    """Certificat jetable de « localhost », signé par lui-même : il est sa propre autorité."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl absent : pas de certificat jetable")
    dossier = tmp_path_factory.mktemp("tls")
    cle, cert = dossier / "cle.pem", dossier / "cert.pem"
    commande = f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    commande += f" -keyout {cle} -out {cert} -subj /CN=localhost"
    commande += " -addext subjectAltName=DNS:localhost -addext keyUsage=critical,digitalSignature,keyCertSign"
    subprocess.run(commande.split(), check=True, capture_output=True, timeout=30)
    return cle, cert


class Serveur:
    """Serveur HTTPS de « localhost » dont les réponses sont des fonctions par chemin."""

    def __init__(self, certificat: tuple[Path, Path]) -> None:
        cle, cert = certificat
        self.autorite = str(cert)
        self.reponses: dict[str, Reponse] = {}
        self.demandes: list[str] = []
        serveur = self

        class Gerant(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                serveur.demandes.append(self.path)
                try:
                    serveur.reponses[self.path](self)
                except OSError:
                    return

            def log_message(self, *args: Any) -> None:
                return

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Gerant)
        contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexte.load_cert_chain(cert, cle)
        self.http.socket = contexte.wrap_socket(self.http.socket, server_side=True)
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self.http.server_address[1]
        self.fil = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)
        self.fil.start()

    def adresse(self, chemin: str) -> str:
        return f"https://localhost:{self.port}{chemin}"

    def prendre(self, chemin: str, **options: Any) -> Any:
        reglages = {"autorite": self.autorite, "taille_max": TAILLE_MAX, "delai_s": 10, **options}
        return prendre(self.adresse(chemin), **reglages)

    def arreter(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.fil.join(5)


@pytest.fixture
def serveur(certificat):
    serveur = Serveur(certificat)
    yield serveur
    serveur.arreter()


def donner(contenu: bytes, *, statut: int = 200, **entetes: str) -> Reponse:
    def repondre(gerant: BaseHTTPRequestHandler) -> None:
        gerant.send_response(statut)
        gerant.send_header("Content-Length", str(len(contenu)))
        for nom, valeur in entetes.items():
            gerant.send_header(nom.replace("_", "-"), valeur)
        gerant.end_headers()
        gerant.wfile.write(contenu)

    return repondre


def renvoyer(adresse: str) -> Reponse:
    return donner(b"", statut=302, Location=adresse)


def egrener(gerant: BaseHTTPRequestHandler) -> None:
    """Un octet toutes les 20 ms, sans fin : chaque lecture réussit, le tout ne finit jamais."""
    gerant.send_response(200)
    gerant.end_headers()
    pause = threading.Event()
    while not pause.wait(0.02):
        gerant.wfile.write(b"x")


def egrener_les_entetes(gerant: BaseHTTPRequestHandler) -> None:
    gerant.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    pause = threading.Event()
    while not pause.wait(0.02):
        gerant.wfile.write(b"x")


def refus(serveur: Serveur, chemin: str, **options: Any) -> str:
    with pytest.raises(TelechargementRefuse) as erreur:
        serveur.prendre(chemin, **options)
    return str(erreur.value)


def test_un_fichier_est_pris_avec_son_nom(serveur):
    serveur.reponses["/a/euro%20millions.csv?v=1"] = donner(miniature("fdj_2020.csv"))
    pris = serveur.prendre("/a/euro%20millions.csv?v=1")
    assert (pris.nom, pris.octets) == ("euro millions.csv", miniature("fdj_2020.csv"))


def test_un_certificat_inconnu_est_refuse(serveur):
    serveur.reponses["/x"] = donner(b"x")
    assert "certificat" in refus(serveur, "/x", autorite="")
    assert serveur.demandes == []


def test_un_certificat_d_un_autre_nom_est_refuse(serveur):
    with pytest.raises(TelechargementRefuse, match="certificat"):
        prendre(f"https://127.0.0.1:{serveur.port}/x", autorite=serveur.autorite, taille_max=9, delai_s=5)


@pytest.mark.parametrize("adresse", ["http://localhost/x", "ftp://localhost/x", "file:///etc/hostname", "x"])
def test_seul_https_est_demande(adresse):
    with pytest.raises(TelechargementRefuse, match="https"):
        prendre(adresse, taille_max=10, delai_s=1)


def test_une_redirection_sur_le_meme_hote_est_suivie(serveur):
    serveur.reponses["/vieux"] = renvoyer("/neuf/tirages.csv")
    serveur.reponses["/neuf/tirages.csv"] = donner(b"contenu")
    assert serveur.prendre("/vieux").nom == "tirages.csv"


@pytest.mark.parametrize(
    ("adresse", "phrase"),
    [
        ("http://localhost/x", "https"),
        ("https://localhost:1/x", "autre hôte"),
        ("https://exemple.invalid/x", "autre hôte"),
        ("//exemple.invalid/x", "autre hôte"),
        ("file:///etc/hostname", "https"),
        ("https://[", "mal écrite"),
    ],
)
def test_une_redirection_ailleurs_ou_en_clair_est_refusee(serveur, adresse, phrase):
    serveur.reponses["/vieux"] = renvoyer(adresse)
    assert phrase in refus(serveur, "/vieux")
    assert serveur.demandes == ["/vieux"]


def test_une_ronde_de_redirections_s_arrete(serveur):
    serveur.reponses["/rond"] = renvoyer("/rond")
    assert "redirections" in refus(serveur, "/rond")
    assert len(serveur.demandes) == 4


def test_une_taille_annoncee_ou_reelle_trop_grande_est_refusee(serveur):
    serveur.reponses["/annonce"] = donner(b"x" * (TAILLE_MAX + 1))
    assert "annonce 100001 octets" in refus(serveur, "/annonce")

    def sans_annonce(gerant: BaseHTTPRequestHandler) -> None:
        gerant.send_response(200)
        gerant.end_headers()
        gerant.wfile.write(b"x" * (TAILLE_MAX + 1))

    serveur.reponses["/muet"] = sans_annonce
    assert "dépasse 100000 octets" in refus(serveur, "/muet")


def se_taire(gerant: BaseHTTPRequestHandler) -> None:
    """En-tête sans longueur, puis plus rien : le client n'attend que l'échéance."""
    gerant.send_response(200)
    gerant.end_headers()
    gerant.connection.recv(1)


@pytest.mark.parametrize("lenteur", [egrener, egrener_les_entetes, se_taire])
def test_un_serveur_qui_egrene_ses_octets_est_coupe_a_l_echeance(serveur, lenteur):
    serveur.reponses["/lent"] = lenteur
    debut = time.monotonic()
    assert "Délai dépassé" in refus(serveur, "/lent", delai_s=0.4)
    assert time.monotonic() - debut < 10


def test_une_echeance_passee_pendant_la_connexion_coupe_aussi(serveur):
    serveur.reponses["/lent"] = egrener_les_entetes
    assert "Délai dépassé" in refus(serveur, "/lent", delai_s=0)
    assert serveur.demandes == []


def test_une_reponse_tronquee_ou_en_erreur_est_refusee(serveur):
    def tronquee(gerant: BaseHTTPRequestHandler) -> None:
        gerant.send_response(200)
        gerant.send_header("Content-Length", "50")
        gerant.end_headers()
        gerant.wfile.write(b"court")

    serveur.reponses["/tronquee"] = tronquee
    assert "tronquée" in refus(serveur, "/tronquee")
    serveur.reponses["/absent"] = donner(b"", statut=404)
    assert "404" in refus(serveur, "/absent")
    serveur.reponses["/gz"] = donner(b"x", Content_Encoding="gzip")
    assert "compresse" in refus(serveur, "/gz")


def test_un_serveur_absent_est_dit_en_clair(certificat):
    with pytest.raises(TelechargementRefuse, match="ne répond pas"):
        prendre("https://localhost:1/x", taille_max=10, delai_s=2)
    with pytest.raises(TelechargementRefuse, match="PEM"):
        prendre("https://localhost:1/x", autorite=str(certificat[0]), taille_max=10, delai_s=2)


# --- désactivé, réglé, planifié ----------------------------------------------------------------------
def test_sans_adresse_reglee_rien_n_est_demande(settings):
    settings.TIRAGES_ARCHIVE_URL = ""
    with pytest.raises(TelechargementRefuse, match="désactivé"):
        telecharger()
    with pytest.raises(CommandError, match="désactivé"):
        call_command("telecharger_tirages")
    assert "désactivé" in telecharger_tirages()


@pytest.mark.parametrize(
    "valeur", ["http://hote/x", "hote/x", "https://", "https://a:b@hote/x", "https://h:99999"]
)
def test_une_adresse_reglee_qui_n_est_pas_https_arrete_le_demarrage(monkeypatch, valeur):
    monkeypatch.setenv("TIRAGES_ARCHIVE_URL", valeur)
    with pytest.raises(ImproperlyConfigured, match="https"):
        environnement.adresse_https("TIRAGES_ARCHIVE_URL")
    monkeypatch.setenv("TIRAGES_ARCHIVE_URL", "https://hote/x.zip")
    assert environnement.adresse_https("TIRAGES_ARCHIVE_URL") == "https://hote/x.zip"


@pytest.fixture
def archive(serveur, settings):
    settings.TIRAGES_ARCHIVE_URL = serveur.adresse("/euromillions.zip")
    settings.TIRAGES_ARCHIVE_CA = serveur.autorite
    serveur.reponses["/euromillions.zip"] = donner(en_zip({"euromillions.csv": miniature("fdj_2020.csv")}))
    return serveur


@pytest.mark.django_db
def test_la_commande_compare_puis_importe_l_archive(archive, capsys):
    call_command("telecharger_tirages")
    assert not Tirage.objects.exists()
    assert "2 tirages seraient ajoutés" in capsys.readouterr().out
    call_command("telecharger_tirages", "--appliquer")
    assert Tirage.objects.count() == 2


@pytest.mark.django_db
def test_le_travail_planifie_importe_et_ne_refait_rien_si_l_archive_n_a_pas_change(archive):
    assert "2 ajoutés" in telecharger_tirages()
    assert "inchangée" in telecharger_tirages()
    assert ImportTirages.objects.count() == 1


@pytest.mark.django_db
def test_le_travail_planifie_laisse_un_fichier_suspect_en_apercu(archive):
    telecharger_tirages()
    entete = "date,n1,n2,n3,n4,n5,e1,e2\n"
    archive.reponses["/euromillions.zip"] = donner(
        f"{entete}2026-01-06,1,2,3,4,5,1,2\n2021-03-02,1,2,3,4,5,1,2\n".encode()
    )
    assert "à confirmer par un agent" in telecharger_tirages()
    assert Tirage.objects.count() == 2
    assert ImportTirages.objects.filter(etat="apercu").count() == 1


@pytest.mark.django_db
def test_le_telechargement_est_planifie_les_lendemains_de_tirage():
    plan = Schedule.objects.get(func="euromillions.travaux.telecharger_tirages")
    assert plan.cron == "30 5 * * 3,6"
