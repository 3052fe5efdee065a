"""Formulaires des pages d'import."""

from typing import Any

from django import forms

from euromillions.imports.dates import CHIFFRES
from simulateur.fichiers.limites import FichierRefuse
from simulateur.fichiers.reception import verifier_taille


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier de tirages",
        help_text="CSV de l'opérateur français (toutes générations), de la loterie britannique, de "
        "merseyworld, ou « date,n1..n5,e1,e2 » ; ou un zip d'un seul CSV.",
        error_messages={"required": "Choisir un fichier.", "empty": "Le fichier est vide."},
    )
    style_date = forms.ChoiceField(
        label="Dates en chiffres",
        choices=[("", "reconnaître"), *((style, style) for style in CHIFFRES)],
        required=False,
        help_text="À choisir quand rien ne dit si le jour précède le mois.",
    )

    def clean_fichier(self) -> Any:
        depot = self.cleaned_data["fichier"]
        try:
            verifier_taille(depot.size or 0)
        except FichierRefuse as refus:
            raise forms.ValidationError(str(refus)) from refus
        return depot


class ConfirmationForm(forms.Form):
    malgre_soupcon = forms.BooleanField(
        label="J'ai lu ce qui précède : c'est bien un fichier EuroMillions, l'importer quand même",
        required=False,
    )
