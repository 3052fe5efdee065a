"""Formulaire de l'historique des simulations."""

from collections.abc import Sequence
from typing import Any

from django import forms

from simulateur.models import Etat
from simulations.models import Simulation
from simulations.pages.presentation import MODES_EN_MOTS
from simulations.resultats.historique import TRI_PAR_DEFAUT, Criteres

# nom dans l'adresse : colonne
TRIS = {
    "date": "cree_le",
    "libelle": "libelle",
    "etat": "etat",
    "ecart": "ecart_centiemes",
    "etp": "etp_pico",
}
CONSERVEES = {"True": True, "False": False}


class ChampDate(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _choix(label: str, vide: str, choix: Sequence[tuple[Any, Any]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", vide), *choix], required=False)


class FormulaireHistorique(forms.Form):
    etat = _choix("État", "Tous", Etat.choices)
    niveau = _choix("Niveau", "Tous", Simulation.Niveau.choices)
    direction = _choix("Direction", "Toutes")
    mode = _choix("Mode", "Tous", list(MODES_EN_MOTS.items()))
    scenario = forms.CharField(label="Scénario", max_length=120, required=False)
    conservee = _choix("Conservée", "Peu importe", [("True", "Oui"), ("False", "Non")])
    demandeur = forms.CharField(label="Demandeur", max_length=150, required=False)
    du = forms.DateField(label="Du", widget=ChampDate(), required=False)
    au = forms.DateField(label="Au", widget=ChampDate(), required=False)
    tri = forms.ChoiceField(
        choices=[(f"{sens}{nom}", nom) for nom in TRIS for sens in ("", "-")],
        widget=forms.HiddenInput,
        required=False,
    )

    def __init__(self, *args: Any, directions: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["direction"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Toutes"), *directions]

    @property
    def criteres(self) -> Criteres:
        """Ce qui est demandé, une fois le formulaire valide."""
        lu = self.cleaned_data
        tri = lu["tri"]
        sens = "-" if tri.startswith("-") else ""
        return Criteres(
            niveau=lu["niveau"],
            etat=lu["etat"],
            mode=lu["mode"],
            direction_id=int(lu["direction"]) if lu["direction"] else None,
            nom_du_scenario=lu["scenario"],
            nom_du_demandeur=lu["demandeur"],
            conservee=CONSERVEES.get(lu["conservee"]),
            du=lu["du"],
            au=lu["au"],
            tri=f"{sens}{TRIS[tri.removeprefix('-')]}" if tri else TRI_PAR_DEFAUT,
        )
