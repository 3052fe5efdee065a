"""Application EuroMillions."""

from django.apps import AppConfig


class EuromillionsConfig(AppConfig):
    name = "euromillions"
    verbose_name = "EuroMillions"
