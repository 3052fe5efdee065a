"""De quoi on veut le fichier : un centre, une direction, une typologie (ses tâches modèles) ou le pays."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from referentiels.models import Centre, Direction, Typologie
from referentiels.perms import PAYS, Etendue
from simulateur.langue.citation import citer
from simulateur.web.refus import SaisieRefusee


@dataclass(frozen=True)
class Portee:
    """Au plus un des trois ; aucun : tout ce que voit qui demande, `etendue`."""

    centre: Centre | None = None
    direction: Direction | None = None
    typologie: Typologie | None = None
    etendue: Etendue = PAYS

    @property
    def code(self) -> str:
        """Pour le nom du fichier."""
        visee = self.centre or self.direction or self.typologie
        return visee.code if visee else "pays" if self.etendue.pays else "perimetre"

    def filtre(self, chemin: str = "") -> Q:
        """Ce qui s'y trouve ; `chemin` mène au centre, « centre__ » depuis un volume."""
        if self.centre is not None:
            return Q(**{f"{chemin}pk": self.centre.pk})
        if self.direction is not None:
            return Q(**{f"{chemin}direction": self.direction})
        return self.etendue.condition(f"{chemin}direction_id")


def lire_portee(
    *, centre: str = "", direction: str = "", typologie: str = "", etendue: Etendue = PAYS
) -> Portee:
    """Par leurs codes. SaisieRefusee si un code est inconnu ou hors de `etendue`, ou s'il y en a deux."""
    donnes = {"centre": centre, "direction": direction, "typologie": typologie}
    nommes = [champ for champ, code in donnes.items() if code]
    if len(nommes) > 1:
        raise SaisieRefusee({nommes[1]: [f"Donner {' ou '.join(donnes)}, un seul des trois."]})
    if centre:
        return Portee(centre=_par_code(Centre.objects.dans(etendue), "centre", centre))
    if direction:
        return Portee(direction=_par_code(Direction.objects.dans(etendue), "direction", direction))
    if typologie:
        return Portee(typologie=_par_code(Typologie.objects, "typologie", typologie))
    return Portee(etendue=etendue)


def _par_code(lignes: Any, champ: str, code: str) -> Any:
    ligne = lignes.filter(code=code.strip()).first()
    if ligne is None:
        raise SaisieRefusee({champ: [f"« {citer(code)} » n'est le code d'aucune ligne."]})
    return ligne
