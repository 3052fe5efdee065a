"""Le prix d'une grille en France, d'après les règlements de l'opérateur."""

from datetime import date

PRIX_EUROS = 2.5
PRIX_AVANT_2016 = 2.0
PASSAGE_A_2_50 = date(2016, 9, 27)


def prix_de_la_grille(jour: date) -> float:
    return PRIX_EUROS if jour >= PASSAGE_A_2_50 else PRIX_AVANT_2016
