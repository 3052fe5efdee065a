"""Appeler une commande et rendre ce qu'elle imprime."""

import io
from typing import Any

from django.core.management import call_command


def dire(*arguments: Any, **options: Any) -> str:
    sortie = io.StringIO()
    call_command(*arguments, stdout=sortie, **options)
    return sortie.getvalue()
