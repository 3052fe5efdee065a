"""Faire une génération : lire le passé, tirer les grilles, tout écrire d'un coup."""

import time
from datetime import date, timedelta

import numpy as np

from euromillions.generation import GrillesTirees, Impossible, Passe, bassins, nouveau_generateur, tirer
from euromillions.grilles.reglement import regler
from euromillions.lectures import histoire
from euromillions.lectures.filtre import Filtre
from euromillions.models import Ere, Generation, Grille
from euromillions.models.querysets import PORTEE_GRILLES
from euromillions.statistiques import Historique
from simulateur.cache import revisions
from simulateur.travaux.machine import Prise
from simulateur.web.refus import Refus

LOT_ECRITURE = 500


def generer(generation: Generation, prise: Prise) -> None:
    """Lève Refus si les tirages ou l'ère manquent, ou si la stratégie ne peut en donner autant."""
    prise.avancer(0, generation.nombre, "Lecture des tirages passés")
    historique = passe_de(generation.cible)
    reserve = reserve_du(generation.cible)
    if not len(historique):
        raise Refus("Aucun tirage ne précède le tirage visé : il n'y a pas de passé à utiliser.")
    debut = time.perf_counter()
    grilles = tirer_pour(generation, historique, reserve)
    calcul_ms = 1000 * (time.perf_counter() - debut)
    prise.avancer(generation.nombre // 2, generation.nombre, f"{len(grilles)} grilles tirées")
    prise.terminer(
        lambda: enregistrer(generation, grilles),
        message="",
        calcul_ms=calcul_ms,
        tirages_analyses=len(historique),
        historique_jusqu_au=date.fromisoformat(str(historique.jours[-1])),
    )


def passe_de(cible: date) -> Historique:
    """Les tirages strictement antérieurs au tirage visé, et eux seuls."""
    return histoire.charger(Filtre(date_to=cible - timedelta(days=1)))


def reserve_du(cible: date) -> int:
    ere = Ere.objects.du_jour(cible)
    if ere is None:
        raise Refus(f"Le {cible:%d/%m/%Y} n'appartient à aucune ère du jeu.")
    return ere.etoiles_max


def tirer_pour(generation: Generation, historique: Historique, reserve: int) -> GrillesTirees:
    passe = Passe(historique.numeros, historique.etoiles, max(historique.etoiles_max, reserve))
    permises = bassins(generation.strategie, passe, np.array([len(passe)]), np.array([reserve]))
    try:
        return tirer(permises, generation.nombre, nouveau_generateur(generation.graine))
    except Impossible as impossible:
        raise Refus(str(impossible)) from None


def enregistrer(generation: Generation, grilles: GrillesTirees) -> None:
    lignes = np.concatenate([grilles.numeros, grilles.etoiles], axis=1).tolist()
    Grille.objects.bulk_create(
        [
            Grille(
                generation=generation,
                position=position,
                cible=generation.cible,
                n1=boules[0],
                n2=boules[1],
                n3=boules[2],
                n4=boules[3],
                n5=boules[4],
                e1=boules[5],
                e2=boules[6],
            )
            for position, boules in enumerate(lignes, start=1)
        ],
        batch_size=LOT_ECRITURE,
    )
    # Prend le verrou que prend tout changement de tirage : le tirage visé est connu d'un des deux.
    revisions.toucher([PORTEE_GRILLES])
    regler()
