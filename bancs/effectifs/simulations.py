"""Vitesse des simulations : calcul pur, compilation, run complet, requêtes et temps de chaque lecture."""

from collections.abc import Iterable, Iterator

import numpy as np
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bancs.effectifs.croissance import croissance
from bancs.effectifs.exports import mesurer_exports
from bancs.effectifs.reseau import (
    calculer_tout,
    cartes_du_reseau,
    client_du_banc,
    lancer_et_attendre,
    mediane_des_runs,
    pic_des_ouvriers,
)
from bancs.outil import Banc, Mesure, chrono, mediane_s
from referentiels.models import Centre, Direction
from simulateur.cache.memoire import Memoire
from simulations.cartes.cache import carte_de_direction
from simulations.moteur import Carte, Parametres, coefficients
from simulations.moteur.calcul import coefs_shift
from simulations.moteur.carte import Flottants
from simulations.moteur.decomposition import Entrees, decomposer
from simulations.moteur.incertitude import incertitude, tirer_facteurs
from simulations.moteur.lineaire import par_flux

TAILLE_NATIONALE = 400_000  # tâches


def bancs() -> list[Banc]:
    return [
        Banc("calcul", _calcul),
        Banc("compilation", _compilation),
        Banc("lectures", _lectures),
        Banc("direction", _direction),
        Banc("national", _national, phases=("national",)),
        Banc("analyses", _analyses, phases=("national",)),
        Banc("exports", mesurer_exports, phases=("national",)),
        Banc("croissance", croissance, phases=("national",)),
    ]


def _calcul() -> Iterator[Mesure]:
    cartes = cartes_du_reseau()
    taches = sum(carte.nb_taches for carte, _ in cartes)
    for carte, _ in cartes:
        _ = carte.durees
    parametres = Parametres()
    duree = mediane_s(lambda: calculer_tout(cartes, parametres), fois=15)
    carte, volumes = cartes[0]
    boucle = mediane_s(lambda: boucle_simple(carte, volumes, parametres), fois=3, echauffement=0)
    par_tache, simple = duree / taches * 1e6, boucle / carte.nb_taches * 1e6
    yield Mesure("calcul pur, tout le réseau", duree * 1e3, "ms", None, f"{taches} tâches")
    # La promesse vaut à la taille du pays ; sur un petit réseau, la préparation des paramètres domine.
    cible = 0.02 if taches >= TAILLE_NATIONALE else None
    yield Mesure("calcul pur, par tâche", par_tache, "µs", cible)
    yield Mesure("boucle Python simple, coefficients déjà prêts, par tâche", simple, "µs")
    yield Mesure("rapport boucle / moteur", simple / par_tache, "×")


def boucle_simple(carte: Carte, volumes: Flottants, parametres: Parametres) -> list[float]:
    """La même formule, tâche par tâche en Python : heures de chaque poste. Terme de comparaison."""
    coefficient, forfait = (tableau.tolist() for tableau in coefficients(carte, parametres))
    shift = coefs_shift(carte, parametres.shift).tolist()
    cellules = carte.regles.produit_cellules
    saisis = volumes.tolist()
    produits = carte.types.produit.tolist()
    heures = [0.0] * len(carte.postes.id)
    taches = zip(
        carte.taches.poste.tolist(), carte.taches.type.tolist(), carte.taches.duree_s.tolist(), strict=True
    )
    centres = carte.postes.centre.tolist()
    for poste, type_, duree in taches:
        centre = centres[poste]
        volume = sum(saisis[centre][cellule] for cellule in cellules[produits[type_]])
        lignes, parts = coefficient[type_], forfait[type_]
        heures[poste] += (volume * lignes[centre] + parts[centre]) * duree * shift[poste]
    return heures


def _compilation() -> Iterator[Mesure]:
    directions = list(Direction.objects.values_list("pk", flat=True))
    caches["calcul"].clear()
    Memoire.tout_oublier()
    with chrono() as froid:
        taches = sum(carte_de_direction(pk).carte.nb_taches for pk in directions)
    with CaptureQueriesContext(connection) as requetes:
        chaud = mediane_s(lambda: [carte_de_direction(pk) for pk in directions], fois=3)
    yield Mesure("carte du pays, à froid (base)", froid() * 1e3, "ms", None, f"{taches} tâches")
    yield Mesure("carte du pays, à chaud (cache)", chaud * 1e3, "ms")
    yield Mesure("rapport froid / chaud", froid() / chaud, "×")
    yield Mesure("requêtes par carte à chaud", len(requetes) / (4 * len(directions)), "")


