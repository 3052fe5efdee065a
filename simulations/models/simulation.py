"""Une simulation est un travail : ses entrées, l'instantané du référentiel qu'elle a lu, ses résultats.

Les mesures sont rangées en entiers exacts (10⁻¹² h et ETP, dixièmes de personne, millièmes d'unité
monétaire) : les totaux sont égaux à la somme de leurs lignes au dernier chiffre, dans toute base.
"""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from referentiels.models import Centre, Direction
from simulateur.models import Travail
from simulations.models.querysets import SimulationQuerySet
from simulations.moteur import Parametres


class Mesures(models.Model):
    """Totaux d'une ligne de résultat ; les propriétés rendent des décimaux exacts."""

    heures_pico = models.BigIntegerField(default=0, editable=False)
    etp_pico = models.BigIntegerField(default=0, editable=False)
    arrondi_dixiemes = models.BigIntegerField(default=0, editable=False)
    actuel_dixiemes = models.BigIntegerField(default=0, editable=False)
    ecart_dixiemes = models.BigIntegerField(default=0, editable=False)
    cout_milliemes = models.BigIntegerField(default=0, editable=False)
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
        return Decimal(self.arrondi_dixiemes).scaleb(-1)

    @property
    def effectif_actuel(self) -> Decimal:
        return Decimal(self.actuel_dixiemes).scaleb(-1)

    @property
    def ecart(self) -> Decimal:
        """Arrondi − actuel : positif, il manque du monde."""
        return Decimal(self.ecart_dixiemes).scaleb(-1)

    @property
    def cout_mensuel(self) -> Decimal | None:
        """Écart × salaire mensuel ; None si un salaire manque."""
        return Decimal(self.cout_milliemes).scaleb(-3) if self.cout_connu else None

    @property
    def cout_annuel(self) -> Decimal | None:
        return None if self.cout_mensuel is None else self.cout_mensuel * 12


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


class Simulation(Travail, Mesures):
    """Un dimensionnement demandé, à un niveau, avec tout ce qu'il faut pour le rejouer à l'identique."""

    class Niveau(models.TextChoices):
        POSTE = "poste", "Poste"
        CENTRE = "centre", "Centre"
        DIRECTION = "direction", "Direction"
        NATIONAL = "national", "Nationale"
        BATCH = "batch", "Lot de centres"

    TENTATIVES: ClassVar[dict[str, tuple[int, int]]] = {"national": (3, 120)}  # (tentatives, délai en s)

    niveau = models.CharField(max_length=10, choices=Niveau.choices, default=Niveau.DIRECTION)
    direction = models.ForeignKey(
        Direction, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    libelle = models.CharField("libellé", max_length=200)
    centre_ids = models.JSONField("centres du lot", default=list, blank=True)
    annee = models.PositiveSmallIntegerField("année des volumes")
    parametres = models.JSONField("paramètres", default=dict)
    volumes_demandes = models.JSONField("volumes saisis", default=list, blank=True)
    revision = models.PositiveBigIntegerField("révision du référentiel", default=0, editable=False)
    revision_depart = models.PositiveBigIntegerField(
        "révision des données au départ du calcul", null=True, blank=True, editable=False
    )
    fictive = models.BooleanField("données fictives", default=False, editable=False)
    nb_centres = models.PositiveIntegerField(default=0, editable=False)
    nb_postes = models.PositiveIntegerField(default=0, editable=False)
    nb_taches = models.PositiveIntegerField(default=0, editable=False)
    etp_mod_pico = models.BigIntegerField(default=0, editable=False)
    moi_dixiemes = models.BigIntegerField(default=0, editable=False)
    rapport = models.JSONField(default=dict, blank=True, editable=False)
    scenario = models.ForeignKey(
        "simulations.Scenario",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="simulations",
        verbose_name="scénario",
    )
    rejoue_de = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="rejeux"
    )
    conservee = models.BooleanField("conservée", default=False, help_text="La purge l'épargne.")

    objects: ClassVar[Any] = SimulationQuerySet.as_manager()

    class Meta(Travail.Meta):
        verbose_name = "simulation"
        constraints = [
            *Travail.Meta.constraints,
            models.CheckConstraint(
                condition=Q(niveau__in=("poste", "centre", "direction", "national", "batch")),
                name="simulation_niveau_connu",
                violation_error_message="Le niveau est poste, centre, direction, national ou batch.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    def get_absolute_url(self) -> str:
        return reverse("simulations:simulation", args=[self.pk])

    @property
    def tentatives_max(self) -> int:
        return self.TENTATIVES.get(self.niveau, (4, 60))[0]

    @property
    def delai_reprise_s(self) -> int:
        return self.TENTATIVES.get(self.niveau, (4, 60))[1]

    @property
    def jeu_de_parametres(self) -> Parametres:
        return Parametres.depuis_dict(self.parametres)

    @property
    def etp_mod(self) -> Decimal:
        return Decimal(self.etp_mod_pico).scaleb(-12)

    @property
    def effectif_moi(self) -> Decimal:
        return Decimal(self.moi_dixiemes).scaleb(-1)

    @property
    def effectif_mod(self) -> Decimal:
        return self.effectif_actuel - self.effectif_moi


class PartSimulation(models.Model):
    """La part d'une simulation dans une direction : l'instantané lu et les volumes saisis (octets)."""

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="parts")
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


class Resultat(Mesures):
    """Ce que lignes de centre et de poste ont en commun ; les noms sont ceux du jour du calcul."""

    centre_id = models.BigIntegerField()
    decision = models.CharField("décision", max_length=10)

    class Meta:
        abstract = True


class ResultatCentre(Resultat):
    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="centres")
    direction_id = models.BigIntegerField()
    direction = models.CharField(max_length=120)
    code = models.CharField(max_length=30)
    nom = models.CharField(max_length=150)
    typologie = models.CharField(max_length=20)
    nb_postes = models.PositiveIntegerField(default=0)
    etp_mod_pico = models.BigIntegerField(default=0)
    moi_dixiemes = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "résultat d'un centre"
        verbose_name_plural = "résultats des centres"
        ordering = ("direction", "nom")
        constraints = [
            models.UniqueConstraint(fields=("simulation", "centre_id"), name="resultat_centre_unique")
        ]

    def __str__(self) -> str:
        return self.nom


class ResultatPoste(Resultat):
    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="postes")
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
