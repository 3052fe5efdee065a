"""Le périmètre : les directions que voit un compte ou un groupe (docs/metier/effectifs.md#droits)."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from simulateur.cache.comptes import COMPTES
from simulateur.cache.droits import COMPTES_EN_MEMOIRE, revision_de
from simulateur.cache.memoire import Memoire
from simulateur.cache.suivi import ModeleSuivi, QuerySetSuivi


class DuReseau(QuerySetSuivi):
    """Lignes rangées sous une direction : chaque modèle dit par où (`CHEMIN_DIRECTION`)."""

    def visible_par(self, compte: Any) -> Self:
        """Celles des directions que ce compte voit."""
        return self.dans(etendue_de(compte))

    def dans(self, etendue: "Etendue") -> Self:
        if etendue.pays:
            return self
        modele: Any = self.model
        vues = etendue.condition(modele.CHEMIN_DIRECTION)
        # Une ligne sans centre vaut pour tout le réseau : chacun la voit.
        return self.filter(vues | Q(centre=None) if getattr(modele, "POUR_TOUS", False) else vues)


class Perimetre(ModeleSuivi):
    """Une direction donnée à un compte ou à un groupe ; sans direction, tout le pays."""

    CHEMIN_DIRECTION: ClassVar[str] = "direction_id"
    PORTEES: ClassVar[frozenset[str]] = frozenset({COMPTES})

    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="perimetres"
    )
    groupe = models.ForeignKey(
        "auth.Group", null=True, blank=True, on_delete=models.CASCADE, related_name="perimetres"
    )
    # Jamais SET_NULL : une direction supprimée donnerait le pays.
    direction = models.ForeignKey(
        "referentiels.Direction",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="perimetres",
        help_text="Vide : tout le pays.",
    )

    objects: ClassVar[Any] = DuReseau.as_manager()

    class Meta:
        verbose_name = "périmètre"
        verbose_name_plural = "périmètres"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(compte__isnull=True, groupe__isnull=False)
                | Q(compte__isnull=False, groupe__isnull=True),
                name="perimetre_d_un_compte_ou_d_un_groupe",
                violation_error_message="Un périmètre est celui d'un compte ou d'un groupe, pas des deux.",
            ),
            models.UniqueConstraint(
                Coalesce("compte", 0),
                Coalesce("groupe", 0),
                Coalesce("direction", 0),
                name="perimetre_unique",
                violation_error_message="Ce périmètre est déjà donné.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compte or self.groupe} · {self.direction or 'tout le pays'}"


@dataclass(frozen=True)
class Etendue:
    """Ce qu'un compte voit. `directions` : leurs clés ; None : tout le pays, celles à venir comprises."""

    directions: frozenset[int] | None

    @property
    def pays(self) -> bool:
        return self.directions is None

    @property
    def vide(self) -> bool:
        return self.directions is not None and not self.directions

    @property
    def cle(self) -> str:
        """Pour une clé de cache : la même pour qui voit les mêmes directions, vide pour tout le pays."""
        return "" if self.directions is None else f"directions:{','.join(map(str, sorted(self.directions)))}"

    def voit(self, direction_id: int | None) -> bool:
        return self.directions is None or direction_id in self.directions

    def condition(self, chemin: str) -> Q:
        """Les lignes dont la direction est vue. `chemin` mène à sa clé, « centre__direction_id »."""
        return Q() if self.directions is None else Q(**{f"{chemin}__in": self.directions})


PAYS = Etendue(None)
RIEN = Etendue(frozenset())
_EN_MEMOIRE: Memoire[Etendue] = Memoire(COMPTES_EN_MEMOIRE)


def etendue_de(compte: Any) -> Etendue:
    """Ce que ce compte voit, par lui-même et par ses groupes ; sans périmètre, rien.

    Gardée comme ses permissions : sur l'objet, et en mémoire sous la révision des comptes. Aucune requête de
    plus par page.
    """
    if compte is None or not compte.is_authenticated or not compte.is_active:
        return RIEN
    if compte.is_superuser:
        return PAYS
    if not hasattr(compte, "_etendue"):
        cle = f"{compte.pk}:{revision_de(compte)}"
        compte._etendue = _EN_MEMOIRE.lire(cle) or _EN_MEMOIRE.garder(cle, _lire(compte))
    etendue: Etendue = compte._etendue
    return etendue


def _lire(compte: Any) -> Etendue:
    """Une requête."""
    siens = Perimetre.objects.filter(Q(compte=compte) | Q(groupe__user=compte))
    directions = set(siens.values_list("direction_id", flat=True))
    return PAYS if None in directions else Etendue(frozenset(directions))
