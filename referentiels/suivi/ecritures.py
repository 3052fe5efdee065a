"""Toute écriture du référentiel touche ses révisions, par quelque chemin qu'elle passe.

`save`, `delete`, `update`, `bulk_create`, `bulk_update` : le modèle et son QuerySet les couvrent tous. Seul
`loaddata` passe sous `save` : ses signaux (`raw`) le disent. Un chargement de masse s'enveloppe dans
`suivi_differe` et touche une seule fois.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.models.signals import post_save, pre_save

from simulateur.cache import revisions

LOT = 5000
_differe: ContextVar[set[str] | None] = ContextVar("suivi_differe", default=None)


def _toucher(portees: Iterable[str]) -> None:
    en_attente = _differe.get()
    if en_attente is not None:
        en_attente.update(portees)
        return
    revisions.toucher(portees)


@contextmanager
def suivi_differe() -> Iterator[set[str]]:
    """Réunit les portées touchées dans le bloc et les écrit une fois, dans la même transaction."""
    with transaction.atomic():
        portees: set[str] = set()
        jeton = _differe.set(portees)
        try:
            yield portees
        finally:
            _differe.reset(jeton)
        revisions.toucher(portees)


class QuerySetSuivi(models.QuerySet):
    """QuerySet dont chaque écriture de masse touche les révisions des lignes concernées."""

    def _portees(self) -> set[str]:
        portees: set[str] = _modele(self).portees_de(self)
        return portees

    def update(self, **champs: Any) -> int:
        with transaction.atomic():
            portees = self._portees()
            # Un rattachement changé déplace les lignes : leur nouvelle place est touchée aussi.
            deplace = any(
                champ in _modele(self).DEPLACENT or self.model._meta.get_field(champ).is_relation
                for champ in champs
            )
            cles = list(self.values_list("pk", flat=True)) if deplace else []
            nombre = super().update(**champs)
            _toucher(portees | _portees_par_lots(self.model, cles))
        return nombre

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            portees = self._portees()
            portees |= _portees_emportees(self.model, self, connues=portees)
            resultat = super().delete()
            _toucher(portees)
        return resultat

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        with transaction.atomic():
            crees = super().bulk_create(objs, *args, **options)
            _toucher(_modele(self).portees_des_objets(crees))
        return crees

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        objets = list(objs)
        with transaction.atomic():
            portees = _modele(self).portees_des_objets(objets)
            # L'appel passe par `filter().update()` : le suivi de chaque lot ferait double emploi.
            with _sans_suivi():
                nombre = super().bulk_update(objets, fields, batch_size)
            _toucher(portees | _modele(self).portees_des_objets(objets))
        return nombre


def _modele(lignes: "models.QuerySet[Any]") -> Any:
    """Le modèle suivi de ce QuerySet (son type statique est `Model`)."""
    return lignes.model


def _portees_emportees(modele: Any, lignes: "models.QuerySet[Any]", *, connues: set[str]) -> set[str]:
    """Portées fixes des lignes que la suppression emporte : un centre emporte ses regroupements de postes.

    Les lignes sans portée fixe (postes, tâches, volumes) sont sous le centre, déjà touché.
    """
    emportees: set[str] = set()
    for relation in modele._meta.get_fields(include_hidden=True):
        fille = relation.related_model
        if getattr(relation, "on_delete", None) is not models.CASCADE or not relation.auto_created:
            continue
        if not issubclass(fille, ModeleSuivi) or connues | emportees >= fille.PORTEES:
            continue
        cles = lignes.order_by().values("pk")
        if fille._base_manager.filter(**{f"{relation.field.name}__in": cles}).exists():
            emportees |= fille.PORTEES
    return emportees


def _portees_par_lots(modele: Any, cles: Sequence[Any]) -> set[str]:
    """Les portées de ces clés, par lots : SQLite borne le nombre de paramètres d'une requête."""
    portees: set[str] = set()
    for debut in range(0, len(cles), LOT):
        portees |= modele.portees_de(modele._base_manager.filter(pk__in=cles[debut : debut + LOT]))
    return portees


@contextmanager
def _sans_suivi() -> Iterator[None]:
    jeton = _differe.set(set())
    try:
        yield
    finally:
        _differe.reset(jeton)


class ModeleSuivi(models.Model):
    """Modèle du référentiel. `PORTEES` : portées fixes ; sinon redéfinir `portees_de`.

    `DEPLACENT` : champs, hors relations, dont dépendent les portées d'une ligne.
    """

    PORTEES: ClassVar[frozenset[str]] = frozenset()
    DEPLACENT: ClassVar[frozenset[str]] = frozenset()

    objects: ClassVar[Any] = QuerySetSuivi.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            avant = set() if self._state.adding else self._mes_portees()
            super().save(*args, **options)
            _toucher(avant | self._mes_portees())

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            portees = self._mes_portees()
            moi = type(self)._base_manager.filter(pk=self.pk)
            portees |= _portees_emportees(type(self), moi, connues=portees)
            resultat = super().delete(*args, **options)
            _toucher(portees)
        return resultat

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        """Portées à toucher quand ces lignes changent (elles existent en base)."""
        return set(cls.PORTEES) if lignes.exists() else set()

    @classmethod
    def portees_des_objets(cls, objets: Iterable[Self]) -> set[str]:
        """Les mêmes, pour des objets tout juste écrits en masse."""
        cles = [objet.pk for objet in objets]
        if None not in cles:
            return _portees_par_lots(cls, cles)
        # `ignore_conflicts` (les `add` d'une relation multiple) ne rend pas les clés.
        if not cls.PORTEES:
            raise ValueError(f"{cls.__name__} : sans les clés écrites, le suivi ne sait pas quoi toucher.")
        return set(cls.PORTEES)

    def _mes_portees(self) -> set[str]:
        return type(self).portees_de(type(self)._base_manager.filter(pk=self.pk))


def suivre_les_chargements() -> None:
    """Branche le suivi des lignes que `loaddata` écrit sans passer par `save`."""
    for signal in (pre_save, post_save):
        signal.connect(_ligne_brute, dispatch_uid="referentiels.suivi.ecritures.chargement")


def _ligne_brute(sender: Any, instance: models.Model, raw: bool, **_: Any) -> None:
    """Avant l'écriture, la place que la ligne quitte ; après, celle où elle est."""
    if raw and isinstance(instance, ModeleSuivi):
        _toucher_une_fois(sender.PORTEES or instance._mes_portees())


class _Touchees:
    """Portées que cette transaction a déjà touchées : oubliées avec elle, ou avec son point de reprise."""

    def __init__(self, portees: Set[str]) -> None:
        self.portees = portees

    def __call__(self) -> None:
        """Rien à faire à la validation."""


def _toucher_une_fois(portees: Set[str]) -> None:
    """Un fichier de mille règles touche une fois leur portée : le numéro est neuf jusqu'à la validation."""
    attentes = [entree[1] for entree in connection.run_on_commit]
    deja = {portee for rappel in attentes if isinstance(rappel, _Touchees) for portee in rappel.portees}
    if neuves := set(portees) - deja:
        _toucher(neuves)
        transaction.on_commit(_Touchees(neuves))
