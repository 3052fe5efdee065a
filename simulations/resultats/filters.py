"""Filtres de l'historique des simulations."""

from typing import Any

import django_filters as filtres
from django import forms

from simulateur.models import Etat
from simulations.models import Simulation
from simulations.pages.presentation import MODES_EN_MOTS


class ChampDate(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SimulationFilter(filtres.FilterSet):
    etat = filtres.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    niveau = filtres.ChoiceFilter(label="Niveau", choices=Simulation.Niveau.choices, empty_label="Tous")
    direction = filtres.ChoiceFilter(label="Direction", field_name="direction_id", empty_label="Toutes")
    mode = filtres.ChoiceFilter(
        label="Mode", field_name="mode", choices=list(MODES_EN_MOTS.items()), empty_label="Tous"
    )
    scenario = filtres.CharFilter(
        label="Scénario", field_name="scenario__nom", lookup_expr="icontains", max_length=120
    )
    conservee = filtres.ChoiceFilter(
        label="Conservée", choices=[("True", "Oui"), ("False", "Non")], empty_label="Peu importe"
    )
    demandeur = filtres.CharFilter(
        label="Demandeur", field_name="demandeur__username", lookup_expr="icontains", max_length=150
    )
    du = filtres.DateFilter(label="Du", field_name="cree_le", lookup_expr="date__gte", widget=ChampDate())
    au = filtres.DateFilter(label="Au", field_name="cree_le", lookup_expr="date__lte", widget=ChampDate())
    tri = filtres.OrderingFilter(
        fields={
            "cree_le": "date",
            "libelle": "libelle",
            "etat": "etat",
            "ecart_dixiemes": "ecart",
            "etp_pico": "etp",
        },
        label="Tri",
    )

    class Meta:
        model = Simulation
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, directions: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["direction"].extra["choices"] = directions
