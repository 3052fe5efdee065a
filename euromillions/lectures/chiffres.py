"""Ce que lisent les pages, l'API et les travaux : des chiffres exacts, du cache si possible.

Chaque lecture prend d'abord le numéro de révision des tirages, puis les données : une clé de cache porte ce
numéro, une valeur d'avant un changement n'est donc jamais rendue.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from euromillions.jeu import calendrier
from euromillions.lectures.filters import Filtre
from euromillions.models import Ere, GainRang, Tirage
from euromillions.models.querysets import PORTEE_TIRAGES
from euromillions.statistiques import Historique, complet, rangs, rapide
from euromillions.statistiques import boule as stats_boule
from euromillions.statistiques.historique import Reels
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, Lecture, lire_ou_calculer

RAPIDE = Famille("em:quick-stats", duree_s=15 * 60)
COMPLET = Famille("em:complet", duree_s=30 * 60)
REPERES = Famille("em:reperes", duree_s=30 * 60)
HEURISTIQUES = Famille("em:heuristiques", duree_s=30 * 60)
FAMILLES = (RAPIDE, COMPLET, REPERES, HEURISTIQUES)


def revision() -> int:
    """Révision courante des tirages (une requête)."""
    return revisions.lire_une(PORTEE_TIRAGES)


def charger(filtre: Filtre | None = None) -> Historique:
    """La matrice des tirages choisis, dans l'ordre des dates."""
    choisis = (filtre or Filtre()).appliquer(Tirage.objects.all())
    lignes = list(choisis.pour_la_matrice())
    reserves = dict(Ere.objects.values_list("pk", "etoiles_max"))
    boules = np.array([ligne[1:8] for ligne in lignes], dtype=np.int8).reshape(-1, 7)
    return Historique(
        jours=np.array([ligne[0] for ligne in lignes], dtype="datetime64[D]"),
        numeros=boules[:, :5],
        etoiles=boules[:, 5:],
        reserves=np.array([reserves[ligne[8]] for ligne in lignes], dtype=np.int8),
        etoiles_max=max(reserves.values(), default=12),
    )


def statistiques_rapides(filtre: Filtre, numero: int) -> Lecture:
    """`valeur` : le corps JSON déjà écrit, car le relire et le récrire coûterait plus que tout le reste."""
    return lire_ou_calculer(RAPIDE, filtre.cle, numero, lambda: en_json(_etiqueter(rapide(charger(filtre)))))


def statistiques_completes(filtre: Filtre, numero: int) -> Lecture:
    return lire_ou_calculer(COMPLET, filtre.cle, numero, lambda: _etiqueter(complet(charger(filtre))))


def boule(valeur: int, filtre: Filtre, numero: int, *, etoile: bool = False) -> Lecture:
    """Histoire d'un numéro ou d'une étoile : années, écarts, compagnons, dernières sorties."""
    sorte = "etoile" if etoile else "numero"
    return lire_ou_calculer(
        COMPLET,
        f"{sorte}:{valeur}:{filtre.cle}",
        numero,
        lambda: _etiqueter(stats_boule.histoire(charger(filtre), valeur, etoile=etoile)),
    )


def gains(filtre: Filtre, numero: int) -> Lecture:
    """Gains mesurés de chaque ère sur les tirages choisis."""
    return lire_ou_calculer(COMPLET, f"gains:{filtre.cle}", numero, lambda: _etiqueter(_gains(filtre)))


def eres(numero: int) -> list[dict[str, Any]]:
    """Les ères, leurs rangs et leurs chances exactes."""
    valeur: list[dict[str, Any]] = _repere("eres", numero, _eres).valeur
    return valeur


def annees(numero: int) -> list[dict[str, int]]:
    """Années et nombre de tirages, de la plus récente à la plus ancienne."""
    valeur: list[dict[str, int]] = _repere("annees", numero, _annees).valeur
    return valeur


def fictifs_presents(numero: int) -> bool:
    """Vrai tant que des tirages de démonstration sont en base."""
    return bool(_repere("fictifs", numero, lambda: [Tirage.objects.fictifs().exists()]).valeur[0])


def mention_demo(numero: int) -> dict[str, bool]:
    """`{"demo": True}` tant que des tirages fictifs sont en base, sinon rien."""
    return {"demo": True} if fictifs_presents(numero) else {}


def plus_grande_boule(numero: int, *, etoile: bool) -> int:
    champ = "stars_max" if etoile else "numbers_max"
    return max((ere[champ] for ere in eres(numero)), default=0)


def boule_existe(valeur: int, numero: int, *, etoile: bool) -> bool:
    """Vrai si une ère au moins a cette boule dans son urne."""
    return 1 <= valeur <= plus_grande_boule(numero, etoile=etoile)


def manquants(numero: int, aujourdhui: date) -> list[str]:
    """Dates (ISO) des tirages qui auraient dû être saisis avant `aujourdhui`, des plus récentes d'abord."""
    nom = f"manquants:{aujourdhui.isoformat()}"
    valeur: list[str] = _repere(nom, numero, lambda: _manquants(aujourdhui)).valeur
    return valeur


def etiquette_de_cache(lecture: Lecture, famille: Famille, numero: int) -> dict[str, Any]:
    """`cached` et `cache_info` d'une réponse : ce qui s'est vraiment passé."""
    return {
        "cached": lecture.en_cache,
        "cache_info": {
            "key": lecture.cle,
            "revision": numero,
            "computed_at": datetime.fromtimestamp(lecture.calculee_a, tz=UTC).isoformat(timespec="seconds"),
            "ttl_seconds": famille.duree_s,
        },
    }


def en_json(valeur: dict[str, Any]) -> str:
    return json.dumps(valeur, ensure_ascii=False, separators=(",", ":"))


def _etiqueter(chiffres: Any) -> dict[str, Any]:
    """Ajoute `demo: true` tant que des tirages fictifs sont en base."""
    return {**chiffres, "demo": True} if Tirage.objects.fictifs().exists() else dict(chiffres)


def _repere(nom: str, numero: int, calculer: Callable[[], Any]) -> Lecture:
    return lire_ou_calculer(REPERES, nom, numero, calculer)


def _eres() -> list[dict[str, Any]]:
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


def _annees() -> list[dict[str, int]]:
    return [{"year": an, "draws": nombre} for an, nombre in Tirage.objects.par_annee()]


def _manquants(aujourdhui: date) -> list[str]:
    presents = set(Tirage.objects.values_list("date", flat=True))
    if not presents:
        return []
    attendus = calendrier.jours_de_tirage(Ere.objects.all(), jusqu_au=aujourdhui)
    return [jour.isoformat() for jour in reversed(attendus) if jour < aujourdhui and jour not in presents]


def _gains(filtre: Filtre) -> dict[str, Any]:
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


def _gains_de_l_ere(ere: Ere, lignes: Reels, dates: dict[int, date]) -> dict[str, Any]:
    """`lignes` : une par tirage et par rang (ère, tirage, rang, gagnants, gain)."""
    total = ere.combinaisons
    tirages = np.unique(lignes[:, 1]).astype(np.int64).tolist()
    return dict(
        rangs.gains_mesures(
            [(r.numero, r.resultat, r.combinaisons / total) for r in ere.rangs.all()],
            lignes_rang=lignes[:, 2].astype(np.int64),
            gagnants=lignes[:, 3].astype(np.int64),
            gains=lignes[:, 4],
            jours=np.array([dates[cle] for cle in tirages], dtype="datetime64[D]"),
        )
    )
