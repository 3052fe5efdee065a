"""Les grilles : demandées par une génération, jugées une fois leur tirage arrivé."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, Sum
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from euromillions.jeu.regles import COMBINAISON, ECART, FREQUENCE, HASARD
from euromillions.models.querysets import PORTEE_GRILLES
from euromillions.models.tirages import (
    ETOILES_CROISSANTES,
    MESSAGE_ETOILES,
    MESSAGE_NUMEROS,
    ORDRE_CROISSANT,
)
from simulateur.cache import revisions
from simulateur.models import ETATS_FINAUX, Etat, Travail, TravailQuerySet

VOIR_TOUTES = "euromillions.view_generation"
NOMBRE_MAX = 1000
GRAINE_MAX = 2**63 - 1  # le plus grand entier qu'une base range sur 64 bits


class Strategie(models.TextChoices):
    FREQUENCE = FREQUENCE, "Fréquence"
    ECART = ECART, "Écart"
    COMBINAISON = COMBINAISON, "Combinaison"
    HASARD = HASARD, "Hasard"


class GenerationQuerySet(TravailQuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Comme Django ; les mesures de précision rangées sur ces grilles ne se servent plus."""
        with transaction.atomic(using=self.db):
            resultat: tuple[int, dict[str, int]] = super().delete()
            revisions.toucher([PORTEE_GRILLES])
        return resultat

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def visibles_par(self, utilisateur: Any) -> GenerationQuerySet:
        """Les siennes ; toutes pour qui a la permission de les voir."""
        return self if utilisateur.has_perm(VOIR_TOUTES) else self.filter(demandeur=utilisateur)

    def pour_la_liste(self) -> GenerationQuerySet:
        return self.select_related("demandeur").order_by("-cree_le")

    def purgeables(self, *, avant: datetime) -> GenerationQuerySet:
        """Finies avant cette heure et dont aucun chiffre ne dépend (voir `grilles.purge`)."""
        grille: Any = self.model._meta.get_field("grilles").related_model
        siennes = grille.objects.filter(generation=OuterRef("pk"))
        sans_grille = ~Exists(siennes)
        fictive_sans_gain = Q(fictive=True, cible__lt=avant) & ~Exists(siennes.filter(rang__gt=0))
        return self.filter(etat__in=ETATS_FINAUX, termine_le__lt=avant).filter(
            sans_grille | fictive_sans_gain
        )

    def reutilisable(self, *, depuis: datetime, **criteres: Any) -> Generation | None:
        """La plus récente génération finie depuis `depuis`, aux mêmes critères, qui a ses propres grilles."""
        trouvee: Any = (
            self.filter(etat=Etat.TERMINEE, origine__isnull=True, termine_le__gte=depuis, **criteres)
            .order_by("-termine_le")
            .first()
        )
        generation: Generation | None = trouvee
        return generation


class Generation(Travail):
    """Une demande de grilles pour un tirage à venir : stratégie, graine, passé utilisé.

    Une génération servie du cache n'a pas de grilles à elle : elle montre celles de son `origine`.
    """

    strategie = models.CharField("stratégie", max_length=20, choices=Strategie.choices)
    nombre = models.PositiveSmallIntegerField("nombre de grilles")
    graine = models.PositiveBigIntegerField("graine")
    graine_choisie = models.BooleanField("graine choisie par le demandeur", default=False)
    cible = models.DateField("tirage visé", db_index=True)
    historique_jusqu_au = models.DateField("dernier tirage utilisé", null=True, blank=True)
    tirages_analyses = models.PositiveIntegerField("tirages analysés", default=0)
    revision = models.PositiveBigIntegerField("révision des tirages", default=0)
    calcul_ms = models.FloatField("calcul (ms)", null=True, blank=True)
    origine = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="reprises",
        verbose_name="origine",
    )
    fictive = models.BooleanField("sur des tirages fictifs", default=False)

    objects = GenerationQuerySet.as_manager()

    class Meta(Travail.Meta):
        verbose_name = "génération de grilles"
        verbose_name_plural = "générations de grilles"
        constraints = [
            *Travail.Meta.constraints,
            models.CheckConstraint(
                condition=Q(nombre__gte=1, nombre__lte=NOMBRE_MAX),
                name="euromillions_generation_nombre",
                violation_error_message=f"De 1 à {NOMBRE_MAX} grilles par génération.",
            ),
            models.CheckConstraint(
                condition=Q(strategie__in=Strategie.values),
                name="euromillions_generation_strategie",
                violation_error_message=f"Stratégies admises : {', '.join(Strategie.values)}.",
            ),
            models.CheckConstraint(
                condition=Q(historique_jusqu_au__isnull=True) | Q(historique_jusqu_au__lt=F("cible")),
                name="euromillions_generation_sans_avenir",
                violation_error_message="Le passé utilisé doit précéder le tirage visé.",
            ),
            models.CheckConstraint(
                condition=Q(origine__isnull=True) | ~Q(strategie=Strategie.HASARD),
                name="euromillions_generation_hasard_neuf",
                violation_error_message="Des grilles au hasard ne viennent jamais du cache.",
            ),
        ]
        indexes = [
            *Travail.Meta.indexes,
            models.Index(fields=("demandeur", "-cree_le"), name="euromillions_gen_demandeur"),
        ]

    def __str__(self) -> str:
        jour = date_format(self.cible, "j F Y")
        pluriel = "s" if self.nombre > 1 else ""
        return f"{self.nombre} grille{pluriel} « {self.get_strategie_display()} » pour le {jour}"

    def get_absolute_url(self) -> str:
        return reverse("euromillions:generation", args=[self.pk])

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            resultat = super().delete(*args, **options)
            revisions.toucher([PORTEE_GRILLES])
        return resultat

    @property
    def du_cache(self) -> bool:
        return self.origine_id is not None

    @property
    def faites(self) -> int:
        """Grilles déjà prêtes, d'après la progression."""
        return self.nombre * self.progression // 100


