"""Les écarts : combien de tirages séparent deux sorties d'une même boule.

Un écart entre deux sorties est la différence de leurs rangs (1 = deux tirages de suite) ; l'écart courant
est le nombre de tirages depuis la dernière sortie (0 = au dernier tirage).
"""

from typing import TypedDict

import numpy as np

from euromillions.statistiques import hasard
from euromillions.statistiques.historique import (
    NUMEROS_MAX,
    NUMEROS_TIRES,
    Entiers,
    Historique,
    Rangs,
    Sorties,
)

# Écarts regroupés au-delà de 20 : trop peu d'essais pour les lire un à un.
_SEUILS = (*range(20), 20, 25, 30, 35, 40)
SEUIL_RETARD = 20
TETE_DE_LISTE = 10


class Ecart(TypedDict):
    numero: int
    appearances: int
    current_gap: int | None
    mean_gap: float | None
    max_gap: int | None
    min_gap: int | None
    mean_gap_days: float | None
    max_gap_days: int | None
    first: str | None
    last: str | None


class TauxDeSortie(TypedDict):
    gap: int
    trials: int
    hits: int
    rate: float | None
    z: float | None


class Ecarts(TypedDict):
    as_of: str | None
    numbers: list[Ecart]
    stars: list[Ecart]
    top10_overdue: list[tuple[int, int]]
    p_top_overdue_by_chance: float | None
    max_gap_ever: tuple[int, int] | None
    hit_rate_by_current_gap: list[TauxDeSortie]
    overdue_ge20_draws: TauxDeSortie


def ecarts(historique: Historique) -> Ecarts:
    """Écarts de chaque boule, retardataires, et chances de sortir selon l'absence (elles ne changent pas)."""
    numeros = historique.sorties_numeros
    intervalles = _intervalles(numeros)
    plus_longs = _plus_longs(numeros, intervalles)
    absents = _absences(numeros, len(historique))
    tete = _retardataires(absents)
    return {
        "as_of": historique.dernier,
        "numbers": _detailler(historique, numeros),
        "stars": _detailler(historique, historique.sorties_etoiles),
        "top10_overdue": tete,
        "p_top_overdue_by_chance": (
            hasard.au_moins_un_absent(tete[0][1], tires=NUMEROS_TIRES, valeurs=NUMEROS_MAX) if tete else None
        ),
        "max_gap_ever": _record(plus_longs),
        **_chances_de_sortie(intervalles, absents),
    }


def de_la_valeur(historique: Historique, valeur: int, *, etoile: bool = False) -> Rangs:
    """Écarts successifs d'une boule, dans l'ordre des tirages."""
    sorties = historique.sorties_etoiles if etoile else historique.sorties_numeros
    return np.diff(sorties.de(valeur))


def _intervalles(sorties: Sorties) -> Rangs:
    """Tous les écarts, valeur après valeur ; les frontières entre valeurs valent 0."""
    intervalles = np.zeros(len(sorties.tirages), dtype=np.int32)
    if len(sorties.tirages):
        intervalles[1:] = np.diff(sorties.tirages)
        debuts = sorties.debuts[:-1]
        intervalles[debuts[debuts < len(intervalles)]] = 0
    return intervalles


def _plus_longs(sorties: Sorties, intervalles: Rangs) -> Entiers:
    """Plus long écart de chaque valeur ; 0 si elle n'est pas sortie deux fois."""
    plus_longs = np.zeros(len(sorties.debuts) - 1, dtype=np.int64)
    sorties_vues = sorties.comptes > 0
    if sorties_vues.any():
        plus_longs[sorties_vues] = np.maximum.reduceat(intervalles, sorties.debuts[:-1][sorties_vues])
    return plus_longs


def _plus_courts(sorties: Sorties, intervalles: Rangs) -> Entiers:
    """Plus court écart de chaque valeur ; sans objet si elle n'est pas sortie deux fois."""
    plus_courts = np.zeros(len(sorties.debuts) - 1, dtype=np.int64)
    sorties_vues = sorties.comptes > 0
    if sorties_vues.any():
        sans_frontieres = np.where(intervalles == 0, np.iinfo(np.int32).max, intervalles)
        plus_courts[sorties_vues] = np.minimum.reduceat(sans_frontieres, sorties.debuts[:-1][sorties_vues])
    return plus_courts


def _absences(sorties: Sorties, total: int) -> Entiers:
    """Écart courant de chaque valeur, -1 si elle n'est jamais sortie."""
    return np.where(sorties.derniers >= 0, total - 1 - sorties.derniers, -1)


