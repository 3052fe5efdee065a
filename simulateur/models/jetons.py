"""Les jetons d'API : seule leur empreinte est gardée, le secret n'est montré qu'à sa création.

Le modèle, le tirage et l'empreinte (SHA-512) sont ceux de django-rest-knox. Sa vérification, elle, écrit en
lisant (elle efface les jetons expirés) et cherche par un début gardé en clair : la nôtre
(`simulateur.api.conventions`) cherche par l'empreinte entière, unique, et n'écrit rien. Les clés d'avant,
plus courtes, ont ainsi leur empreinte comme les autres : leurs porteurs n'ont rien à changer.
Voir docs/metier/effectifs.md#jetons.
"""

from datetime import timedelta
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AbstractAuthToken, AuthTokenManager

from simulateur.web.refus import DejaPris, Refus

JETONS_MAX = 50  # d'un même compte
DUREE_MAX_JOURS = 3650
DUREE_JOURS = 365


class JetonQuerySet(models.QuerySet["Jeton"]):
    def de(self, compte: Any) -> Self:
        return self.filter(user=compte).order_by("nom")

    def du_secret(self, secret: str) -> Self:
        """Celui qui a ce secret, ou aucun."""
        return self.filter(digest=hash_token(secret))


class JetonManager(AuthTokenManager.from_queryset(JetonQuerySet)):  # type: ignore[misc]
    def emettre(self, compte: Any, *, nom: str, portee: str, duree_jours: int | None) -> tuple["Jeton", str]:
        """(le jeton, son secret : personne ne le relira). `duree_jours` : None, il n'expire pas.

        DejaPris si ce compte a un jeton de ce nom, Refus s'il en a déjà trop.
        """
        if self.de(compte).count() >= JETONS_MAX:
            raise Refus(f"Un compte a {JETONS_MAX} jetons au plus : en révoquer un d'abord.")
        duree = None if duree_jours is None else timedelta(days=duree_jours)
        try:
            with transaction.atomic():
                emis: tuple[Jeton, str] = self.create(user=compte, expiry=duree, nom=nom, portee=portee)
        except IntegrityError:
            raise DejaPris({"nom": [f"Ce compte a déjà un jeton « {nom} »."]}) from None
        return emis


class Jeton(AbstractAuthToken):
    """Plusieurs par compte, chacun nommé. Révoquer, c'est effacer la ligne."""

    class Portee(models.TextChoices):
        LECTURE = "lecture", "Lecture seule"
        ECRITURE = "ecriture", "Lecture et écriture"

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField("empreinte", max_length=128, unique=True, editable=False)
    token_key = models.CharField("début", max_length=25, editable=False)
    nom = models.CharField(
        "nom", max_length=60, help_text="Ce qui s'en sert : un tableur, un autre logiciel…"
    )
    portee = models.CharField("portée", max_length=10, choices=Portee)
    created = models.DateTimeField("créé le", auto_now_add=True)
    expiry = models.DateTimeField("expire le", null=True, blank=True)
    utilise_le = models.DateTimeField("utilisé le", null=True, blank=True, editable=False)

    objects = JetonManager()

    class Meta:
        verbose_name = "jeton d'API"
        verbose_name_plural = "jetons d'API"
        ordering = ("user", "nom")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "nom"),
                name="simulateur_jeton_nom_unique",
                violation_error_message="Ce compte a déjà un jeton de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="simulateur_jeton_nomme",
                violation_error_message="Un jeton porte un nom.",
            ),
            models.CheckConstraint(
                condition=Q(portee__in=("lecture", "ecriture")),
                name="simulateur_jeton_portee",
                violation_error_message="Un jeton est en lecture seule, ou en lecture et écriture.",
            ),
        )

    def __str__(self) -> str:
        return self.nom

    @property
    def expire(self) -> bool:
        return self.expiry is not None and self.expiry <= timezone.now()

    @property
    def lecture_seule(self) -> bool:
        return self.portee == self.Portee.LECTURE
