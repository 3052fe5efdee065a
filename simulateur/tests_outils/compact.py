"""Du JSON que l'on relit et que l'on compare : un bloc par ligne tant qu'il tient dans la largeur."""

import json
from typing import Any

LARGEUR = 110


def en_texte(valeur: Any) -> str:
    return _ecrire(valeur, "") + "\n"


def _ecrire(valeur: Any, marge: str) -> str:
    droit = json.dumps(valeur, ensure_ascii=False)
    if len(marge) + len(droit) <= LARGEUR or not isinstance(valeur, dict | list) or not valeur:
        return droit
    dedans = marge + " "
    if isinstance(valeur, dict):
        morceaux = [f"{json.dumps(cle)}: {_ecrire(un, dedans)}" for cle, un in valeur.items()]
        return "{\n" + ",\n".join(dedans + morceau for morceau in morceaux) + f"\n{marge}}}"
    return "[\n" + ",\n".join(dedans + _ecrire(un, dedans) for un in valeur) + f"\n{marge}]"
