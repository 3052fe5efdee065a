"""Les lectures du référentiel que tous demandent, calculées d'avance."""

from referentiels.lectures import referentiel
from referentiels.lectures.annees import annees_des_volumes
from referentiels.lectures.taches import TachesDuReseau


def prechauffer() -> None:
    """Listes, nomenclatures, années des volumes, et chaque direction avec ses centres."""
    for lire in (
        *(referentiel.regions, referentiel.typologies, referentiel.postes, referentiel.cellules),
        *(referentiel.parametres, referentiel.produits, referentiel.unites, referentiel.phases),
        *(annees_des_volumes, TachesDuReseau),
    ):
        lire()
    for direction in referentiel.directions():
        referentiel.centres_de_direction(direction["id"])
        referentiel.direction_servie(direction["id"])
