"""L'import d'un fichier de tirages et les conflits qu'il a soulevés."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from euromillions.models.tirages import (
    ETOILES_CROISSANTES,
    MESSAGE_ETOILES,
    MESSAGE_NUMEROS,
    ORDRE_CROISSANT,
    Tirage,
)


class EtatImport(models.TextChoices):
    APERCU = "apercu", "aperçu"
    APPLIQUE = "applique", "appliqué"


class Resolution(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    GARDER = "garder", "tirage gardé"
    REMPLACER = "remplacer", "tirage remplacé"


class ImportTirages(models.Model):
    """Un fichier lu : ce qu'il contenait de neuf, d'identique, de contradictoire et d'invalide."""

    nom_fichier = models.CharField("nom du fichier", max_length=255)
    sha256 = models.CharField(
        "empreinte SHA-256",
        max_length=64,
        db_index=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", "64 chiffres hexadécimaux.")],
    )
    format = models.CharField("format reconnu", max_length=40)
    encodage = models.CharField("encodage", max_length=20, blank=True, default="")
    etat = models.CharField("état", max_length=10, choices=EtatImport.choices, default=EtatImport.APERCU)
    lignes = models.PositiveIntegerField("lignes", default=0)
    ajoutes = models.PositiveIntegerField("ajoutés", default=0)
    identiques = models.PositiveIntegerField("identiques", default=0)
    conflits = models.PositiveIntegerField("en conflit", default=0)
    invalides = models.PositiveIntegerField("invalides", default=0)
    fictifs_supprimes = models.PositiveIntegerField("tirages fictifs supprimés", default=0)
    rapport: Any = models.JSONField("rapport", default=dict, blank=True)
    # Gardé entre l'aperçu et sa confirmation, vidé ensuite.
    contenu = models.BinaryField("contenu du fichier", null=True, editable=False)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="auteur",
    )
    cree_le = models.DateTimeField("lu le", default=timezone.now, editable=False)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "import de tirages"
        verbose_name_plural = "imports de tirages"
        ordering = ("-cree_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatImport.APERCU, applique_le__isnull=True)
                | Q(etat=EtatImport.APPLIQUE, applique_le__isnull=False),
                name="euromillions_import_application_datee",
                violation_error_message="Un import appliqué porte sa date, un aperçu n'en a pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom_fichier} ({self.get_etat_display()})"


class ConflitTirage(models.Model):
    """Un fichier donne d'autres boules à une date connue : gardé tel quel jusqu'à la décision d'un agent."""

    import_tirages = models.ForeignKey(
        ImportTirages, on_delete=models.CASCADE, related_name="lignes_en_conflit", verbose_name="import"
    )
    tirage = models.ForeignKey(
        Tirage, on_delete=models.CASCADE, related_name="conflits", verbose_name="tirage en place"
    )
    ligne = models.PositiveIntegerField("ligne du fichier")
    n1 = models.PositiveSmallIntegerField("1er numéro proposé")
    n2 = models.PositiveSmallIntegerField("2e numéro proposé")
    n3 = models.PositiveSmallIntegerField("3e numéro proposé")
    n4 = models.PositiveSmallIntegerField("4e numéro proposé")
    n5 = models.PositiveSmallIntegerField("5e numéro proposé")
    e1 = models.PositiveSmallIntegerField("1re étoile proposée")
    e2 = models.PositiveSmallIntegerField("2e étoile proposée")
    resolution = models.CharField(
        "décision", max_length=10, choices=Resolution.choices, default=Resolution.EN_ATTENTE
    )
    resolu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="décidé par",
    )
    resolu_le = models.DateTimeField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "conflit d'import"
        verbose_name_plural = "conflits d'import"
        ordering = ("tirage__date", "pk")
        constraints = [
            models.CheckConstraint(
                condition=ORDRE_CROISSANT,
                name="euromillions_conflit_numeros_croissants",
                violation_error_message=MESSAGE_NUMEROS,
            ),
            models.CheckConstraint(
                condition=ETOILES_CROISSANTES,
                name="euromillions_conflit_etoiles_croissantes",
                violation_error_message=MESSAGE_ETOILES,
            ),
            models.CheckConstraint(
                condition=Q(resolution=Resolution.EN_ATTENTE, resolu_le__isnull=True)
                | (~Q(resolution=Resolution.EN_ATTENTE) & Q(resolu_le__isnull=False)),
                name="euromillions_conflit_decision_datee",
                violation_error_message="Une décision porte sa date, un conflit en attente n'en a pas.",
            ),
            models.UniqueConstraint(
                fields=("tirage", "n1", "n2", "n3", "n4", "n5", "e1", "e2"),
                condition=Q(resolution=Resolution.EN_ATTENTE),
                name="euromillions_conflit_en_attente_unique",
                violation_error_message="Ce conflit attend déjà une décision.",
            ),
        ]

    def __str__(self) -> str:
        return f"conflit du {self.tirage.date:%d/%m/%Y}, ligne {self.ligne}"

    @property
    def numeros(self) -> tuple[int, ...]:
        return (self.n1, self.n2, self.n3, self.n4, self.n5)

    @property
    def etoiles(self) -> tuple[int, ...]:
        return (self.e1, self.e2)
