"""Les ères du jeu et leurs rangs de gain : des lignes datées, jamais des constantes."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from euromillions.jeu.eres import combinaisons_du_rang, combinaisons_totales
from euromillions.jeu.regles import nom_du_jour
from euromillions.models.querysets import DU_JEU, EreQuerySet
from simulateur.cache.suivi import ModeleSuivi


class Ere(ModeleSuivi):
    """Une période où les règles n'ont pas bougé : réserves de boules, jours de tirage, rangs de gain."""

    PORTEES: ClassVar[frozenset[str]] = DU_JEU

    code = models.SlugField("code", max_length=20, unique=True)
    nom = models.CharField("nom", max_length=60)
    debut = models.DateField("premier tirage", unique=True)
    fin = models.DateField("dernier tirage", null=True, blank=True, help_text="Vide : ère en cours.")
    numeros_max = models.PositiveSmallIntegerField(
        "plus grand numéro", default=50, validators=[MinValueValidator(5), MaxValueValidator(99)]
    )
    etoiles_max = models.PositiveSmallIntegerField(
        "plus grande étoile", validators=[MinValueValidator(2), MaxValueValidator(99)]
    )
    jours = models.CharField(
        "jours de tirage",
        max_length=7,
        validators=[RegexValidator(r"^[1-7]+$", "Des chiffres de 1 (lundi) à 7 (dimanche).")],
        help_text="Numéros de jour accolés, 1 = lundi … 7 = dimanche : « 25 » pour mardi et vendredi.",
    )

    objects: ClassVar[Any] = EreQuerySet.as_manager()

    class Meta:
        verbose_name = "ère"
        verbose_name_plural = "ères"
        ordering = ("debut",)
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="euromillions_ere_fin_apres_debut",
                violation_error_message="Le dernier tirage d'une ère ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                condition=Q(numeros_max__gte=5, numeros_max__lte=99, etoiles_max__gte=2, etoiles_max__lte=99),
                name="euromillions_ere_reserves",
                violation_error_message="Il faut de 5 à 99 numéros et de 2 à 99 étoiles.",
            ),
            models.UniqueConstraint(
                Coalesce("fin", Value(date.max)),
                name="euromillions_ere_fin_unique",
                violation_error_message="Une seule ère peut être en cours (sans dernier tirage).",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        if self.debut is None:
            return
        voisines = Ere.objects.exclude(pk=self.pk).filter(Q(fin__isnull=True) | Q(fin__gte=self.debut))
        if self.fin is not None:
            voisines = voisines.filter(debut__lte=self.fin)
        if voisines.exists():
            raise ValidationError({"debut": f"Ces dates chevauchent l'ère « {voisines[0]} »."})

    def contient(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)

    def admet_le_jour(self, jour: date) -> bool:
        """Vrai si l'on tire ce jour de la semaine pendant l'ère."""
        return str(jour.isoweekday()) in self.jours

    @property
    def noms_des_jours(self) -> list[str]:
        return [nom_du_jour(int(chiffre)) for chiffre in self.jours]

    @property
    def combinaisons(self) -> int:
        """Nombre de grilles possibles."""
        return combinaisons_totales(self.numeros_max, self.etoiles_max)


class Rang(ModeleSuivi):
    """Un rang de gain d'une ère : tant de numéros, tant d'étoiles, tant de combinaisons gagnantes."""

    PORTEES: ClassVar[frozenset[str]] = DU_JEU

    ere = models.ForeignKey(Ere, on_delete=models.CASCADE, related_name="rangs", verbose_name="ère")
    numero = models.PositiveSmallIntegerField("rang")
    numeros = models.PositiveSmallIntegerField("numéros trouvés")
    etoiles = models.PositiveSmallIntegerField("étoiles trouvées")
    combinaisons = models.PositiveBigIntegerField("combinaisons gagnantes")

    class Meta:
        verbose_name = "rang de gain"
        verbose_name_plural = "rangs de gain"
        ordering = ("ere", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=("ere", "numero"),
                name="euromillions_rang_numero_unique",
                violation_error_message="Ce rang existe déjà dans cette ère.",
            ),
            models.UniqueConstraint(
                fields=("ere", "numeros", "etoiles"),
                name="euromillions_rang_resultat_unique",
                violation_error_message="Ce résultat a déjà un rang dans cette ère.",
            ),
            models.CheckConstraint(
                condition=Q(numero__gte=1, numeros__lte=5, etoiles__lte=2, combinaisons__gte=1),
                name="euromillions_rang_bornes",
                violation_error_message="Un rang compte au plus 5 numéros et 2 étoiles.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} ({self.resultat})"

    def clean(self) -> None:
        if self.ere_id is None or None in (self.numeros, self.etoiles, self.combinaisons):
            return
        exact = combinaisons_du_rang(self.ere.numeros_max, self.ere.etoiles_max, self.numeros, self.etoiles)
        if self.combinaisons != exact:
            raise ValidationError({"combinaisons": f"Ce résultat a exactement {exact} combinaisons."})

    @property
    def resultat(self) -> str:
        """« 5+2 » : numéros et étoiles trouvés."""
        return f"{self.numeros}+{self.etoiles}"

    @property
    def probabilite(self) -> float:
        return self.combinaisons / self.ere.combinaisons

    @property
    def une_sur(self) -> float:
        return self.ere.combinaisons / self.combinaisons
