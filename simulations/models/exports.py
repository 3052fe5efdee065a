"""Un export est un travail : la demande, puis le fichier, que seuls son demandeur et l'équipe lisent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from simulateur.models import Travail, TravailQuerySet


class Export(Travail):
    """Export d'une simulation. La simulation peut être purgée avant : l'export est alors refusé."""

    TENTATIVES_MAX: ClassVar[int] = 2

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (xlsx)"
        CSV = "csv", "CSV (une archive d'un fichier par feuille)"

    class Ecriture(models.TextChoices):
        FR = "fr", "Française (1 234,5 ; 31/12/2026)"
        ISO = "iso", "ISO (1234.5 ; 2026-12-31)"

    simulation = models.ForeignKey(
        "simulations.Simulation", null=True, on_delete=models.SET_NULL, related_name="exports"
    )
    libelle = models.CharField("libellé", max_length=200)
    format = models.CharField(max_length=4, choices=Format.choices, default=Format.XLSX)
    ecriture = models.CharField("écriture", max_length=3, choices=Ecriture.choices, default=Ecriture.FR)
    nom_fichier = models.CharField(max_length=120)
    octets = models.PositiveBigIntegerField("taille", default=0, editable=False)

    objects = TravailQuerySet.as_manager()

    class Meta(Travail.Meta):
        app_label = "simulations"
        verbose_name = "export"
        constraints = [
            *Travail.Meta.constraints,
            models.CheckConstraint(
                condition=Q(format__in=("xlsx", "csv")),
                name="export_format_connu",
                violation_error_message="Le format est xlsx ou csv.",
            ),
            models.CheckConstraint(
                condition=Q(ecriture__in=("fr", "iso")),
                name="export_ecriture_connue",
                violation_error_message="L'écriture est fr ou iso.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom_fichier

    def get_absolute_url(self) -> str:
        return reverse("simulations:export", args=[self.pk])


class ContenuExport(models.Model):
    """Le fichier, à part : suivre un export ne lit jamais ses octets."""

    export = models.OneToOneField(Export, primary_key=True, on_delete=models.CASCADE, related_name="contenu")
    octets = models.BinaryField()

    class Meta:
        app_label = "simulations"
        verbose_name = "contenu d'export"
        verbose_name_plural = "contenus d'export"

    def __str__(self) -> str:
        return str(self.export_id)
