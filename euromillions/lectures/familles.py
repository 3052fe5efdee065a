"""Ce que l'application met en cache : chaque sorte de lecture."""

from simulateur.cache.donnees import Famille

RAPIDE = Famille("em:quick-stats", duree_s=15 * 60)
COMPLET = Famille("em:complet", duree_s=30 * 60)
REPERES = Famille("em:reperes", duree_s=30 * 60)
HEURISTIQUES = Famille("em:heuristiques", duree_s=30 * 60)
FAMILLES = (RAPIDE, COMPLET, REPERES, HEURISTIQUES)
