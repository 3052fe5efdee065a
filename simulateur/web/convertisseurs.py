"""Date dans une adresse : `<jour:jour>`, AAAA-MM-JJ."""

from datetime import date

from django.urls import register_converter
from django.urls.converters import get_converters


class ConvertisseurDate:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


def installer() -> None:
    """Déclare le convertisseur une seule fois, quel que soit le module de routes lu en premier."""
    if "jour" not in get_converters():
        register_converter(ConvertisseurDate, "jour")
