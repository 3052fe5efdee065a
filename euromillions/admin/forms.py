"""Saisie d'un tirage par le personnel."""

from typing import Any

from django import forms

from euromillions.models import GainRang, Tirage
from euromillions.models.tirages import BOULES


class FormulaireTirage(forms.ModelForm):
    """Un tirage saisi à la main : les boules se donnent dans n'importe quel ordre, elles sont rangées."""

    class Meta:
        model = Tirage
        fields = ("date", *BOULES, "ordre_numeros", "ordre_etoiles")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        for groupe in (BOULES[:5], BOULES[5:]):
            valeurs = [donnees.get(champ) for champ in groupe]
            if None not in valeurs:
                donnees |= dict(zip(groupe, sorted(valeurs), strict=True))  # type: ignore[type-var]
        return donnees

    def validate_unique(self) -> None:
        """Un tirage fictif à la même date n'empêche pas d'en saisir un vrai : il va être retiré."""
        date = self.cleaned_data.get("date")
        if date and Tirage.objects.reels().filter(date=date).exclude(pk=self.instance.pk).exists():
            self.add_error("date", "Un tirage existe déjà à cette date.")


class FormulaireGain(forms.ModelForm):
    class Meta:
        model = GainRang
        fields = ("rang", "gagnants_france", "gagnants_europe", "gain")
