"""Ce que les vues de l'API ont en commun : paramètres et formes documentés, adresse du suivi."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from simulateur.api.formes import borne
from simulations.demandes.fautes import CHIFFRES_MAX
from simulations.moteur.niveaux import NIVEAUX

CLE_MAX = 10**CHIFFRES_MAX - 1
ADRESSE_DE_SUIVI = "/api/async/task"


def parametre(nom: str, type_: type, phrase: str, choix: tuple[str, ...] | None = None) -> OpenApiParameter:
    return OpenApiParameter(nom, type_, description=phrase, enum=choix)


def cle(nom: str, phrase: str) -> OpenApiParameter:
    """Un identifiant : un entier positif."""
    return OpenApiParameter(nom, borne("integer", 1, CLE_MAX), description=phrase)


PERIMETRE = [
    parametre("niveau", str, "Niveau des lignes ; par défaut celui juste au-dessous", NIVEAUX),
    cle("direction", "Se limiter à cette direction"),
    cle("centre", "Se limiter à ce centre"),
]
REPONSES = {
    200: OpenApiTypes.OBJECT,
    400: OpenApiResponse(description="Option hors des bornes, nommée"),
    404: OpenApiResponse(description="Identifiant inconnu"),
    409: OpenApiResponse(description="Simulation non terminée, ou purgée"),
}
