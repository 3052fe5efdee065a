"""Formulaires des pages de grilles : en générer, en noter, en vérifier une."""

from typing import Any

from django import forms

from euromillions.grilles.grille_donnee import GrilleDonnee, GrilleFautive, choisir_ere, lire_texte
from euromillions.grilles.lancement import PHRASE_GRAINE, PHRASE_NOMBRE, DemandeDeGrilles
from euromillions.lectures.forms import FORMATS_DATE
from euromillions.models import Strategie
from euromillions.models.grilles import GRAINE_MAX, NOMBRE_MAX

LIGNES_MAX = 50
CE_QUE_FAIT = {
    Strategie.FREQUENCE: "Fréquence : 5 des 10 numéros les plus sortis des 100 derniers tirages",
    Strategie.ECART: "Écart : 5 des 15 numéros absents depuis le plus longtemps",
    Strategie.COMBINAISON: "Combinaison : un des 10 triplets les plus sortis, complété au sort",
    Strategie.HASARD: "Hasard : toutes les grilles ont la même chance",
}


class FormulaireGeneration(forms.Form):
    strategie = forms.ChoiceField(
        label="Stratégie",
        choices=list(CE_QUE_FAIT.items()),
        initial=Strategie.HASARD,
        error_messages={"invalid_choice": "Choisir une des quatre stratégies."},
    )
    nombre = forms.IntegerField(
        label="Nombre de grilles",
        initial=10,
        min_value=1,
        max_value=NOMBRE_MAX,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PHRASE_NOMBRE),
        help_text="De 1 à 1 000, toutes différentes.",
    )
    graine = forms.IntegerField(
        label="Graine",
        required=False,
        min_value=0,
        max_value=GRAINE_MAX,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PHRASE_GRAINE),
        help_text="Facultative : la même graine redonne les mêmes grilles.",
    )

    @property
    def demande(self) -> DemandeDeGrilles:
        lu: dict[str, Any] = self.cleaned_data
        return DemandeDeGrilles(Strategie(lu["strategie"]), lu["nombre"], lu["graine"])


class FormulaireNote(forms.Form):
    grilles = forms.CharField(
        label="Grilles",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "7 13 25 38 42 / 2 11"}),
        help_text="Une par ligne : cinq numéros, puis les étoiles après une barre si on veut.",
    )

    def clean_grilles(self) -> list[GrilleDonnee]:
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
