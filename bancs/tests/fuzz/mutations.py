"""Abîmer des octets, des cellules et des valeurs comme le ferait un fichier ou un client malheureux."""

import random
from collections.abc import Sequence
from typing import Any

CELLULES = (
    *("", " ", "0", "-1", "1e309", "NaN", "inf", "1 234,5", "1.234,5", "12.500", "3,14", "0,34", "%", "=1+1"),
    *("=HYPERLINK(1)", "@SUM(1)", "'", '"', '""', ";", "\t", "\n", "\x00", "\ufeff", "\u202e", "é" * 300),
    *("2026-02-30", "31/12/2026", "00:04:20", "1900-01-00", "vrai", "NULL", "None", "0x10", "١٢", "½", "𝟙"),
    *("9" * 30, "-0", "1,2,3", "CO", "AMANA", "MOD", "00123"),
)
SCALAIRES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 2**63, -(2**63) - 1, 10**30, "", "0", "1,5", "1_0"),
    *("x" * 1000, "\x00", "\ud800", "é", [], {}, [[]], {"": ""}, [None], ["1", 1]),
)


def cellule(hasard: random.Random) -> str:
    return hasard.choice(CELLULES)


def lignes(hasard: random.Random, modele: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Le tableau, une à cinq fois abîmé : cellule, colonne, ligne, ordre."""
    abimees = [list(ligne) for ligne in modele]
    for _ in range(hasard.randint(1, 5)):
        rang = hasard.randrange(len(abimees))
        ligne = abimees[rang]
        geste = hasard.randrange(6)
        if geste <= 2 and ligne:
            ligne[hasard.randrange(len(ligne))] = cellule(hasard)
        elif geste == 3:
            abimees.insert(rang, [cellule(hasard) for _ in range(hasard.randint(0, 12))])
        elif geste == 4 and len(abimees) > 1:
            abimees.append(abimees.pop(rang))
        else:
            abimees.append(list(ligne))
    return abimees


def octets(hasard: random.Random, contenu: bytes) -> bytes:
    """Les octets, quelques-uns changés, ôtés ou ajoutés ; parfois tronqués."""
    abimes = bytearray(contenu)
    for _ in range(hasard.randint(1, 8)):
        if not abimes:
            break
        place = hasard.randrange(len(abimes))
        geste = hasard.randrange(4)
        if geste == 0:
            abimes[place] = hasard.randrange(256)
        elif geste == 1:
            del abimes[place : place + hasard.randint(1, 40)]
        elif geste == 2:
            abimes[place:place] = hasard.randbytes(hasard.randint(1, 40))
        elif hasard.random() < 0.2:
            del abimes[place:]
    return bytes(abimes)


def valeur(hasard: random.Random, profondeur: int = 0) -> Any:
    """Une valeur JSON quelconque, un peu imbriquée."""
    if profondeur > 2 or hasard.random() < 0.6:
        return hasard.choice(SCALAIRES)
    if hasard.random() < 0.5:
        return [valeur(hasard, profondeur + 1) for _ in range(hasard.randint(0, 4))]
    return {cellule(hasard): valeur(hasard, profondeur + 1) for _ in range(hasard.randint(0, 4))}
