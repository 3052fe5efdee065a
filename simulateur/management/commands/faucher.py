"""`manage.py faucher` : le faucheur à la main, quand la file elle-même est arrêtée."""

from typing import Any

from django.core.management.base import BaseCommand

from simulateur.travaux import faucheur

PHRASES = {
    "repris": "repris d'un ouvrier disparu",
    "en_erreur": "abandonnés après leur dernière tentative",
    "annules": "annulés comme demandé",
    "remis_en_file": "remis en file",
}


class Command(BaseCommand):
    help = "Reprend les travaux dont l'ouvrier a disparu et remet en file ceux que la file a oubliés."

    def handle(self, *args: Any, **options: Any) -> None:
        for cle, nombre in faucheur.faucher().items():
            self.stdout.write(f"{nombre:>6} {PHRASES[cle]}")
