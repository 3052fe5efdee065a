"""Un scénario : les paramètres, la croissance et les volumes d'une hypothèse, sous un nom."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from simulateur.cache.suivi import ModeleSuivi, QuerySetSuivi
from simulateur.web.refus import Refus
from simulations.models.portees import SCENARIOS
from simulations.models.visibles import scenarios_visibles
from simulations.moteur import Parametres


class ScenarioFige(Refus):
    """Un scénario validé ne change plus. `str()` est la phrase montrée à l'utilisateur."""

    def __init__(self, phrase: str = "Ce scénario est validé : il ne change plus, le dupliquer.") -> None:
        super().__init__(phrase)


@contextmanager
def refuser_en_mots() -> Iterator[None]:
    """ScenarioFige à la place de l'erreur du déclencheur, qui juge la ligne au moment même de l'écriture."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as erreur:
        if "scenario_fige" in str(erreur):
            raise ScenarioFige from None
        raise


class ScenarioQuerySet(QuerySetSuivi):
    def update(self, **champs: Any) -> int:
        with refuser_en_mots():
            return super().update(**champs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        with refuser_en_mots():
            return super().bulk_update(objs, fields, batch_size)

    def delete(self) -> tuple[int, dict[str, int]]:
        with refuser_en_mots():
            return super().delete()

    def visible_par(self, compte: Any) -> Self:
        return scenarios_visibles(self, compte)

    def _simulations(self) -> Any:
        modele: Any = self.model._meta.get_field("simulations").related_model
        return modele.objects

    def pour_liste(self, compte: Any) -> Self:
        """Chaque scénario vu, avec son propriétaire, son parent et le nombre de ses simulations vues.

        `parent_vu` : faux d'un original qui ne se nomme pas.
        """
        siennes = self._simulations().filter(scenario=models.OuterRef("pk"))
        vues = siennes.visible_par(compte).order_by().values("scenario").annotate(n=models.Count("pk"))
        originaux = Scenario.objects.visible_par(compte).filter(pk=models.OuterRef("parent_id"))
        return (
            self.visible_par(compte)
            .select_related("proprietaire", "parent")
            .annotate(
                nb_simulations=Coalesce(models.Subquery(vues.values("n")), 0),
                parent_vu=models.Exists(originaux),
            )
        )

    def brouillons(self) -> Self:
        return self.filter(etat=Scenario.Etat.BROUILLON)


class Scenario(ModeleSuivi):
    """Entrées d'une simulation, gardées sous un nom. Validé, il ne change plus : on le copie.

    Un déclencheur de la base le tient (migration 0004), ORM ou pas.
    """

    PORTEES = frozenset({SCENARIOS})

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon"
        VALIDE = "valide", "Validé"

    nom = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="", max_length=2000)
    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="scenarios",
        verbose_name="propriétaire",
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies", editable=False
    )
    etat = models.CharField(
        "état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON, editable=False
    )
    annee = models.PositiveSmallIntegerField(
        "année des volumes", null=True, blank=True, help_text="Vide : la dernière année qui a des volumes."
    )
    parametres = models.JSONField("paramètres", default=dict)
    volumes = models.JSONField("volumes changés", default=list, blank=True)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    modifie_le = models.DateTimeField("modifié le", default=timezone.now, editable=False)
    valide_le = models.DateTimeField("validé le", null=True, blank=True, editable=False)
    valide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="validé par",
    )

    objects: ClassVar[Any] = ScenarioQuerySet.as_manager()

    class Meta:
        app_label = "simulations"
        verbose_name = "scénario"
        verbose_name_plural = "scénarios"
        ordering = ("-modifie_le",)
        constraints = [
            models.UniqueConstraint(
                fields=("proprietaire", "nom"),
                name="scenario_nom_unique_par_proprietaire",
                violation_error_message="Vous avez déjà un scénario de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="scenario_nomme",
                violation_error_message="Un scénario porte un nom.",
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon", valide_le__isnull=True)
                | Q(etat="valide", valide_le__isnull=False),
                name="scenario_validation_datee",
                violation_error_message="Un scénario validé porte la date de sa validation.",
            ),
            models.CheckConstraint(
                condition=Q(annee__isnull=True) | Q(annee__gte=ANNEE_MIN, annee__lte=ANNEE_MAX),
                name="scenario_annee_1990_a_2100",
                violation_error_message=f"L'année va de {ANNEE_MIN} à {ANNEE_MAX}.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="scenario_n_est_pas_son_parent",
                violation_error_message="Un scénario n'est pas sa propre copie.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **options: Any) -> None:
        """Lève ScenarioFige sur un scénario validé, même par un autre et à l'instant."""
        self.modifie_le = timezone.now()
        with refuser_en_mots():
            super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("simulations:scenario", args=[self.pk])

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Lève ScenarioFige sur un scénario validé."""
        with refuser_en_mots():
            return super().delete(*args, **options)

    @property
    def est_valide(self) -> bool:
        return self.etat == self.Etat.VALIDE

    @property
    def jeu_de_parametres(self) -> Parametres:
        return Parametres.depuis_dict(self.parametres)
