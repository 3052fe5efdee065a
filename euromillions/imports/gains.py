"""Gagnants et gains par rang d'une ligne de l'opérateur français. Un détail faux n'écarte pas le tirage."""

import re
from collections.abc import Sequence
from decimal import Decimal

from euromillions.imports.colonnes import Entete
from euromillions.imports.lignes import GainLu

GAGNANTS_MAX = 2**31 - 1
RAPPORT_MAX = Decimal("9999999999.99")
_ENTIER = re.compile(r"[0-9]{1,10}")
_EUROS = re.compile(r"(?:[0-9]{1,10})?(?:[.,][0-9]{1,2})?")


def lire_gains(
    cellules: Sequence[str], entete: Entete, *, rangs: int
) -> tuple[tuple[GainLu, ...], list[str]]:
    """Gains des rangs 1 à `rangs` (ceux de l'ère), et les remarques sur ce qui n'a pas été gardé."""
    remarques: list[str] = []
    lus = (_gain(cellules, entete, rang, remarques) for rang in entete.rangs if 1 <= rang <= rangs)
    gains = [gain for gain in lus if gain is not None]
    if any(_europe_impossible(gain) for gain in gains):
        remarques.append(
            "moins de gagnants en Europe qu'en France : les comptes européens sont laissés vides"
        )
        gains = [GainLu(gain.rang, gain.gagnants_france, None, gain.rapport) for gain in gains]
    return tuple(gains), remarques


def _gain(cellules: Sequence[str], entete: Entete, rang: int, remarques: list[str]) -> GainLu | None:
    """None si la ligne ne donne pas le gain de ce rang : des gagnants sans gain ne se comparent à rien."""
    france = _gagnants(cellules, entete, (rang, "france"), remarques)
    europe = _gagnants(cellules, entete, (rang, "europe"), remarques)
    rapport = _rapport(cellules, entete, rang, remarques)
    return None if rapport is None else GainLu(rang, france, europe, rapport)


def _europe_impossible(gain: GainLu) -> bool:
    return (
        gain.gagnants_france is not None
        and gain.gagnants_europe is not None
        and gain.gagnants_europe < gain.gagnants_france
    )


def _cellule(cellules: Sequence[str], place: int | None) -> str:
    if place is None or place >= len(cellules):
        return ""
    return "".join(cellules[place].split())


def _gagnants(
    cellules: Sequence[str], entete: Entete, cle: tuple[int, str], remarques: list[str]
) -> int | None:
    place = entete.gagnants.get(cle)
    texte = _cellule(cellules, place)
    if not texte or place is None:
        return None
    if _ENTIER.fullmatch(texte) and int(texte) <= GAGNANTS_MAX:
        return int(texte)
    remarques.append(f"colonne « {entete.titres[place]} » : « {texte[:30]} » n'est pas un nombre de gagnants")
    return None


def _rapport(cellules: Sequence[str], entete: Entete, rang: int, remarques: list[str]) -> Decimal | None:
    place = entete.rapports.get(rang)
    texte = _cellule(cellules, place)
    if not texte or place is None:
        return None
    if _EUROS.fullmatch(texte):
        montant = Decimal(texte.replace(",", "."))
        if montant <= RAPPORT_MAX:
            return montant
    remarques.append(f"colonne « {entete.titres[place]} » : « {texte[:30]} » n'est pas un gain en euros")
    return None
