"""Lire et vérifier un filtre : les mêmes paramètres d'adresse pour les pages et l'API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from django import forms

from euromillions.jeu.regles import JOURS_SEMAINE, MOIS
from euromillions.lectures.filtre import Filtre
from euromillions.models import Source
from euromillions.models.tirages import TirageQuerySet

ANNEE_MIN, ANNEE_MAX = 1900, 2100
FORMATS_DATE = ["%Y-%m-%d", "%d/%m/%Y"]


class FormulaireFiltre(forms.Form):
    """Lit et vérifie un filtre. L'appelant donne les ères admises (voir `lectures.reperes.eres`)."""

    year = forms.IntegerField(
        label="Année",
        required=False,
        min_value=ANNEE_MIN,
        max_value=ANNEE_MAX,
        error_messages={"invalid": f"Une année de {ANNEE_MIN} à {ANNEE_MAX}."},
    )
    month = forms.IntegerField(
        label="Mois",
        required=False,
        min_value=1,
        max_value=12,
        error_messages={"invalid": "Un mois de 1 à 12."},
        widget=forms.Select(choices=[("", "Tous"), *enumerate(MOIS, start=1)]),
    )
    date_from = forms.DateField(
        label="Du",
        required=False,
        input_formats=FORMATS_DATE,
        error_messages={"invalid": "Une date AAAA-MM-JJ ou JJ/MM/AAAA."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    date_to = forms.DateField(
        label="Au",
        required=False,
        input_formats=FORMATS_DATE,
        error_messages={"invalid": "Une date AAAA-MM-JJ ou JJ/MM/AAAA."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    era = forms.CharField(label="Ère", required=False, widget=forms.Select())
    weekday = forms.IntegerField(
        label="Jour",
        required=False,
        min_value=1,
        max_value=7,
        error_messages={"invalid": "Un jour de 1 (lundi) à 7 (dimanche)."},
        widget=forms.Select(choices=[("", "Tous"), *enumerate(JOURS_SEMAINE, start=1)]),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        eres: Sequence[tuple[str, str]] = (),
        annees: Sequence[int] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self._codes = [code for code, _ in eres]
        self.fields["era"].widget.choices = [("", "Toutes"), *eres]
        if annees:
            self.fields["year"].widget = forms.Select(choices=[("", "Toutes"), *((an, an) for an in annees)])
        for nom in ("year", "month", "weekday"):
            champ = self.fields[nom]
            champ.error_messages |= {"min_value": champ.error_messages["invalid"]}
            for verification in champ.validators:
                verification.message = champ.error_messages["invalid"]  # type: ignore[attr-defined]

    def clean_era(self) -> str:
        code = self.cleaned_data["era"]
        if code and code not in self._codes:
            raise forms.ValidationError(f"Ère inconnue. Valeurs admises : {', '.join(self._codes)}.")
        return str(code)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("date_from"), donnees.get("date_to")
        if debut and fin and fin < debut:
            self.add_error("date_to", "La fin précède le début.")
        return donnees

    @property
    def filtre(self) -> Filtre:
        """Le filtre lu ; n'a de sens que si le formulaire est valide."""
        return Filtre(**{champ.name: self.cleaned_data[champ.name] or None for champ in fields(Filtre)})


class ListeDeBoules(forms.CharField):
    """« 7, 14 23 » → [7, 14, 23]."""

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        morceaux = re.split(r"[\s,;]+", (super().to_python(value) or "").strip())
        if morceaux == [""]:
            return []
        if len(morceaux) > 5 or not all(re.fullmatch(r"0?[1-9]|[1-9][0-9]", morceau) for morceau in morceaux):
            raise forms.ValidationError("Une à cinq boules, séparées par des virgules : 7, 14.")
        return [int(morceau) for morceau in morceaux]


class FormulaireListe(FormulaireFiltre):
    """Le filtre de la liste des tirages : la sélection, plus les boules et la source."""

    numbers = ListeDeBoules(label="Numéros présents", required=False, max_length=30)
    stars = ListeDeBoules(label="Étoiles présentes", required=False, max_length=20)
    source = forms.ChoiceField(
        label="Source",
        required=False,
        choices=[("", "Toutes"), *Source.choices],
        error_messages={"invalid_choice": f"Source inconnue. Valeurs admises : {', '.join(Source.values)}."},
    )

    def choisis(self, tirages: TirageQuerySet) -> TirageQuerySet:
        """Ceux de la liste demandée ; le formulaire est valide."""
        lu = self.cleaned_data
        choisis = self.filtre.appliquer(tirages).contenant(numeros=lu["numbers"], etoiles=lu["stars"])
        return choisis.filter(source=lu["source"]) if lu["source"] else choisis
