"""Une forme décrite en TypedDict donne les champs que l'API documente."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from rest_framework import serializers

from simulateur.api.formes import Horodatage, Uuid, forme

pytestmark = pytest.mark.rapide


class Ligne(TypedDict):
    nom: Annotated[str, {"max_length": 9}]


class Forme(TypedDict):
    cle: Uuid
    quand: Horodatage | None
    nombre: Annotated[int, {"min_value": 0}, {"help_text": "Combien"}]
    mesure: NotRequired[float | None]
    etat: Literal["ouvert", "clos"]
    mode: Annotated[str, {"choices": ["a", "b"]}]
    libre: dict[str, Any]
    cles: list[int]
    ligne: Ligne
    lignes: NotRequired[list[Ligne]]


class Partielle(Ligne, total=False):
    note: str


def test_chaque_sorte_a_son_champ():
    champs = forme(Forme)().fields
    assert {nom: type(champ) for nom, champ in champs.items()} == {
        "cle": serializers.UUIDField,
        "quand": serializers.DateTimeField,
        "nombre": serializers.IntegerField,
        "mesure": serializers.FloatField,
        "etat": serializers.ChoiceField,
        "mode": serializers.ChoiceField,
        "libre": serializers.DictField,
        "cles": serializers.ListField,
        "ligne": forme(Ligne),
        "lignes": serializers.ListSerializer,
    }
    assert [nom for nom, champ in champs.items() if champ.allow_null] == ["quand", "mesure"]
    assert [nom for nom, champ in champs.items() if not champ.required] == ["mesure", "lignes"]
    assert (champs["nombre"].min_value, champs["nombre"].help_text) == (0, "Combien")
    assert list(champs["etat"].choices) == ["ouvert", "clos"]


def test_une_forme_heritee_garde_ses_champs_et_ce_qui_est_facultatif():
    champs = forme(Partielle)().fields
    assert {nom: champ.required for nom, champ in champs.items()} == {"nom": True, "note": False}
    assert forme(Partielle).__name__ == "PartielleSerializer"


def test_une_sorte_inconnue_est_une_faute():
    class Fausse(TypedDict):
        octets: bytes

    with pytest.raises(KeyError):
        forme(Fausse)
