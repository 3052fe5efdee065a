"""Le moteur de dimensionnement : tableaux en entrée, tableaux en sortie, sans base ni horloge ni réglage.

Règles : docs/metier/effectifs.md#calcul. Le même moteur sert la page, l'API, l'admin et la commande.
"""

from simulations.moteur.calcul import Resultat, calculer, calculer_ensemble, capacites
from simulations.moteur.carte import Carte, Centres, Postes, Taches, Titres, TypesTache
from simulations.moteur.coefficients import coefficients, contributions
from simulations.moteur.modes import appliquer_mode
from simulations.moteur.parametres import MODES, Parametres
from simulations.moteur.regles import Regles
from simulations.moteur.volumes import repartir

VERSION = "1.1"

__all__ = [
    "MODES",
    "VERSION",
    "Carte",
    "Centres",
    "Parametres",
    "Postes",
    "Regles",
    "Resultat",
    "Taches",
    "Titres",
    "TypesTache",
    "appliquer_mode",
    "calculer",
    "calculer_ensemble",
    "capacites",
    "coefficients",
    "contributions",
    "repartir",
]
