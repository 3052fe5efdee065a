"""Ce qui est demandé à une génération, lu de l'API ou d'une ligne de commande : bornes et phrases."""

from typing import Any

from rest_framework import serializers

from euromillions.grilles.lancement import PHRASE_GRAINE, PHRASE_NOMBRE, DemandeDeGrilles
from euromillions.models import Strategie
from euromillions.models.grilles import GRAINE_MAX, NOMBRE_MAX

FAUTES_D_UN_ENTIER = ("invalid", "min_value", "max_value", "max_string_length")
ADMISES = ", ".join(Strategie.values)


class DemandeSerializer(serializers.Serializer[DemandeDeGrilles]):
    strategy = serializers.ChoiceField(
        choices=Strategie.choices,
        error_messages={
            "invalid_choice": f"Stratégie inconnue. Valeurs admises : {ADMISES}.",
            "required": f"Donner une stratégie : {ADMISES}.",
            "null": f"Donner une stratégie : {ADMISES}.",
        },
    )
    num_grids = serializers.IntegerField(
        default=10,
        min_value=1,
        max_value=NOMBRE_MAX,
        error_messages=dict.fromkeys((*FAUTES_D_UN_ENTIER, "null"), PHRASE_NOMBRE),
    )
    seed = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=GRAINE_MAX,
        error_messages=dict.fromkeys(FAUTES_D_UN_ENTIER, PHRASE_GRAINE),
    )

    def en_demande(self) -> DemandeDeGrilles:
        lu: dict[str, Any] = self.validated_data
        return DemandeDeGrilles(Strategie(lu["strategy"]), lu["num_grids"], lu.get("seed"))
