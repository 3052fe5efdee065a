"""Toute écriture d'un modèle suivi touche ses révisions, par quelque chemin qu'elle passe.

C'est le seul endroit par où passent les écritures suivies, et donc celui où en garder trace.
- Le modèle hérite de `ModeleSuivi` et dit les portées de ses lignes (`PORTEES`, ou `portees_de`) ; son
  manager vient de `QuerySetSuivi`. `save`, `delete`, `update`, `bulk_create` et `bulk_update` sont couverts.
- `loaddata` passe sous `save` : ses signaux (`raw`) le disent, voir `suivre_les_chargements`.
- Une écriture qui contourne l'ORM (COPY, INSERT à la main) appelle `signaler`.
- Un chargement de masse s'enveloppe dans `suivi_differe` : une transaction, une seule révision à la fin.
- `abonner` déclare ce qui doit suivre tout changement d'une portée, dans la même transaction : les données et
  ce qui en découle sont validés ou annulés ensemble.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.models.signals import ModelSignal, post_save, pre_save

from simulateur.cache import revisions, versions

LOT = 5000
Suite = Callable[[], object]
_ABONNES: list[tuple[str, Suite]] = []
# Les portées touchées dans le bloc `suivi_differe` en cours ; None hors d'un bloc.
_differe: ContextVar[set[str] | None] = ContextVar("suivi_differe", default=None)


# --- Dire ce qui a changé, et le faire savoir -------------------------------------------------------------


def abonner(portee: str, suite: Suite) -> None:
    """`suite()` suivra tout changement de `portee`, révision déjà touchée. Pour `AppConfig.ready`."""
    if (portee, suite) not in _ABONNES:
        _ABONNES.append((portee, suite))


def signaler(portees: Iterable[str]) -> None:
    """Ces portées viennent de changer : révision neuve et abonnés, ou à la fin du bloc différé en cours."""
    changees = set(portees)
    en_attente = _differe.get()
    if en_attente is not None:
        en_attente.update(changees)
    elif changees:
        revisions.toucher(changees)
        _prevenir(changees)


def _prevenir(portees: Set[str]) -> None:
    for suite in dict.fromkeys(suite for portee, suite in _ABONNES if portee in portees):
        suite()


@contextmanager
def suivi_differe() -> Iterator[set[str]]:
    """Une transaction qui réunit les portées touchées et les signale une fois, à la fin.

    Dans un autre bloc, c'est la fin du plus grand qui compte.
    """
    with transaction.atomic():
        portees: set[str] = set()
        jeton = _differe.set(portees)
        try:
            yield portees
        finally:
            _differe.reset(jeton)
        signaler(portees)


@contextmanager
def _sans_suivi() -> Iterator[None]:
    jeton = _differe.set(set())
    try:
        yield
    finally:
        _differe.reset(jeton)


# --- Les écritures de l'ORM -------------------------------------------------------------------------------


class QuerySetSuivi(models.QuerySet[Any, Any]):
    """QuerySet dont chaque écriture de masse signale les portées des lignes concernées."""

    def update(self, **champs: Any) -> int:
        with transaction.atomic():
            portees = _modele(self).portees_de(self)
            cles = list(self.values_list("pk", flat=True)) if self._deplace(champs) else []
            nombre = super().update(**champs)
            signaler(portees | _portees_par_lots(self.model, cles))
        return nombre

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            portees = _modele(self).portees_de(self)
            portees |= _portees_emportees(self.model, self, connues=portees)
            resultat = super().delete()
            signaler(portees)
        return resultat

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        with transaction.atomic():
            crees = super().bulk_create(objs, *args, **options)
            signaler(_modele(self).portees_des_objets(crees))
        return crees

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        objets = list(objs)
        with transaction.atomic():
            portees = _modele(self).portees_des_objets(objets)
            # L'appel passe par `filter().update()` : le suivi de chaque lot ferait double emploi.
            with _sans_suivi():
                nombre = super().bulk_update(objets, fields, batch_size)
            signaler(portees | _modele(self).portees_des_objets(objets))
        return nombre

    def _deplace(self, champs: Iterable[str]) -> bool:
        """Vrai si ces champs peuvent donner d'autres portées aux lignes : les nouvelles comptent aussi."""
        modele = _modele(self)
        return not modele.PORTEES and any(
            champ in modele.DEPLACENT or modele._meta.get_field(champ).is_relation for champ in champs
        )

    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