def _chemins() -> list[tuple[str, float | None]]:
    """(chemin, cible en ms depuis le cache ou None)."""
    direction = Direction.objects.order_by("pk").values_list("pk", flat=True)[0]
    centre = Centre.objects.filter(direction=direction, actif=True).order_by("pk")[0]
    poste = centre.centre_postes.order_by("pk").values_list("poste_id", flat=True)[0]
    return [
        ("/api/regions", 15),
        ("/api/directions", 15),
        (f"/api/directions/{direction}/centres", 15),
        (f"/api/centres/{centre.pk}/postes", 15),
        (f"/api/centres/{centre.pk}/postes/{poste}/taches", 15),
        (f"/api/directions/{direction}", 15),
        ("/api/centres", 10),
        ("/api/taches", 10),
    ]


def _lectures() -> Iterator[Mesure]:
    client = client_du_banc({"accept-encoding": "gzip"})  # comme tout vrai client
    for chemin, cible in _chemins():
        client.get(chemin)
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.get(chemin)
        compte = _hors_session(requetes)  # avant toute autre requête : le journal est vidé à chacune
        if reponse.status_code != 200:
            raise RuntimeError(f"{chemin} répond {reponse.status_code}")
        duree = mediane_s(lambda chemin=chemin: client.get(chemin), fois=15) * 1e3  # type: ignore[misc]
        detail = (
            f"{compte} requête{'s' if compte > 1 else ''} hors session, {len(reponse.content) // 1024} Kio"
        )
        yield Mesure(f"GET {chemin}", duree, "ms", cible, detail)


def _hors_session(requetes: CaptureQueriesContext) -> int:
    return sum("django_session" not in r["sql"] and "auth_user" not in r["sql"] for r in requetes)


def _direction() -> Iterator[Mesure]:
    client = client_du_banc()
    pk = Direction.objects.order_by("pk").values_list("pk", flat=True)[0]
    chemin = f"/api/async/simulation/direction/{pk}"
    lancer_et_attendre(client, chemin)
    froid, etat = mediane_des_runs(client, chemin, 5, froid=True)
    chaud, _ = mediane_des_runs(client, chemin, 7, froid=False)
    kpis = etat["result"]["data"]["kpis"]
    taille = f"{kpis['nb_centres']} centres, {kpis['nb_taches']} tâches"
    yield Mesure("direction, POST → SUCCESS, carte à compiler", froid * 1e3, "ms", 1000, taille)
    yield Mesure("direction, POST → SUCCESS, carte en cache", chaud * 1e3, "ms", 150, taille)
    yield Mesure("pic de mémoire d'un ouvrier", pic_des_ouvriers(), "Mo")


def _national() -> Iterable[Mesure]:
    client = client_du_banc()
    chemin = "/api/async/simulation/nationale"
    froid, etat = mediane_des_runs(client, chemin, 3, froid=True)
    chaud, _ = mediane_des_runs(client, chemin, 5, froid=False)
    kpis = etat["result"]["data"]["kpis"]
    taille = f"{kpis['nb_centres']} centres, {kpis['nb_postes']} postes, {kpis['nb_taches']} tâches"
    yield Mesure("pays, POST → SUCCESS, cartes à compiler", froid, "s", 2.5, taille)
    yield Mesure("pays, POST → SUCCESS, cartes en cache", chaud, "s", 0.5, taille)
    yield Mesure("pic de mémoire d'un ouvrier", pic_des_ouvriers(), "Mo", 600)


def _analyses() -> Iterator[Mesure]:
    """Sensibilités, incertitude et décomposition du pays entier, sur les cartes en mémoire."""
    cartes = cartes_du_reseau()
    parametres = Parametres()
    nb_flux = len(cartes[0][0].regles.flux)
    tirages = 1000

    def incertain() -> None:
        # Les mêmes tirages pour toutes les directions : un flux varie pour tout le réseau à la fois.
        facteurs = tirer_facteurs(np.random.default_rng(1), [10.0] * (nb_flux + 1), tirages)
        for carte, volumes in cartes:
            incertitude(carte, par_flux(carte, volumes, parametres), facteurs)

    postes = sum(len(carte.postes.id) for carte, _ in cartes)
    yield Mesure(
        "incertitude, 1 000 tirages du pays", mediane_s(incertain, fois=5), "s", 0.5, f"{postes} postes"
    )
    autres = Parametres(productivite=95, croissance={"": 3.0})
    avant = [Entrees(carte, volumes, parametres) for carte, volumes in cartes]
    apres = [Entrees(carte, volumes, autres) for carte, volumes in cartes]
    duree = mediane_s(lambda: decomposer(avant, apres), fois=3)
    yield Mesure("décomposition exacte de l'écart entre deux calculs du pays", duree, "s")
