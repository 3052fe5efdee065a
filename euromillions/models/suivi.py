"""Ce qui a été chronométré, et les rapports de la semaine."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from euromillions.models.grilles import Strategie


class MesurePerformance(models.Model):
    """Une exécution de génération, réussie ou non, ou une demande servie du cache."""

    le = models.DateTimeField("le", default=timezone.now, db_index=True)
    strategie = models.CharField("stratégie", max_length=20, choices=Strategie.choices)
    nombre = models.PositiveSmallIntegerField("grilles demandées")
    duree_s = models.FloatField("durée (s)")
    reussie = models.BooleanField("réussie")
    du_cache = models.BooleanField("servie du cache", default=False)

    class Meta:
        verbose_name = "mesure de performance"
        verbose_name_plural = "mesures de performance"
        ordering = ("-le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(duree_s__gte=0),
                name="euromillions_mesure_duree_positive",
                violation_error_message="Une durée ne peut pas être négative.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_strategie_display()} en {self.duree_s:.3f} s"


class RapportHebdomadaire(models.Model):
    """Une semaine, du lundi au dimanche : tirages, grilles jugées, qualité des données, prochain tirage."""

    lundi = models.DateField("semaine du", unique=True)
    contenu: Any = models.JSONField("contenu")
    revision = models.PositiveBigIntegerField("révision des tirages")
    produit_le = models.DateTimeField("produit le", default=timezone.now)

    class Meta:
        verbose_name = "rapport hebdomadaire"
        verbose_name_plural = "rapports hebdomadaires"
        ordering = ("-lundi",)

    def __str__(self) -> str:
        return f"semaine du {self.lundi:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("euromillions:rapport", args=[self.lundi.isoformat()])
