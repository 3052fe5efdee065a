"""Ce que font les gens, pour locust : planificateurs et lecteurs de statistiques.

Sur cent clics : 45 pages du réseau, 25 résultats et analyses, 20 statistiques, 8 lectures par l'API, 2
lancements d'une direction suivis jusqu'au bout. De une à trois secondes entre deux clics, connexions gardées,
chacun sur une autre direction. Toute réponse autre que 200 (302 pour un lancement) est une erreur.
"""

import json
import os
import random
import re
from itertools import count
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, between, task

DONNEES: dict[str, Any] = json.loads(Path(os.environ["CHARGE_DONNEES"]).read_text(encoding="utf-8"))
RANGS = count()
SUIVIS_MAX = 60
LIEN = re.compile(r"/effectifs/simulations/[0-9a-f-]{36}")
ANALYSES = ("metiers", "modes", "sensibilites", "couts")
STATISTIQUES = ("", "tirages", "frequences", "ecarts", "combinaisons", "repartitions", "gains")
LECTURES = ("directions", "centres", "taches", "euromillions/quick-stats", "euromillions/draws")


class Personne(FastHttpUser):
    wait_time = between(1, 3)
    network_timeout = connection_timeout = 30

    def on_start(self) -> None:
        rang = next(RANGS)
        compte = DONNEES["comptes"][rang % len(DONNEES["comptes"])]
        directions, centres = DONNEES["directions"], DONNEES["centres"]
        self.direction = directions[rang % len(directions)]
        self.centres = centres[rang :: max(1, len(centres) // 20)]
        self.resultats = [
            DONNEES["de_direction"][rang % len(DONNEES["de_direction"])],
            *DONNEES["nationales"],
        ]
        self.csrf = compte["csrf_masque"]
        self.entetes = {
            "Cookie": f"sessionid={compte['session']}; csrftoken={compte['csrf']}",
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": "gzip",
            "Referer": f"{self.host}/".replace("http://", "https://"),
        }
        self.entetes_api = {
            "Authorization": f"Token {compte['jeton']}",
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": "gzip",
        }

    def lire(self, adresse: str, nom: str, *, api: bool = False) -> str:
        entetes = self.entetes_api if api else self.entetes
        with self.client.get(
            adresse, name=nom, headers=entetes, allow_redirects=False, catch_response=True
        ) as reponse:
            if reponse.status_code != 200:
                reponse.failure(f"{reponse.status_code} au lieu de 200")
            return str(reponse.text or "")

    @task(45)
    def reseau(self) -> None:
        adresse, nom = random.choice(
            [
                ("/", "accueil"),
                ("/effectifs/", "directions"),
                (f"/effectifs/directions/{self.direction}", "une direction"),
                (f"/effectifs/directions/{self.direction}", "une direction"),
                (f"/effectifs/centres/{random.choice(self.centres)}", "un centre"),
                ("/effectifs/simulations", "historique"),
                ("/effectifs/scenarios", "scénarios"),
            ]
        )
        self.lire(adresse, nom)

    @task(25)
    def resultats_et_analyses(self) -> None:
        cle = random.choice(self.resultats)
        analyse = random.choice(("", "", *ANALYSES))
        page = f"/effectifs/simulations/{cle}" + (f"/{analyse}" if analyse else "")
        self.lire(page, f"résultat, {analyse}" if analyse else "résultat")

    @task(20)
    def statistiques(self) -> None:
        page = random.choice(STATISTIQUES)
        self.lire(f"/euromillions/{page}", f"statistiques, {page or 'accueil'}")

    @task(8)
    def api(self) -> None:
        lecture = random.choice(LECTURES)
        self.lire(f"/api/{lecture}", f"API, {lecture}", api=True)

    @task(2)
    def lancement(self) -> None:
        corps = {"csrfmiddlewaretoken": self.csrf, **FORMULAIRE}
        with self.client.post(
            f"/effectifs/directions/{self.direction}",
            name="lancement",
            data=corps,
            headers=self.entetes,
            allow_redirects=False,
            catch_response=True,
        ) as reponse:
            trouve = LIEN.search(reponse.headers.get("Location", "") if reponse.headers else "")
            if reponse.status_code != 302 or trouve is None:
                reponse.failure(f"{reponse.status_code} au lieu de 302")
                return
            reponse.success()
        self.suivre(trouve[0])

    def suivre(self, adresse: str) -> None:
        """Comme la page : un regard par seconde, jusqu'à ce que le fragment ne se redemande plus."""
        for _ in range(SUIVIS_MAX):
            if "hx-trigger" not in self.lire(f"{adresse}/suivi", "suivi"):
                break
            gevent.sleep(1)
        self.lire(adresse, "résultat neuf")


FORMULAIRE = {
    "productivite": "100",
    "heures_jour": "8,5",
    "temps_mort": "0",
    "trajet_minutes": "0",
    "jours_ouvres": "264",
    "shift": "1",
    "mode": "actuel",
    "annee": "",
}
