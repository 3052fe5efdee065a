"""Une demande démesurée, que Django refuse de lire : sa phrase, la même pour l'API et pour les pages."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent


def phrase(erreur: SuspiciousOperation) -> str:
    if isinstance(erreur, TooManyFieldsSent):
        return f"Trop de champs : {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} au plus."
    if isinstance(erreur, TooManyFilesSent):
        return f"Trop de fichiers : {settings.DATA_UPLOAD_MAX_NUMBER_FILES} au plus."
    if isinstance(erreur, RequestDataTooBig):
        return f"Corps trop lourd : {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} octets au plus."
    return "Demande illisible."


def statut(erreur: SuspiciousOperation) -> int:
    return 413 if isinstance(erreur, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent) else 400
