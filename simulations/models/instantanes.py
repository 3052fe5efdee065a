"""Ce qu'une simulation a lu : la carte de chaque direction, telle quelle, et les volumes saisis."""

from django.db import models
from django.utils import timezone


class Instantane(models.Model):
    """Carte compilée d'une direction, gardée telle quelle : deux simulations identiques la partagent."""

    empreinte = models.CharField(max_length=64, primary_key=True)
    contenu = models.BinaryField()
    nb_centres = models.PositiveIntegerField()
    nb_taches = models.PositiveIntegerField()
    cree_le = models.DateTimeField("créé le", default=timezone.now)

    class Meta:
        verbose_name = "instantané du référentiel"
        verbose_name_plural = "instantanés du référentiel"

    def __str__(self) -> str:
        return self.empreinte[:12]


class PartSimulation(models.Model):
    """La part d'une simulation dans une direction : l'instantané lu et les volumes saisis (octets)."""

    simulation = models.ForeignKey("simulations.Simulation", on_delete=models.CASCADE, related_name="parts")
    instantane = models.ForeignKey(Instantane, on_delete=models.PROTECT, related_name="parts")
    direction_id = models.BigIntegerField()
    revision = models.PositiveBigIntegerField(default=0)
    volumes = models.BinaryField()

    class Meta:
        verbose_name = "part de simulation"
        verbose_name_plural = "parts de simulation"
        constraints = [
            models.UniqueConstraint(fields=("simulation", "direction_id"), name="part_direction_unique")
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id} · direction {self.direction_id}"
