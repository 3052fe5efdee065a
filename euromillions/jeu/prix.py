"""Le prix d'une grille en France : le barème, et ce qui remplit sa table la première fois.

`PRIX_CONNUS` ne sert qu'à remplir la table `PrixGrille` (migration de données, base vidée par un test) :
partout ailleurs, les lignes de la base décident.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

PRIX_CONNUS = (
    (date(2004, 2, 13), Decimal("2.00"), "Règlement du jeu au premier tirage."),
    (date(2014, 2, 4), Decimal("2.50"), "Règlement du jeu : My Million s'y ajoute, compris dans le prix."),
)
NOTE_DU_RETOUR = (
    "Depuis le 4 février 2014, le prix d'une grille comprend My Million, dont le lot n'est dans aucun rang : "
    "le retour n'en tient pas compte."
)


class Bareme:
    """Les prix datés, du plus ancien au plus récent ; chacun vaut jusqu'au suivant."""

    def __init__(self, prix: Iterable[tuple[date, Decimal]]) -> None:
        lignes = sorted(prix)
        self._debuts = [debut for debut, _ in lignes]
        self._montants = [float(montant) for _, montant in lignes]

    def du_jour(self, jour: date) -> float | None:
        """Le prix d'une grille au tirage de ce jour, en euros ; None avant la première ligne."""
        place = bisect_right(self._debuts, jour)
        return self._montants[place - 1] if place else None


def installer_prix(modele_prix: Any) -> None:
    """Remplit le barème s'il est vide ; ne réécrit jamais une ligne présente."""
    if modele_prix.objects.exists():
        return
    modele_prix.objects.bulk_create(
        modele_prix(debut=debut, montant=montant, source=source) for debut, montant, source in PRIX_CONNUS
    )
