"""Formulaires des pages de grilles."""

from typing import Any

from django import forms

from euromillions.api.serializers_grilles import PHRASE_GRAINE, PHRASE_NOMBRE
from euromillions.grilles.lancement import Demande
from euromillions.lectures.filters import FORMATS_DATE
from euromillions.models import Strategie
from euromillions.models.backtest import GRAINE_PAR_DEFAUT, PAR_TIRAGE_MAX
from euromillions.models.grilles import GRAINE_MAX, NOMBRE_MAX

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
    def demande(self) -> Demande:
        lu: dict[str, Any] = self.cleaned_data
        return Demande(Strategie(lu["strategie"]), lu["nombre"], lu["graine"])


class FormulaireBacktest(forms.Form):
    """Lu par la page et par l'API (noms anglais du contrat)."""

    since = forms.DateField(
        label="Premier tirage rejoué",
        required=False,
        input_formats=FORMATS_DATE,
        error_messages={"invalid": "Une date AAAA-MM-JJ ou JJ/MM/AAAA."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Vide : toute l'histoire, après les cent premiers tirages.",
    )
    grids_per_draw = forms.IntegerField(
        label="Grilles par tirage",
        required=False,
        initial=PAR_TIRAGE_MAX,
        min_value=1,
        max_value=PAR_TIRAGE_MAX,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Un nombre de grilles de 1 à {PAR_TIRAGE_MAX}."
        ),
    )
    seed = forms.IntegerField(
        label="Graine",
        required=False,
        initial=GRAINE_PAR_DEFAUT,
        min_value=0,
        max_value=GRAINE_MAX,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PHRASE_GRAINE),
    )

    @property
    def parametres(self) -> dict[str, Any]:
        lu = self.cleaned_data
        graine = lu["seed"]
        return {
            "depuis": lu["since"],
            "par_tirage": lu["grids_per_draw"] or PAR_TIRAGE_MAX,
            "graine": GRAINE_PAR_DEFAUT if graine is None else graine,
        }
