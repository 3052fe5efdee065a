"""Le backtest : les stratégies confrontées à l'histoire, et ce qu'elles y ont trouvé."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from euromillions.models.grilles import GRAINE_MAX
from simulateur.models import Travail

PAR_TIRAGE_MAX = 100
GRAINE_PAR_DEFAUT = 20260821


class Backtest(Travail):
    """Un backtest : les quatre stratégies, un témoin au hasard, et des grilles de référence sans hasard."""

    depuis = models.DateField("premier tirage rejoué", null=True, blank=True)
    par_tirage = models.PositiveSmallIntegerField(
        "grilles par tirage et par stratégie", default=PAR_TIRAGE_MAX
    )
    graine = models.PositiveBigIntegerField("graine", default=GRAINE_PAR_DEFAUT)
    revision = models.PositiveBigIntegerField("révision des tirages", default=0)
    tirages = models.PositiveIntegerField("tirages rejoués", default=0)
    calcul_ms = models.FloatField("calcul (ms)", null=True, blank=True)
    resultats: Any = models.JSONField("résultats", default=dict, blank=True)
    fictif = models.BooleanField("sur des tirages fictifs", default=False)

    class Meta(Travail.Meta):
        verbose_name = "backtest"
        verbose_name_plural = "backtests"
        constraints = [
            *Travail.Meta.constraints,
            models.CheckConstraint(
                condition=Q(par_tirage__gte=1, par_tirage__lte=PAR_TIRAGE_MAX, graine__lte=GRAINE_MAX),
                name="euromillions_backtest_taille",
                violation_error_message=f"De 1 à {PAR_TIRAGE_MAX} grilles par tirage.",
            ),
        ]

    def __str__(self) -> str:
        debut = f" depuis le {self.depuis:%d/%m/%Y}" if self.depuis else ""
        return f"Backtest de {self.par_tirage} grilles par tirage{debut}"

    def get_absolute_url(self) -> str:
        return reverse("euromillions:backtest", args=[self.pk])
