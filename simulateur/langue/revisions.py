"""Une révision, pour qui la lit."""

from datetime import datetime

from django.utils import timezone


def revision_en_texte(numero: int) -> str:
    """Un instant en microsecondes : « 22/11/2026 à 00:51:11 », ou « initiale »."""
    if not numero:
        return "initiale"
    instant = datetime.fromtimestamp(int(numero) / 1_000_000, tz=timezone.get_current_timezone())
    return instant.strftime("%d/%m/%Y à %H:%M:%S")
