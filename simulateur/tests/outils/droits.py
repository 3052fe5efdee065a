"""Donner des permissions à un compte de test."""

from typing import Any

from django.contrib.auth.models import Permission

DU_LECTEUR = ("referentiels.view_centre", "simulations.view_simulation", "simulations.view_scenario")
COUTS = "referentiels.voir_couts"
DU_PLANIFICATEUR = (*DU_LECTEUR, COUTS, "simulations.add_simulation", "simulations.add_scenario")


def accorder(compte: Any, *droits: str) -> Any:
    """« application.geste_modele », ou « application » pour toutes les siennes.

    Rend le compte relu : Django garde les permissions déjà demandées à un objet.
    """
    for droit in droits:
        application, _, code = droit.partition(".")
        siennes = Permission.objects.filter(content_type__app_label=application)
        trouvees = siennes.filter(codename=code) if code else siennes
        assert trouvees, droit
        compte.user_permissions.add(*trouvees)
    return type(compte)._default_manager.get(pk=compte.pk)
