"""Ce qui se demande par un corps JSON : backtest, score d'une grille, comparaison de grilles."""

from typing import Any

from rest_framework import serializers

from euromillions.grilles.demande import FAUTES_D_UN_ENTIER, DemandeSerializer
from euromillions.grilles.lancement import PHRASE_GRAINE
from euromillions.jeu.eres import ETOILES_TIREES, NUMEROS_TIRES
from euromillions.lectures.forms import FORMATS_DATE
from euromillions.models import Strategie
from euromillions.models.backtest import GRAINE_PAR_DEFAUT, PAR_TIRAGE_MAX
from euromillions.models.grilles import GRAINE_MAX
from euromillions.precision.forms import PHRASE_DEPUIS, PHRASE_PAR_TIRAGE, ParametresDuBacktest
from simulateur.api.formes import OuUnTableau, borne

BOULES_TIREES = NUMEROS_TIRES + ETOILES_TIREES


class DemandeEcriteSerializer(DemandeSerializer):
    """Chaque champ peut se donner dans l'adresse à la place."""

    strategy = serializers.ChoiceField(choices=Strategie.choices, required=False)


class DemandeDeBacktestSerializer(serializers.Serializer[Any]):
    since = serializers.DateField(
        required=False,
        allow_null=True,
        input_formats=FORMATS_DATE,
        error_messages=dict.fromkeys(("invalid", "datetime"), PHRASE_DEPUIS),
        help_text="Premier tirage rejoué ; toute l'histoire sinon.",
    )
    grids_per_draw = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=PAR_TIRAGE_MAX,
        error_messages=dict.fromkeys(FAUTES_D_UN_ENTIER, PHRASE_PAR_TIRAGE),
    )
    seed = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=GRAINE_MAX,
        error_messages=dict.fromkeys(FAUTES_D_UN_ENTIER, PHRASE_GRAINE),
    )

    @property
    def parametres(self) -> ParametresDuBacktest:
        lu: dict[str, Any] = self.validated_data
        graine = lu.get("seed")
        return {
            "depuis": lu.get("since"),
            "par_tirage": lu.get("grids_per_draw") or PAR_TIRAGE_MAX,
            "graine": GRAINE_PAR_DEFAUT if graine is None else graine,
        }


class GrilleDonneeSerializer(OuUnTableau, serializers.Serializer[Any]):
    """Une grille : ses boules par nom, ou en un seul tableau, cinq numéros puis les étoiles."""

    @staticmethod
    def tableau(objet: dict[str, Any]) -> dict[str, Any]:
        boules = borne("integer", 1, 50)
        return {"type": "array", "items": boules, "minItems": NUMEROS_TIRES, "maxItems": BOULES_TIREES}

    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=50),
        min_length=5,
        max_length=5,
        help_text="Cinq numéros distincts.",
    )
    stars = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=12),
        required=False,
        max_length=2,
        help_text="Deux étoiles distinctes, ou aucune.",
    )


class GrilleANoterSerializer(GrilleDonneeSerializer):
    era = serializers.CharField(required=False, help_text="Code d'ère ; l'ère en cours sinon.")


class GrillesAComparerSerializer(OuUnTableau, serializers.Serializer[Any]):
    """Des grilles et leur ère, ou le seul tableau des grilles."""

    @staticmethod
    def tableau(objet: dict[str, Any]) -> dict[str, Any]:
        grilles: dict[str, Any] = objet["properties"]["grids"]
        return grilles

    grids = GrilleDonneeSerializer(many=True)
    era = serializers.CharField(required=False, help_text="Code d'ère ; l'ère en cours sinon.")
