"""manage.py rapport_hebdomadaire [--semaine AAAA-MM-JJ] [--json] : compose, garde et imprime le rapport."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from euromillions.precision.rapport import en_json, produire
from simulateur.langue.nombres import nombre


class Command(BaseCommand):
    help = "Produit le rapport de la dernière semaine entière, ou de celle qui contient --semaine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--semaine", help="un jour de la semaine voulue, AAAA-MM-JJ")
        parser.add_argument("--json", action="store_true", help="le rapport entier en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rapport = produire(self._jour(options["semaine"]))
        if options["json"]:
            self.stdout.write(json.dumps(en_json(rapport), ensure_ascii=False, indent=1))
            return
        contenu = rapport.contenu
        self.stdout.write(f"Rapport, {rapport} ({rapport.get_absolute_url()})")
        for tirage in contenu["draws"]:
            boules = " ".join(map(str, tirage["numbers"])), " ".join(map(str, tirage["stars"]))
            self.stdout.write(f"  tirage du {tirage['date']} : {boules[0]} ★ {boules[1]}")
        for ligne in contenu["strategies_of_the_week"]:
            moyenne = nombre(ligne["numbers"]["mean"], 4)
            attendu = nombre(ligne["numbers"]["expected"], 4)
            self.stdout.write(
                f"  {ligne['name']} : {nombre(ligne['grids'])} grilles, {moyenne} numéro par grille "
                f"(hasard : {attendu}) ; {ligne['verdict']}"
            )
        qualite = contenu["data_quality"]
        self.stdout.write(
            f"  tirages manquants : {qualite['missing_draws']} ; "
            f"conflits à trancher : {qualite['pending_conflicts']} ; "
            f"prochain tirage : {contenu['next_draw'] or 'aucun'}"
        )
        if qualite["demo"]:
            self.stdout.write("  Tirages fictifs : aucun de ces chiffres ne décrit le vrai jeu.")

    def _jour(self, texte: str | None) -> date | None:
        if texte is None:
            return None
        try:
            jour = date.fromisoformat(texte)
        except ValueError:
            raise CommandError(f"--semaine : « {texte} » n'est pas une date AAAA-MM-JJ.") from None
        if not date(2004, 2, 9) <= jour <= timezone.localdate():
            raise CommandError("--semaine : une date du 09/02/2004 à aujourd'hui.")
        return jour
