"""Le rapport de la semaine : composé une fois, gardé, relu par la page, l'admin, l'API et la commande."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

from django.utils import timezone

from euromillions.jeu import calendrier
from euromillions.lectures import histoire, reperes, statistiques
from euromillions.lectures.filtre import Filtre
from euromillions.models import ConflitTirage, Ere, RapportHebdomadaire, Resolution, Tirage
from euromillions.precision import strategies
from euromillions.precision.strategies import LigneDeStrategie


class Semaine(TypedDict):
    start: str
    end: str


class TirageDeLaSemaine(TypedDict):
    date: str
    numbers: list[int]
    stars: list[int]


class UniformiteDesTirages(TypedDict):
    draws: int
    p: float | None
    smallest_corrected_p: float | None


class QualiteDesDonnees(TypedDict):
    missing_draws: int
    latest_missing: list[str]
    pending_conflicts: int
    demo: bool


class ContenuDuRapport(TypedDict):
    week: Semaine
    draws: list[TirageDeLaSemaine]
    strategies_of_the_week: list[LigneDeStrategie]
    strategies_since_the_start: list[LigneDeStrategie]
    uniformity: UniformiteDesTirages
    data_quality: QualiteDesDonnees
    next_draw: str | None


class RapportPublie(ContenuDuRapport):
    produced_at: str
    revision: int


def semaine_passee(aujourdhui: date | None = None) -> date:
    """Le lundi de la dernière semaine entière avant ce jour."""
    jour = aujourdhui or timezone.localdate()
    return jour - timedelta(days=jour.weekday() + 7)


def produire(lundi: date | None = None) -> RapportHebdomadaire:
    """Compose et garde le rapport de la semaine qui commence ce lundi ; refait, il remplace le précédent."""
    lundi = semaine_passee() if lundi is None else lundi - timedelta(days=lundi.weekday())
    revision = histoire.revision()
    rapport, _ = RapportHebdomadaire.objects.update_or_create(
        lundi=lundi,
        defaults={
            "contenu": composer(lundi, revision),
            "revision": revision,
            "produit_le": timezone.now(),
        },
    )
    return rapport


def composer(lundi: date, revision: int) -> ContenuDuRapport:
    dimanche = lundi + timedelta(days=6)
    chiffres = statistiques.completes(Filtre(), revision).valeur
    numeros = chiffres["uniformity"]["numbers"] if chiffres["total_draws"] else None
    manquants = reperes.manquants(revision, timezone.localdate())
    prochain = calendrier.prochain_tirage(
        list(Ere.objects.all()), apres=timezone.localdate() - timedelta(days=1)
    )
    return {
        "week": {"start": lundi.isoformat(), "end": dimanche.isoformat()},
        "draws": [
            {"date": t.date.isoformat(), "numbers": list(t.numeros), "stars": list(t.etoiles)}
            for t in Tirage.objects.filter(date__gte=lundi, date__lte=dimanche).order_by("date")
        ],
        "strategies_of_the_week": strategies.en_lignes(strategies.calculer(lundi, dimanche)),
        "strategies_since_the_start": strategies.en_lignes(strategies.calculer(None, dimanche)),
        "uniformity": {
            "draws": chiffres["total_draws"],
            "p": numeros["corrected_p"] if numeros else None,
            "smallest_corrected_p": chiffres["uniformity"]["smallest_p"] if numeros else None,
        },
        "data_quality": {
            "missing_draws": len(manquants),
            "latest_missing": manquants,
            "pending_conflicts": ConflitTirage.objects.filter(resolution=Resolution.EN_ATTENTE).count(),
            "demo": reperes.fictifs_presents(revision),
        },
        "next_draw": prochain.isoformat() if prochain else None,
    }


def en_json(rapport: RapportHebdomadaire) -> RapportPublie:
    contenu: ContenuDuRapport = rapport.contenu
    return {
        "produced_at": rapport.produit_le.isoformat(timespec="seconds"),
        "revision": rapport.revision,
        **contenu,
    }
