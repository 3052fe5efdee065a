"""La charge sous les pannes : un ouvrier tué toutes les vingt secondes, le cache suspendu trente secondes.

Rien ne doit s'y perdre : moins d'une erreur sur mille demandes, et chaque simulation lancée finit.
"""

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from bancs.serveurs import RACINE
from charge.essais import Cadre, palier
from charge.site import Site

OUVRIER_TUE_S = 20.0
CACHE_SUSPENDU_S = 30.0
ERREURS_MAX = 0.001
FIN_DES_TRAVAUX_S = 900.0
PAS_S = 5.0
# Ce qui reste à finir, puis ce qui a échoué.
COMPTER = """
import django
django.setup()
from simulations.models import Simulation
from simulateur.models import Etat
print(Simulation.objects.vivants().count(), Simulation.objects.filter(etat=Etat.EN_ERREUR).count())
"""


def sous_les_pannes(cadre: Cadre, utilisateurs: int) -> bool:
    """Vrai si presque aucune demande n'a échoué et si aucune simulation n'est perdue."""
    with _pannes(cadre.site) as faites:
        mesure = palier(cadre, utilisateurs, p95_ms=math.inf)
    restantes, echouees = _attendre_la_fin(cadre.site)
    taux = mesure.erreurs / max(1, mesure.requetes)
    tenu = taux < ERREURS_MAX and not restantes and not echouees
    verdict = "OK " if tenu else "KO "
    cadre.dire(
        f"{verdict} {faites['ouvriers']} ouvriers tués, cache suspendu {faites['cache']} fois : "
        f"{mesure.erreurs} erreurs sur {mesure.requetes} demandes ({taux:.3%}), "
        f"{restantes} simulations jamais finies, {echouees} en erreur"
    )
    return tenu


@contextmanager
def _pannes(site: Site) -> Iterator[dict[str, int]]:
    """Les pannes, dans un fil, jusqu'à la fin du bloc ; rend leurs comptes."""
    faites, arret = {"ouvriers": 0, "cache": 0}, threading.Event()
    fils = [
        threading.Thread(target=_tuer_des_ouvriers, args=(site, arret, faites)),
        threading.Thread(target=_suspendre_le_cache, args=(site, arret, faites)),
    ]
    for fil in fils:
        fil.start()
    try:
        yield faites
    finally:
        arret.set()
        for fil in fils:
            fil.join()


def _tuer_des_ouvriers(site: Site, arret: threading.Event, faites: dict[str, int]) -> None:
    while not arret.wait(OUVRIER_TUE_S):
        for pid in _ouvriers(site)[:1]:
            os.kill(pid, signal.SIGKILL)
            faites["ouvriers"] += 1


def _ouvriers(site: Site) -> list[int]:
    """Ceux des grappes du chien de garde, ceux qui travaillent d'abord."""
    titres: dict[int, str] = {}
    for lance in psutil.Process(site.roles["ouvriers"][0]).children(recursive=True):
        with suppress(psutil.Error):
            titres[lance.pid] = " ".join(lance.cmdline()).strip()
    au_travail = [pid for pid, titre in titres.items() if " processing " in titre]
    return au_travail + [pid for pid, titre in titres.items() if titre.endswith(" idle")]


def _suspendre_le_cache(site: Site, arret: threading.Event, faites: dict[str, int]) -> None:
    if arret.wait(OUVRIER_TUE_S):
        return
    for pid in site.roles["cache"]:
        os.kill(pid, signal.SIGSTOP)
    faites["cache"] += 1
    arret.wait(CACHE_SUSPENDU_S)
    for pid in site.roles["cache"]:
        os.kill(pid, signal.SIGCONT)


def _attendre_la_fin(site: Site) -> tuple[int, int]:
    """(encore vivantes, en erreur) une fois tout fini, ou le délai passé."""
    fin = time.monotonic() + FIN_DES_TRAVAUX_S
    while True:
        commande = [sys.executable, "-c", COMPTER]
        dit = subprocess.run(
            commande, env=site.env, cwd=RACINE, capture_output=True, text=True, timeout=120, check=True
        )
        vivantes, echouees = map(int, dit.stdout.split())
        if not vivantes or time.monotonic() > fin:
            return vivantes, echouees
        time.sleep(PAS_S)
