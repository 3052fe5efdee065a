"""L'activité : tâches, volumes annuels, tâches exclues, imports reçus (docs/metier/effectifs.md#activite)."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referentiels.models.perimetres import etendue_de
from referentiels.models.querysets import DuReseau, TacheQuerySet
from referentiels.models.regles import CelluleVolume, Phase, Produit, UniteMesure
from referentiels.models.reseau import Centre, CentrePoste, DansUnCentre, Poste, Typologie
from referentiels.suivi import portees
from simulateur.cache.suivi import ModeleSuivi, QuerySetSuivi

ANNEE_MIN, ANNEE_MAX = 1990, 2100
VOLUME_MAX = 1e12
DUREE_MAX_S = 86_400


class DescriptionTache(models.Model):
    """Ce qu'une tâche et une tâche modèle ont en commun. UNE durée, en secondes par unité de travail."""

    class Base(models.IntegerChoices):
        QUARANTE = 40, "40 %"
        SOIXANTE = 60, "60 %"
        CENT = 100, "100 %"

    nom = models.CharField(max_length=200)
    famille = models.CharField(max_length=120, blank=True, default="")
    produit = models.ForeignKey(Produit, on_delete=models.PROTECT, related_name="+")
    unite = models.ForeignKey(UniteMesure, on_delete=models.PROTECT, related_name="+", verbose_name="unité")
    phase = models.ForeignKey(Phase, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    base_calcul = models.PositiveSmallIntegerField(choices=Base.choices, default=Base.CENT)
    duree_secondes = models.FloatField("durée (s)")
    ordre = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("ordre", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(duree_secondes__gt=0, duree_secondes__lte=DUREE_MAX_S),
                name="%(class)s_duree_positive",
                violation_error_message="La durée est un nombre de secondes supérieur à 0 (au plus 86 400).",
            ),
            models.CheckConstraint(
                condition=Q(base_calcul__in=(40, 60, 100)),
                name="%(class)s_base_40_60_100",
                violation_error_message="La base de calcul est 40, 60 ou 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Tache(DescriptionTache, DansUnCentre):
    """Une tâche faite par un poste d'un centre."""

    CHEMIN_CENTRE: ClassVar[str] = "centre_poste__centre"
    CHEMIN_DIRECTION: ClassVar[str] = "centre_poste__centre__direction_id"

    centre_poste = models.ForeignKey(CentrePoste, on_delete=models.CASCADE, related_name="taches")
    actif = models.BooleanField(default=True)

    objects: ClassVar[Any] = TacheQuerySet.as_manager()

    class Meta(DescriptionTache.Meta):
        verbose_name = "tâche"


class TacheModele(DescriptionTache, ModeleSuivi):
    """Tâche de la table modèle d'une typologie."""

    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.TYPOLOGIES})

    typologie = models.ForeignKey(Typologie, on_delete=models.CASCADE, related_name="taches_modeles")
    poste = models.ForeignKey(Poste, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = QuerySetSuivi.as_manager()

    class Meta(DescriptionTache.Meta):
        verbose_name = "tâche modèle"
        verbose_name_plural = "tâches modèles"


class TacheExclue(ModeleSuivi):
    """Mode « optimisé » : les tâches décrites ne comptent pas. Un critère vide accepte tout."""

    CHEMIN_DIRECTION: ClassVar[str] = "centre__direction_id"
    POUR_TOUS: ClassVar[bool] = True
    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.REGLES})

    typologie = models.ForeignKey(
        Typologie, null=True, blank=True, on_delete=models.CASCADE, related_name="taches_exclues"
    )
    centre = models.ForeignKey(
        Centre, null=True, blank=True, on_delete=models.CASCADE, related_name="taches_exclues"
    )
    nom = models.CharField(max_length=200)
    famille = models.CharField(max_length=120, blank=True, default="")
    produit = models.ForeignKey(Produit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    unite = models.ForeignKey(UniteMesure, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = DuReseau.as_manager()

    class Meta:
        verbose_name = "tâche exclue"
        verbose_name_plural = "tâches exclues"
        constraints = [
            models.CheckConstraint(
                condition=Q(typologie__isnull=False, centre__isnull=True)
                | Q(typologie__isnull=True, centre__isnull=False),
                name="tache_exclue_typologie_ou_centre",
                violation_error_message="Donner une typologie ou un centre, l'un des deux seulement.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class VolumeAnnuel(DansUnCentre):
    """Volume annuel d'un centre dans une cellule."""

    DEPLACENT: ClassVar[frozenset[str]] = frozenset({"annee"})

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="volumes")
    cellule = models.ForeignKey(CelluleVolume, on_delete=models.PROTECT, related_name="+")
    annee = models.PositiveSmallIntegerField("année")
    volume = models.FloatField()

    class Meta:
        verbose_name = "volume annuel"
        verbose_name_plural = "volumes annuels"
        ordering = ("centre", "annee", "cellule")
        constraints = [
            models.UniqueConstraint(
                fields=("centre", "cellule", "annee"),
                name="volume_centre_cellule_annee_unique",
                violation_error_message="Ce centre a déjà un volume pour cette cellule et cette année.",
            ),
            # La borne haute refuse aussi NaN, que PostgreSQL tient pour plus grand que tout.
            models.CheckConstraint(
                condition=Q(volume__gte=0, volume__lte=VOLUME_MAX),
                name="volume_positif_et_borne",
                violation_error_message="Un volume annuel va de 0 à mille milliards.",
            ),
            models.CheckConstraint(
                condition=Q(annee__gte=ANNEE_MIN, annee__lte=ANNEE_MAX),
                name="volume_annee_1990_a_2100",
                violation_error_message=f"L'année va de {ANNEE_MIN} à {ANNEE_MAX}.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre} {self.cellule} {self.annee}"

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        """Un volume n'est pas dans la carte compilée : seuls changent le centre et ses volumes de l'année."""
        couples = set(lignes.order_by().values_list("centre_id", "annee").distinct())
        du_centre = {portees.centre(centre) for centre, _ in couples}
        des_annees = {portees.volumes(annee, centre) for centre, annee in couples}
        return du_centre | des_annees | {portees.VOLUMES} if couples else set()


class ImportQuerySet(models.QuerySet["ImportFichier"]):
    def visible_par(self, compte: Any) -> Self:
        """Tous pour qui voit le pays. Un fichier nomme des centres : les autres n'ont que les leurs."""
        return self if etendue_de(compte).pays else self.filter(par=compte)


class ImportFichier(models.Model):
    """Trace d'un import, à blanc ou appliqué, avec son rapport complet."""

    class Genre(models.TextChoices):
        TACHES = "taches", "Tâches"
        VOLUMES = "volumes", "Volumes"
        EFFECTIFS = "effectifs", "Effectifs"
        RESEAU = "reseau", "Réseau"
        REGLES = "regles", "Règles"

    genre = models.CharField(max_length=10, choices=Genre.choices)
    nom_fichier = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    octets = models.PositiveBigIntegerField()
    cible = models.CharField(max_length=200, blank=True, default="")
    a_blanc = models.BooleanField("à blanc", default=True)
    applique = models.BooleanField("appliqué", default=False)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    cree_le = models.DateTimeField("créé le", default=timezone.now, db_index=True)
    rapport = models.JSONField(default=dict)
    defait_le = models.DateTimeField("défait le", null=True, blank=True, editable=False)
    defait_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="défait par",
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de fichier"
        verbose_name_plural = "imports de fichiers"
        ordering = ("-cree_le",)
        constraints = [
            models.CheckConstraint(
                condition=Q(a_blanc=False) | Q(applique=False),
                name="import_a_blanc_jamais_applique",
                violation_error_message="Un import à blanc n'écrit rien.",
            ),
            models.CheckConstraint(
                condition=Q(defait_le__isnull=True) | Q(applique=True),
                name="import_defait_a_ete_applique",
                violation_error_message="Seul un import appliqué se défait.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} — {self.nom_fichier}"


class ImageImport(models.Model):
    """Ce que chaque ligne écrite par un import valait avant et après, le temps de pouvoir le défaire."""

    import_fichier = models.OneToOneField(
        ImportFichier, on_delete=models.CASCADE, primary_key=True, related_name="image"
    )
    lignes = models.PositiveIntegerField()
    contenu = models.BinaryField()

    class Meta:
        verbose_name = "image d'un import"
        verbose_name_plural = "images des imports"

    def __str__(self) -> str:
        return f"image de l'import n° {self.pk}"
