"""Une simulation est un travail : ses entrées, ses totaux, et ce qu'il faut pour la rejouer."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from referentiels.models import Centre, Direction
from simulateur.cache.suivi import ModeleSuivi
from simulateur.models import ETATS_FINAUX, Travail
from simulations.models import portees
from simulations.models.querysets import SimulationQuerySet
from simulations.models.resultats import Mesures
from simulations.moteur import Parametres


class Simulation(ModeleSuivi, Travail, Mesures):
    """Un dimensionnement demandé, à un niveau, avec tout ce qu'il faut pour le rejouer à l'identique."""

    class Niveau(models.TextChoices):
        POSTE = "poste", "Poste"
        CENTRE = "centre", "Centre"
        DIRECTION = "direction", "Direction"
        NATIONAL = "national", "Nationale"
        BATCH = "batch", "Lot de centres"

    DEPLACENT = frozenset({"etat", "niveau"})
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
    moi_centiemes = models.BigIntegerField(default=0, editable=False)
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

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        sortes = lignes.order_by().values_list("niveau", "direction_id", "etat").distinct()
        return portees.des_simulations(
            (niveau, direction_id, etat in ETATS_FINAUX) for niveau, direction_id, etat in sortes
        )

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
        return Decimal(self.moi_centiemes).scaleb(-2)

    @property
    def effectif_mod(self) -> Decimal:
        return self.effectif_actuel - self.effectif_moi