class GrilleQuerySet(models.QuerySet[Any, Any]):
    def visibles_par(self, utilisateur: Any) -> GrilleQuerySet:
        if utilisateur.has_perm(VOIR_TOUTES):
            return self
        return self.filter(generation__demandeur=utilisateur)

    def pour_la_liste(self) -> GrilleQuerySet:
        return self.select_related("generation", "generation__demandeur").order_by(
            "-cible", "-generation__cree_le", "position"
        )

    def jugees(self) -> GrilleQuerySet:
        return self.filter(jugee_le__isnull=False)

    def pour_la_precision(self) -> GrilleQuerySet:
        """Grilles jugées, hors celles qui ont été tirées d'un passé fictif."""
        return self.jugees().filter(generation__fictive=False).order_by()

    def resultats_par_tirage(self) -> Any:
        """(stratégie, tirage, numéros, étoiles, rang, grilles, gains connus, gains inconnus)."""
        return self.values_list(
            "generation__strategie", "cible", "numeros_trouves", "etoiles_trouvees", "rang"
        ).annotate(
            grilles=Count("pk"),
            gains=Cast(Sum("gain"), FloatField()),
            inconnus=Count("pk", filter=Q(gain__isnull=True)),
        )

    def boules_par_tirage(self, champ: str) -> Any:
        """(stratégie, tirage, boule, grilles) pour une colonne de boules."""
        return self.values_list("generation__strategie", "cible", champ).annotate(grilles=Count("pk"))


