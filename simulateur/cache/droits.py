"""Les permissions d'un compte, gardées tant qu'aucun compte, groupe ou droit n'a changé."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Subquery

from simulateur.cache import revisions
from simulateur.cache.comptes import COMPTES
from simulateur.cache.fermetures import avec_fermetures
from simulateur.cache.memoire import Memoire
from simulateur.models import Revision

COMPTES_EN_MEMOIRE = 2_000  # par processus : quelques kilo-octets chacun
_EN_MEMOIRE: Memoire[frozenset[str]] = Memoire(COMPTES_EN_MEMOIRE)
REVISION = "revision_des_comptes"


def avec_revision() -> dict[str, Subquery]:
    """Pour `annotate` : la révision de ce qui décide des droits, à poser sur le compte sous `REVISION`."""
    return {REVISION: Subquery(Revision.objects.filter(pk=COMPTES).values("numero"))}


def revision_de(compte: Any) -> int:
    """Celle lue avec le compte, sinon lue maintenant : tout ce qu'il peut est gardé sous elle."""
    lue = hasattr(compte, REVISION)
    return (getattr(compte, REVISION) or 0) if lue else revisions.lire(COMPTES)[COMPTES]


class DroitsGardes(ModelBackend):
    """Celles de Django ; sans les deux requêtes que chaque page y mettrait."""

    def get_user(self, user_id: Any) -> Any:
        """Le compte, et dans la même requête la révision de ce qui décide de ses droits."""
        comptes = get_user_model()._default_manager.annotate(**avec_revision(), **avec_fermetures())
        compte = comptes.filter(pk=user_id).first()
        return compte if compte is not None and self.user_can_authenticate(compte) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = self._gardees(user_obj)
        gardees: set[str] = user_obj._perm_cache
        return gardees

    def _gardees(self, compte: Any) -> set[str]:
        cle = f"{compte.pk}:{compte.is_superuser}:{revision_de(compte)}"
        gardees = _EN_MEMOIRE.lire(cle)
        if gardees is None:
            siennes = {*self.get_user_permissions(compte), *self.get_group_permissions(compte)}
            gardees = _EN_MEMOIRE.garder(cle, frozenset(siennes))
        return set(gardees)