def _detailler(historique: Historique, sorties: Sorties) -> list[Ecart]:
    if not len(historique):
        return []
    intervalles = _intervalles(sorties)
    plus_longs = _plus_longs(sorties, intervalles).tolist()
    plus_courts = _plus_courts(sorties, intervalles).tolist()
    absences = _absences(sorties, len(historique)).tolist()
    jours = historique.jours.astype(np.int32)
    en_jours = _intervalles(Sorties(jours[sorties.tirages], sorties.debuts))
    plus_longs_jours = _plus_longs(sorties, en_jours).tolist()
    textes = np.datetime_as_string(historique.jours[[sorties.premiers, sorties.derniers]]).tolist()
    etendues = (sorties.derniers - sorties.premiers).tolist()
    etendues_jours = (jours[sorties.derniers] - jours[sorties.premiers]).tolist()
    lignes: list[Ecart] = []
    for i, compte in enumerate(sorties.comptes.tolist()):
        repetee = compte >= 2
        lignes.append(
            {
                "numero": i + 1,
                "appearances": compte,
                "current_gap": absences[i] if compte else None,
                "mean_gap": etendues[i] / (compte - 1) if repetee else None,
                "max_gap": plus_longs[i] if repetee else None,
                "min_gap": plus_courts[i] if repetee else None,
                "mean_gap_days": etendues_jours[i] / (compte - 1) if repetee else None,
                "max_gap_days": plus_longs_jours[i] if repetee else None,
                "first": textes[0][i] if compte else None,
                "last": textes[1][i] if compte else None,
            }
        )
    return lignes


def _retardataires(absences: Entiers) -> list[tuple[int, int]]:
    """Les dix plus longues absences ; à égalité, le plus petit numéro. Un numéro jamais sorti n'y est pas."""
    ordre = np.argsort(-absences, kind="stable")[:TETE_DE_LISTE]
    return [(int(i) + 1, int(absences[i])) for i in ordre if absences[i] >= 0]


def _record(plus_longs: Entiers) -> tuple[int, int] | None:
    """(écart, numéro) le plus long jamais observé ; à égalité, le plus petit numéro."""
    meilleur = int(plus_longs.argmax())
    return (int(plus_longs[meilleur]), meilleur + 1) if plus_longs[meilleur] else None


class _Chances(TypedDict):
    hit_rate_by_current_gap: list[TauxDeSortie]
    overdue_ge20_draws: TauxDeSortie


def _chances_de_sortie(intervalles: Rangs, absences: Entiers) -> _Chances:
    """Pour chaque absence de g tirages : combien de fois on l'a vue, combien de fois le numéro est sorti.

    Un écart de L tirages donne un essai pour g = 0…L-1 et une sortie à g = L-1 ; l'absence en cours c
    donne un essai pour g = 0…c-1 et aucune sortie.
    """
    reels = intervalles[intervalles > 0]
    ouverts = absences[absences > 0]
    taille = int(max(reels.max(initial=0), ouverts.max(initial=0), _SEUILS[-1])) + 1
    fermes = np.bincount(reels, minlength=taille + 1)
    tous = fermes + np.bincount(ouverts, minlength=taille + 1)
    essais = np.cumsum(tous[::-1])[::-1][1:]
    sorties = fermes[1:]
    bornes = (*_SEUILS[1:], len(essais))
    return {
        "hit_rate_by_current_gap": [
            _taux(debut, int(essais[debut:fin].sum()), int(sorties[debut:fin].sum()))
            for debut, fin in zip(_SEUILS, bornes, strict=True)
        ],
        "overdue_ge20_draws": _taux(
            SEUIL_RETARD, int(essais[SEUIL_RETARD:].sum()), int(sorties[SEUIL_RETARD:].sum())
        ),
    }


def _taux(ecart: int, essais: int, sorties: int) -> TauxDeSortie:
    p = NUMEROS_TIRES / NUMEROS_MAX
    return {
        "gap": ecart,
        "trials": essais,
        "hits": sorties,
        "rate": sorties / essais if essais else None,
        "z": hasard.z_proportion(sorties, essais, p),
    }


def histogramme(intervalles: Rangs, *, largeur: int, classes: int) -> Entiers:
    """Nombre d'écarts par classes de `largeur` tirages ; la dernière est ouverte."""
    rangs = np.minimum((intervalles - 1) // largeur, classes - 1)
    return np.bincount(rangs, minlength=classes)
