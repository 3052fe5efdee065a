"""Formulaires qui portent, caché, ce que leur lecteur a vu : changé, ils sont remontrés."""

from typing import Any

from django import forms

from simulateur.cache import versions
from simulateur.pages.envoi import poser

CHAMP = "version"
CHANGEE = "Changé entre-temps par quelqu'un d'autre : relire ce qui est signalé, puis enregistrer de nouveau."
SUPPRESSION = "Changé entre-temps par quelqu'un d'autre : relire la ligne avant de la supprimer."


class ChampVersion(forms.CharField):
    """Jamais une saisie : il ne compte pas parmi les champs changés."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def deux_valeurs(en_base: Any, saisie: Any) -> str:
    return f"En base maintenant : « {en_mots(en_base)} ». Votre saisie : « {en_mots(saisie)} »."


def en_mots(valeur: Any) -> str:
    if valeur is None or valeur == "":
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return f"{valeur:g}"
    return str(valeur)


class FormulaireVersionne(forms.ModelForm):
    """Base des formulaires d'une ligne. Sans `version`, seul l'UPDATE vérifie ce qui vient d'être lu."""

    version = ChampVersion(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lues: versions.Valeurs | None = None
        if self.instance.pk is not None and not self.instance._state.adding:
            self.lues = versions.stockees(self.instance)
            self.initial[CHAMP] = versions.etiquette(self.lues)

    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or self.cleaned_data
        envoyee = valeurs.pop(CHAMP, "")
        if self.lues is None:
            return valeurs
        versions.exiger(self.instance, self.lues)
        if envoyee and envoyee != self.initial[CHAMP]:
            self._remontrer()
        return valeurs

    def _remontrer(self) -> None:
        """Chaque champ qui diffère dit les deux valeurs ; le formulaire remontré porte la version neuve."""
        poser(self, self.add_prefix(CHAMP), self.initial[CHAMP])
        if self.cleaned_data.get("DELETE"):
            self.add_error(None, SUPPRESSION)
            return
        for nom in self.changed_data:
            saisie = self.cleaned_data.get(nom)
            self.add_error(nom, deux_valeurs(self._en_base(nom), saisie))
        if self.changed_data:
            self.add_error(None, CHANGEE)

    def _en_base(self, nom: str) -> Any:
        """La valeur de la base : l'instance ne reçoit la saisie qu'après `clean`."""
        montrer = getattr(self.instance, f"get_{nom}_display", None)
        return montrer() if montrer else getattr(self.instance, nom, self.initial.get(nom))
