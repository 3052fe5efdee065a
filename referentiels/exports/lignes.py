"""Le réseau et les règles, une feuille par table, dans les colonnes mêmes de leur import."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from referentiels.exports.portee import Portee
from referentiels.imports.descriptions import DESCRIPTIONS, Description
from referentiels.imports.service import Genre
from referentiels.models import Centre, Direction, ParametreCentre, Region
from simulateur.fichiers.tableaux import Tableau
from simulateur.langue.citation import citer
from simulateur.web.refus import SaisieRefusee

TABLES = sorted(description.code for du_genre in DESCRIPTIONS.values() for description in du_genre)


def a_des_tables(genre: str) -> bool:
    return genre in DESCRIPTIONS


def tableaux_du_genre(
    genre: str, portee: Portee, *, table: str = "", une_seule: bool = False, couts: bool = False
) -> list[Tableau]:
    """`table` : celle-là seulement ; `une_seule` : il faut la dire, un csv n'en a qu'une."""
    if genre == Genre.REGLES and (portee.centre or portee.direction):
        raise SaisieRefusee({"genre": ["Les règles valent pour tout le pays : ni centre, ni direction."]})
    descriptions = DESCRIPTIONS[genre]
    permises = ", ".join(description.code for description in descriptions)
    if table and table not in [description.code for description in descriptions]:
        raise SaisieRefusee({"table": [f"« {citer(table)} » est inconnue. Permises : {permises}."]})
    if une_seule and not table:
        raise SaisieRefusee({"table": [f"Un csv n'a qu'une table : dire laquelle. Permises : {permises}."]})
    return [
        Tableau(description.nom, titres(description, couts=couts), _lignes(description, portee, couts=couts))
        for description in descriptions
        if table in ("", description.code)
    ]


def titres(description: Description, *, couts: bool) -> list[str]:
    return [champ.titre for champ in description.champs if couts or not champ.cout]


def _lignes(description: Description, portee: Portee, *, couts: bool) -> Iterator[Sequence[Any]]:
    """Deux lignes que rien ne distingue n'en font qu'une, comme à la relecture."""
    champs = [champ for champ in description.champs if couts or not champ.cout]
    noms = [f"{c.nom}__code" if description.champ(c.nom).is_relation else c.nom for c in champs]
    rang = next((i for i, c in enumerate(champs) if description.rang_dans and c.nom == "ordre"), None)
    rangs: Counter[Any] = Counter()
    vues = set()
    for lue in description.lignes().filter(_filtre(description, portee)).values_list(*noms):
        ligne = list(lue)
        if rang is not None:
            rangs[ligne[0]] += 1
            ligne[rang] = rangs[ligne[0]]
        if tuple(ligne) not in vues:
            vues.add(tuple(ligne))
            yield ligne


def _filtre(description: Description, portee: Portee) -> Q:
    if not (portee.centre or portee.direction):
        return Q()
    chemins = {Centre: "", ParametreCentre: "centre__"}
    if description.modele in chemins:
        return portee.filtre(chemins[description.modele])
    directions = Direction.objects.filter(pk__in=Centre.objects.filter(portee.filtre()).values("direction"))
    if portee.direction is not None:
        directions = Direction.objects.filter(pk=portee.direction.pk)
    if description.modele is Direction:
        return Q(pk__in=directions.values("pk"))
    return Q(pk__in=directions.values("region")) if description.modele is Region else Q()
