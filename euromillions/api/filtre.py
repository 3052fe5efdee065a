"""Le filtre des tirages dans l'adresse d'une requête, et sa documentation."""

from __future__ import annotations

from datetime import date

from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request

from euromillions.lectures import reperes
from euromillions.lectures.filtre import Filtre
from euromillions.lectures.forms import FormulaireFiltre

ETIQUETTE = ["EuroMillions"]
PARAMETRES_FILTRE = [
    OpenApiParameter("year", int, description="Année."),
    OpenApiParameter("month", int, description="Mois, de 1 à 12."),
    OpenApiParameter("date_from", date, description="Premier jour."),
    OpenApiParameter("date_to", date, description="Dernier jour."),
    OpenApiParameter("era", str, description="Code d'ère (voir /api/euromillions/eras)."),
    OpenApiParameter("weekday", int, description="Jour, de 1 (lundi) à 7 (dimanche)."),
]


def lire_le_formulaire(
    request: Request, revision: int, sorte: type[FormulaireFiltre] = FormulaireFiltre
) -> FormulaireFiltre:
    """Les paramètres d'adresse vérifiés ; 400 qui nomme le champ s'il est mauvais."""
    codes = [(ere["code"], ere["name"]) for ere in reperes.eres(revision)] if request.GET.get("era") else []
    formulaire = sorte(request.GET, eres=codes)
    if not formulaire.is_valid():
        raise exceptions.ValidationError(
            {nom: [str(faute) for faute in fautes] for nom, fautes in formulaire.errors.items()}
        )
    return formulaire


def lire_le_filtre(request: Request, revision: int) -> Filtre:
    if not request.GET:
        return Filtre()
    return lire_le_formulaire(request, revision).filtre
