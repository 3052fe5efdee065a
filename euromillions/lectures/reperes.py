"""Les repères du jeu : ères et chances, années, plus grande boule, tirages manquants ou fictifs. Du cache."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypedDict

from euromillions.jeu import calendrier
from euromillions.lectures.familles import REPERES
from euromillions.models import Ere, Tirage
from euromillions.statistiques import rangs
from euromillions.statistiques.rangs import Attendu, ChancesEre
from simulateur.cache.donnees import Lecture, lire_ou_calculer


class EreDecrite(TypedDict):
    code: str
    name: str
    start: str
    end: str | None
    numbers_max: int
    stars_max: int
    weekdays: list[int]
    weekday_names: list[str]
    odds: ChancesEre
    expected: Attendu


class Annee(TypedDict):
    year: int
    draws: int


class MentionDemo(TypedDict, total=False):
    demo: bool


def eres(revision: int) -> list[EreDecrite]:
    """Les ères, leurs rangs et leurs chances exactes."""
    valeur: list[EreDecrite] = _repere("eres", revision, _eres).valeur
    return valeur


def codes_d_eres() -> list[str]:
    return list(Ere.objects.dans_l_ordre().values_list("code", flat=True))


def annees(revision: int) -> list[Annee]:
    """Années et nombre de tirages, de la plus récente à la plus ancienne."""
    valeur: list[Annee] = _repere("annees", revision, _annees).valeur
    return valeur


def fictifs_presents(revision: int) -> bool:
    """Vrai tant que des tirages de démonstration sont en base."""
    return bool(_repere("fictifs", revision, lambda: [Tirage.objects.fictifs().exists()]).valeur[0])


def mention_demo(revision: int) -> MentionDemo:
    """`{"demo": True}` tant que des tirages fictifs sont en base, sinon rien."""
    return {"demo": True} if fictifs_presents(revision) else {}


def plus_grande_boule(revision: int, *, etoile: bool) -> int:
    return max((ere["stars_max"] if etoile else ere["numbers_max"] for ere in eres(revision)), default=0)


def boule_existe(valeur: int, revision: int, *, etoile: bool) -> bool:
    """Vrai si une ère au moins a cette boule dans son urne."""
    return 1 <= valeur <= plus_grande_boule(revision, etoile=etoile)


def manquants(revision: int, aujourdhui: date) -> list[str]:
    """Dates (ISO) des tirages qui auraient dû être saisis avant `aujourdhui`, des plus récentes d'abord."""
    nom = f"manquants:{aujourdhui.isoformat()}"
    valeur: list[str] = _repere(nom, revision, lambda: _manquants(aujourdhui)).valeur
    return valeur


def _repere(nom: str, revision: int, calculer: Callable[[], Any]) -> Lecture:
    return lire_ou_calculer(REPERES, nom, revision, calculer)


def _eres() -> list[EreDecrite]:
    return [
        {
            "code": ere.code,
            "name": ere.nom,
            "start": ere.debut.isoformat(),
            "end": ere.fin.isoformat() if ere.fin else None,
            "numbers_max": ere.numeros_max,
            "stars_max": ere.etoiles_max,
            "weekdays": [int(chiffre) for chiffre in ere.jours],
            "weekday_names": ere.noms_des_jours,
            "odds": rangs.chances(
                [(r.numero, r.numeros, r.etoiles, r.combinaisons) for r in ere.rangs.all()],
                numeros_max=ere.numeros_max,
                etoiles_max=ere.etoiles_max,
            ),
            "expected": rangs.attendu(numeros_max=ere.numeros_max, etoiles_max=ere.etoiles_max),
        }
        for ere in Ere.objects.dans_l_ordre().prefetch_related("rangs")
    ]


def _annees() -> list[Annee]:
    return [{"year": an, "draws": nombre} for an, nombre in Tirage.objects.par_annee()]


def _manquants(aujourdhui: date) -> list[str]:
    presents = set(Tirage.objects.values_list("date", flat=True))
    if not presents:
        return []
    attendus = calendrier.jours_de_tirage(Ere.objects.all(), jusqu_au=aujourdhui)
    return [jour.isoformat() for jour in reversed(attendus) if jour < aujourdhui and jour not in presents]
