"""Le filtre des tirages dans l'adresse d'une requête, et sa documentation."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request

from euromillions.lectures import reperes
from euromillions.lectures.filtre import Filtre
from euromillions.lectures.forms import ANNEE_MAX, ANNEE_MIN, FormulaireFiltre
from simulateur.api.formes import borne

ETIQUETTE = ["EuroMillions"]
CODE_D_ERE = {"type": "string", "x-choix": "euromillions.lectures.reperes.codes_d_eres"}
PARAMETRES_FILTRE = [
    OpenApiParameter("year", borne("integer", ANNEE_MIN, ANNEE_MAX), description="Année."),
    OpenApiParameter("month", borne("integer", 1, 12), description="Mois, de 1 à 12."),
    OpenApiParameter("date_from", date, description="Premier jour."),
    OpenApiParameter("date_to", date, description="Dernier jour."),
    OpenApiParameter("era", CODE_D_ERE, description="Code d'ère (voir /api/euromillions/eras)."),
    OpenApiParameter("weekday", borne("integer", 1, 7), description="Jour, de 1 (lundi) à 7 (dimanche)."),
]


def lire_le_formulaire(
    request: Request, revision: int, sorte: type[FormulaireFiltre] = FormulaireFiltre
) -> Any:
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
    filtre: Filtre = lire_le_formulaire(request, revision).filtre
    return filtre
