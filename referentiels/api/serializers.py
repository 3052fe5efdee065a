"""Formes JSON du référentiel : ce qui s'écrit se relit sous les mêmes noms.

Les lectures sortent de `referentiels.lectures.referentiel` en dictionnaires ; ces classes valident les
écritures et documentent les deux.
"""

import math
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail

from referentiels.models import (
    Centre,
    CentrePoste,
    Direction,
    Phase,
    Poste,
    Produit,
    Region,
    Tache,
    Typologie,
    UniteMesure,
    VolumeAnnuel,
)

ORDRE_MAX = 2**31 - 1  # PostgreSQL le borne ainsi, SQLite non : même réponse sur les deux


class Nombre(serializers.FloatField):
    """Un flottant fini : « NaN » et « Infinity » ne sont pas des nombres."""

    def to_internal_value(self, data: Any) -> float:
        valeur = super().to_internal_value(data)
        if not math.isfinite(valeur):
            self.fail("invalid")
        return valeur


class ParCode(serializers.SlugRelatedField):
    """Une ligne de règle désignée par son code."""

    default_error_messages = {"does_not_exist": "« {value} » n'existe pas."}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        return super().to_internal_value(data)


class CleVisible(serializers.PrimaryKeyRelatedField):
    """La clé d'une ligne du réseau que voit qui écrit : une autre n'existe pas."""

    def get_queryset(self) -> Any:
        lignes: Any = super().get_queryset()
        demande = self.context.get("request")
        return lignes if demande is None else lignes.visible_par(demande.user)


class Texte(serializers.CharField):
    """Un texte : un nombre JSON n'en est pas un."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class VraiOuFaux(serializers.BooleanField):
    """`true` ou `false`, en JSON ou en texte : ni 0, ni « oui »."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool) and str(data) not in ("true", "false"):
            self.fail("invalid", input=data)
        return bool(super().to_internal_value(data))


