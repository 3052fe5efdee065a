"""Ce qu'un formulaire a reçu : Django le rend en lecture seule."""

from typing import Any

from django import forms


def poser(formulaire: forms.BaseForm, nom: str, valeur: str) -> None:
    """Remplace une valeur reçue : remontré, le formulaire renverra celle-ci. `nom` : préfixe compris."""
    recues: Any = formulaire.data
    formulaire.data = recues.copy()
    formulaire.data[nom] = valeur  # type: ignore[index]
