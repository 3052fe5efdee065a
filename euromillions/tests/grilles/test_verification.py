"""Le vérificateur : où la grille pouvait se jouer, ce qu'elle a gagné, ce qui reste inconnu."""

from datetime import date
from decimal import Decimal

import pytest

from euromillions.grilles import verification
from euromillions.grilles.grille_donnee import GrilleDonnee
from euromillions.models import GainRang
from euromillions.tests.outils.fabriques import un_tirage

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
GRILLE = GrilleDonnee((1, 2, 3, 4, 5), (1, 2))


def enregistrer(jour, numeros=(1, 2, 3, 4, 5), etoiles=(1, 2), **gains):
    tirage = un_tirage(jour, numeros, etoiles)
    tirage.save()
    for rang, gain in gains.items():
        GainRang.objects.create(tirage=tirage, rang=int(rang[1:]), gain=Decimal(gain))


def test_sans_tirage_rien_n_est_verifie():
    lu = verification.verifier(GRILLE)
    assert (lu["draws_checked"], lu["since"], lu["best_rank"], lu["return_rate"]) == (0, None, None, None)
    assert (lu["cost"], lu["wins"]) == (0, [])


def test_le_retour_ne_compte_que_les_tirages_aux_gains_publies():
    enregistrer(date(2010, 1, 1))
    enregistrer(date(2010, 1, 8), (46, 47, 48, 49, 50), (8, 9))
    enregistrer(date(2024, 1, 2), r1="17000000")
    enregistrer(date(2024, 1, 5), (46, 47, 48, 49, 50), (11, 12), r1="1")
    lu = verification.verifier(GRILLE)
    assert (lu["draws_checked"], lu["cost"]) == (4, 9.0)
    assert (lu["draws_with_known_prizes"], lu["cost_of_known_draws"]) == (2, 5.0)
    assert (lu["known_winnings"], lu["return_rate"]) == (17_000_000, 3_400_000)
    assert (lu["unknown_prizes"], lu["total_wins"], lu["ranks"]) == (1, 2, {"1": 2})


def test_les_gains_montres_sont_les_plus_recents_et_tous_comptes(monkeypatch):
    monkeypatch.setattr(verification, "GAINS_MONTRES", 1)
    enregistrer(date(2024, 1, 2))
    enregistrer(date(2024, 1, 5), (1, 2, 3, 4, 50))
    lu = verification.verifier(GRILLE)
    assert [gain["date"] for gain in lu["wins"]] == ["2024-01-05"]
    assert (lu["total_wins"], lu["best_rank"], lu["ranks"]) == (2, 1, {"1": 1, "4": 1})


def test_depuis_une_date_comprise():
    enregistrer(date(2024, 1, 2))
    enregistrer(date(2024, 1, 5))
    lu = verification.verifier(GRILLE, date(2024, 1, 5))
    assert (lu["draws_checked"], lu["since"]) == (1, "2024-01-05")
