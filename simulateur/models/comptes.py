"""Ce qui ferme les sessions d'un compte, partout à la fois."""

from django.conf import settings
from django.db import models


class Fermeture(models.Model):
    """Combien de fois ce compte a fermé toutes ses sessions : une session d'avant la dernière ne vaut plus.

    Le nombre est lu de la base avec le compte, à chaque page : une session restée au cache n'y échappe pas.
    """

    compte = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    nombre = models.PositiveIntegerField("fermetures", default=0)

    class Meta:
        verbose_name = "fermeture des sessions"
        verbose_name_plural = "fermetures des sessions"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.compte_id} : {self.nombre}"
