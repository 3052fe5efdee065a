"""Les révisions de données : ce qui rend périmée une clé de cache."""

from django.db import models
from django.utils import timezone


class Revision(models.Model):
    """Numéro de révision d'une portée de données (`direction:5`, `euromillions:tirages`…).

    Écrit dans la transaction même qui change les données (`simulateur.cache.revisions`) : une clé de cache
    qui porte ce numéro ne peut pas désigner des données d'avant.
    """

    portee = models.CharField("portée", max_length=80, primary_key=True)
    numero = models.PositiveBigIntegerField("numéro", default=0)
    modifie_le = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "révision de données"
        verbose_name_plural = "révisions de données"

    def __str__(self) -> str:
        return f"{self.portee} r{self.numero}"
