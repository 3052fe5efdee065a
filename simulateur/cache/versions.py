"""La version d'une ligne : le condensé de ses valeurs stockées. Deux personnes ne s'effacent pas en silence.

`exiger` pose sur une instance les valeurs sous lesquelles on l'a lue ; `ModeleSuivi` les met alors dans le
WHERE de son UPDATE (ou sous un verrou avant de supprimer) et lève VersionDepassee si plus rien n'y répond.
Source : docs/metier/effectifs.md#a-deux.
"""

import json
from typing import Any

from django.db import models

from simulateur.cache.cles import hacher
from simulateur.web.refus import Refus

Valeurs = dict[str, Any]
ATTRIBUT = "_version_exigee"


class VersionDepassee(Refus):
    """La ligne a changé, ou a disparu, depuis qu'elle a été lue."""

    def __init__(
        self, phrase: str = "Changé entre-temps par quelqu'un d'autre : relire, puis recommencer."
    ) -> None:
        super().__init__(phrase)


def stockees(instance: models.Model) -> Valeurs:
    """Les valeurs d'une instance telle qu'elle vient d'être lue de la base."""
    return {champ.attname: getattr(instance, champ.attname) for champ in instance._meta.concrete_fields}


def etiquette(valeurs: Valeurs) -> str:
    """Le condensé de ces valeurs : la même ligne donne le même texte par toutes les portes."""
    return hacher(json.dumps(valeurs, default=str, sort_keys=True, ensure_ascii=False))


def vue(instance: models.Model) -> str:
    """Celle d'une instance telle qu'elle a été lue, sans la relire."""
    return etiquette(stockees(instance))


def etiquette_de(instance: models.Model) -> str:
    """Celle de la ligne en base, relue ; vide si elle n'existe plus. Une requête."""
    lue = type(instance)._base_manager.filter(pk=instance.pk).first()
    return vue(lue) if lue is not None else ""


def etiquette_commune(lignes: "models.QuerySet[Any]") -> str:
    """Celle de plusieurs lignes ensemble, par clés."""
    return hacher(*(vue(ligne) for ligne in lignes.order_by("pk")))


def exiger(instance: models.Model, valeurs: Valeurs) -> None:
    """La prochaine écriture de `instance` ne se fera que si la ligne a encore ces valeurs."""
    instance.__dict__[ATTRIBUT] = valeurs


def exigees(instance: models.Model) -> Valeurs | None:
    valeurs: Valeurs | None = instance.__dict__.get(ATTRIBUT)
    return valeurs


def oublier(instance: models.Model) -> None:
    instance.__dict__.pop(ATTRIBUT, None)


def verrouiller(instance: models.Model) -> None:
    """Avant de supprimer, dans la transaction : VersionDepassee si la ligne n'est plus celle exigée."""
    valeurs = exigees(instance)
    if valeurs is None:
        return
    pareilles = type(instance)._base_manager.select_for_update(of=("self",)).filter(**valeurs)
    if not list(pareilles.order_by().values_list("pk", flat=True)):
        raise VersionDepassee
