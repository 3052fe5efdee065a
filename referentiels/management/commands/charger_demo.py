"""`manage.py charger_demo` : un réseau fictif, pour essayer sans données réelles."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import ProtectedError
from django.utils import timezone

from referentiels.demo import ecriture
from referentiels.demo.generation import CENTRES_MAX, generer
from referentiels.models import Centre
from simulateur.cache.suivi import suivi_differe


class Command(BaseCommand):
    help = (
        "Charge un réseau de démonstration entièrement fictif (directions, centres, postes, tâches, volumes)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--centres", type=int, default=240, help="nombre de centres (défaut : 240)")
        parser.add_argument("--graine", type=int, default=2026, help="même graine, même réseau")
        parser.add_argument(
            "--remplacer", action="store_true", help="supprime la démonstration présente, et elle seule"
        )
        parser.add_argument(
            "--forcer", action="store_true", help="charge même à côté de centres qui ne sont pas fictifs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["centres"] <= CENTRES_MAX:
            raise CommandError(
                f"--centres vaut {options['centres']} : un nombre de 1 à {CENTRES_MAX} est attendu."
            )
        deja_la = ecriture.est_la()
        if deja_la and not options["remplacer"]:
            self.stdout.write(
                f"La démonstration est déjà là ({deja_la} centres fictifs) : rien n'est écrit. "
                "--remplacer la recharge."
            )
            return
        reels = Centre.objects.filter(fictif=False).count()
        if reels and not options["forcer"]:
            raise CommandError(
                f"Cette base porte {reels} centres qui ne sont pas fictifs : la démonstration s'y mêlerait. "
                "--forcer la charge quand même, marquée comme fictive."
            )
        self._charger(centres=options["centres"], graine=options["graine"], effacer=bool(deja_la))

    def _charger(self, *, centres: int, graine: int, effacer: bool) -> None:
        debut = time.perf_counter()
        try:
            reseau = generer(centres=centres, graine=graine, regles=ecriture.regles_utiles())
            genere = time.perf_counter()
            with suivi_differe():
                if effacer:
                    self.stdout.write(f"{ecriture.effacer()} centres fictifs supprimés.")
                compte = ecriture.ecrire(reseau, annee=timezone.localdate().year)
            ecriture.mettre_a_jour_les_statistiques()
        except ecriture.RegleManquante as erreur:
            raise CommandError(str(erreur)) from None
        except ProtectedError as erreur:
            raise CommandError(
                "La démonstration présente sert encore ailleurs, rien n'a changé : "
                f"{len(erreur.protected_objects)} lignes s'y rattachent."
            ) from None
        fin = time.perf_counter()
        self.stdout.write(f"Réseau de démonstration (données fictives, graine {graine}) :")
        for sorte, nombre in compte.items():
            self.stdout.write(f"  {sorte:<24} {f'{nombre:,}'.replace(',', ' '):>9}")
        self.stdout.write(
            self.style.SUCCESS(f"Chargé en {fin - debut:.1f} s (dont génération {genere - debut:.1f} s).")
        )
