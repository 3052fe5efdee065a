"""Application Simulations."""

from django.apps import AppConfig


class SimulationsConfig(AppConfig):
    name = "simulations"
    verbose_name = "Simulations"

    def ready(self) -> None:
        from simulateur.planification import Planification, declarer

        declarer(
            Planification(
                nom="simulations : purge",
                fonction="simulations.travaux.purge_hebdomadaire",
                cron="30 3 * * 1",
            )
        )
