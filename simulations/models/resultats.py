"""Les mesures d'un calcul et ses lignes de résultat, par centre et par poste.

Les mesures sont rangées en entiers exacts (10⁻¹² h et ETP, centièmes de personne, dix-millièmes
d'unité monétaire) : les totaux sont égaux à la somme de leurs lignes au dernier chiffre, dans toute base.
"""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models

from simulations.moteur.calcul import remarque


class Mesures(models.Model):
    """Totaux d'une ligne de résultat ; les propriétés rendent des décimaux exacts."""

    heures_pico = models.BigIntegerField(default=0, editable=False)
    etp_pico = models.BigIntegerField(default=0, editable=False)
    arrondi_centiemes = models.BigIntegerField(default=0, editable=False)
    actuel_centiemes = models.BigIntegerField(default=0, editable=False)
    ecart_centiemes = models.BigIntegerField(default=0, editable=False)
    a_pourvoir_centiemes = models.BigIntegerField(default=0, db_default=0, editable=False)
    cout_dix_milliemes = models.BigIntegerField(default=0, editable=False)
    cout_connu = models.BooleanField(default=True, editable=False)

    class Meta:
        abstract = True

    @property
    def heures(self) -> Decimal:
        """Heures de travail par jour."""
        return Decimal(self.heures_pico).scaleb(-12)

    @property
    def etp_calcule(self) -> Decimal:
        return Decimal(self.etp_pico).scaleb(-12)

    @property
    def etp_arrondi(self) -> Decimal:
        return Decimal(self.arrondi_centiemes).scaleb(-2)

    @property
    def effectif_actuel(self) -> Decimal:
        return Decimal(self.actuel_centiemes).scaleb(-2)

    @property
    def ecart(self) -> Decimal:
        """Arrondi − actuel : positif, il manque du monde."""
        return Decimal(self.ecart_centiemes).scaleb(-2)

    @property
    def a_pourvoir(self) -> Decimal:
        """Σ des écarts positifs des postes de la ligne."""
        return Decimal(self.a_pourvoir_centiemes).scaleb(-2)

    @property
    def en_trop(self) -> Decimal:
        """Σ de leurs écarts négatifs, donc ≤ 0."""
        return self.ecart - self.a_pourvoir

    @property
    def besoin_calcule(self) -> Decimal:
        """ETP calculé − présent."""
        return self.etp_calcule - self.effectif_actuel

    @property
    def effet_arrondi(self) -> Decimal:
        """Arrondi − ETP calculé : ce que l'arrondi ajoute ou retire."""
        return self.etp_arrondi - self.etp_calcule

    @property
    def cout_mensuel(self) -> Decimal | None:
        """Écart × salaire mensuel ; None si un salaire manque."""
        return Decimal(self.cout_dix_milliemes).scaleb(-4) if self.cout_connu else None

    @property
    def cout_annuel(self) -> Decimal | None:
        return None if self.cout_mensuel is None else self.cout_mensuel * 12


class Resultat(Mesures):
    """Ce que lignes de centre et de poste ont en commun ; les noms sont ceux du jour du calcul."""

    centre_id = models.BigIntegerField()
    decision = models.CharField("décision", max_length=10)

    class Meta:
        abstract = True

    @property
    def remarque(self) -> str:
        """Pourquoi l'écart contredit la décision ; vide sinon."""
        return remarque(self.decision, self.etp_pico, self.actuel_centiemes, self.arrondi_centiemes)


class ResultatCentreQuerySet(models.QuerySet):
    def brutes(self) -> "models.QuerySet[Any]":
        """Les lignes nommées, sans modèle : de quoi compter, trier et sommer vite tout le pays."""
        return self.values_list(*(champ.attname for champ in self.model._meta.concrete_fields), named=True)


class ResultatCentre(Resultat):
    simulation = models.ForeignKey("simulations.Simulation", on_delete=models.CASCADE, related_name="centres")
    direction_id = models.BigIntegerField()
    direction = models.CharField(max_length=120)
    code = models.CharField(max_length=30)
    nom = models.CharField(max_length=150)
    typologie = models.CharField(max_length=20)
    nb_postes = models.PositiveIntegerField(default=0)
    etp_mod_pico = models.BigIntegerField(default=0)
    moi_centiemes = models.BigIntegerField(default=0)

    objects: ClassVar[Any] = ResultatCentreQuerySet.as_manager()

    class Meta:
        verbose_name = "résultat d'un centre"
        verbose_name_plural = "résultats des centres"
        ordering = ("direction", "nom")
        constraints = [
            models.UniqueConstraint(fields=("simulation", "centre_id"), name="resultat_centre_unique")
        ]

    def __str__(self) -> str:
        return self.nom

    @classmethod
    def de_brute(cls, ligne: Any) -> Self:
        """Le modèle d'une ligne de `brutes`."""
        return cls.from_db(None, ligne._fields, ligne)


class ResultatPoste(Resultat):
    """Un poste d'un centre. `titre_id` désigne le titre de poste (`referentiels.Poste`), `nom` est le sien :
    dans un centre, un titre n'a qu'un poste."""

    simulation = models.ForeignKey("simulations.Simulation", on_delete=models.CASCADE, related_name="postes")
    titre_id = models.BigIntegerField()
    nom = models.CharField(max_length=120)
    type = models.CharField(max_length=3)

    class Meta:
        verbose_name = "résultat d'un poste"
        verbose_name_plural = "résultats des postes"
        ordering = ("nom",)
        constraints = [
            models.UniqueConstraint(
                fields=("simulation", "centre_id", "titre_id"), name="resultat_poste_unique"
            )
        ]

    def __str__(self) -> str:
        return self.nom