class Grille(models.Model):
    """Cinq numéros et deux étoiles pour un tirage ; jugée une fois, rejugée si le tirage est corrigé.

    `rang` vaut 0 quand la grille jugée n'a rien gagné ; `gain` est vide tant que le rapport est inconnu.
    """

    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="grilles", verbose_name="génération"
    )
    position = models.PositiveSmallIntegerField("n°")
    cible = models.DateField("tirage visé")
    n1 = models.PositiveSmallIntegerField("1er numéro")
    n2 = models.PositiveSmallIntegerField("2e numéro")
    n3 = models.PositiveSmallIntegerField("3e numéro")
    n4 = models.PositiveSmallIntegerField("4e numéro")
    n5 = models.PositiveSmallIntegerField("5e numéro")
    e1 = models.PositiveSmallIntegerField("1re étoile")
    e2 = models.PositiveSmallIntegerField("2e étoile")
    numeros_trouves = models.PositiveSmallIntegerField("numéros trouvés", null=True, blank=True)
    etoiles_trouvees = models.PositiveSmallIntegerField("étoiles trouvées", null=True, blank=True)
    rang = models.PositiveSmallIntegerField("rang", null=True, blank=True)
    gain = models.DecimalField("gain (€)", max_digits=12, decimal_places=2, null=True, blank=True)
    jugee_le = models.DateTimeField("jugée le", null=True, blank=True)

    objects = GrilleQuerySet.as_manager()

    class Meta:
        verbose_name = "grille"
        verbose_name_plural = "grilles"
        ordering = ("generation", "position")
        constraints = [
            models.CheckConstraint(
                condition=ORDRE_CROISSANT & Q(n5__lte=99),
                name="euromillions_grille_numeros_croissants",
                violation_error_message=MESSAGE_NUMEROS,
            ),
            models.CheckConstraint(
                condition=ETOILES_CROISSANTES & Q(e2__lte=99),
                name="euromillions_grille_etoiles_croissantes",
                violation_error_message=MESSAGE_ETOILES,
            ),
            models.UniqueConstraint(
                fields=("generation", "position"),
                name="euromillions_grille_position_unique",
                violation_error_message="Deux grilles d'une génération ne peuvent pas porter le même numéro.",
            ),
            models.UniqueConstraint(
                fields=("generation", "n1", "n2", "n3", "n4", "n5", "e1", "e2"),
                name="euromillions_grille_distincte",
                violation_error_message="Les grilles d'une génération sont toutes différentes.",
            ),
            models.CheckConstraint(
                condition=Q(
                    jugee_le__isnull=True,
                    numeros_trouves__isnull=True,
                    etoiles_trouvees__isnull=True,
                    rang__isnull=True,
                    gain__isnull=True,
                )
                | Q(
                    jugee_le__isnull=False,
                    numeros_trouves__lte=5,
                    etoiles_trouvees__lte=2,
                    rang__isnull=False,
                ),
                name="euromillions_grille_jugement_entier",
                violation_error_message="Une grille est jugée en entier, ou pas du tout.",
            ),
        ]
        indexes = [models.Index(fields=("cible", "jugee_le"), name="euromillions_grille_cible")]

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.numeros))} / {'-'.join(map(str, self.etoiles))}"

    def clean(self) -> None:
        if len(set(self.numeros)) < 5 or len(set(self.etoiles)) < 2:
            raise ValidationError("Une boule est donnée deux fois.")

    @property
    def numeros(self) -> tuple[int, ...]:
        return (self.n1, self.n2, self.n3, self.n4, self.n5)

    @property
    def etoiles(self) -> tuple[int, ...]:
        return (self.e1, self.e2)

    @property
    def resultat(self) -> str:
        """« 3+1 », vide tant que la grille n'est pas jugée."""
        return "" if self.jugee_le is None else f"{self.numeros_trouves}+{self.etoiles_trouvees}"


class AncienJugement(models.Model):
    """Ce qu'une grille avait trouvé avant que son tirage ne change. Ne se modifie jamais."""

    grille: Any = models.ForeignKey(
        Grille, on_delete=models.CASCADE, related_name="anciens_jugements", verbose_name="grille"
    )
    numeros_trouves = models.PositiveSmallIntegerField("numéros trouvés")
    etoiles_trouvees = models.PositiveSmallIntegerField("étoiles trouvées")
    rang = models.PositiveSmallIntegerField("rang")
    gain = models.DecimalField("gain (€)", max_digits=12, decimal_places=2, null=True)
    jugee_le = models.DateTimeField("jugée le")
    remplace_le = models.DateTimeField("remplacé le", default=timezone.now)

    class Meta:
        verbose_name = "ancien jugement"
        verbose_name_plural = "anciens jugements"
        ordering = ("-remplace_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(numeros_trouves__lte=5, etoiles_trouvees__lte=2),
                name="euromillions_ancien_jugement_bornes",
                violation_error_message="Une grille trouve au plus 5 numéros et 2 étoiles.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.numeros_trouves}+{self.etoiles_trouvees} le {self.jugee_le:%d/%m/%Y}"


class Reglement(models.Model):
    """Les boules et les gains sur lesquels les grilles d'un tirage ont été jugées (une ligne par tirage)."""

    cible = models.DateField("tirage", primary_key=True)
    boules = models.CharField("boules", max_length=30)
    gains = models.CharField("empreinte des gains", max_length=64, blank=True, default="")
    regle_le = models.DateTimeField("réglé le", default=timezone.now)
    grilles = models.PositiveIntegerField("grilles jugées", default=0)
    corrections = models.PositiveSmallIntegerField("fois rejugées", default=0)

    class Meta:
        verbose_name = "règlement d'un tirage"
        verbose_name_plural = "règlements des tirages"
        ordering = ("-cible",)

    def __str__(self) -> str:
        return f"règlement du {self.cible:%d/%m/%Y}"
