"""Ce que l'application met en cache : chaque sorte de lecture, et le préfixe des pages entières."""

from simulateur.cache.donnees import Famille

RAPIDE = Famille("em:quick-stats", fraiche_s=15 * 60, garde_s=30 * 60)
COMPLET = Famille("em:complet", fraiche_s=30 * 60, garde_s=60 * 60)
REPERES = Famille("em:reperes", fraiche_s=30 * 60, garde_s=60 * 60)
HEURISTIQUES = Famille("em:heuristiques", fraiche_s=30 * 60, garde_s=60 * 60)
FAMILLES = (RAPIDE, COMPLET, REPERES, HEURISTIQUES)
PREFIXE_PAGES = "em-page-r"
