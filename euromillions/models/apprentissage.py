"""Le modèle réappris chaque semaine, et ce qu'il vaut à côté de la constante."""

from typing import Any

from django.db import models
from django.utils import timezone


class ModeleAppris(models.Model):
    appris_le = models.DateTimeField("appris le", default=timezone.now, db_index=True)
    revision = models.PositiveBigIntegerField("révision des tirages")
    tirages = models.PositiveIntegerField("tirages connus")
    logloss = models.FloatField("log-loss du modèle")
    logloss_constante = models.FloatField("log-loss de la constante 0,1")
    resultats: Any = models.JSONField("résultats")
    fictif = models.BooleanField("sur des tirages fictifs", default=False)

    class Meta:
        verbose_name = "modèle appris"
        verbose_name_plural = "modèles appris"
        ordering = ("-appris_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(logloss__gt=0, logloss_constante__gt=0),
                name="euromillions_modele_logloss_positive",
                violation_error_message="Une log-loss est strictement positive.",
            )
        ]

    def __str__(self) -> str:
        return f"modèle du {self.appris_le:%d/%m/%Y}"

    @property
    def bat_la_constante(self) -> bool:
        return self.logloss < self.logloss_constante
