"""`manage.py sante` : la santé de la file, en phrases et en code de sortie (0 sain, 1 dégradé, 2 malade)."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from simulateur.exploitation import sante
from simulateur.langue.nombres import duree, nombre

CODES = {"healthy": 0, "degraded": 1, "unhealthy": 2}


class Command(BaseCommand):
    help = "Montre la santé de la file, prouvée par le canari ; sort avec 0, 1 (dégradée) ou 2 (malade)."

    def handle(self, *args: Any, **options: Any) -> None:
        vue = sante.examiner()
        self.stdout.write(f"{vue.etat} : {vue.phrase}")
        self.stdout.write(f"  dernière réponse il y a   {duree(vue.age_canari_s)}")
        self.stdout.write(f"  ouvriers                  {nombre(vue.ouvriers)}")
        self.stdout.write(f"  entrées en attente        {nombre(vue.file)}")
        self.stdout.write(f"  plus ancienne depuis      {duree(vue.plus_ancienne_s)}")
        sys.exit(CODES[vue.etat])
