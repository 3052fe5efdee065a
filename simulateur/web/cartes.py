"""Les cartes de l'accueil : chaque application déclare la sienne, le noyau les montre sans les connaître."""

_GABARITS: list[str] = []


def declarer(gabarit: str) -> None:
    """À appeler dans `AppConfig.ready` ; les cartes paraissent dans l'ordre des déclarations."""
    if gabarit not in _GABARITS:
        _GABARITS.append(gabarit)


def declarees() -> tuple[str, ...]:
    return tuple(_GABARITS)
