"""Temps serveur des pages et des lectures : gardées, jamais vues, et à côté d'une vue vide."""

from collections.abc import Iterator
from functools import partial
from statistics import fmean, median
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import reverse

from bancs.effectifs.reseau import client_du_banc, lancer_et_attendre
from bancs.outil import Banc, Mesure, mediane_s
from referentiels.lectures.taches import TachesDuReseau
from referentiels.models import Centre, Direction
from simulateur.models import Etat, Jeton
from simulations.models import Simulation

CIBLE_PAGE_MS = 15.0
CIBLE_MOYENNE_MS = 6.0
CIBLE_PREMIERE_VUE_MS = 60.0
CIBLE_LISTE_MS = 10.0
PART_D_UNE_VUE_VIDE = 0.6
EN_GZIP = {"accept-encoding": "gzip"}
# Ce que les gens ouvrent, sur cent clics : le scénario de `charge/`.
POIDS = {"accueil": 6, "directions": 6, "direction": 13, "centre": 6, "simulations": 7, "scénarios": 7}
POIDS |= {"résultat": 12, "résultat du pays": 13, "tirages": 10, "fréquences": 10}


def bancs() -> list[Banc]:
    return [
        Banc("pages", _pages, phases=("national",)),
        Banc("listes", _listes, phases=("national",)),
        Banc("JSON gardé", _json_garde),
    ]


def _pages() -> Iterator[Mesure]:
    client = client_du_banc(EN_GZIP)
    adresses = _adresses(client_du_banc())
    durees = {}
    for nom, adresse in adresses.items():
        _ouvrir(client, adresse)
        durees[nom] = _mediane_ms(client, adresse, 15)
        yield Mesure(f"page gardée : {nom}", durees[nom], "ms", CIBLE_PAGE_MS)
    melange = fmean([durees[nom] for nom, poids in POIDS.items() for _ in range(poids)])
    yield Mesure("pages gardées, moyenne du mélange des clics", melange, "ms", CIBLE_MOYENNE_MS)
    for nom in ("résultat du pays", "direction", "centre"):
        neuve = mediane_s(partial(_jamais_vue, client, adresses[nom]), fois=9) * 1e3
        yield Mesure(f"page jamais vue : {nom}", neuve, "ms", CIBLE_PREMIERE_VUE_MS)


def _listes() -> Iterator[Mesure]:
    """La première page, celle du milieu et la dernière, jamais vues puis gardées."""
    client = client_du_banc(EN_GZIP)
    nombres = {"/api/centres": Centre.objects.count(), "/api/taches": TachesDuReseau().count()}
    for chemin, lignes in nombres.items():
        derniere = -(-lignes // 50)
        for page in (1, derniere // 2, derniere):
            adresse = f"{chemin}?page={page}"
            neuve = mediane_s(partial(_jamais_vue, client, adresse), fois=7) * 1e3
            yield Mesure(f"GET {adresse}", _mediane_ms(client, adresse, 15), "ms", CIBLE_LISTE_MS)
            yield Mesure(f"GET {adresse}, jamais vue", neuve, "ms", CIBLE_LISTE_MS)


def _json_garde() -> Iterator[Mesure]:
    """Débits comparés dans la même exécution, tour à tour, derrière les mêmes intergiciels."""
    compte = client_du_banc().session["_auth_user_id"]
    Jeton.objects.filter(user_id=compte, nom="banc").delete()
    titulaire = get_user_model().objects.get(pk=compte)
    _, secret = Jeton.objects.emettre(titulaire, nom="banc", portee="ecriture", duree_jours=1)
    api = Client(SERVER_NAME="localhost", headers={"Authorization": f"Token {secret}"})
    with override_settings(ROOT_URLCONF="bancs.urls"):
        for adresse in ("/api/directions", "/api/centres", "/api/taches"):
            _ouvrir(api, adresse)
            essais = [(_mediane_ms(api, "/api/vide", 51), _mediane_ms(api, adresse, 51)) for _ in range(5)]
            part = median(vide / gardee for vide, gardee in essais)
            detail = f"{essais[-1][1]:.2f} ms contre {essais[-1][0]:.2f} pour une vue vide"
            nom = f"débit de {adresse} gardé ÷ une vue vide"
            yield Mesure(nom, part, "", PART_D_UNE_VUE_VIDE, detail, au_moins=True)


def _mediane_ms(client: Client, adresse: str, fois: int) -> float:
    return 1e3 * mediane_s(lambda: _ouvrir(client, adresse), fois=fois)


def _jamais_vue(client: Client, adresse: str) -> Any:
    caches["pages"].clear()
    return _ouvrir(client, adresse)


def _ouvrir(client: Client, adresse: str) -> Any:
    reponse = client.get(adresse)
    if reponse.status_code != 200:
        raise RuntimeError(f"{adresse} répond {reponse.status_code}")
    return reponse


def _adresses(client: Client) -> dict[str, str]:
    """Une adresse par page ; une simulation finie d'une direction et du pays sont lancées s'il le faut."""
    direction = Direction.objects.filter(centres__isnull=False).order_by("pk")[0]
    centre = Centre.objects.filter(direction=direction).order_by("pk")[0]
    du_pays = _simulation_finie(client, "national", "nationale")
    d_une_direction = _simulation_finie(client, "direction", f"direction/{direction.pk}")
    return {
        "accueil": "/",
        "directions": reverse("simulations:directions"),
        "direction": reverse("simulations:direction", args=[direction.pk]),
        "centre": reverse("simulations:centre", args=[centre.pk]),
        "pays": reverse("simulations:nationale"),
        "lot": reverse("simulations:lot"),
        "simulations": reverse("simulations:liste"),
        "scénarios": reverse("simulations:scenarios"),
        "couverture": reverse("simulations:couverture"),
        "comparer": reverse("simulations:comparer"),
        "résultat": d_une_direction.get_absolute_url(),
        "résultat du pays": du_pays.get_absolute_url(),
        "métiers du pays": reverse("simulations:metiers", args=[du_pays.pk]),
        "tirages": reverse("euromillions:tirages"),
        "fréquences": reverse("euromillions:frequences"),
        "écarts": reverse("euromillions:ecarts"),
    }


def _simulation_finie(client: Client, niveau: str, chemin: str) -> Simulation:
    finies = Simulation.objects.filter(niveau=niveau, etat=Etat.TERMINEE)
    if not finies.exists():
        lancer_et_attendre(client, f"/api/async/simulation/{chemin}")
    return finies.latest("termine_le")
