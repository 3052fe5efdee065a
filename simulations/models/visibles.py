"""Qui voit une simulation ou un scénario : ses directions, et ceux avec qui elle est partagée.

Voir docs/metier/effectifs.md#droits. Sans direction visée, c'est le pays : le calcul national, un scénario
qui n'en nomme aucune et dont l'auteur voit le pays.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from referentiels.models.perimetres import Etendue, etendue_de
from simulateur.cache.suivi import ModeleSuivi
from simulations.models.portees import PARTAGES

L = TypeVar("L", bound="QuerySet[Any]")


class DirectionVisee(models.Model):
    """Une direction du périmètre d'une simulation ou d'un scénario : celle des centres visés ou nommés.

    Sa clé, comme dans les résultats : la direction peut disparaître, le périmètre du calcul reste.
    """

    simulation = models.ForeignKey(
        "simulations.Simulation", null=True, on_delete=models.CASCADE, related_name="directions_visees"
    )
    scenario = models.ForeignKey(
        "simulations.Scenario", null=True, on_delete=models.CASCADE, related_name="directions_visees"
    )
    direction_id = models.BigIntegerField()

    class Meta:
        app_label = "simulations"
        verbose_name = "direction visée"
        verbose_name_plural = "directions visées"
        constraints = [
            models.CheckConstraint(
                condition=Q(simulation__isnull=True, scenario__isnull=False)
                | Q(simulation__isnull=False, scenario__isnull=True),
                name="direction_visee_d_une_simulation_ou_d_un_scenario",
            ),
            models.UniqueConstraint(fields=("simulation", "direction_id"), name="direction_visee_unique"),
            models.UniqueConstraint(fields=("scenario", "direction_id"), name="direction_de_scenario_unique"),
        ]

    def __str__(self) -> str:
        return f"direction {self.direction_id}"


def viser(directions: Iterable[int], **objet: Any) -> None:
    """Le périmètre de `simulation=` ou de `scenario=` : qui n'en a pas tout ne le voit pas."""
    DirectionVisee.objects.bulk_create(DirectionVisee(direction_id=pk, **objet) for pk in sorted(directions))


class Partage(ModeleSuivi):
    """Une simulation montrée par son propriétaire à un compte ou à un groupe, hors de leur périmètre."""

    PORTEES: ClassVar[frozenset[str]] = frozenset({PARTAGES})

    simulation = models.ForeignKey(
        "simulations.Simulation", on_delete=models.CASCADE, related_name="partages"
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    groupe = models.ForeignKey(
        "auth.Group", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)

    class Meta:
        app_label = "simulations"
        verbose_name = "partage"
        ordering = ("cree_le", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(compte__isnull=True, groupe__isnull=False)
                | Q(compte__isnull=False, groupe__isnull=True),
                name="partage_avec_un_compte_ou_un_groupe",
                violation_error_message="Un partage est avec un compte ou un groupe, pas les deux.",
            ),
            models.UniqueConstraint(
                "simulation",
                Coalesce("compte", 0),
                Coalesce("groupe", 0),
                name="partage_unique",
                violation_error_message="Cette simulation lui est déjà partagée.",
            ),
        ]

    def __str__(self) -> str:
        return f"groupe {self.groupe}" if self.groupe_id else str(self.compte)


def dans_le_perimetre(objet: str, etendue: Etendue) -> Q:
    """Ce qui vise des directions, toutes dans `etendue`. `objet` : « simulation », « scenario »."""
    visees = DirectionVisee.objects.filter(**{objet: OuterRef("pk")})
    return Q(Exists(visees)) & ~Q(Exists(visees.exclude(direction_id__in=etendue.directions or ())))


def simulations_visibles(lignes: L, compte: Any) -> L:
    """Celles dont ce compte a tout le périmètre, ou qu'on lui a partagées."""
    etendue = etendue_de(compte)
    if etendue.pays:
        return lignes
    if etendue.vide:
        return lignes.none()
    avec_lui = Partage.objects.filter(
        Q(compte=compte) | Q(groupe__in=compte.groups.all()), simulation=OuterRef("pk")
    )
    return lignes.filter(dans_le_perimetre("simulation", etendue) | Q(Exists(avec_lui)))


def scenarios_visibles(lignes: L, compte: Any) -> L:
    etendue = etendue_de(compte)
    return lignes if etendue.pays else lignes.filter(dans_le_perimetre("scenario", etendue))
