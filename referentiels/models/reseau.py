"""Le réseau : régions, directions, centres, postes, et qui occupe quoi (docs/metier/effectifs.md#reseau)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from referentiels.models.querysets import CentreQuerySet, DirectionQuerySet, DuReseau
from referentiels.models.regles import Flux, Parametre
from referentiels.suivi import portees
from simulateur.cache.suivi import ModeleSuivi
from simulateur.langue.texte import normaliser
from simulateur.web import fiches


class Region(ModeleSuivi):
    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.REGIONS, portees.DIRECTIONS})

    code = models.CharField(max_length=20, unique=True)
    nom = models.CharField(max_length=120)

    class Meta:
        verbose_name = "région"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


class Direction(ModeleSuivi):
    CHEMIN_DIRECTION: ClassVar[str] = "pk"

    code = models.CharField(max_length=20, unique=True)
    nom = models.CharField(max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="directions")
    est_siege = models.BooleanField("siège", default=False)

    objects: ClassVar[Any] = DirectionQuerySet.as_manager()

    class Meta:
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return fiches.adresse(self) or reverse("admin:referentiels_direction_change", args=[self.pk])

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        cles = list(lignes.values_list("pk", flat=True))
        touchees = {portees.direction(pk) for pk in cles} | {portees.centres_de(pk) for pk in cles}
        # La page d'un centre nomme sa direction.
        centres = Centre._base_manager.filter(direction__in=cles).values_list("pk", flat=True)
        touchees |= set(map(portees.centre, centres))
        return touchees | {portees.DIRECTIONS, portees.NATIONAL} if touchees else set()


class Typologie(ModeleSuivi):
    """AM, CM, CD… ; porte une table de tâches modèle qui remplit un centre neuf."""

    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.TYPOLOGIES})

    code = models.CharField(max_length=20, unique=True)
    nom = models.CharField(max_length=120)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} — {self.nom}"


class Centre(ModeleSuivi):
    CHEMIN_DIRECTION: ClassVar[str] = "direction_id"

    code = models.CharField(max_length=30, unique=True)
    nom = models.CharField(max_length=150, db_index=True)
    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="centres")
    typologie = models.ForeignKey(Typologie, on_delete=models.PROTECT, related_name="centres")
    aps = models.DecimalField("APS", max_digits=8, decimal_places=2, default=Decimal(0))
    a_guichet = models.BooleanField("a un guichet", default=True)
    coeff_circulation = models.DecimalField(
        "coefficient de circulation", max_digits=5, decimal_places=4, default=Decimal(0), help_text="0 à 0,8"
    )
    coeff_geographie = models.DecimalField(
        "coefficient de géographie", max_digits=5, decimal_places=4, default=Decimal(0), help_text="−0,2 à 0"
    )
    trajet_minutes = models.DecimalField(
        "trajet (minutes, aller)", max_digits=5, decimal_places=1, default=Decimal(0)
    )
    actif = models.BooleanField(default=True)
    fictif = models.BooleanField("données fictives", default=False, editable=False)

    objects: ClassVar[Any] = CentreQuerySet.as_manager()

    class Meta:
        ordering = ("nom", "code")
        indexes = [models.Index(fields=("direction", "actif"), name="centre_direction_actif")]
        constraints = [
            models.CheckConstraint(
                condition=Q(coeff_circulation__gte=0, coeff_circulation__lte=Decimal("0.8")),
                name="centre_circulation_0_a_0_8",
                violation_error_message="Le coefficient de circulation va de 0 à 0,8.",
            ),
            models.CheckConstraint(
                condition=Q(coeff_geographie__gte=Decimal("-0.2"), coeff_geographie__lte=0),
                name="centre_geographie_moins_0_2_a_0",
                violation_error_message="Le coefficient de géographie va de −0,2 à 0.",
            ),
            models.CheckConstraint(
                condition=Q(trajet_minutes__gte=0, trajet_minutes__lte=240),
                name="centre_trajet_0_a_240",
                violation_error_message="Le trajet aller va de 0 à 240 minutes.",
            ),
            models.CheckConstraint(
                condition=Q(aps__gte=0),
                name="centre_aps_positif",
                violation_error_message="Le nombre d'APS ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return fiches.adresse(self) or reverse("admin:referentiels_centre_change", args=[self.pk])

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        touchees = portees.des_centres(lignes.values_list("pk", "direction_id"), liste=True)
        return touchees | {portees.DIRECTIONS} if touchees else touchees


class Poste(ModeleSuivi):
    """Un métier. MOD : main-d'œuvre directe, dimensionnée par les volumes. MOI : jamais dimensionnée."""

    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.POSTES})

    class Type(models.TextChoices):
        MOD = "MOD", "MOD (directe)"
        MOI = "MOI", "MOI (indirecte)"

    code = models.CharField(max_length=60, unique=True, help_text="Normalisé : majuscules, sans accents")
    nom = models.CharField(max_length=120)
    type = models.CharField(max_length=3, choices=Type.choices, default=Type.MOD)
    salaire_mensuel = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    salaire_fictif = models.BooleanField("salaire posé par la démonstration", default=False, editable=False)
    soumis_au_trajet = models.BooleanField("soumis au trajet (facteurs)", default=False)
    coef_shift_2 = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    coef_shift_3 = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))

    class Meta:
        permissions = (("voir_couts", "Peut voir les coûts et les salaires"),)
        ordering = ("nom",)
        constraints = [
            models.CheckConstraint(condition=Q(type__in=("MOD", "MOI")), name="poste_type_mod_ou_moi"),
            models.CheckConstraint(
                condition=Q(coef_shift_2__gte=1, coef_shift_3__gte=1),
                name="poste_coef_shift_au_moins_1",
                violation_error_message="Un coefficient de shift vaut au moins 1.",
            ),
            models.CheckConstraint(
                condition=Q(salaire_mensuel__isnull=True) | Q(salaire_mensuel__gte=0),
                name="poste_salaire_positif",
                violation_error_message="Un salaire ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **options: Any) -> None:
        self.code = normaliser(self.code or self.nom)
        super().save(*args, **options)


class SynonymePoste(ModeleSuivi):
    """Autre libellé d'un poste rencontré dans les fichiers."""

    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.POSTES})

    poste = models.ForeignKey(Poste, on_delete=models.CASCADE, related_name="synonymes")
    code = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name = "synonyme de poste"
        verbose_name_plural = "synonymes de poste"

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **options: Any) -> None:
        self.code = normaliser(self.code)
        super().save(*args, **options)


