"""Écriture et lecture d'un tirage par l'API."""

from typing import Any

from django.core.exceptions import ValidationError as ErreurDuModele
from django.utils import timezone
from rest_framework import serializers

from euromillions.jeu.regles import est_un_ordre_de, fautes_du_tirage
from euromillions.models import Ere, GainRang, Source, Tirage
from euromillions.models.tirages import BOULES

CHAMPS_API = {"date": "date", "numeros": "numbers", "etoiles": "stars"}


class GainSerializer(serializers.ModelSerializer[GainRang]):
    rank = serializers.IntegerField(source="rang")
    winners_france = serializers.IntegerField(source="gagnants_france", allow_null=True)
    winners_europe = serializers.IntegerField(source="gagnants_europe", allow_null=True)
    prize = serializers.FloatField(source="gain", help_text="Gain par gagnant, en euros.")

    class Meta:
        model = GainRang
        fields = ("rank", "winners_france", "winners_europe", "prize")


class TirageSerializer(serializers.ModelSerializer[Tirage]):
    """Un tirage. À l'écriture, l'ordre des boules n'importe pas : elles sont rangées."""

    date = serializers.DateField(
        help_text="Date du tirage (AAAA-MM-JJ).",
        error_messages={"invalid": "Une date AAAA-MM-JJ est attendue."},
    )
    numbers = serializers.ListField(
        source="numeros", child=serializers.IntegerField(), help_text="Les cinq numéros."
    )
    stars = serializers.ListField(
        source="etoiles", child=serializers.IntegerField(), help_text="Les deux étoiles."
    )
    draw_order_numbers = serializers.CharField(
        source="ordre_numeros",
        required=False,
        allow_blank=True,
        max_length=14,
        help_text="« 28-16-20-22-11 »",
    )
    draw_order_stars = serializers.CharField(
        source="ordre_etoiles", required=False, allow_blank=True, max_length=5, help_text="« 9-4 »"
    )
    weekday = serializers.IntegerField(source="jour", read_only=True, help_text="1 = lundi … 7 = dimanche.")
    era = serializers.CharField(source="ere.code", read_only=True)
    source = serializers.ChoiceField(choices=Source.choices, read_only=True)  # type: ignore[assignment]
    demo = serializers.BooleanField(
        source="fictif", read_only=True, help_text="Vrai si le tirage est fictif."
    )

    class Meta:
        model = Tirage
        fields = (
            "id",
            "date",
            "numbers",
            "stars",
            "draw_order_numbers",
            "draw_order_stars",
            "weekday",
            "era",
            "source",
            "demo",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        jour: Any = attrs.get("date", getattr(self.instance, "date", None))
        numeros = sorted(attrs.get("numeros", getattr(self.instance, "numeros", ())))
        etoiles = sorted(attrs.get("etoiles", getattr(self.instance, "etoiles", ())))
        erreurs: dict[str, list[str]] = {}
        for faute in fautes_du_tirage(
            jour, numeros, etoiles, eres=Ere.objects.all(), aujourdhui=timezone.localdate()
        ):
            erreurs.setdefault(CHAMPS_API[faute.champ], []).append(faute.message)
        autres = Tirage.objects.reels().filter(date=jour)
        if self.instance is not None:
            autres = autres.exclude(pk=self.instance.pk)
        if autres.exists():
            erreurs.setdefault("date", []).append("Un tirage existe déjà à cette date.")
        self._verifier_l_ordre(attrs, numeros, etoiles, erreurs)
        if erreurs:
            raise serializers.ValidationError(erreurs)
        attrs.pop("numeros", None)
        attrs.pop("etoiles", None)
        return attrs | {"date": jour} | dict(zip(BOULES, [*numeros, *etoiles], strict=True))

    def _verifier_l_ordre(
        self, attrs: dict[str, Any], numeros: list[int], etoiles: list[int], erreurs: dict[str, list[str]]
    ) -> None:
        """Un ordre de sortie donné doit reprendre les boules ; un ancien, devenu faux, est effacé."""
        for champ, nom_api, boules in (
            ("ordre_numeros", "draw_order_numbers", numeros),
            ("ordre_etoiles", "draw_order_stars", etoiles),
        ):
            donne = attrs.get(champ)
            if donne and not est_un_ordre_de(donne, boules):
                erreurs[nom_api] = ["Reprendre exactement les boules du tirage, séparées par des tirets."]
            ancien = getattr(self.instance, champ, "")
            if donne is None and ancien and not est_un_ordre_de(ancien, boules):
                attrs[champ] = ""

    def en_tirage(self) -> Tirage:
        """Le tirage à enregistrer (non enregistré)."""
        tirage = self.instance or Tirage(source=Source.SAISIE)
        for champ, valeur in self.validated_data.items():
            setattr(tirage, champ, valeur)
        try:
            tirage.clean()
        except ErreurDuModele as erreur:
            raise serializers.ValidationError({"detail": erreur.messages}) from erreur
        return tirage


class TirageDetailSerializer(TirageSerializer):
    prizes = GainSerializer(source="gains", many=True, read_only=True)

    class Meta(TirageSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *TirageSerializer.Meta.fields,
            "prizes",
        )
