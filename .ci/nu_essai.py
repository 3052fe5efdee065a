"""Joué sur la machine nue par `.ci/nu` : une commande du README, et un verdict en une ligne.

`nu_essai.py DEPOT DEBIAN COMPTE TESTS ETAPE`, l'étape étant « sans-venv », « demo » ou « test ».
Rien que la bibliothèque standard : la machine n'a que Python.
"""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

PRET_MAX_S = 1500.0
ARRET_MAX_S = 60.0
TESTS_MAX_S = {"courts": 3000.0, "tout": 6600.0}
FIN_DU_JOURNAL = 40


class Echec(Exception):
    """Ce que la commande promet et n'a pas tenu ; `str()` le dit."""


class Commande:
    """Une commande dans sa propre session, comme au premier plan d'un terminal ; son journal à part."""

    def __init__(self, depot: Path, *mots: str, **env: str) -> None:
        self.journal = Path(f"/tmp/essai-{mots[-1].partition('=')[0]}-{os.getpid()}.log")
        with self.journal.open("wb") as sortie:
            self.lancee = subprocess.Popen(
                mots,
                cwd=depot,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def texte(self) -> str:
        return self.journal.read_text(errors="replace")

    def ctrl_c(self) -> None:
        os.killpg(self.lancee.pid, signal.SIGINT)


def attendre(condition: Callable[[], bool], delai_s: float, quoi: str) -> None:
    fin = time.monotonic() + delai_s
    while not condition():
        if time.monotonic() > fin:
            raise Echec(f"toujours pas {quoi} après {delai_s:.0f} s")
        time.sleep(0.2)


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def autres_processus() -> list[str]:
    """Ce qui vit dans notre espace, hors le premier processus et nous."""
    restes = []
    for dossier in Path("/proc").glob("[0-9]*"):
        if int(dossier.name) in (1, os.getpid()):
            continue
        try:
            restes.append((dossier / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip())
        except OSError:
            continue
    return restes


def se_connecter(port: int, mot_de_passe: str) -> None:
    """Le formulaire de connexion, comme un navigateur : jeton, session, puis l'accueil au nom de « demo »."""
    adresse = f"http://localhost:{port}"
    temoins = http.cookiejar.CookieJar()
    navigateur = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(temoins)
    )
    page = navigateur.open(f"{adresse}/connexion", timeout=20).read().decode()
    jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if jeton is None:
        raise Echec("la page de connexion n'a pas de formulaire")
    champs = {"username": "demo", "password": mot_de_passe, "csrfmiddlewaretoken": jeton.group(1)}
    navigateur.open(f"{adresse}/connexion", urllib.parse.urlencode(champs).encode(), timeout=20).close()
    accueil = navigateur.open(f"{adresse}/", timeout=20)
    if "/connexion" in accueil.url or "/deconnexion" not in accueil.read().decode():
        raise Echec("la connexion du compte demo est refusée")


def sans_venv(depot: Path, tests: str) -> str:
    """Sans le paquet python3-venv ni le droit de l'installer : un refus, et la phrase qui dit quoi faire."""
    commande = Commande(depot, "make", "demo")
    attendre(lambda: commande.lancee.poll() is not None, 120, "la fin de make demo")
    if commande.lancee.returncode == 0 or "apt install python3-venv" not in commande.texte():
        raise Echec(f"pas de phrase claire : {commande.texte()[-300:]}")
    return "refuse, en disant quoi installer"


def demo(depot: Path, tests: str) -> str:
    port, debut = port_libre(), time.monotonic()
    commande = Commande(depot, "make", "demo", PORT=str(port))
    try:
        attendre(
            lambda: "Le site est prêt" in commande.texte() or commande.lancee.poll() is not None,
            PRET_MAX_S,
            "« Le site est prêt »",
        )
        mot_de_passe = re.search(r"Mot de passe +(\S+)", commande.texte())
        if mot_de_passe is None:
            raise Echec("la démonstration s'est arrêtée avant d'être prête")
        pret_s = time.monotonic() - debut
        se_connecter(port, mot_de_passe.group(1))
        commande.ctrl_c()
        attendre(lambda: commande.lancee.poll() is not None, ARRET_MAX_S, "la fin après Ctrl-C")
        attendre(lambda: not autres_processus(), 5, f"le dernier processus parti ({autres_processus()})")
    except (Echec, OSError) as erreur:
        raise Echec(f"{erreur}\n{fin_de(commande)}") from erreur
    return f"prêt en {pret_s:.0f} s, connecté, arrêté par Ctrl-C, aucun processus ne reste"


def test(depot: Path, tests: str) -> str:
    choix = [] if tests == "tout" else ["TESTS_CHOIX=rapide and not complet"]
    debut = time.monotonic()
    commande = Commande(depot, "make", *choix, "test")
    try:
        attendre(lambda: commande.lancee.poll() is not None, TESTS_MAX_S[tests], "la fin de make test")
        if commande.lancee.returncode != 0:
            raise Echec(f"code {commande.lancee.returncode}")
        attendre(lambda: not autres_processus(), 10, f"le dernier processus parti ({autres_processus()})")
    except Echec as erreur:
        raise Echec(f"{erreur}\n{fin_de(commande)}") from erreur
    if "Navigateur des tests" in commande.texte():
        navigateur = "avec Chromium"
    elif "PAS DE CHROMIUM" in commande.texte():
        navigateur = "sans Chromium, et dit"
    else:
        raise Echec(f"rien n'est dit du navigateur\n{fin_de(commande)}")
    bilans = re.findall(r"^=*\s*((?:\d+ \w+, )*\d+ (?:passed|skipped)[^=\n]*?) in ", commande.texte(), re.M)
    return f"ok en {time.monotonic() - debut:.0f} s, {navigateur} : " + " ; ".join(bilans)


def fin_de(commande: Commande) -> str:
    return "\n".join(commande.texte().splitlines()[-FIN_DU_JOURNAL:])


ETAPES = {
    "sans-venv": ("make demo, sans python3-venv", sans_venv),
    "demo": ("make demo", demo),
    "test": ("make test", test),
}


def principal(depot: str, debian: str, compte: str, tests: str, etape: str) -> int:
    nom, jouer = ETAPES[etape]
    try:
        verdict, code = jouer(Path(depot), tests), 0
    except (Echec, OSError) as erreur:
        premiere, _, suite = str(erreur).partition("\n")
        verdict, code = f"ÉCHEC : {premiere}", 1
        print(suite, file=sys.stderr)
    if etape == "test" and tests != "tout":
        nom += " (tests courts)"
    print(f"{debian}|{compte}|{nom}|{verdict}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(principal(*sys.argv[1:]))
