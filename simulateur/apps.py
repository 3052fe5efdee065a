"""Le noyau : ce que les deux métiers partagent."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NoyauConfig(AppConfig):
    name = "simulateur"
    verbose_name = "Noyau"

    def ready(self) -> None:
        from django_q.signals import post_execute_in_worker

        from simulateur import checks  # noqa: F401
        from simulateur.ouvriers import compter_execution
        from simulateur.planification import installer_planifications
        from simulateur.tables_de_cache import creer_les_tables_de_cache

        post_migrate.connect(installer_planifications, sender=self)
        post_migrate.connect(creer_les_tables_de_cache, sender=self)
        post_execute_in_worker.connect(compter_execution)
