"""Le filtre des tirages dans l'adresse d'une page, avec les choix que son formulaire propose."""

from typing import Any

from django.http import HttpRequest

from euromillions.lectures import reperes
from euromillions.lectures.forms import FormulaireFiltre

PARAMETRES = ("year", "month", "date_from", "date_to", "era", "weekday")


def lire_le_formulaire(
    request: HttpRequest, revision: int, sorte: type[FormulaireFiltre] = FormulaireFiltre
) -> Any:
    return sorte(
        request.GET,
        eres=[(ere["code"], ere["name"]) for ere in reperes.eres(revision)],
        annees=[annee["year"] for annee in reperes.annees(revision)],
    )
