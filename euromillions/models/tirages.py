"""Le tirage, ses gains par rang et la trace de ses corrections.

Les contraintes ci-dessous et les déclencheurs de `garde_base` (qui connaissent l'ère) tiennent les règles.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from euromillions.jeu.regles import JOURS_SEMAINE, est_un_ordre_de, fautes_du_tirage, message_hors_ere
from euromillions.models.eres import Ere
from euromillions.models.querysets import BOULES, DU_JEU, GainQuerySet, TirageQuerySet
from simulateur.cache.suivi import ModeleSuivi

ORDRE_CROISSANT = Q(n1__gte=1, n1__lt=F("n2"), n2__lt=F("n3"), n3__lt=F("n4"), n4__lt=F("n5"))
ETOILES_CROISSANTES = Q(e1__gte=1, e1__lt=F("e2"))
MESSAGE_NUMEROS = "Les cinq numéros doivent être tous différents, rangés par ordre croissant, à partir de 1."
MESSAGE_ETOILES = "Les deux étoiles doivent être différentes, rangées par ordre croissant, à partir de 1."


class Source(models.TextChoices):
    FDJ = "fdj", "fichier de l'opérateur français"
    NATIONAL_LOTTERY = "national_lottery", "fichier de l'opérateur britannique"
    MERSEYWORLD = "merseyworld", "fichier Merseyworld"
    GENERIQUE = "generique", "fichier générique"
    SAISIE = "saisie", "saisie"
    DEMO = "demo", "démonstration (fictif)"


class Tirage(ModeleSuivi):
    """Un tirage : cinq numéros et deux étoiles croissants, conformes à l'ère de sa date."""

    PORTEES: ClassVar[frozenset[str]] = DU_JEU

    date = models.DateField(
        "date", unique=True, error_messages={"unique": "Un tirage existe déjà à cette date."}
    )
    ere = models.ForeignKey(
        Ere, on_delete=models.PROTECT, related_name="tirages", verbose_name="ère", editable=False
    )
    jour = models.PositiveSmallIntegerField(
        "jour", choices=list(enumerate(JOURS_SEMAINE, start=1)), editable=False, db_index=True
    )
    n1 = models.PositiveSmallIntegerField("1er numéro")
    n2 = models.PositiveSmallIntegerField("2e numéro")
    n3 = models.PositiveSmallIntegerField("3e numéro")
    n4 = models.PositiveSmallIntegerField("4e numéro")
    n5 = models.PositiveSmallIntegerField("5e numéro")
    e1 = models.PositiveSmallIntegerField("1re étoile")
    e2 = models.PositiveSmallIntegerField("2e étoile")
    ordre_numeros = models.CharField(
        "numéros dans l'ordre de sortie",
        max_length=14,
        blank=True,
        default="",
        help_text="« 28-16-20-22-11 »",
    )
    ordre_etoiles = models.CharField(
        "étoiles dans l'ordre de sortie", max_length=5, blank=True, default="", help_text="« 9-4 »"
    )
    source = models.CharField("source", max_length=20, choices=Source.choices, default=Source.SAISIE)
    fictif = models.BooleanField("fictif", default=False, editable=False, db_index=True)
    import_tirages = models.ForeignKey(
        "ImportTirages",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="tirages",
        verbose_name="import d'origine",
    )
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects: ClassVar[Any] = TirageQuerySet.as_manager()
    # Renseigné par la page, l'API ou l'import avant `save` : signe la ligne d'historique.
    auteur_changement: Any = None
    motif_changement: str = ""

    class Meta:
        verbose_name = "tirage"
        verbose_name_plural = "tirages"
        ordering = ("-date",)
        constraints = [
            models.CheckConstraint(
                condition=ORDRE_CROISSANT,
                name="euromillions_tirage_numeros_croissants",
                violation_error_message=MESSAGE_NUMEROS,
            ),
            models.CheckConstraint(
                condition=ETOILES_CROISSANTES,
                name="euromillions_tirage_etoiles_croissantes",
                violation_error_message=MESSAGE_ETOILES,
            ),
            models.CheckConstraint(
                condition=Q(jour__gte=1, jour__lte=7),
                name="euromillions_tirage_jour",
                violation_error_message="Le jour va de 1 (lundi) à 7 (dimanche).",
            ),
            models.CheckConstraint(
                condition=Q(fictif=True, source=Source.DEMO) | (Q(fictif=False) & ~Q(source=Source.DEMO)),
                name="euromillions_tirage_fictif_etiquete",
                violation_error_message="Un tirage fictif porte la source « démonstration », et lui seul.",
            ),
        ]
        indexes = [models.Index(fields=("source", "-date"), name="euromillions_tirage_source")]

    def __str__(self) -> str:
        return f"Tirage du {date_format(self.date, 'j F Y')}"

    def get_absolute_url(self) -> str:
        return reverse("euromillions:tirage", args=[self.date.isoformat()])

    def save(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            Tirage.completer([self])
            if not self._state.adding:
                self._historiser_si_change()
            super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            avant = Tirage.objects.reels().filter(pk=self.pk)
            Tirage.historiser(avant, auteur=self.auteur_changement, motif="suppression")
            return super().delete(*args, **options)

    def clean(self) -> None:
        if self.date is None or None in (*self.numeros, *self.etoiles):
            return
        erreurs: dict[str, list[str]] = {}
        for faute in fautes_du_tirage(
            self.date, self.numeros, self.etoiles, eres=Ere.objects.all(), aujourdhui=timezone.localdate()
        ):
            champ = {"numeros": "n1", "etoiles": "e1"}.get(faute.champ, faute.champ)
            erreurs.setdefault(champ, []).append(faute.message)
        for champ, ordre, boules in (
            ("ordre_numeros", self.ordre_numeros, self.numeros),
            ("ordre_etoiles", self.ordre_etoiles, self.etoiles),
        ):
            if ordre and not est_un_ordre_de(ordre, boules):
                erreurs[champ] = ["Reprendre exactement les boules du tirage, séparées par des tirets."]
        if erreurs:
            raise ValidationError(erreurs)

    @property
    def numeros(self) -> tuple[int, ...]:
        return (self.n1, self.n2, self.n3, self.n4, self.n5)

    @property
    def etoiles(self) -> tuple[int, ...]:
        return (self.e1, self.e2)

    @staticmethod
    def completer(tirages: Sequence["Tirage"]) -> None:
        """Pose l'ère et le jour d'après la date. Lève ValidationError hors de toute ère."""
        eres = list(Ere.objects.all())
        for tirage in tirages:
            if isinstance(tirage.date, str):
                tirage.date = date.fromisoformat(tirage.date)
            tirage.jour = tirage.date.isoweekday()
            ere = next((ere for ere in eres if ere.contient(tirage.date)), None)
            if ere is None:
                raise ValidationError({"date": message_hors_ere(tirage.date, eres)})
            tirage.ere = ere

    @staticmethod
    def historiser(tirages: Iterable["Tirage"], *, auteur: Any = None, motif: str = "") -> None:
        """Garde la valeur présente de ces tirages avant (ou après lecture d'avant) leur changement."""
        HistoriqueTirage.objects.bulk_create(
            HistoriqueTirage(
                tirage=tirage,
                date=tirage.date,
                **{boule: getattr(tirage, boule) for boule in BOULES},
                source=tirage.source,
                auteur=auteur,
                motif=motif[:200],
            )
            for tirage in tirages
        )

    def differe_de(self, autre: "Tirage") -> bool:
        """Vrai si la date ou une boule n'est pas la même."""
        return any(getattr(self, champ) != getattr(autre, champ) for champ in ("date", *BOULES))

    def _historiser_si_change(self) -> None:
        avant = Tirage.objects.reels().select_for_update().filter(pk=self.pk).first()
        if avant is not None and self.differe_de(avant):
            Tirage.historiser([avant], auteur=self.auteur_changement, motif=self.motif_changement)


class GainRang(ModeleSuivi):
    """Gagnants et gain par gagnant d'un rang pour un tirage, tels que l'opérateur les publie."""

    PORTEES: ClassVar[frozenset[str]] = DU_JEU

    tirage = models.ForeignKey(Tirage, on_delete=models.CASCADE, related_name="gains", verbose_name="tirage")
    rang = models.PositiveSmallIntegerField("rang")
    gagnants_france = models.PositiveIntegerField("gagnants en France", null=True, blank=True)
    gagnants_europe = models.PositiveIntegerField("gagnants en Europe", null=True, blank=True)
    gain = models.DecimalField("gain par gagnant (€)", max_digits=12, decimal_places=2)

    objects: ClassVar[Any] = GainQuerySet.as_manager()

    class Meta:
        verbose_name = "gain d'un rang"
        verbose_name_plural = "gains par rang"
        ordering = ("tirage", "rang")
        constraints = [
            models.UniqueConstraint(
                fields=("tirage", "rang"),
                name="euromillions_gain_rang_unique",
                violation_error_message="Ce rang a déjà un gain pour ce tirage.",
            ),
            models.CheckConstraint(
                condition=Q(rang__gte=1, rang__lte=20, gain__gte=0),
                name="euromillions_gain_bornes",
                violation_error_message="Le rang va de 1 à 20 et le gain ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"rang {self.rang} : {self.gain} €"


class HistoriqueTirage(models.Model):
    """Ce qu'un tirage réel disait avant d'être changé ou supprimé. Ne se modifie jamais."""

    tirage = models.ForeignKey(
        Tirage, null=True, on_delete=models.SET_NULL, related_name="historique", verbose_name="tirage"
    )
    date = models.DateField("date du tirage", db_index=True)
    n1 = models.PositiveSmallIntegerField("1er numéro")
    n2 = models.PositiveSmallIntegerField("2e numéro")
    n3 = models.PositiveSmallIntegerField("3e numéro")
    n4 = models.PositiveSmallIntegerField("4e numéro")
    n5 = models.PositiveSmallIntegerField("5e numéro")
    e1 = models.PositiveSmallIntegerField("1re étoile")
    e2 = models.PositiveSmallIntegerField("2e étoile")
    source = models.CharField("source d'alors", max_length=20, choices=Source.choices)
    motif = models.CharField("motif", max_length=200, blank=True, default="")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="auteur",
    )
    le = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "ancienne valeur d'un tirage"
        verbose_name_plural = "historique des tirages"
        ordering = ("-le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=ORDRE_CROISSANT,
                name="euromillions_historique_numeros_croissants",
                violation_error_message=MESSAGE_NUMEROS,
            ),
            models.CheckConstraint(
                condition=ETOILES_CROISSANTES,
                name="euromillions_historique_etoiles_croissantes",
                violation_error_message=MESSAGE_ETOILES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} avant le {self.le:%d/%m/%Y}"

    @property
    def numeros(self) -> tuple[int, ...]:
        return (self.n1, self.n2, self.n3, self.n4, self.n5)

    @property
    def etoiles(self) -> tuple[int, ...]:
        return (self.e1, self.e2)
