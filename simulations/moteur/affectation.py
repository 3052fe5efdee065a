"""Des échanges entre groupes de postes aux lignes « de tel centre à tel autre » : en peu de lignes.

Le moins de lignes possible est un problème NP-difficile (emballage) : ceci est une heuristique
déterministe. Les égalités exactes d'abord (une ligne vide les deux bouts à la fois), puis les plus gros
d'abord, chacun servi par le plus petit qui suffit : d + a − 1 lignes au plus entre d départs et a arrivées.
"""

from collections.abc import Iterable, Mapping

Reserve = dict[int, int]  # rang du poste → personnes encore à placer


def affecter(
    echanges: Iterable[tuple[int, int, int]],
    departs: Mapping[int, Reserve],
    arrivees: Mapping[int, Reserve],
) -> dict[tuple[int, int], int]:
    """(rang de départ, rang d'arrivée) → personnes. Les réserves sont consommées.

    `echanges` : (groupe de départ, groupe d'arrivée, personnes) ; chaque groupe contient de quoi les servir.
    """
    lignes: dict[tuple[int, int], int] = {}
    restes = []
    for de, vers, personnes in echanges:
        places = _egaux(departs[de], arrivees[vers], personnes, lignes)
        restes.append((de, vers, personnes - places))
    for de, vers, personnes in restes:
        _mieux_servis(departs[de], arrivees[vers], personnes, lignes)
    return lignes


def _egaux(offerts: Reserve, voulus: Reserve, personnes: int, lignes: dict[tuple[int, int], int]) -> int:
    """Place les départs et arrivées de même taille ; rend le nombre de personnes placées."""
    places = 0
    for nombre in sorted(set(offerts.values()) & set(voulus.values()), reverse=True):
        sources = sorted(rang for rang, reste in offerts.items() if reste == nombre)
        besoins = sorted(rang for rang, reste in voulus.items() if reste == nombre)
        for source, besoin in zip(sources, besoins, strict=False):
            if places + nombre > personnes:
                break
            _placer(offerts, voulus, source, besoin, nombre, lignes)
            places += nombre
    return places


def _mieux_servis(
    offerts: Reserve, voulus: Reserve, personnes: int, lignes: dict[tuple[int, int], int]
) -> None:
    while personnes:
        if sum(offerts.values()) <= personnes:  # tous les départs seront vidés : c'est eux qu'il faut servir
            source, nombre = _plus_gros(offerts, personnes)
            besoin = _suffisant(voulus, nombre)
        else:
            besoin, nombre = _plus_gros(voulus, personnes)
            source = _suffisant(offerts, nombre)
        nombre = min(offerts[source], voulus[besoin], personnes)
        _placer(offerts, voulus, source, besoin, nombre, lignes)
        personnes -= nombre


def _plus_gros(reserve: Reserve, plafond: int) -> tuple[int, int]:
    rang = min(reserve, key=lambda r: (-reserve[r], r))
    return rang, min(reserve[rang], plafond)


def _suffisant(reserve: Reserve, nombre: int) -> int:
    """Le plus petit qui suffit ; à défaut le plus gros."""
    return min(
        reserve, key=lambda r: (reserve[r] < nombre, reserve[r] if reserve[r] >= nombre else -reserve[r], r)
    )


def _placer(
    offerts: Reserve,
    voulus: Reserve,
    source: int,
    besoin: int,
    nombre: int,
    lignes: dict[tuple[int, int], int],
) -> None:
    lignes[source, besoin] = lignes.get((source, besoin), 0) + nombre
    retirer(offerts, source, nombre)
    retirer(voulus, besoin, nombre)


def retirer(reserve: Reserve, rang: int, nombre: int) -> None:
    """Ôte ces personnes à ce poste, qui quitte la réserve une fois vidé."""
    reserve[rang] -= nombre
    if not reserve[rang]:
        del reserve[rang]
