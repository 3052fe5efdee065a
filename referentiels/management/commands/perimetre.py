"""`manage.py perimetre COMPTE [CODE…]` : donner des directions ou tout le pays, en retirer."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from referentiels.models import Direction, Perimetre


class Command(BaseCommand):
    help = "Donne à un compte ou à un groupe des directions ou tout le pays ; sans rien à donner, les dit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("titulaire", help="nom du compte, ou du groupe avec --groupe")
        parser.add_argument("codes", nargs="*", metavar="CODE", help="codes de directions")
        parser.add_argument("--groupe", action="store_true", help="le titulaire est un groupe")
        parser.add_argument("--pays", action="store_true", help="tout le pays")
        parser.add_argument("--retirer", action="store_true", help="retirer au lieu de donner")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pays"] and options["codes"]:
            raise CommandError("Donner des directions ou --pays, pas les deux.")
        if options["retirer"] and not (options["pays"] or options["codes"]):
            raise CommandError("Dire quoi retirer : des codes de directions, ou --pays.")
        champ = "groupe" if options["groupe"] else "compte"
        titulaire = self._titulaire(champ, options["titulaire"])
        directions: list[Any] = [None] if options["pays"] else self._directions(options["codes"])
        with transaction.atomic():
            for direction in directions:
                ligne = {champ: titulaire, "direction": direction}
                if options["retirer"]:
                    Perimetre.objects.filter(**ligne).delete()
                else:
                    Perimetre.objects.get_or_create(**ligne)
        siens = Perimetre.objects.filter(**{champ: titulaire}).select_related("direction")
        vues = sorted(str(ligne.direction.code) if ligne.direction else "tout le pays" for ligne in siens)
        self.stdout.write(f"{champ} {titulaire} : {', '.join(vues) or 'aucun périmètre'}")

    def _titulaire(self, champ: str, nom: str) -> Any:
        comptes = get_user_model().objects
        trouve = (
            Group.objects.filter(name=nom).first()
            if champ == "groupe"
            else comptes.filter(username=nom).first()
        )
        if trouve is None:
            raise CommandError(f"Aucun {champ} ne s'appelle « {nom} ».")
        return trouve

    def _directions(self, codes: list[str]) -> list[Any]:
        trouvees = {direction.code: direction for direction in Direction.objects.filter(code__in=codes)}
        if inconnus := [code for code in codes if code not in trouvees]:
            raise CommandError(f"Directions inconnues : {', '.join(inconnus)}.")
        return [trouvees[code] for code in codes]
