"""Le filtre des tirages : les mêmes paramètres d'adresse pour les pages et l'API, d'une seule écriture."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

from euromillions.jeu.regles import JOURS_SEMAINE
from euromillions.models import Source
from euromillions.models.querysets import TirageQuerySet

ANNEE_MIN, ANNEE_MAX = 1900, 2100
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
FORMATS_DATE = ["%Y-%m-%d", "%d/%m/%Y"]


@dataclass(frozen=True)
class Filtre:
    """Une sélection de tirages ; tout à None : l'histoire entière."""

    year: int | None = None
    month: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    era: str | None = None
    weekday: int | None = None

    @property
    def parametres(self) -> dict[str, str]:
        """Paramètres d'adresse renseignés, dans un ordre fixe et une écriture unique."""
        valeurs = ((champ.name, getattr(self, champ.name)) for champ in fields(self))
        return {nom: str(valeur) for nom, valeur in valeurs if valeur is not None}

    @property
    def cle(self) -> str:
        """Partie de la clé de cache : « tout » ou « year=2016&month=9 »."""
        return urlencode(self.parametres) or "tout"

    def appliquer(self, tirages: TirageQuerySet) -> TirageQuerySet:
        if self.year is not None:
            tirages = tirages.filter(date__gte=date(self.year, 1, 1), date__lte=date(self.year, 12, 31))
        if self.month is not None:
            tirages = self._filtrer_le_mois(tirages)
        if self.date_from is not None:
            tirages = tirages.filter(date__gte=self.date_from)
        if self.date_to is not None:
            tirages = tirages.filter(date__lte=self.date_to)
        if self.era is not None:
            tirages = tirages.filter(ere__code=self.era)
        if self.weekday is not None:
            tirages = tirages.filter(jour=self.weekday)
        return tirages

    def _filtrer_le_mois(self, tirages: TirageQuerySet) -> TirageQuerySet:
        if self.year is None or self.month is None:
            return tirages.filter(date__month=self.month)
        dernier = calendar.monthrange(self.year, self.month)[1]
        return tirages.filter(
            date__gte=date(self.year, self.month, 1), date__lte=date(self.year, self.month, dernier)
        )

    @property
    def en_clair(self) -> str:
        """« septembre 2016, le mardi » ; vide pour l'histoire entière."""
        morceaux = []
        if self.month is not None:
            morceaux.append(
                f"{MOIS[self.month - 1]} {self.year}" if self.year else f"mois de {MOIS[self.month - 1]}"
            )
        elif self.year is not None:
            morceaux.append(f"année {self.year}")
        if self.date_from is not None:
            morceaux.append(f"depuis le {self.date_from:%d/%m/%Y}")
        if self.date_to is not None:
            morceaux.append(f"jusqu'au {self.date_to:%d/%m/%Y}")
        if self.era is not None:
            morceaux.append(f"ère « {self.era} »")
        if self.weekday is not None:
            morceaux.append(f"le {JOURS_SEMAINE[self.weekday - 1]}")
        return ", ".join(morceaux)


class FormulaireFiltre(forms.Form):
    """Lit et vérifie un filtre. Les ères admises sont données par l'appelant (voir `lectures.eres`)."""

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
