"""Noms de lieux inventés : des syllabes assemblées, jamais deux fois le même nom."""

from collections.abc import Iterator
from random import Random

DEBUTS = (
    *(
        "Abr",
        "Aldr",
        "Arvel",
        "Bostr",
        "Brell",
        "Calvr",
        "Cermin",
        "Dorv",
        "Dravel",
        "Elmor",
        "Eskar",
        "Falm",
    ),
    *(
        "Ferdr",
        "Galdor",
        "Gormel",
        "Harvin",
        "Ilmar",
        "Jarnel",
        "Kervol",
        "Lomar",
        "Lurvin",
        "Malvor",
        "Merlor",
    ),
    *("Nervel", "Noldar", "Ormel", "Oskar", "Parvol", "Quelmar", "Raldin", "Rostar", "Salvor", "Selmar"),
    *("Tarvol", "Tolmin", "Urvel", "Valdren", "Vernol", "Yrmin", "Zelmar"),
)
FINS = (
    *("ane", "elle", "eville", "igny", "ine", "oise", "ombe", "onne", "ouche", "ude", "ure", "ance"),
    *("eval", "erive", "emont", "efosse", "ebois", "elac", "ey", "ières"),
)
SUITES = ("", "-le-Haut", "-le-Bas", "-Gare", "-Port", "-Plaine", "-Marché")


def noms_de_lieux(hasard: Random) -> Iterator[str]:
    """Des noms tous différents : d'abord les noms simples, mêlés, puis les mêmes avec une suite."""
    for suite in SUITES:
        noms = [debut + fin + suite for debut in DEBUTS for fin in FINS]
        hasard.shuffle(noms)
        yield from noms
