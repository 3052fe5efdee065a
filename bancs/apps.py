"""Application des bancs d'essai : installée hors production seulement, importée par aucune autre."""

from django.apps import AppConfig


class BancsConfig(AppConfig):
    name = "bancs"
    verbose_name = "Bancs d'essai"
