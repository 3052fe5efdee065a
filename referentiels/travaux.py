"""Ce que la file appelle pour le référentiel : ses travaux périodiques."""

from referentiels.imports.defaire import oublier_les_anciennes


def purge_des_images() -> int:
    """Rend le nombre d'imports qui ne se défont plus."""
    return oublier_les_anciennes()
