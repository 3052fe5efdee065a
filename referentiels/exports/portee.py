"""De quoi on veut le fichier : un centre, une direction, une typologie (ses tâches modèles) ou le pays."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from referentiels.models import Centre, Direction, Typologie
from simulateur.langue.citation import citer
from simulateur.web.refus import SaisieRefusee


@dataclass(frozen=True)
class Portee:
    """Au plus un des trois ; aucun : le pays."""

    centre: Centre | None = None
    direction: Direction | None = None
    typologie: Typologie | None = None

    @property
    def code(self) -> str:
        """Pour le nom du fichier."""
        visee = self.centre or self.direction or self.typologie
        return visee.code if visee else "pays"

    def filtre(self, chemin: str = "") -> Q:
        """Ce qui s'y trouve ; `chemin` mène au centre, « centre__ » depuis un volume."""
        if self.centre is not None:
            return Q(**{f"{chemin}pk": self.centre.pk})
        if self.direction is not None:
            return Q(**{f"{chemin}direction": self.direction})
        return Q()


def lire_portee(*, centre: str = "", direction: str = "", typologie: str = "") -> Portee:
    """Par leurs codes. SaisieRefusee si un code est inconnu ou si l'on en donne deux."""
    donnes = {"centre": centre, "direction": direction, "typologie": typologie}
    nommes = [champ for champ, code in donnes.items() if code]
    if len(nommes) > 1:
        raise SaisieRefusee({nommes[1]: [f"Donner {' ou '.join(donnes)}, un seul des trois."]})
    if centre:
        return Portee(centre=_par_code(Centre, "centre", centre))
    if direction:
        return Portee(direction=_par_code(Direction, "direction", direction))
    return Portee(typologie=_par_code(Typologie, "typologie", typologie)) if typologie else Portee()


def _par_code(modele: Any, champ: str, code: str) -> Any:
    ligne = modele.objects.filter(code=code.strip()).first()
    if ligne is None:
        raise SaisieRefusee({champ: [f"« {citer(code)} » n'est le code d'aucune ligne."]})
    return ligne