class DansUnCentre(ModeleSuivi):
    """Ligne rattachée à un centre par `CHEMIN_CENTRE` ; son changement touche ce centre et sa direction."""

    CHEMIN_CENTRE: ClassVar[str] = "centre"
    CHEMIN_DIRECTION: ClassVar[str] = "centre__direction_id"
    CHANGE_LA_LISTE: ClassVar[bool] = False

    objects: ClassVar[Any] = DuReseau.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        couples: Iterable[tuple[int, int]] = (
            lignes.order_by()
            .values_list(f"{cls.CHEMIN_CENTRE}_id", f"{cls.CHEMIN_CENTRE}__direction_id")
            .distinct()
        )
        return portees.des_centres(couples, liste=cls.CHANGE_LA_LISTE)


class CentrePoste(DansUnCentre):
    """Un poste tenu dans un centre, avec son effectif présent."""

    CHANGE_LA_LISTE: ClassVar[bool] = True

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="centre_postes")
    poste = models.ForeignKey(Poste, on_delete=models.PROTECT, related_name="centre_postes")
    effectif_actuel = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    aps = models.DecimalField("APS", max_digits=8, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = "poste du centre"
        verbose_name_plural = "postes du centre"
        ordering = ("centre", "poste")
        constraints = [
            models.UniqueConstraint(
                fields=("centre", "poste"),
                name="centre_poste_unique",
                violation_error_message="Ce poste existe déjà dans ce centre.",
            ),
            models.CheckConstraint(
                condition=Q(effectif_actuel__gte=0),
                name="effectif_actuel_positif",
                violation_error_message="L'effectif actuel ne peut pas être négatif.",
            ),
            models.CheckConstraint(condition=Q(aps__gte=0), name="centre_poste_aps_positif"),
        ]

    def __str__(self) -> str:
        return f"{self.centre} · {self.poste}"


class ParametreCentre(DansUnCentre):
    """Valeur d'un paramètre propre à un centre ; elle l'emporte sur celle de la simulation."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="parametres")
    parametre = models.ForeignKey(Parametre, on_delete=models.PROTECT, related_name="+")
    flux = models.ForeignKey(Flux, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valeur = models.FloatField()

    class Meta:
        verbose_name = "paramètre du centre"
        verbose_name_plural = "paramètres du centre"
        constraints = [
            models.UniqueConstraint(
                "centre",
                "parametre",
                Coalesce("flux", 0),
                name="parametre_centre_unique",
                violation_error_message="Ce paramètre est déjà donné pour ce centre et ce flux.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parametre} = {self.valeur:g}"

    def clean(self) -> None:
        if self.parametre_id is not None and self.valeur is not None:
            self.parametre.verifier(self.valeur, nom="valeur")
        if self.parametre_id is not None and self.flux_id and self.parametre.code in Parametre.DE_PRESENCE:
            raise ValidationError({"flux": "La présence ne se décline pas par flux."})


class MappingPosteRecommande(ModeleSuivi):
    """Mode « recommandé » : les tâches et l'effectif de la source passent à la cible."""

    CHEMIN_DIRECTION: ClassVar[str] = "centre__direction_id"
    POUR_TOUS: ClassVar[bool] = True
    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.REGLES})

    poste_source = models.ForeignKey(Poste, on_delete=models.CASCADE, related_name="mappings_sources")
    poste_cible = models.ForeignKey(Poste, on_delete=models.CASCADE, related_name="mappings_cibles")
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = DuReseau.as_manager()

    class Meta:
        verbose_name = "mapping de poste recommandé"
        verbose_name_plural = "mappings de postes recommandés"
        constraints = [
            models.UniqueConstraint(
                "poste_source",
                Coalesce("centre", 0),
                name="mapping_source_centre_unique",
                violation_error_message="Ce poste a déjà une cible pour ce centre.",
            ),
            models.CheckConstraint(
                condition=~Q(poste_source=F("poste_cible")),
                name="mapping_vers_un_autre_poste",
                violation_error_message="La source et la cible doivent être deux postes différents.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poste_source} → {self.poste_cible}"
