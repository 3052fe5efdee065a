"""Du JSON que l'on relit et que l'on compare : une ligne de table par ligne de texte."""

import json
from typing import Any

LARGEUR = 110


def en_texte(valeur: Any) -> str:
    return _ecrire(valeur, "") + "\n"


def lignes(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Les lignes d'une table `{"colonnes": …, "lignes": …}`, chacune en dictionnaire."""
    return [dict(zip(table["colonnes"], ligne, strict=True)) for ligne in table["lignes"]]


def _ecrire(valeur: Any, marge: str) -> str:
    droit = json.dumps(valeur, ensure_ascii=False)
    if len(marge) + len(droit) <= LARGEUR or not isinstance(valeur, dict | list) or _est_une_ligne(valeur):
        return droit
    dedans = marge + " "
    if isinstance(valeur, dict):
        morceaux = [f"{json.dumps(cle)}: {_ecrire(un, dedans)}" for cle, un in valeur.items()]
        return "{\n" + ",\n".join(dedans + morceau for morceau in morceaux) + f"\n{marge}}}"
    return "[\n" + ",\n".join(dedans + _ecrire(un, dedans) for un in valeur) + f"\n{marge}]"


def _est_une_ligne(valeur: dict[str, Any] | list[Any]) -> bool:
    """Une suite de textes et de nombres (en tête, au moins) : la couper ne la rendrait pas plus lisible."""
    return isinstance(valeur, list) and not isinstance(valeur[0], dict | list)