class SelonLaBase(serializers.ModelSerializer):
    """Éprouve aussi les contraintes de la base : 400 avec leur phrase, sous le champ concerné."""

    serializer_field_mapping: ClassVar[dict[Any, Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Texte,
        models.BooleanField: VraiOuFaux,
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        modele: Any = self.Meta.model
        essai = modele(pk=self.instance.pk if self.instance else None)
        if self.instance is not None:
            essai._state.adding = False
            for champ in modele._meta.concrete_fields:
                setattr(essai, champ.attname, getattr(self.instance, champ.attname))
        for nom, valeur in attrs.items():
            setattr(essai, nom, valeur)
        erreurs: dict[str, list[ErrorDetail]] = {}
        for contrainte in modele._meta.constraints:
            try:
                contrainte.validate(modele, essai)
            except ValidationError as erreur:
                erreurs.setdefault(self._champ_de(contrainte), []).extend(_fautes(erreur))
        if erreurs:
            raise serializers.ValidationError(erreurs)
        return attrs

    def _champ_de(self, contrainte: Any) -> str:
        """Le champ dont parle la contrainte, s'il est seul ; sinon l'ensemble de la demande."""
        noms = (
            _champs_de(contrainte.condition)
            if isinstance(contrainte, CheckConstraint)
            else set(getattr(contrainte, "fields", ()))
        )
        sources = {champ.source: nom for nom, champ in self.fields.items() if not champ.read_only}
        return sources.get(noms.pop(), "detail") if len(noms) == 1 else "detail"


def _fautes(erreur: ValidationError) -> list[ErrorDetail]:
    """Les fautes d'une contrainte, avec leur code : « unique » est un conflit."""
    fautes: Any = get_error_detail(erreur)
    return list(fautes)


def _champs_de(condition: Any) -> set[str]:
    noms: set[str] = set()
    for enfant in condition.children if isinstance(condition, Q) else ():
        noms |= _champs_de(enfant) if isinstance(enfant, Q) else {str(enfant[0]).split("__")[0]}  # type: ignore[index]
    return noms


class RegionSerializer(SelonLaBase):
    class Meta:
        model = Region
        fields = ("id", "code", "nom")


class DirectionSerializer(SelonLaBase):
    region_id = serializers.PrimaryKeyRelatedField(source="region", queryset=Region.objects.all())
    region_nom = serializers.CharField(read_only=True)
    nb_centres = serializers.IntegerField(read_only=True, help_text="Centres ouverts")

    class Meta:
        model = Direction
        fields = ("id", "code", "nom", "est_siege", "region_id", "region_nom", "nb_centres")


class CentreSerializer(SelonLaBase):
    direction_id = CleVisible(source="direction", queryset=Direction.objects.all())
    typologie_code = ParCode(source="typologie", queryset=Typologie.objects.all())
    nb_postes = serializers.IntegerField(read_only=True)
    effectif_actuel = serializers.FloatField(
        read_only=True, allow_null=True, help_text="Personnes présentes ; nul sans poste"
    )

    class Meta:
        model = Centre
        fields = (
            *("id", "code", "nom", "direction_id", "aps", "a_guichet", "coeff_circulation"),
            *("coeff_geographie", "trajet_minutes", "actif", "fictif", "typologie_code"),
            *("nb_postes", "effectif_actuel"),
        )
        read_only_fields = ("fictif",)


class PosteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Poste
        fields = (
            *("id", "code", "nom", "type", "salaire_mensuel", "soumis_au_trajet"),
            *("coef_shift_2", "coef_shift_3"),
        )


class CentrePosteSerializer(SelonLaBase):
    poste_id = serializers.PrimaryKeyRelatedField(source="poste", queryset=Poste.objects.all())
    code = serializers.CharField(read_only=True, help_text="Code du poste")
    nom = serializers.CharField(read_only=True)
    type = serializers.ChoiceField(read_only=True, choices=Poste.Type.choices)
    nb_taches = serializers.IntegerField(read_only=True, help_text="Tâches actives")

    class Meta:
        model = CentrePoste
        fields = (
            *("id", "centre_id", "poste_id", "effectif_actuel", "aps", "code", "nom", "type", "nb_taches"),
        )
        read_only_fields = ("centre_id",)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # Le centre vient du chemin : le lier avant d'éprouver l'unicité (centre, poste).
        super().validate({**attrs, **self.context.get("lies", {})})
        return attrs


class TacheSerializer(SelonLaBase):
    centre_poste_id = CleVisible(source="centre_poste", queryset=CentrePoste.objects.all())
    produit_code = ParCode(source="produit", queryset=Produit.objects.all())
    unite_code = ParCode(source="unite", queryset=UniteMesure.objects.all())
    phase_code = ParCode(source="phase", queryset=Phase.objects.all(), allow_null=True, required=False)
    duree_secondes = Nombre(help_text="Secondes par unité de travail, plus de 0 et au plus 86 400")

    class Meta:
        model = Tache
        fields = (
            *("id", "centre_poste_id", "nom", "famille", "base_calcul", "duree_secondes", "ordre", "actif"),
            *("produit_code", "unite_code", "phase_code"),
        )
        extra_kwargs = {"ordre": {"min_value": 0, "max_value": ORDRE_MAX}}


# --- Lectures seules, pour la documentation ---------------------------------------------------------------


class TypologieSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    nom = serializers.CharField()
    nb_taches_modeles = serializers.IntegerField()


class CelluleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    rang = serializers.IntegerField()
    ordre = serializers.IntegerField()
    flux_code = serializers.CharField(allow_null=True)
    sens_code = serializers.CharField()
    segment_code = serializers.CharField()


class ParametreSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    nom = serializers.CharField()
    unite = serializers.CharField(allow_blank=True)
    defaut = serializers.FloatField()
    minimum = serializers.FloatField()
    maximum = serializers.FloatField()
    par_flux = serializers.BooleanField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class ProduitSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    nom = serializers.CharField()
    flux_code = serializers.CharField(allow_null=True)
    cellules = serializers.ListField(
        child=serializers.CharField(), help_text="Codes des cellules additionnées"
    )


class DiviseurSerializer(serializers.Serializer):
    flux_code = serializers.CharField(allow_null=True)
    constante = serializers.FloatField(allow_null=True)
    parametre = serializers.CharField(allow_blank=True)


class UniteSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    nom = serializers.CharField()
    mode = serializers.CharField(help_text="DIVISE ou FORFAIT")
    diviseurs = DiviseurSerializer(many=True)


class TermeSerializer(serializers.Serializer):
    nature = serializers.CharField()
    parametre = serializers.CharField(allow_blank=True)
    parametre_2 = serializers.CharField(allow_blank=True)
    constante = serializers.FloatField(allow_null=True)


class PhaseSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    nom = serializers.CharField()
    termes = TermeSerializer(many=True)


class TacheDuPosteSerializer(TacheSerializer):
    class Meta:
        model = Tache
        fields = tuple(nom for nom in TacheSerializer.Meta.fields if nom != "centre_poste_id")


class PosteDuCentreSerializer(CentrePosteSerializer):
    taches = TacheDuPosteSerializer(many=True)

    class Meta:
        model = CentrePoste
        fields = ("id", "poste_id", "code", "nom", "type", "effectif_actuel", "aps", "taches")


class CentreCompletSerializer(CentreSerializer):
    postes = PosteDuCentreSerializer(many=True)

    class Meta:
        model = Centre
        fields = (
            *("id", "code", "nom", "aps", "a_guichet", "coeff_circulation", "coeff_geographie"),
            *("trajet_minutes", "actif", "fictif", "typologie_code", "postes"),
        )


class DirectionCompleteSerializer(DirectionSerializer):
    centres = CentreCompletSerializer(many=True)

    class Meta:
        model = Direction
        fields = ("id", "code", "nom", "est_siege", "region_id", "region_nom", "centres")


class VolumeAnnuelSerializer(serializers.ModelSerializer):
    """Un volume annuel d'un centre ; le flux est nul pour une cellule qui n'en a pas."""

    cellule = serializers.CharField(source="cellule.code")
    flux = serializers.CharField(source="cellule.flux.code", default=None, allow_null=True)
    sens = serializers.CharField(source="cellule.sens.code")
    segment = serializers.CharField(source="cellule.segment.code")

    class Meta:
        model = VolumeAnnuel
        fields = ("cellule", "flux", "sens", "segment", "annee", "volume")
        read_only_fields = fields
