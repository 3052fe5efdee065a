"""Toute erreur de l'API en une phrase, sous la même forme.

À part des conventions : `rest_framework.views` charge celles-ci à son import, et ce module le lui demande.
"""

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.exceptions import ValidationError as ErreurDeValidationDjango
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from simulateur.api.conventions import Conflit, phrase_de_validation
from simulateur.web import base_en_panne, demesure
from simulateur.web.intergiciels import identifiant_courant
from simulateur.web.refus import DejaPris, Refus, SaisieRefusee

journal = logging.getLogger(__name__)


class BaseEnPanne(exceptions.APIException):
    status_code = 503
    default_code = "base_en_panne"
    wait = base_en_panne.REESSAYER_S  # l'en-tête Retry-After


class Demesure(exceptions.APIException):
    default_code = "demesure"

    def __init__(self, erreur: SuspiciousOperation) -> None:
        self.status_code = demesure.statut(erreur)
        super().__init__(demesure.phrase(erreur))


# Ce que ces fautes reprochent à la demande tient à l'état des données, non à sa forme : 409.
CODES_DE_CONFLIT = {"unique", "unique_together"}


def _tient_a_l_etat(detail: Any) -> bool:
    if isinstance(detail, dict):
        return bool(detail) and all(map(_tient_a_l_etat, detail.values()))
    if isinstance(detail, list):
        return bool(detail) and all(map(_tient_a_l_etat, detail))
    return getattr(detail, "code", "") in CODES_DE_CONFLIT


def traduire_exception(erreur: Exception, contexte: dict[str, Any]) -> Response | None:
    """Toute erreur rend `{"detail": phrase}` ; une erreur de validation y ajoute ses champs.

    Forme d'un 400 : `{"detail": "productivite : …", "champs": {"productivite": ["…"]}}`. Quand la demande n'a
    contre elle que l'état des données (un code déjà pris), c'est un 409.
    """
    if isinstance(erreur, ErreurDeValidationDjango):
        champs = getattr(erreur, "error_dict", None)
        erreur = exceptions.ValidationError(erreur.message_dict if champs else {"detail": erreur.messages})
    if isinstance(erreur, SaisieRefusee):
        code = "unique" if isinstance(erreur, DejaPris) else None
        erreur = exceptions.ValidationError(erreur.champs, code)
    if isinstance(erreur, Refus):
        erreur = Conflit(str(erreur))
    if isinstance(erreur, Http404):
        # Django y écrit en anglais le modèle cherché ; une phrase à nous ne le porte pas.
        erreur = exceptions.NotFound()
    if phrase := base_en_panne.phrase(erreur):
        journal.error("base en panne : %s", erreur)
        erreur = BaseEnPanne(phrase)
    if isinstance(erreur, SuspiciousOperation):
        erreur = Demesure(erreur)
    reponse = exception_handler(erreur, contexte)
    if reponse is None:
        return None
    if isinstance(erreur, exceptions.ValidationError):
        reponse.data = _corps_de_validation(erreur.detail)
        if _tient_a_l_etat(erreur.detail):
            reponse.status_code = Conflit.status_code
    reponse.data["requete"] = identifiant_courant.get()
    return reponse


def _corps_de_validation(detail: Any) -> dict[str, Any]:
    if isinstance(detail, list):
        return {"detail": " ".join(str(ligne) for ligne in detail)}
    if set(detail) == {"detail"}:
        phrases = detail["detail"]
        return {"detail": phrases if isinstance(phrases, str) else " ".join(map(str, phrases))}
    return {"detail": phrase_de_validation(detail), "champs": detail}
