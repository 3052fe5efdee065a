"""La façon d'arrondir d'une demande ; sans choix, celle du réglage de la maison."""

from collections.abc import Mapping
from typing import Any

from referentiels.models import Reglage
from simulateur.langue.citation import citer
from simulations.demandes.fautes import Fautes
from simulations.demandes.volumes import donne
from simulations.moteur.parametres import ARRONDIS, PAR_POSTE

REGLAGE = "arrondi"


def arrondi_par_defaut() -> str:
    """Celui du réglage, dont la valeur est un rang dans ARRONDIS, à partir de 1. Une requête."""
    rang = Reglage.valeur_de(REGLAGE)
    return PAR_POSTE if rang is None else ARRONDIS[int(rang) - 1]


def lire_arrondi(corps: Mapping[str, Any], fautes: Fautes) -> str:
    """Celui du corps s'il en donne un ; une faute s'il n'est pas de ARRONDIS."""
    demande = donne(corps, REGLAGE, None)
    if demande is None:
        return arrondi_par_defaut()
    if demande not in ARRONDIS:
        fautes.noter(REGLAGE, f"« {citer(demande)} » est inconnu : choisir parmi {', '.join(ARRONDIS)}.")
        return PAR_POSTE
    return str(demande)
