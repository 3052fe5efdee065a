"""Ce que partagent les bancs des simulations : les cartes du réseau, un client, un run suivi."""

import time
from typing import Any

from django.test import Client

from bancs.comptes import compte_du_banc
from bancs.outil import pic_memoire_mo
from referentiels.lectures.annees import annees_des_volumes
from referentiels.models import Direction
from referentiels.suivi import portees
from simulateur.cache.suivi import signaler
from simulateur.models import Ouvrier
from simulations.cartes.cache import carte_de_direction
from simulations.cartes.volumes import volumes_de
from simulations.moteur import Carte, Parametres, Resultat, calculer_ensemble
from simulations.moteur.carte import Flottants

ATTENTE_S = 120.0
PAS_S = 0.01


def cartes_du_reseau() -> list[tuple[Carte, Flottants]]:
    annee = annees_des_volumes().par_defaut
    cartes = [carte_de_direction(pk).carte for pk in Direction.objects.values_list("pk", flat=True)]
    return [(carte, volumes_de(carte, annee)) for carte in cartes]


def calculer_tout(cartes: list[tuple[Carte, Flottants]], parametres: Parametres) -> list[Resultat]:
    return calculer_ensemble([carte for carte, _ in cartes], [volumes for _, volumes in cartes], parametres)


def client_du_banc(entetes: dict[str, str] | None = None) -> Client:
    client = Client(SERVER_NAME="localhost", headers=entetes)
    client.force_login(compte_du_banc())
    return client


def lancer_et_attendre(
    client: Client, chemin: str, corps: dict[str, Any] | None = None
) -> tuple[float, dict[str, Any]]:
    """POST puis GET jusqu'à l'état final ; (secondes, réponse finale)."""
    debut = time.perf_counter()
    lance = client.post(chemin, corps or {}, content_type="application/json")
    if lance.status_code != 202:
        raise RuntimeError(f"{chemin} répond {lance.status_code} : {lance.content[:300]!r}")
    adresse = lance.json()["check_status_url"]
    while True:
        etat = client.get(adresse).json()
        if etat["state"] in ("SUCCESS", "FAILURE", "REVOKED"):
            break
        if time.perf_counter() - debut > ATTENTE_S:
            raise RuntimeError(f"{chemin} : toujours {etat['state']} après {ATTENTE_S:g} s")
        time.sleep(PAS_S)
    if etat["state"] != "SUCCESS":
        raise RuntimeError(f"{chemin} : {etat}")
    return time.perf_counter() - debut, etat


def mediane_des_runs(client: Client, chemin: str, fois: int, *, froid: bool) -> tuple[float, dict[str, Any]]:
    durees: list[float] = []
    etat: dict[str, Any] = {}
    for _ in range(fois):
        if froid:
            # Une règle qui change périme toutes les cartes, dans chaque processus comme dans le cache.
            signaler([portees.REGLES])
        duree, etat = lancer_et_attendre(client, chemin)
        durees.append(duree)
    return sorted(durees)[len(durees) // 2], etat


def pic_des_ouvriers() -> float:
    """Pic de mémoire du plus gros ouvrier vivant, en Mo."""
    pids = [nom.rsplit(":", 1)[1] for nom in Ouvrier.objects.values_list("nom", flat=True)]
    return max((pic_memoire_mo(pid) for pid in pids), default=0.0)
