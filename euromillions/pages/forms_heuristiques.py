"""Formulaires des pages « noter des grilles » et « vérifier une grille »."""

from typing import Any

from django import forms

from euromillions.grilles.saisie import GrilleFautive, GrilleSaisie, choisir_ere, lire_texte
from euromillions.lectures.filters import FORMATS_DATE

LIGNES_MAX = 50


class FormulaireNote(forms.Form):
    grilles = forms.CharField(
        label="Grilles",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "7 13 25 38 42 / 2 11"}),
        help_text="Une par ligne : cinq numéros, puis les étoiles après une barre si on veut.",
    )

    def clean_grilles(self) -> list[GrilleSaisie]:
        lignes = [ligne for ligne in self.cleaned_data["grilles"].splitlines() if ligne.strip()]
        if len(lignes) > LIGNES_MAX:
            raise forms.ValidationError(f"Au plus {LIGNES_MAX} grilles à la fois.")
        lues, fautes = [], []
        try:
            ere = choisir_ere(None)
        except GrilleFautive as faute:
            raise forms.ValidationError(str(faute)) from None
        for rang, ligne in enumerate(lignes, start=1):
            try:
                lues.append(lire_texte(ligne, ere))
            except GrilleFautive as faute:
                fautes.append(f"Ligne {rang} : {faute}")
        if fautes:
            raise forms.ValidationError(fautes)
        return lues


class FormulaireVerification(forms.Form):
    grille = forms.CharField(
        label="Grille",
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "7 13 25 38 42 / 2 11"}),
        help_text="Cinq numéros, une barre, deux étoiles.",
    )
    depuis = forms.DateField(
        label="Jouée depuis",
        required=False,
        input_formats=FORMATS_DATE,
        error_messages={"invalid": "Une date AAAA-MM-JJ ou JJ/MM/AAAA."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_grille(self) -> Any:
        try:
            return lire_texte(self.cleaned_data["grille"], choisir_ere(None), etoiles_exigees=True)
        except GrilleFautive as faute:
            raise forms.ValidationError(str(faute)) from None
