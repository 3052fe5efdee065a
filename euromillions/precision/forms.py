"""La demande d'un backtest, lue par la page et par l'API."""

from datetime import date
from typing import TypedDict

from django import forms

from euromillions.grilles.lancement import PHRASE_GRAINE
from euromillions.lectures.forms import FORMATS_DATE
from euromillions.models.backtest import GRAINE_PAR_DEFAUT, PAR_TIRAGE_MAX
from euromillions.models.grilles import GRAINE_MAX

PHRASE_DEPUIS = "Une date AAAA-MM-JJ ou JJ/MM/AAAA."
PHRASE_PAR_TIRAGE = f"Un nombre de grilles de 1 à {PAR_TIRAGE_MAX}."


class ParametresDuBacktest(TypedDict):
    depuis: date | None
    par_tirage: int
    graine: int


class FormulaireBacktest(forms.Form):
    """Noms anglais : ceux du contrat de l'API."""

    since = forms.DateField(
        label="Premier tirage rejoué",
        required=False,
        input_formats=FORMATS_DATE,
        error_messages={"invalid": PHRASE_DEPUIS},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Vide : toute l'histoire, après les cent premiers tirages.",
    )
    grids_per_draw = forms.IntegerField(
        label="Grilles par tirage",
        required=False,
        initial=PAR_TIRAGE_MAX,
        min_value=1,
        max_value=PAR_TIRAGE_MAX,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PHRASE_PAR_TIRAGE),
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
    def parametres(self) -> ParametresDuBacktest:
        lu = self.cleaned_data
        graine = lu["seed"]
        return {
            "depuis": lu["since"],
            "par_tirage": lu["grids_per_draw"] or PAR_TIRAGE_MAX,
            "graine": GRAINE_PAR_DEFAUT if graine is None else graine,
        }
