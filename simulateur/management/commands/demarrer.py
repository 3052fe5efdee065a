"""`manage.py demarrer` : tout le mode embarqué en une commande (base, cache, file, web)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from simulateur.exploitation import embarque
from simulateur.exploitation import environnement as env
from simulateur.exploitation.checks import ETIQUETTE_FILE
from simulateur.exploitation.superviseur import ArretDemande, ServiceInstable, ecoute_des_signaux
from simulateur.exploitation.valkey import DemarrageImpossible


class Command(BaseCommand):
    # Pas les vérifications du cache : il n'est pas encore lancé.
    requires_system_checks = [ETIQUETTE_FILE]
    help = "Lance tout ce qu'il faut en mode embarqué : migrations, cache, file sous surveillance, web."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sans-web", action="store_true", help="seulement le cache et la file")
        parser.add_argument("--adresse", default="127.0.0.1", help="adresse d'écoute (127.0.0.1)")

    def handle(self, *args: Any, sans_web: bool, adresse: str, **options: Any) -> None:
        port = env.entier("PORT", 8000, minimum=1, maximum=65535)
        try:
            with ecoute_des_signaux(), embarque.Embarque(dire=self._dire) as tout:
                if not sans_web:
                    embarque.exiger_un_port_libre(adresse, port)
                tout.preparer()
                services = [embarque.service_file()]
                if not sans_web:
                    services.append(embarque.service_web())
                    self._dire(f"Site : http://{adresse}:{port}/")
                tout.lancer(*services, port=port, adresse=adresse)
                self._dire("Ctrl-C pour arrêter.")
                tout.tenir()
        except ArretDemande:
            self._dire("Arrêt terminé.")
        except (
            embarque.DejaLance,
            embarque.PortPris,
            ServiceInstable,
            DemarrageImpossible,
        ) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _dire(self, phrase: str) -> None:
        self.stdout.write(phrase)
        self.stdout.flush()
