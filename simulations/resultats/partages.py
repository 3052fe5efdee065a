"""Partager une simulation, la reprendre, page comme API (docs/metier/effectifs.md#droits)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from simulateur.langue.citation import citer
from simulateur.web.refus import DejaPris, SaisieRefusee
from simulations.models import Partage, Simulation

AVEC_QUI = "Donner un compte ou un groupe, l'un des deux."
DEJA = "Cette simulation lui est déjà partagée."


def partager(simulation: Simulation, *, compte: Any = "", groupe: Any = "", par: Any = None) -> Partage:
    """`compte`, `groupe` : un nom. SaisieRefusee : inconnu, ou les deux ; DejaPris : déjà fait."""
    if bool(compte) == bool(groupe):
        raise SaisieRefusee({"compte": [AVEC_QUI]})
    avec: dict[str, Any]
    if compte:
        avec = {"compte": _nomme(get_user_model()._default_manager.filter(is_active=True), "compte", compte)}
    else:
        avec = {"groupe": _nomme(Group.objects.all(), "groupe", groupe)}
    try:
        with transaction.atomic():
            partage: Partage = Partage.objects.create(simulation=simulation, par=par, **avec)
    except IntegrityError:
        raise DejaPris({next(iter(avec)): [DEJA]}) from None
    return partage


def _nomme(lignes: Any, champ: str, nom: Any) -> Any:
    cle = "username" if champ == "compte" else "name"
    texte = nom.strip() if isinstance(nom, str) else ""
    # Un caractère nul ou un demi-caractère ne nomme personne, et la base le refuserait.
    trouve = lignes.filter(**{cle: texte}).first() if texte and texte.isprintable() else None
    if trouve is None:
        raise SaisieRefusee({champ: [f"Aucun {champ} ne s'appelle « {citer(nom)} »."]})
    return trouve


def reprendre(simulation: Simulation, pk: int) -> bool:
    """Retire ce partage ; faux s'il n'y est plus."""
    retires, _ = Partage.objects.filter(simulation=simulation, pk=pk).delete()
    return retires > 0
