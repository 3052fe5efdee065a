"""Une analyse ou une comparaison en tableaux : ses lignes, son total, puis ce qui a été demandé.

Le corps est celui que rend l'API : une valeur emboîtée devient une colonne, une liste de lignes se déplie.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulateur.fichiers.tableaux import Fichier, Tableau, en_fichier
from simulations.analyses.analyse import Corps
from simulations.models import Simulation
from simulations.resultats.restitution import resume

LISTES = ("lignes", "mouvements", "modes")
TITRES = {
    "direction_label": "Direction",
    "centre_label": "Centre",
    "centre_code": "Code centre",
    "poste_label": "Poste",
    "poste_code": "Code poste",
    "etp_calcule": "ETP calculé",
    "etp_arrondi": "ETP arrondi",
    "etp_actuel": "Effectif actuel",
    "besoin_calcule": "Besoin calculé",
    "effet_arrondi": "Effet d'arrondi",
    "ecart": "Écart",
    "a_pourvoir": "À pourvoir",
    "en_trop": "En trop",
    "cout_mensuel": "Coût mensuel",
    "cout_annuel": "Coût annuel",
}
Ligne = dict[str, Any]


def de_l_analyse(code: str, simulation: Simulation, corps: Corps, format_: str) -> Fichier:
    """Un csv n'a que les lignes, ou le total quand il n'y en a pas : « fictif » y est dans le nom."""
    fictif = "-fictif" if simulation.fictive else ""
    nomme = {"simulation": resume(simulation), **corps}
    return en_fichier(f"{code}-{str(simulation.pk)[:8]}{fictif}", format_, tableaux(nomme))


def de_la_comparaison(corps: Corps, format_: str) -> Fichier:
    fictif = "-fictif" if any(simulation["fictif"] for simulation in corps["simulations"]) else ""
    return en_fichier(f"comparaison{fictif}", format_, tableaux(corps))


def tableaux(corps: Corps) -> list[Tableau]:
    """Au moins un, même vide."""
    reste = {nom: valeur for nom, valeur in corps.items() if nom not in (*LISTES, "total")}
    faits = [_tableau(nom.capitalize(), corps[nom]) for nom in LISTES if corps.get(nom)]
    total = corps.get("total")
    if total:
        faits.append(_tableau("Total", total if isinstance(total, list) else [total]))
    demande = [[_titre(nom), valeur] for ligne in _deplier(reste) for nom, valeur in ligne.items()]
    return [*faits, Tableau("Demande", ["Quoi", "Valeur"], demande)]


def _tableau(nom: str, lignes: Sequence[Mapping[str, Any]]) -> Tableau:
    depliees = [depliee for ligne in lignes for depliee in _deplier(ligne)]
    colonnes = list(dict.fromkeys(cle for ligne in depliees for cle in ligne))
    valeurs = [[ligne.get(cle) for cle in colonnes] for ligne in depliees]
    return Tableau(nom, [_titre(cle) for cle in colonnes], valeurs)


def _deplier(ligne: Mapping[str, Any]) -> Iterator[Ligne]:
    """La ligne, ou une par élément de la liste qu'elle contient : une par simulation comparée."""
    simples, listes = {}, {}
    for cle, valeur in _a_plat(ligne):
        if isinstance(valeur, list) and valeur and isinstance(valeur[0], Mapping):
            listes[cle] = valeur
        else:
            simples[cle] = valeur
    if not listes:
        yield simples
        return
    for cle, elements in listes.items():
        for element in elements:
            for depliee in _deplier(element):
                yield {**simples, **{f"{cle}.{nom}": valeur for nom, valeur in depliee.items()}}


def _a_plat(ligne: Mapping[str, Any], devant: str = "") -> Iterator[tuple[str, Any]]:
    """« difference.etp » d'une valeur emboîtée, « etp.3 » de la troisième d'une suite ; sans les clés."""
    for nom, valeur in ligne.items():
        cle = f"{devant}{nom}"
        if nom.endswith("_id"):
            continue
        if isinstance(valeur, Mapping):
            yield from _a_plat(valeur, f"{cle}.")
        elif isinstance(valeur, list) and not (valeur and isinstance(valeur[0], Mapping)):
            yield from ((f"{cle}.{rang}", un) for rang, un in enumerate(valeur, 1))
        else:
            yield cle, valeur


def _titre(cle: str) -> str:
    *devant, nom = cle.split(".")
    return " · ".join([*(mot.replace("_", " ") for mot in devant), TITRES.get(nom, nom.replace("_", " "))])
