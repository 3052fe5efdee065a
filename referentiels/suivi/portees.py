"""Portées de révision du référentiel : ce qu'une écriture touche, ni plus ni moins.

- `ref:regions`, `ref:directions`, `ref:typologies`, `ref:postes`, `ref:regles` : les listes et les règles ;
- `ref:direction:5:centres` : la liste des centres d'une direction ;
- `ref:direction:5` et `ref:centre:12` : tout ce qui est dessous ; `ref:national` : tout centre ;
- `ref:volumes` : tout volume ; `ref:volumes:2026:centre:12` : ceux d'une année dans un centre.
"""

from collections.abc import Iterable

REGIONS = "ref:regions"
DIRECTIONS = "ref:directions"
TYPOLOGIES = "ref:typologies"
POSTES = "ref:postes"
REGLES = "ref:regles"
NATIONAL = "ref:national"
VOLUMES = "ref:volumes"


def direction(direction_id: int) -> str:
    return f"ref:direction:{direction_id}"


def centres_de(direction_id: int) -> str:
    return f"ref:direction:{direction_id}:centres"


def centre(centre_id: int) -> str:
    return f"ref:centre:{centre_id}"


def volumes_de_l_annee(annee: int) -> str:
    """Ce par quoi commencent les portées des volumes de cette année, centre par centre."""
    return f"ref:volumes:{annee}:centre:"


def volumes(annee: int, centre_id: int) -> str:
    return f"{volumes_de_l_annee(annee)}{centre_id}"


def des_centres(couples: Iterable[tuple[int, int]], *, liste: bool) -> set[str]:
    """Portées touchées par un changement sous ces (centre, direction) ; `liste` : la liste en dépend."""
    portees: set[str] = set()
    for centre_id, direction_id in couples:
        portees |= {centre(centre_id), direction(direction_id)}
        if liste:
            portees.add(centres_de(direction_id))
    return portees | {NATIONAL} if portees else portees
