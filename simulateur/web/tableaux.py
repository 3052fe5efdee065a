"""Le tri d'un tableau par le serveur : `?tri=etp` monte, `?tri=-etp` descend."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from simulateur.langue.texte import normaliser

PARAMETRE = "tri"
Ligne = TypeVar("Ligne")
# Une ligne → ce qui la classe dans cette colonne ; None : la valeur manque.
Cle = Callable[[Any], Any]
_CHIFFRES = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Tri:
    """Le tri demandé ; `champ` est le nom d'une colonne dans l'adresse, vide sans tri."""

    champ: str = ""
    descend: bool = False

    @classmethod
    def lu(cls, parametres: Mapping[str, str]) -> Self:
        demande = parametres.get(PARAMETRE, "")
        return cls(demande.removeprefix("-"), demande.startswith("-"))

    def sens(self, champ: str) -> str:
        """Valeur d'`aria-sort` pour cette colonne ; vide quand le tableau n'est pas trié par elle."""
        if champ != self.champ:
            return ""
        return "descending" if self.descend else "ascending"

    def suivant(self, champ: str, *, nombre: bool) -> str:
        """Le tri que demandera un clic sur la colonne : un nombre commence par le plus grand."""
        descend = not self.descend if champ == self.champ else nombre
        return f"-{champ}" if descend else champ

    def trier(self, lignes: Sequence[Ligne], cles: Mapping[str, Cle]) -> list[Ligne]:
        """Les lignes dans l'ordre demandé ; une valeur absente reste en bas dans les deux sens."""
        cle = cles.get(self.champ)
        if cle is None:
            return list(lignes)
        presentes = [ligne for ligne in lignes if cle(ligne) is not None]
        absentes = [ligne for ligne in lignes if cle(ligne) is None]
        return sorted(presentes, key=cle, reverse=self.descend) + absentes


def ordre_des_noms(nom: str) -> list[str | int]:
    """Sans casse ni accents, et « Centre 2 » avant « Centre 10 »."""
    morceaux = _CHIFFRES.split(normaliser(nom))
    return [int(texte) if rang % 2 else texte for rang, texte in enumerate(morceaux)]
