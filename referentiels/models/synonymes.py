"""Les autres écritures des nomenclatures (docs/metier/effectifs.md#imports-cellules)."""

from typing import Any

from django.db import models
from django.db.models import Q

from referentiels.models.regles import Flux, Regle, Segment, Sens, UniteMesure
from simulateur.langue.texte import normaliser


class Synonyme(Regle):
    """Autre écriture d'un flux, d'un sens, d'un segment ou d'une unité, vue dans des fichiers (« EB »)."""

    code = models.CharField(max_length=60)
    flux = models.ForeignKey(Flux, null=True, blank=True, on_delete=models.CASCADE, related_name="synonymes")
    sens = models.ForeignKey(Sens, null=True, blank=True, on_delete=models.CASCADE, related_name="synonymes")
    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.CASCADE, related_name="synonymes"
    )
    unite = models.ForeignKey(
        UniteMesure,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="synonymes",
        verbose_name="unité",
    )

    class Meta:
        verbose_name = "synonyme"
        verbose_name_plural = "synonymes"
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(flux__isnull=False, sens__isnull=True, segment__isnull=True, unite__isnull=True)
                | Q(flux__isnull=True, sens__isnull=False, segment__isnull=True, unite__isnull=True)
                | Q(flux__isnull=True, sens__isnull=True, segment__isnull=False, unite__isnull=True)
                | Q(flux__isnull=True, sens__isnull=True, segment__isnull=True, unite__isnull=False),
                name="synonyme_d_une_seule_ligne",
                violation_error_message="Un synonyme désigne une ligne, et une seule.",
            ),
            *(
                models.UniqueConstraint(
                    fields=("code",),
                    condition=Q(**{f"{cible}__isnull": False}),
                    name=f"synonyme_de_{cible}_unique",
                    violation_error_message="Ce synonyme désigne déjà une autre ligne de cette sorte.",
                )
                for cible in ("flux", "sens", "segment", "unite")
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **options: Any) -> None:
        self.code = normaliser(self.code)
        super().save(*args, **options)
