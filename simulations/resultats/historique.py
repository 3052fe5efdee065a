"""Les simulations passées et en cours, filtrées et triées : les mêmes critères pour la page et pour l'API."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet

from simulations.models import Simulation

Q = TypeVar("Q", bound="QuerySet[Simulation]")
TRIS = ("cree_le", "libelle", "etat", "ecart_centiemes", "etp_pico")
TRI_PAR_DEFAUT = "-cree_le"


@dataclass(frozen=True)
class Criteres:
    """Un critère vide ou None ne filtre rien. `tri` : un de TRIS, « - » devant pour le renverser."""

    niveau: str = ""
    etat: str = ""
    mode: str = ""
    direction_id: int | None = None
    scenario_id: int | None = None
    nom_du_scenario: str = ""
    demandeur_id: int | None = None
    nom_du_demandeur: str = ""
    libelle: str = ""
    conservee: bool | None = None
    du: date | None = None
    au: date | None = None
    tri: str = TRI_PAR_DEFAUT


# critère : sa condition
CONDITIONS = {
    "niveau": "niveau",
    "etat": "etat",
    "mode": "parametres__mode",
    "direction_id": "direction_id",
    "scenario_id": "scenario_id",
    "nom_du_scenario": "scenario__nom__icontains",
    "demandeur_id": "demandeur_id",
    "nom_du_demandeur": "demandeur__username__icontains",
    "libelle": "libelle__icontains",
    "conservee": "conservee",
    "du": "cree_le__date__gte",
    "au": "cree_le__date__lte",
}


def filtrer(simulations: Q, criteres: Criteres) -> Q:
    """Celles que gardent tous les critères ; à égalité de tri, toujours dans le même ordre."""
    valeurs = {condition: getattr(criteres, nom) for nom, condition in CONDITIONS.items()}
    poses = {condition: valeur for condition, valeur in valeurs.items() if valeur not in (None, "")}
    return simulations.filter(**poses).order_by(criteres.tri, "pk")
