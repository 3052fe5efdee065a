"""Le réseau et les règles, une feuille par table, dans les colonnes mêmes de leur import."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from referentiels.exports.portee import Portee
from referentiels.imports.descriptions import DESCRIPTIONS, Description
from referentiels.imports.service import Genre
from referentiels.models import Centre, Direction, Region
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
    """Ce que vise la portée, et rien hors de son étendue."""
    if not (portee.centre or portee.direction) and portee.etendue.pays:
        return Q()
    if description.modele is Direction:
        return _directions(portee)
    if description.modele is Region:
        return Q(pk__in=Direction.objects.filter(_directions(portee)).values("region"))
    if description.modele is Centre:
        return portee.filtre()
    if not hasattr(description.modele, "centre"):
        return Q()
    de_tous = Q(centre=None) if description.modele._meta.get_field("centre").null else Q()
    return portee.filtre("centre__") | de_tous


def _directions(portee: Portee) -> Q:
    if portee.direction is not None:
        return Q(pk=portee.direction.pk)
    if portee.centre is not None:
        return Q(pk=portee.centre.direction_id)
    return portee.etendue.condition("pk")
