"""Qui peut quoi sur le référentiel : une fonction par question, pour la page, l'API et l'admin.

Lire demande de voir les centres, et un périmètre ; écrire, la permission de Django sur le modèle écrit ;
importer, qui écrit d'un geste des lignes de plusieurs modèles, a la sienne.

`etendue_de(compte)` dit les directions qu'il voit (`pays`, `voit(direction_id)`, `condition(chemin)`), sans
requête de plus par page. Un QuerySet du réseau se borne par `visible_par(compte)` ; le domaine, qui ne
connaît pas les comptes, reçoit l'`Etendue`, et une commande lancée à la console a `PAYS`.
"""

from typing import Any

from referentiels.models.perimetres import PAYS as PAYS
from referentiels.models.perimetres import Etendue as Etendue
from referentiels.models.perimetres import etendue_de as etendue_de
from simulateur.perms import peut

CHAMPS_DE_COUT = r"^(cout|salaires?)_|^(actuel|calcule|ecart)_(mensuel|annuel)$"
SANS_PERIMETRE = (
    "Votre compte n'a encore aucun périmètre : les effectifs se voient direction par direction, ou pour tout "
    "le pays. Demandez le vôtre à un administrateur."
)
GESTES = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def peut_lire(compte: Any) -> bool:
    return peut(compte, "referentiels.view_centre") and not etendue_de(compte).vide


def sans_perimetre(compte: Any) -> bool:
    """Il aurait le droit de lire : il ne lui manque qu'un périmètre."""
    return peut(compte, "referentiels.view_centre") and etendue_de(compte).vide


def pourquoi_fermes(compte: Any) -> str:
    """La phrase du refus de tout ce qui touche aux effectifs ; vide quand ce n'est pas le périmètre."""
    return SANS_PERIMETRE if sans_perimetre(compte) else ""


def peut_donner(compte: Any, direction_id: int | None) -> bool:
    """Donner ou retirer cette direction, ou tout le pays (None) : on ne donne que ce que l'on voit."""
    etendue = etendue_de(compte)
    return etendue.pays or (direction_id is not None and etendue.voit(direction_id))


def visibles(lignes: Any, compte: Any) -> Any:
    """Les lignes que ce compte voit ; toutes, d'un modèle qui n'est pas rangé par direction."""
    return lignes.visible_par(compte) if hasattr(lignes, "visible_par") else lignes


def cle_du_perimetre(compte: Any) -> str:
    """Ce que le périmètre ajoute à la clé d'une réponse gardée : rien pour tout le pays."""
    return etendue_de(compte).cle


def peut_ecrire(compte: Any, methode: str, modele: Any) -> bool:
    """`methode` : POST crée, PUT et PATCH changent, DELETE supprime une ligne de `modele`."""
    permis = peut(compte, f"referentiels.{GESTES[methode]}_{modele._meta.model_name}")
    return (
        peut_lire(compte) and permis and (etendue_de(compte).pays or not vaut_pour_le_pays(methode, modele))
    )


def vaut_pour_le_pays(methode: str, modele: Any) -> bool:
    """Une règle, une nomenclature, une direction à créer ou à supprimer : l'écrire demande tout le pays."""
    chemin = getattr(modele, "CHEMIN_DIRECTION", None)
    if chemin == "pk":
        return methode in ("POST", "DELETE")
    return chemin is None or getattr(modele, "POUR_TOUS", False)


def peut_importer(compte: Any) -> bool:
    """Importer des tâches, des volumes ou des effectifs, lire les rapports d'import et défaire."""
    return peut_lire(compte) and peut(compte, "referentiels.add_importfichier")


def peut_voir_les_couts(compte: Any) -> bool:
    """Coûts des écarts, masses salariales, salaires des postes."""
    return peut_lire(compte) and peut(compte, "referentiels.voir_couts")
