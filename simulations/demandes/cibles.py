"""Ce qu'une demande vise : un lot de centres, une direction ou le pays."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from referentiels.models import Centre, Direction
from referentiels.perms import PAYS, Etendue
from simulateur.langue.citation import citer
from simulateur.web.refus import SANS_CHAMP, SaisieRefusee
from simulations.demandes import options
from simulations.demandes.fautes import identifiant
from simulations.models import Simulation

LOT_MAX = 50
CIBLES = ("direction_id", "centre_ids")
SANS_LE_PAYS = "Donner une direction ou des centres : votre périmètre n'est pas tout le pays."


class Cible(TypedDict):
    """Sur quoi porte un lancement : le pays, `direction` ou `centre_ids`, selon `niveau`."""

    niveau: Simulation.Niveau
    direction: NotRequired[Direction]
    centre_ids: NotRequired[list[int]]


def centres_du_lot(corps: Any, etendue: Etendue = PAYS) -> list[int]:
    """Identifiants du lot ; SaisieRefusee : inconnus (hors de `etendue` aussi), doublons ou excès."""
    bruts = corps.get("centre_ids") if isinstance(corps, dict) else None
    if not isinstance(bruts, list) or not bruts:
        raise SaisieRefusee({"centre_ids": ["Une liste d'identifiants de centres est attendue."]})
    if len(bruts) > LOT_MAX:
        raise SaisieRefusee({SANS_CHAMP: [f"Maximum {LOT_MAX} centres par batch"]})
    lus = [identifiant(brut) for brut in bruts]
    faux = [citer(brut) for brut, lu in zip(bruts, lus, strict=True) if lu is None]
    if faux:
        raise SaisieRefusee({"centre_ids": [f"Pas des identifiants : {', '.join(faux)}."]})
    ids = [lu for lu in lus if lu is not None]
    doublons = sorted({pk for pk in ids if ids.count(pk) > 1})
    if doublons:
        raise SaisieRefusee({"centre_ids": [f"Centres en double : {', '.join(map(str, doublons))}."]})
    connus = set(Centre.objects.dans(etendue).filter(pk__in=ids).values_list("pk", flat=True))
    inconnus = [pk for pk in ids if pk not in connus]
    if inconnus:
        raise SaisieRefusee({"centre_ids": [f"Centres inconnus : {', '.join(map(str, inconnus))}."]})
    return ids


def cible(corps: Mapping[str, Any], etendue: Etendue = PAYS) -> Cible:
    """Niveau et cible d'un lancement ; SaisieRefusee si elle est inconnue, double ou sort de `etendue`."""
    if inconnus := sorted(set(corps) - set(CIBLES)):
        raise SaisieRefusee({citer(inconnus[0]): [f"Champ inconnu. Permis : {', '.join(CIBLES)}."]})
    if corps.get("direction_id") and corps.get("centre_ids"):
        raise SaisieRefusee({"direction_id": ["Donner une direction ou des centres, pas les deux."]})
    if corps.get("centre_ids") is not None:
        return {"niveau": Simulation.Niveau.BATCH, "centre_ids": centres_du_lot(corps, etendue)}
    pk = options.cle(corps, "direction_id")
    if pk is None:
        if not etendue.pays:
            raise SaisieRefusee({"direction_id": [SANS_LE_PAYS]})
        return {"niveau": Simulation.Niveau.NATIONAL}
    direction = Direction.objects.dans(etendue).filter(pk=pk).first()
    if direction is None:
        raise SaisieRefusee({"direction_id": [f"La direction {pk} n'existe pas."]})
    return {"niveau": Simulation.Niveau.DIRECTION, "direction": direction}
