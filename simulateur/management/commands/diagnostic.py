"""`manage.py diagnostic` : OK, KO et quoi faire ; sort avec 1 dès qu'une ligne est KO."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import get_resolver

from simulateur.exploitation.diagnostic import en_dict, examiner, tout_va


class Command(BaseCommand):
    help = "Contrôle tout ce dont dépend le service ; sort avec 1 si une ligne est KO."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="pour un programme")

    def handle(self, *args: Any, **options: Any) -> None:
        get_resolver().url_patterns  # noqa: B018  # charge les modules, donc les familles du cache
        constats = examiner()
        if options["json"]:
            self.stdout.write(json.dumps(en_dict(constats), ensure_ascii=False, indent=1))
        else:
            for constat in constats:
                self.stdout.write(f"{constat.verdict:<3} {constat.nom:<34} {constat.constat}")
                if constat.remede:
                    self.stdout.write(f"    → {constat.remede}")
        sys.exit(0 if tout_va(constats) else 1)
