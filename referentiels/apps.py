"""Application Référentiels."""

from django.apps import AppConfig


class ReferentielsConfig(AppConfig):
    name = "referentiels"
    verbose_name = "Référentiels"

    def ready(self) -> None:
        from referentiels.suivi import suivre_les_chargements

        suivre_les_chargements()
