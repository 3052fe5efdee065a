"""Toutes les analyses d'une simulation, dans l'ordre des onglets.

Ce registre fait les vues, les routes et la documentation de l'API, les pages, leurs routes et leurs onglets,
et les choix de la commande. En ajouter une : son fichier ici, son entrée dans ANALYSES, son gabarit.
"""

from simulations.analyses import couts, incertitude, metiers, modes, profil, reequilibrage, sensibilites

ANALYSES = (
    metiers.ANALYSE,
    modes.ANALYSE,
    sensibilites.ANALYSE,
    incertitude.ANALYSE,
    profil.ANALYSE,
    reequilibrage.ANALYSE,
    couts.ANALYSE,
)
PAR_CODE = {analyse.code: analyse for analyse in ANALYSES}
