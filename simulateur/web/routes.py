"""Les routes que les applications ajoutent au site : le noyau les sert sans les connaître."""

_MODULES: list[str] = []


def declarer(module: str) -> None:
    """À appeler dans `AppConfig.ready` : `module` a des `urlpatterns` donnés depuis la racine du site."""
    if module not in _MODULES:
        _MODULES.append(module)


def declarees() -> tuple[str, ...]:
    return tuple(_MODULES)