def _modele(lignes: "models.QuerySet[Any]") -> Any:
    """Le modèle suivi de ce QuerySet (son type statique est `Model`)."""
    return lignes.model


def _portees_emportees(modele: Any, lignes: "models.QuerySet[Any]", *, connues: set[str]) -> set[str]:
    """Portées fixes des lignes que la suppression emporte : un centre emporte ses regroupements de postes.

    Les lignes sans portée fixe (postes, tâches, volumes) sont sous une ligne dont la portée est déjà touchée.
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


class ModeleSuivi(models.Model):
    """Modèle dont les écritures se suivent. `PORTEES` : portées fixes ; sinon redéfinir `portees_de`.

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
            signaler(avant | self._mes_portees())
        versions.oublier(self)

    def _do_update(self, base_qs: Any, *args: Any) -> Any:
        """La version exigée est dans le WHERE de l'UPDATE : entre sa lecture et lui, personne ne passe."""
        exigees = versions.exigees(self)
        if exigees is None:
            return super()._do_update(base_qs, *args)
        faite = super()._do_update(base_qs.filter(**exigees), *args)
        if not faite:
            raise versions.VersionDepassee
        return faite

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            versions.verrouiller(self)
            portees = self._mes_portees()
            moi = type(self)._base_manager.filter(pk=self.pk)
            portees |= _portees_emportees(type(self), moi, connues=portees)
            resultat = super().delete(*args, **options)
            signaler(portees)
        return resultat

    @classmethod
    def portees_de(cls, lignes: "models.QuerySet[Any]") -> set[str]:
        """Portées à toucher quand ces lignes changent (elles existent en base)."""
        return set(cls.PORTEES) if lignes.exists() else set()

    @classmethod
    def portees_des_objets(cls, objets: Iterable[Self]) -> set[str]:
        """Les mêmes, pour des objets tout juste écrits en masse."""
        cles = [objet.pk for objet in objets]
        if cls.PORTEES:
            return set(cls.PORTEES) if cles else set()
        # `ignore_conflicts` (les `add` d'une relation multiple) ne rend pas les clés.
        if None in cles:
            raise ValueError(f"{cls.__name__} : sans les clés écrites, le suivi ne sait pas quoi toucher.")
        return _portees_par_lots(cls, cles)

    def _mes_portees(self) -> set[str]:
        modele = type(self)
        return set(modele.PORTEES) or modele.portees_de(modele._base_manager.filter(pk=self.pk))


# --- Les chargements de fichier ---------------------------------------------------------------------------


def suivre_les_chargements() -> None:
    """Branche le suivi des lignes que `loaddata` écrit sans passer par `save`."""
    for signal in (pre_save, post_save):
        signal.connect(_ligne_brute, dispatch_uid="simulateur.cache.suivi.chargement")


def _ligne_brute(instance: models.Model, raw: bool, signal: ModelSignal, **_: Any) -> None:
    """Avant l'écriture, la place que la ligne quitte ; après, celle où elle est."""
    if not raw or not isinstance(instance, ModeleSuivi):
        return
    portees = instance._mes_portees()
    if _differe.get() is not None:
        signaler(portees)
        return
    _toucher_une_fois(portees)
    if signal is post_save:
        # Les abonnés, eux, doivent avoir vu la dernière ligne : prévenus à chacune.
        _prevenir(portees)


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
        revisions.toucher(neuves)
        transaction.on_commit(_Touchees(neuves))
