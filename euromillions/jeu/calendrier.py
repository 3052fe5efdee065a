"""Les jours où l'on tire, d'après les ères, et l'heure. Aucun tirage n'a jamais été sauté."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from euromillions.jeu.regles import EreDuJeu

# Relevé en 2026 : on tire à Paris entre 20 h 15 et 21 h. Dès cet instant le tirage du jour n'est plus à
# venir ; avant, il n'existe pas. L'heure est celle de Paris, même si le serveur vit ailleurs (TIME_ZONE).
HEURE_DU_TIRAGE = time(20, 15)
PARIS = ZoneInfo("Europe/Paris")


def dernier_jour_tire(instant: datetime) -> date:
    """Le dernier jour dont l'heure du tirage est passée, qu'on y tire ou non."""
    a_paris = instant.astimezone(PARIS)
    return a_paris.date() - timedelta(days=a_paris.time() < HEURE_DU_TIRAGE)


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
