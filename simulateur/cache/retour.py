"""Revenir sur une écriture : rendre à chaque ligne son image d'avant, si plus rien n'y a touché depuis.

Permis tant que chaque ligne vaut encore, par valeur, ce que l'écriture y a mis, et que les lignes qu'elle a
créées n'ont pas de dépendants ; sinon rien n'est rendu, et chaque obstacle est nommé.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

from simulateur.cache.images import LOT, Image, Valeurs, en_instance, lignes_de, modele_de, valeurs_de
from simulateur.cache.suivi import suivi_differe
from simulateur.web.refus import Refus

OBSTACLES_CITES = 20
ETAT_CHANGE = "Ces lignes viennent de changer : rien n'est défait, recommencer."
Cle = tuple[str, Any]


@dataclass(frozen=True)
class Obstacle:
    """Une ligne qui ne peut pas revenir, et pourquoi. `ligne` : telle qu'elle est, ou telle qu'elle était."""

    image: Image
    ligne: models.Model
    raison: str


class RetourImpossible(Refus):
    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = list(obstacles)
        super().__init__(f"{len(self.obstacles)} ligne(s) ont changé depuis : rien n'est défait.")


def rendre(images: Sequence[Image]) -> None:
    """Tout ou rien, dans une transaction ; lève RetourImpossible."""
    par_modele: dict[str, list[Image]] = defaultdict(list)
    for image in images:
        par_modele[image.modele].append(image)
    groupes = sorted(par_modele.values(), key=lambda groupe: _profondeur(modele_de(groupe[0])))
    try:
        with suivi_differe():
            obstacles = [obstacle for groupe in groupes for obstacle in _obstacles(groupe, images)]
            if obstacles:
                raise RetourImpossible(obstacles)
            # Ce qui dépend d'une ligne part avant elle, et revient après elle.
            for groupe in reversed(groupes):
                _supprimer([image.pk for image in groupe if image.avant is None], modele_de(groupe[0]))
            for groupe in groupes:
                _recreer([image for image in groupe if image.apres is None], modele_de(groupe[0]))
                _remettre([image for image in groupe if image.avant and image.apres], modele_de(groupe[0]))
    except IntegrityError:
        raise Refus(ETAT_CHANGE) from None


def _profondeur(modele: type[models.Model]) -> int:
    """0 sans clé étrangère ; sinon une de plus que le plus profond de ceux qu'il désigne."""
    designes = {champ.related_model for champ in modele._meta.concrete_fields if champ.is_relation}
    autres = [d for d in designes if isinstance(d, type) and d is not modele]
    return 1 + max(map(_profondeur, autres)) if autres else 0


def _obstacles(groupe: Sequence[Image], toutes: Sequence[Image]) -> Iterator[Obstacle]:
    modele = modele_de(groupe[0])
    cles = [image.pk for image in groupe]
    presentes = {ligne.pk: ligne for ligne in lignes_de(modele, cles, verrouiller=True)}
    for image in groupe:
        presente = presentes.get(image.pk)
        if image.apres is None:
            if presente is not None:
                yield Obstacle(image, presente, "recréée depuis")
        elif presente is None:
            yield Obstacle(image, en_instance(image, image.apres), "supprimée depuis")
        elif changes := _changes(image.apres, valeurs_de(presente)):
            yield Obstacle(image, presente, f"changée depuis : {changes}")
    yield from _dependants([i for i in groupe if i.avant is None and i.pk in presentes], presentes, toutes)


def _changes(ecrites: Valeurs, presentes: Valeurs) -> str:
    """« volume 12 au lieu de 10 » ; vide si rien n'a changé de ce que l'écriture avait mis."""
    return ", ".join(
        f"{nom.removesuffix('_id')} {presentes[nom]} au lieu de {valeur}"
        for nom, valeur in ecrites.items()
        if nom in presentes and presentes[nom] != valeur
    )


def _dependants(
    creees: Sequence[Image], presentes: dict[Any, models.Model], toutes: Sequence[Image]
) -> Iterator[Obstacle]:
    """Les lignes créées dont d'autres dépendent, hors celles que la même écriture a créées."""
    if not creees:
        return
    par_cle = {image.pk: image for image in creees}
    for relation in modele_de(creees[0])._meta.related_objects:
        fille = relation.related_model
        siennes = {i.pk for i in toutes if i.modele == fille._meta.label and i.avant is None}
        champ = relation.field.attname
        comptes: dict[Any, int] = defaultdict(int)
        for debut in range(0, len(creees), LOT):
            cles = [image.pk for image in creees[debut : debut + LOT]]
            lignes = fille._base_manager.filter(**{f"{champ}__in": cles}).order_by()
            for pk, parent in lignes.values_list("pk", champ):
                comptes[parent] += pk not in siennes
        for parent, nombre in comptes.items():
            if nombre:
                noms, verbe = fille._meta.verbose_name, "dépend"
                if nombre > 1:
                    noms, verbe = fille._meta.verbose_name_plural, "dépendent"
                yield Obstacle(par_cle[parent], presentes[parent], f"{nombre} {noms} en {verbe} depuis")


def _supprimer(cles: Sequence[Any], modele: type[models.Model]) -> None:
    for debut in range(0, len(cles), LOT):
        modele.objects.filter(pk__in=cles[debut : debut + LOT]).delete()  # type: ignore[attr-defined]


def _recreer(images: Sequence[Image], modele: type[models.Model]) -> None:
    """Avec leurs clés d'alors."""
    instances = [en_instance(image, image.avant) for image in images if image.avant is not None]
    if instances:
        with transaction.atomic():
            modele.objects.bulk_create(instances, batch_size=LOT)  # type: ignore[attr-defined]


def _remettre(images: Sequence[Image], modele: type[models.Model]) -> None:
    """Les seuls champs que l'écriture avait changés : ceux d'une autre restent."""
    par_champs: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
    for image in images:
        avant, apres = image.avant or {}, image.apres or {}
        champs = tuple(nom for nom, valeur in avant.items() if apres.get(nom) != valeur)
        par_champs[champs].append(en_instance(image, avant))
    for champs, instances in par_champs.items():
        noms = [champ.name for champ in modele._meta.concrete_fields if champ.attname in champs]
        # `bulk_update` en fait un CASE par ligne, trois fois plus lent ; chaque ligne est là, verrouillée.
        modele.objects.bulk_create(  # type: ignore[attr-defined]
            instances, batch_size=LOT, update_conflicts=True, unique_fields=["pk"], update_fields=noms
        )
