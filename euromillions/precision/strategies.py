"""Précision des stratégies sur les grilles jugées : lecture groupée par la base, calcul pur, cache."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from euromillions.jeu.prix import Bareme
from euromillions.models import Ere, GainRang, Grille, PrixGrille, Strategie
from euromillions.models.querysets import PORTEE_GRILLES, PORTEE_TIRAGES
from euromillions.models.tirages import BOULES
from euromillions.statistiques.historique import NUMEROS_MAX
from euromillions.statistiques.precision import ETOILES_NAIVES, NUMEROS_NAIFS, Jugees, Precision, mesurer
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, Lecture, lire_ou_calculer

PRECISION = Famille("em:precision", duree_s=30 * 60)


def lire(*, depuis: date | None = None, jusqu_au: date | None = None) -> Lecture:
    """Précision de chaque stratégie (voir `statistiques.precision.Precision`), du cache si possible."""
    lues = revisions.lire(PORTEE_GRILLES, PORTEE_TIRAGES)
    nom = f"{depuis or ''}:{jusqu_au or ''}"
    revision = f"{lues[PORTEE_GRILLES]}-{lues[PORTEE_TIRAGES]}"
    return lire_ou_calculer(PRECISION, nom, revision, lambda: calculer(depuis, jusqu_au))


def calculer(depuis: date | None = None, jusqu_au: date | None = None) -> dict[str, Precision]:
    grilles = Grille.objects.pour_la_precision()
    if depuis is not None:
        grilles = grilles.filter(cible__gte=depuis)
    if jusqu_au is not None:
        grilles = grilles.filter(cible__lte=jusqu_au)
    return mesurer(_jugees(grilles))


def _jugees(grilles: Any) -> dict[str, Jugees]:
    resultats: dict[str, dict[date, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for strategie, cible, *ligne in grilles.resultats_par_tirage():
        resultats[strategie][cible].append(ligne)
    boules: dict[tuple[str, date], Counter[tuple[bool, int]]] = defaultdict(Counter)
    for champ in BOULES:
        for strategie, cible, boule, nombre in grilles.boules_par_tirage(champ):
            boules[strategie, cible][champ.startswith("e"), boule] += nombre
    eres = list(Ere.objects.all())
    bareme = PrixGrille.objects.bareme()
    payes = set(GainRang.objects.order_by().values_list("tirage__date", flat=True).distinct())
    return {
        strategie: _assembler(strategie, resultats[strategie], boules, eres, payes, bareme)
        for strategie in Strategie.values
        if strategie in resultats
    }


def _assembler(
    strategie: str,
    par_date: dict[date, list[Any]],
    boules: dict[tuple[str, date], Counter[tuple[bool, int]]],
    eres: list[Ere],
    payes: set[date],
    bareme: Bareme,
) -> Jugees:
    """`payes` : tirages aux gains publiés ; les autres, ou sans prix, ne comptent ni en mise ni en gain."""
    dates = sorted(par_date)
    reserves = [next(ere.etoiles_max for ere in eres if ere.contient(jour)) for jour in dates]
    comptes = {
        False: np.zeros((len(dates), NUMEROS_MAX), np.int64),
        True: np.zeros((len(dates), max(reserves)), np.int64),
    }
    totaux = np.zeros((4, len(dates)), dtype=np.int64)  # grilles, numéros, étoiles, naïves
    croises = np.zeros((6, 3), dtype=np.int64)
    rangs: Counter[int] = Counter()
    mises = gains = 0.0
    payees = 0
    for place, jour in enumerate(dates):
        for (etoile, boule), nombre in boules[strategie, jour].items():
            comptes[etoile][place, boule - 1] += nombre
        prix = bareme.du_jour(jour)
        connus = jour in payes and not any(inconnus for *_, inconnus in par_date[jour])
        for numeros, etoiles, rang, nombre, gain, _ in par_date[jour]:
            naive = numeros >= NUMEROS_NAIFS or etoiles >= ETOILES_NAIVES
            totaux[:, place] += (nombre, nombre * numeros, nombre * etoiles, nombre * naive)
            croises[numeros, etoiles] += nombre
            rangs[rang] += nombre
            if connus and prix is not None:
                gains += gain or 0.0
                mises += nombre * prix
                payees += nombre
    rangs.pop(0, None)
    return Jugees(
        grilles=totaux[0],
        comptes_numeros=comptes[False],
        comptes_etoiles=comptes[True],
        trouves_numeros=totaux[1],
        trouves_etoiles=totaux[2],
        naives=totaux[3],
        reserves=np.array(reserves),
        resultats=croises,
        rangs=rangs,
        mises=mises,
        gains=gains,
        grilles_payees=payees,
    )


class LigneDeStrategie(Precision):
    """La précision d'une stratégie, et son nom."""

    strategy: str
    name: str


def en_lignes(mesures: Mapping[str, Precision]) -> list[LigneDeStrategie]:
    """Une ligne par stratégie, dans l'ordre des stratégies, avec son nom."""
    return [
        {"strategy": str(strategie.value), "name": str(strategie.label), **mesures[strategie.value]}
        for strategie in Strategie
        if strategie.value in mesures
    ]
