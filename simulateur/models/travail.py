"""Le travail de fond (abstrait) : ses états, ses champs, ses contraintes."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Etat(models.TextChoices):
    """États d'un travail. `refusee` : les données l'interdisent ; `en_erreur` : le logiciel a échoué."""

    EN_FILE = "en_file", "En file"
    EN_COURS = "en_cours", "En cours"
    TERMINEE = "terminee", "Terminée"
    REFUSEE = "refusee", "Refusée"
    EN_ERREUR = "en_erreur", "En erreur"
    ANNULEE = "annulee", "Annulée"


ETATS_VIVANTS = (Etat.EN_FILE, Etat.EN_COURS)
ETATS_FINAUX = (Etat.TERMINEE, Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE)


class TravailQuerySet(models.QuerySet[Any, Any]):
    def vivants(self) -> "TravailQuerySet":
        return self.filter(etat__in=ETATS_VIVANTS)

    def finis(self) -> "TravailQuerySet":
        return self.filter(etat__in=ETATS_FINAUX)


class Travail(models.Model):
    """Un travail de fond : cette ligne est la vérité, la file ne porte que sa clé.

    Les transitions passent toutes par `simulateur.travaux.machine` : chacune est un UPDATE conditionnel dont
    le nombre de lignes est vérifié. Ce que fait chaque sorte se déclare dans `simulateur.travaux.sortes`.
    """

    TENTATIVES_MAX: ClassVar[int] = 4
    PERTES_MAX: ClassVar[int] = 5  # un travail qui tue toujours son ouvrier s'arrête aussi
    DELAI_REPRISE_S: ClassVar[int] = 60

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.EN_FILE, editable=False)
    tentative = models.PositiveSmallIntegerField(default=0, editable=False)
    # Ouvriers disparus en le faisant : ces tentatives ne comptent pas contre lui. La base a sa valeur par
    # défaut : la version d'avant, qui ne connaît pas cette colonne, peut encore créer des travaux.
    pertes = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    jeton = models.UUIDField(null=True, blank=True, editable=False)
    battement = models.DateTimeField(null=True, blank=True, editable=False)
    progression = models.PositiveSmallIntegerField("progression (%)", default=0, editable=False)
    message = models.CharField(max_length=300, blank=True, default="", editable=False)
    demandeur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    annulation_demandee_le = models.DateTimeField(null=True, blank=True, editable=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False, db_index=True)
    pas_avant = models.DateTimeField(null=True, blank=True, editable=False)
    demarre_le = models.DateTimeField("démarré le", null=True, blank=True, editable=False)
    termine_le = models.DateTimeField("terminé le", null=True, blank=True, editable=False)
    empreinte = models.CharField(
        "empreinte des entrées", max_length=64, blank=True, default="", editable=False
    )
    version_moteur = models.CharField(max_length=20, blank=True, default="", editable=False)
    reference_erreur = models.CharField(max_length=12, blank=True, default="", editable=False)
    cle_idempotence = models.CharField(max_length=100, null=True, blank=True, editable=False)  # noqa: DJ001
    tache_file = models.CharField("entrée de file", max_length=32, blank=True, default="", editable=False)

    class Meta:
        abstract = True
        ordering = ("-cree_le",)
        constraints = [
            models.CheckConstraint(
                condition=Q(progression__lte=100),
                name="%(app_label)s_%(class)s_progression_max_100",
                violation_error_message="La progression est un pourcentage de 0 à 100.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=ETATS_VIVANTS, termine_le__isnull=True)
                | Q(etat__in=ETATS_FINAUX, termine_le__isnull=False),
                name="%(app_label)s_%(class)s_fin_datee",
                violation_error_message="Un travail fini porte sa date de fin, un travail vivant n'en a pas.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.EN_COURS) | Q(jeton__isnull=False, battement__isnull=False),
                name="%(app_label)s_%(class)s_en_cours_tenu",
                violation_error_message="Un travail en cours porte le jeton et le battement de son ouvrier.",
            ),
            models.UniqueConstraint(
                fields=("demandeur", "cle_idempotence"),
                name="%(app_label)s_%(class)s_cle_unique",
                violation_error_message="Cette clé d'idempotence a déjà servi.",
            ),
        ]
        indexes = [models.Index(fields=("etat", "battement"), name="%(app_label).5s_%(class).10s_etat")]

    @property
    def tentatives_max(self) -> int:
        return self.TENTATIVES_MAX

    @property
    def epuise(self) -> bool:
        """Vrai quand ses propres échecs ont usé ses tentatives."""
        return self.tentative - self.pertes >= self.tentatives_max

    @property
    def delai_reprise_s(self) -> int:
        return self.DELAI_REPRISE_S

    @property
    def est_fini(self) -> bool:
        return self.etat in ETATS_FINAUX

    @property
    def duree_s(self) -> float | None:
        """Secondes entre la prise par un ouvrier et la fin (ou maintenant) ; None avant la prise."""
        if self.demarre_le is None:
            return None
        return ((self.termine_le or timezone.now()) - self.demarre_le).total_seconds()
