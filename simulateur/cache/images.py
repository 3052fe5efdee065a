"""L'image de lignes autour d'une écriture : ce qu'elles valaient avant, ce qu'elles valent après.

De quoi défaire cette écriture plus tard (`retour`), et seulement elle. Les valeurs sont celles de la base,
relues, sous une forme JSON : deux images égales disent la même ligne.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from simulateur.cache.versions import stockees

LOT = 5000
Valeurs = dict[str, Any]
Cle = tuple[str, Any]


@dataclass(frozen=True)
class Image:
    """Une ligne. `modele` : « application.Modele » ; `avant` None : créée ; `apres` None : supprimée."""

    modele: str
    pk: Any
    avant: Valeurs | None
    apres: Valeurs | None


class Images:
    """Les images d'une écriture, notées par elle : `avant`, puis `apres`, sur les mêmes clés."""

    def __init__(self) -> None:
        self._avant: dict[Cle, Valeurs] = {}
        self._apres: dict[Cle, Valeurs] = {}

    def avant(self, modele: type[models.Model], cles: Iterable[Any]) -> None:
        """À appeler dans la transaction ; les lignes sont verrouillées jusqu'à sa fin."""
        self._avant.update(_valeurs(modele, cles, verrouiller=True))

    def apres(self, modele: type[models.Model], cles: Iterable[Any]) -> None:
        self._apres.update(_valeurs(modele, cles, verrouiller=False))

    def touchees(self) -> list[Image]:
        """Les lignes créées, changées ou supprimées, dans l'ordre où elles ont été notées."""
        cles = dict.fromkeys([*self._avant, *self._apres])
        images = [Image(*cle, self._avant.get(cle), self._apres.get(cle)) for cle in cles]
        return [image for image in images if image.avant != image.apres]


def lignes_de(
    modele: type[models.Model], cles: Iterable[Any], *, verrouiller: bool
) -> Iterator[models.Model]:
    """Les lignes de ces clés, dans leur ordre ; `verrouiller` : jusqu'à la fin de la transaction."""
    voulues = sorted(set(cles))
    for debut in range(0, len(voulues), LOT):
        lignes = modele._base_manager.filter(pk__in=voulues[debut : debut + LOT]).order_by("pk")
        yield from lignes.select_for_update(of=("self",)) if verrouiller else lignes


def _valeurs(
    modele: type[models.Model], cles: Iterable[Any], *, verrouiller: bool
) -> Iterator[tuple[Cle, Valeurs]]:
    for ligne in lignes_de(modele, cles, verrouiller=verrouiller):
        yield (modele._meta.label, ligne.pk), valeurs_de(ligne)


def valeurs_de(ligne: models.Model) -> Valeurs:
    """Les valeurs d'une ligne lue de la base, en types JSON."""
    return {nom: _simple(valeur) for nom, valeur in stockees(ligne).items()}


def _simple(valeur: Any) -> Any:
    if isinstance(valeur, Decimal):
        return format(valeur.normalize(), "f")
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def en_instance(image: Image, valeurs: Valeurs) -> Any:
    """Une instance du modèle de l'image, avec ces valeurs."""
    modele = modele_de(image)
    lues = {champ.attname: champ.to_python(valeurs[champ.attname]) for champ in _champs(modele, valeurs)}
    return modele(**lues)


def _champs(modele: type[models.Model], valeurs: Valeurs) -> list[Any]:
    """Ceux que l'image connaît : un champ ajouté depuis prend son défaut."""
    return [champ for champ in modele._meta.concrete_fields if champ.attname in valeurs]


def modele_de(image: Image) -> type[models.Model]:
    return apps.get_model(image.modele)


def en_octets(images: Sequence[Image]) -> bytes:
    lignes = [[image.modele, image.pk, image.avant, image.apres] for image in images]
    return zlib.compress(json.dumps(lignes, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def depuis_octets(octets: bytes) -> list[Image]:
    return [Image(*ligne) for ligne in json.loads(zlib.decompress(octets))]
