"""Le noyau : ce que les deux métiers partagent."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NoyauConfig(AppConfig):
    name = "simulateur"
    verbose_name = "Noyau"

    def ready(self) -> None:
        # Ces modules lisent des modèles : ils ne s'importent qu'une fois les applications prêtes.
        from django_q.signals import post_execute_in_worker

        from simulateur.cache.comptes import suivre_les_comptes
        from simulateur.cache.fermetures import suivre_les_connexions
        from simulateur.cache.suivi import suivre_les_chargements
        from simulateur.cache.tables import creer_les_tables_de_cache
        from simulateur.exploitation import checks  # noqa: F401
        from simulateur.travaux.garde import garder
        from simulateur.travaux.horloge import suivre_la_pendule
        from simulateur.travaux.installation import installer_planifications
        from simulateur.travaux.ouvriers import compter_execution

        post_migrate.connect(installer_planifications, sender=self)
        post_migrate.connect(creer_les_tables_de_cache, sender=self)
        post_execute_in_worker.connect(compter_execution)
        suivre_la_pendule()
        garder()
        suivre_les_chargements()
        suivre_les_comptes()
        suivre_les_connexions()
