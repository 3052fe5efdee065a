"""Le prix d'une grille : des lignes datées, avec leur source."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from euromillions.jeu.prix import Bareme
from euromillions.models.querysets import DU_JEU
from simulateur.cache.suivi import ModeleSuivi, QuerySetSuivi


class PrixGrilleQuerySet(QuerySetSuivi):
    def bareme(self) -> Bareme:
        return Bareme(self.order_by().values_list("debut", "montant"))


class PrixGrille(ModeleSuivi):
    """Ce que coûte une grille en France à partir d'un tirage, jusqu'à la ligne suivante."""

    PORTEES: ClassVar[frozenset[str]] = DU_JEU

    debut = models.DateField("depuis le tirage du", unique=True)
    montant = models.DecimalField(
        "prix (€)", max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    source = models.CharField("source", max_length=200, help_text="D'où vient ce prix : règlement, adresse…")

    objects: ClassVar[Any] = PrixGrilleQuerySet.as_manager()

    class Meta:
        verbose_name = "prix d'une grille"
        verbose_name_plural = "prix d'une grille"
        ordering = ("debut",)
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="euromillions_prix_positif",
                violation_error_message="Une grille coûte plus de zéro euro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.montant} € depuis le {self.debut:%d/%m/%Y}".replace(".", ",", 1)
