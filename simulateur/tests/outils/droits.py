"""Donner des permissions et un périmètre à un compte de test."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission

DU_LECTEUR = ("referentiels.view_centre", "simulations.view_simulation", "simulations.view_scenario")
COUTS = "referentiels.voir_couts"
DU_PLANIFICATEUR = (*DU_LECTEUR, COUTS, "simulations.add_simulation", "simulations.add_scenario")


def accorder(compte: Any, *droits: str, directions: Iterable[Any] | None = None) -> Any:
    """« application.geste_modele », ou « application » pour toutes les siennes ; et tout le pays.

    `directions` : ce périmètre-là au lieu du pays, vide pour aucun. Rend le compte relu : Django garde les
    permissions déjà demandées à un objet.
    """
    for droit in droits:
        application, _, code = droit.partition(".")
        siennes = Permission.objects.filter(content_type__app_label=application)
        trouvees = siennes.filter(codename=code) if code else siennes
        assert trouvees, droit
        compte.user_permissions.add(*trouvees)
    borner(compte, directions)
    return type(compte)._default_manager.get(pk=compte.pk)


def borner(titulaire: Any, directions: Iterable[Any] | None = None) -> None:
    """Le périmètre d'un compte ou d'un groupe, à la place du sien : ces directions, ou tout le pays."""
    perimetres = apps.get_model("referentiels", "Perimetre")._default_manager
    a_qui = {"groupe" if hasattr(titulaire, "permissions") else "compte": titulaire}
    perimetres.filter(**a_qui).delete()
    for direction in [None] if directions is None else directions:
        perimetres.create(**a_qui, direction=direction)
