"""Un travail dans l'API : mis en file (202), suivi, annulé. Les mêmes mots pour toutes les sortes."""

from typing import Any, TypedDict

from rest_framework import status
from rest_framework.response import Response

from simulateur.api.etats import etat_api
from simulateur.models import Etat, Travail
from simulateur.travaux import machine
from simulateur.travaux.attente import phrase_d_attente


class Lancement(TypedDict):
    """Le corps commun d'une réponse 202."""

    task_id: str
    status: str
    message: str
    check_status_url: str


class Annulation(TypedDict):
    task_id: str
    status: str
    message: str


def mis_en_file(
    travail: Travail, *, message: str, adresse: str, statut: str = "PENDING", **en_plus: Any
) -> Response:
    """202 ; `adresse` : le chemin qui précède son identifiant ; `en_plus` : ce que sa sorte ajoute."""
    corps: Lancement = {
        "task_id": str(travail.pk),
        "status": statut,
        "message": message,
        "check_status_url": f"{adresse}/{travail.pk}",
    }
    return Response({**corps, **en_plus}, status=status.HTTP_202_ACCEPTED)


def suivi(travail: Travail, **avancement: Any) -> dict[str, Any]:
    """État, avancement dans les mots de la sorte, phrase, et l'erreur s'il a échoué."""
    etat = etat_api(travail)
    return {
        "task_id": str(travail.pk),
        "state": etat,
        **avancement,
        "status": travail.message or phrase_d_attente(travail) or str(travail.get_etat_display()),
        **({"error": travail.message} if etat == "FAILURE" else {}),
    }


def annuler(travail: Travail, nom: str) -> Annulation:
    """Demande l'annulation ; `nom` : « simulation », « génération ». Fini avant, il garde son état."""
    deja_fini = travail.est_fini
    atteint = machine.annuler(travail)
    if not deja_fini and atteint in (Etat.EN_COURS, Etat.ANNULEE):
        return {"task_id": str(travail.pk), "status": "cancelled", "message": f"{nom.capitalize()} annulée"}
    travail.refresh_from_db()
    etat = etat_api(travail)
    return {
        "task_id": str(travail.pk),
        "status": etat,
        "message": f"Impossible d'annuler : la {nom} est déjà {etat}",
    }
