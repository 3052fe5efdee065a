"""Les statistiques d'une sélection de tirages : exactes, du cache si possible.

L'appelant a lu la révision des tirages d'abord (voir `lectures.histoire`) et la donne.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypedDict

import numpy as np

from euromillions.lectures.familles import COMPLET, RAPIDE
from euromillions.lectures.filtre import Filtre
from euromillions.lectures.histoire import charger
from euromillions.lectures.trous import trous
from euromillions.models import Ere, GainRang, Tirage
from euromillions.statistiques import boule as stats_boule
from euromillions.statistiques import complet, rangs, rapide
from euromillions.statistiques.historique import Reels
from euromillions.statistiques.rangs import GainsMesures
from simulateur.cache.donnees import Famille, Lecture, lire_ou_calculer


class DuCache(TypedDict):
    key: str
    revision: int
    computed_at: str
    ttl_seconds: int


class EtiquetteDeCache(TypedDict):
    """Ce qui s'est vraiment passé : servie du cache ou calculée, et quand."""

    cached: bool
    cache_info: DuCache


class GainsEre(GainsMesures):
    code: str
    name: str


class GainsParEre(TypedDict):
    eras: list[GainsEre]


def rapides(filtre: Filtre, revision: int) -> Lecture:
    """`valeur` : le corps JSON déjà écrit, car le relire et le récrire coûterait plus que tout le reste."""
    return lire_ou_calculer(
        RAPIDE, filtre.cle, revision, lambda: en_json(_etiqueter(rapide(charger(filtre))))
    )


def completes(filtre: Filtre, revision: int) -> Lecture:
    """Avec `missing_dates` : les dates que les écarts et absences de cette sélection enjambent."""

    def calculer() -> dict[str, Any]:
        historique = charger(filtre)
        return _etiqueter({**complet(historique), "missing_dates": trous(filtre, historique)})

    return lire_ou_calculer(COMPLET, filtre.cle, revision, calculer)


def boule(valeur: int, filtre: Filtre, revision: int, *, etoile: bool = False) -> Lecture:
    """Histoire d'un numéro ou d'une étoile : années, écarts, compagnons, dernières sorties."""
    sorte = "etoile" if etoile else "numero"

    def calculer() -> dict[str, Any]:
        historique = charger(filtre)
        chiffres = stats_boule.histoire(historique, valeur, etoile=etoile)
        return _etiqueter({**chiffres, "missing_dates": trous(filtre, historique)})

    return lire_ou_calculer(COMPLET, f"{sorte}:{valeur}:{filtre.cle}", revision, calculer)


def gains(filtre: Filtre, revision: int) -> Lecture:
    """Gains mesurés de chaque ère sur les tirages choisis."""
    return lire_ou_calculer(COMPLET, f"gains:{filtre.cle}", revision, lambda: _etiqueter(_gains(filtre)))


def etiquette_de_cache(lecture: Lecture, famille: Famille, revision: int) -> EtiquetteDeCache:
    """`cached` et `cache_info` d'une réponse : ce qui s'est vraiment passé."""
    return {
        "cached": lecture.en_cache,
        "cache_info": {
            "key": lecture.cle,
            "revision": revision,
            "computed_at": datetime.fromtimestamp(lecture.calculee_a, tz=UTC).isoformat(timespec="seconds"),
            "ttl_seconds": famille.duree_s,
        },
    }


def en_json(valeur: Mapping[str, Any]) -> str:
    return json.dumps(valeur, ensure_ascii=False, separators=(",", ":"))


def _etiqueter(chiffres: Mapping[str, Any]) -> dict[str, Any]:
    """Ajoute `demo: true` tant que des tirages fictifs sont en base."""
    return {**chiffres, "demo": True} if Tirage.objects.fictifs().exists() else dict(chiffres)


def _gains(filtre: Filtre) -> GainsParEre:
    choisis = filtre.appliquer(Tirage.objects.reels())
    lignes = np.array(GainRang.objects.pour_les_gains(choisis), dtype=np.float64).reshape(-1, 5)
    dates = dict(choisis.order_by().values_list("pk", "date"))
    eres = Ere.objects.dans_l_ordre().prefetch_related("rangs")
    par_ere = ((ere, lignes[lignes[:, 0] == ere.pk]) for ere in eres)
    return {
        "eras": [
            {"code": ere.code, "name": ere.nom, **_gains_de_l_ere(ere, siennes, dates)}
            for ere, siennes in par_ere
            if len(siennes)
        ]
    }


def _gains_de_l_ere(ere: Ere, lignes: Reels, dates: dict[int, date]) -> GainsMesures:
    """`lignes` : une par tirage et par rang (ère, tirage, rang, gagnants, gain)."""
    total = ere.combinaisons
    tirages = np.unique(lignes[:, 1]).astype(np.int64).tolist()
    return rangs.gains_mesures(
        [(r.numero, r.resultat, r.combinaisons / total) for r in ere.rangs.all()],
        lignes_rang=lignes[:, 2].astype(np.int64),
        gagnants=lignes[:, 3].astype(np.int64),
        gains=lignes[:, 4],
        jours=np.array([dates[cle] for cle in tirages], dtype="datetime64[D]"),
    )
