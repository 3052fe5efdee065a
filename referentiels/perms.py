"""Qui peut quoi sur le référentiel : une fonction par question, pour la page, l'API et l'admin.

Lire demande de voir les centres ; écrire, la permission de Django sur le modèle écrit ; importer, qui écrit
d'un geste des lignes de plusieurs modèles, a la sienne.
"""

from typing import Any

from simulateur.perms import peut

CHAMPS_DE_COUT = r"^(cout|salaires?)_|^(actuel|calcule|ecart)_(mensuel|annuel)$"
GESTES = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def peut_lire(compte: Any) -> bool:
    return peut(compte, "referentiels.view_centre")


def peut_ecrire(compte: Any, methode: str, modele: Any) -> bool:
    """`methode` : POST crée, PUT et PATCH changent, DELETE supprime une ligne de `modele`."""
    return peut_lire(compte) and peut(compte, f"referentiels.{GESTES[methode]}_{modele._meta.model_name}")


def peut_importer(compte: Any) -> bool:
    """Importer des tâches, des volumes ou des effectifs, lire les rapports d'import et défaire."""
    return peut_lire(compte) and peut(compte, "referentiels.add_importfichier")


def peut_voir_les_couts(compte: Any) -> bool:
    """Coûts des écarts, masses salariales, salaires des postes."""
    return peut_lire(compte) and peut(compte, "referentiels.voir_couts")
