"""Des noms reçus que rien n'attend : lesquels, et la phrase qui les nomme avec les permis."""

from collections.abc import Iterable

from simulateur.langue.citation import citer

CITES_MAX = 5  # inconnus nommés dans une réponse, qui reste courte


def les_inconnus(recus: Iterable[str], permis: Iterable[str]) -> list[str]:
    """Ceux de `recus` qui ne sont ni permis ni d'une famille permise (« dispersion_{flux} »)."""
    connus = set(permis)
    familles = tuple(nom.partition("{")[0] for nom in connus if "{" in nom)
    return [nom for nom in recus if nom not in connus and not (familles and nom.startswith(familles))]


def phrases_des_inconnus(inconnus: list[str], permis: Iterable[str], quoi: str) -> dict[str, list[str]]:
    """Nom → phrases ; les premiers inconnus sont nommés, les suivants comptés. `quoi` : « Champ »…"""
    admis = ", ".join(permis) or "aucun"
    champs = {citer(nom): [f"{quoi} inconnu. Permis : {admis}."] for nom in inconnus[:CITES_MAX]}
    if (reste := len(inconnus) - CITES_MAX) > 0:
        champs["autres"] = [f"{reste} inconnus de plus, non listés."]
    return champs
