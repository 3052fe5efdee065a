"""Filtres du référentiel, partagés par l'API et les pages."""

import django_filters as filtres
from django import forms
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field

from referentiels.models import (
    Centre,
    CentrePoste,
    Direction,
    ImportFichier,
    Poste,
    Region,
    Tache,
    VolumeAnnuel,
)
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN

CLE_MAX = 2**63 - 1


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": CLE_MAX})
class FiltreCle(filtres.NumberFilter):
    """Une clé primaire : un entier positif, sans requête pour vérifier qu'elle existe."""

    field_class = forms.IntegerField

    def __init__(self, field_name: str, label: str) -> None:
        super().__init__(field_name=field_name, label=label, min_value=1, max_value=CLE_MAX)


@extend_schema_field({"type": "boolean"})
class FiltreBooleen(filtres.TypedChoiceFilter):
    """`true` ou `false` ; toute autre valeur est refusée, là où un champ booléen l'ignorerait."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, choices=(("true", "Oui"), ("false", "Non")), coerce="true".__eq__)


@extend_schema_field({"type": "string", "maxLength": 100})
class FiltreRecherche(filtres.CharFilter):
    """Chaque mot doit se trouver dans l'un des champs."""

    def __init__(self, *champs: str) -> None:
        self.champs = champs
        super().__init__(label=f"Mots cherchés dans : {', '.join(champs)}", max_length=100)

    def filter(self, qs: "QuerySet[Centre]", value: str) -> "QuerySet[Centre]":
        for mot in (value or "").split():
            critere = Q()
            for champ in self.champs:
                critere |= Q(**{f"{champ}__icontains": mot})
            qs = qs.filter(critere)
        return qs


class FiltreTri(filtres.OrderingFilter):
    """L'ordre demandé, puis la clé : deux pages ne se recouvrent jamais."""

    def filter(self, qs: "QuerySet[Centre]", value: list[str] | None) -> "QuerySet[Centre]":
        trie = super().filter(qs, value)
        return trie.order_by(*trie.query.order_by, "pk") if value else trie


class RegionFilter(filtres.FilterSet):
    recherche = FiltreRecherche("code", "nom")

    class Meta:
        model = Region
        fields = ("recherche",)


class DirectionFilter(filtres.FilterSet):
    recherche = FiltreRecherche("code", "nom")
    region = FiltreCle("region_id", "Clé de la région")
    est_siege = FiltreBooleen(label="Siège")

    class Meta:
        model = Direction
        fields = ("recherche", "region", "est_siege")


class CentreFilter(filtres.FilterSet):
    recherche = FiltreRecherche("code", "nom")
    direction = FiltreCle("direction_id", "Clé de la direction")
    region = FiltreCle("direction__region_id", "Clé de la région")
    typologie = filtres.CharFilter(field_name="typologie__code", lookup_expr="iexact", label="Code (AM, CD…)")
    actif = FiltreBooleen(label="Centre ouvert")
    fictif = FiltreBooleen(label="Données de démonstration")
    a_guichet = FiltreBooleen(label="A un guichet")
    tri = FiltreTri(
        label="Ordre ; précédé de « - », décroissant",
        fields=(
            ("nom", "nom"),
            ("code", "code"),
            ("typologie__code", "typologie"),
            ("effectif_actuel", "effectif_actuel"),
            ("nb_postes", "nb_postes"),
        ),
    )

    class Meta:
        model = Centre
        fields = ("recherche", "direction", "region", "typologie", "actif", "fictif", "a_guichet")


class PosteFilter(filtres.FilterSet):
    recherche = FiltreRecherche("code", "nom")
    type = filtres.ChoiceFilter(choices=Poste.Type.choices, label="MOD ou MOI")

    class Meta:
        model = Poste
        fields = ("recherche", "type")


class CentrePosteFilter(filtres.FilterSet):
    recherche = FiltreRecherche("poste__code", "poste__nom")
    type = filtres.ChoiceFilter(field_name="poste__type", choices=Poste.Type.choices, label="MOD ou MOI")

    class Meta:
        model = CentrePoste
        fields = ("recherche", "type")


class TacheFilter(filtres.FilterSet):
    recherche = FiltreRecherche("nom", "famille")
    centre = FiltreCle("centre_poste__centre_id", "Clé du centre")
    poste = FiltreCle("centre_poste__poste_id", "Clé du poste")
    centre_poste = FiltreCle("centre_poste_id", "Clé du poste tenu dans le centre")
    direction = FiltreCle("centre_poste__centre__direction_id", "Clé de la direction")
    produit = filtres.CharFilter(field_name="produit__code", lookup_expr="iexact", label="Code du produit")
    unite = filtres.CharFilter(field_name="unite__code", lookup_expr="iexact", label="Code de l'unité")
    phase = filtres.CharFilter(field_name="phase__code", lookup_expr="iexact", label="Code de la phase")
    famille = filtres.CharFilter(lookup_expr="iexact", label="Famille")
    actif = FiltreBooleen(label="Tâche active")

    class Meta:
        model = Tache
        fields = ("recherche", "centre", "poste", "centre_poste", "direction", "produit", "unite", "phase")


class ImportFilter(filtres.FilterSet):
    a_blanc = FiltreBooleen(label="Un essai")
    applique = FiltreBooleen(label="Écrit dans la base")

    class Meta:
        model = ImportFichier
        fields = ("genre", "a_blanc", "applique")


class VolumeFilter(filtres.FilterSet):
    annee = filtres.NumberFilter(label="Année", min_value=ANNEE_MIN, max_value=ANNEE_MAX)
    cellule = filtres.CharFilter(field_name="cellule__code", label="Code de la cellule", max_length=60)
    flux = filtres.CharFilter(field_name="cellule__flux__code", label="Code du flux", max_length=60)

    class Meta:
        model = VolumeAnnuel
        fields: tuple[str, ...] = ()
