"""Un classeur vide par import : ses colonnes, et une feuille « Aide » avec les codes permis et un exemple.

L'import saute la feuille « Aide » : le classeur rempli se renvoie tel quel.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from referentiels.exports.contenus import COLONNES_VOLUMES, titres
from referentiels.exports.lignes import titres as titres_de
from referentiels.imports import effectifs, lecture_taches, volumes
from referentiels.imports.descriptions import DESCRIPTIONS, Description
from referentiels.imports.feuilles import FEUILLE_AIDE
from referentiels.imports.service import Genre
from referentiels.models import CelluleVolume, Centre, Phase, Poste, Produit, UniteMesure
from referentiels.perms import PAYS, Etendue
from simulateur.fichiers.tableaux import Tableau

CENTRES_CITES = 5000
EXEMPLES: dict[str, list[list[Any]]] = {
    Genre.TACHES.value: [["Tri des sacs", "CO ARRIVE", "Tri", "", "Sac", 100, "Trieur", "", 0.5, 30]],
    Genre.VOLUMES.value: [["AG-001", "co.arrive.local", 264000, 2026]],
    Genre.EFFECTIFS.value: [["Nord", "AG-001", "Trieur", 12.75, 0]],
}


def colonnes_de(genre: str) -> list[str]:
    if genre == Genre.TACHES:
        return titres(lecture_taches.COLONNES)
    if genre == Genre.VOLUMES:
        return titres(volumes.FORMAT_LONG, COLONNES_VOLUMES)
    return titres(effectifs.COLONNES)


def gabarit(genre: str, etendue: Etendue = PAYS) -> list[Tableau]:
    """La feuille à remplir (une par table du réseau ou des règles), puis l'aide."""
    if genre in DESCRIPTIONS:
        return _gabarit_des_tables(DESCRIPTIONS[genre], etendue)
    entetes = colonnes_de(genre)
    permis = _permis(genre, etendue)
    codes = zip_longest(*(codes for _, codes in permis), fillvalue="")
    aide: list[Sequence[Any]] = [
        *EXEMPLES[genre],
        [],
        [f"Codes permis : {titre}" for titre, _ in permis],
        *codes,
    ]
    return [
        Tableau(Genre(genre).label, entetes, []),
        Tableau(FEUILLE_AIDE, [f"Exemple · {titre}" for titre in entetes], aide),
    ]


def _gabarit_des_tables(descriptions: Sequence[Description], etendue: Etendue) -> list[Tableau]:
    """L'aide montre chaque table avec un exemple, puis les codes de ce que ses colonnes désignent."""
    aide: list[Sequence[Any]] = []
    designes: dict[str, list[str]] = {}
    for description in descriptions:
        exemple = [f"Exemple · {description.nom}", *description.exemple]
        aide += [["Colonnes", *titres_de(description, couts=True)], exemple, []]
        for champ in description.champs:
            du_modele = description.champ(champ.nom)
            if du_modele.is_relation:
                vus = _designables(du_modele.related_model, etendue)
                designes.setdefault(champ.titre, _codes(vus)[:CENTRES_CITES])
            elif du_modele.choices:
                designes.setdefault(champ.titre, [str(valeur) for valeur, _ in du_modele.flatchoices])
    aide.append([f"Codes permis : {titre}" for titre in designes])
    aide += zip_longest(*designes.values(), fillvalue="")
    feuilles = [Tableau(d.nom, titres_de(d, couts=True), []) for d in descriptions]
    return [
        *feuilles,
        Tableau(FEUILLE_AIDE, ["Une feuille par table, à supprimer si elle ne sert pas"], aide),
    ]


def _permis(genre: str, etendue: Etendue) -> list[tuple[str, list[str]]]:
    """(colonne, codes) de ce qu'il faut écrire comme le référentiel."""
    centres = ("centre", _codes(Centre.objects.dans(etendue))[:CENTRES_CITES])
    if genre == Genre.TACHES:
        modeles = {"produit": Produit, "phase": Phase, "unité de mesure": UniteMesure, "responsable": Poste}
        return [(titre, _codes(modele.objects)) for titre, modele in modeles.items()]
    if genre == Genre.VOLUMES:
        return [centres, ("cellule", _codes(CelluleVolume.objects))]
    return [centres, ("poste", _codes(Poste.objects))]


def _designables(modele: Any, etendue: Etendue) -> Any:
    return modele.objects.dans(etendue) if hasattr(modele, "CHEMIN_DIRECTION") else modele.objects


def _codes(lignes: Any) -> list[str]:
    return list(lignes.order_by("code").values_list("code", flat=True))
