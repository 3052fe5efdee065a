"""Les jours où l'on tire, d'après les ères. Aucun tirage n'a jamais été sauté."""

from collections.abc import Iterable
from datetime import date, timedelta

from euromillions.jeu.regles import EreDuJeu


def jours_de_tirage(eres: Iterable[EreDuJeu], *, jusqu_au: date) -> list[date]:
    """Toutes les dates de tirage jusqu'à `jusqu_au` compris, croissantes."""
    jours: list[date] = []
    for ere in sorted(eres, key=lambda ere: ere.debut):
        fin = min(ere.fin or jusqu_au, jusqu_au)
        etendue = (fin - ere.debut).days + 1
        jours += [
            jour
            for decalage in range(max(0, etendue))
            if str((jour := ere.debut + timedelta(days=decalage)).isoweekday()) in ere.jours
        ]
    return jours


def prochain_tirage(eres: Iterable[EreDuJeu], *, apres: date) -> date | None:
    """Première date de tirage strictement après `apres` ; None si aucune ère ne court."""
    for decalage in range(1, 15):
        jour = apres + timedelta(days=decalage)
        for ere in eres:
            if (
                ere.debut <= jour
                and (ere.fin is None or jour <= ere.fin)
                and str(jour.isoweekday()) in ere.jours
            ):
                return jour
    return None
