"""Une planification n'exécute qu'une fonction du projet, avec les arguments qu'elle attend.

Django-Q appelle n'importe quel nom importable : une ligne de l'admin suffisait à lancer une commande du
système. La garde est sur le modèle : l'admin, un super-utilisateur, un script y passent tous.
"""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django_q.models import Schedule

from simulateur.travaux.planification import declarees

journal = logging.getLogger("simulateur.travaux")
REPRISE = "simulateur.travaux.entrees.executer"  # celle d'un travail interrompu, que le noyau pose lui-même


def fonctions() -> list[str]:
    """Celles que l'on peut planifier."""
    return sorted({plan.fonction for plan in declarees()})


def verifier(ligne: Schedule) -> None:
    """ValidationError si la fonction n'est pas déclarée, ou si on lui donne autre chose que rien."""
    if ligne.func == REPRISE and ligne.schedule_type == Schedule.ONCE:
        return
    if ligne.func not in fonctions():
        raise ValidationError({"func": f"Fonction inconnue. Permises : {', '.join(fonctions())}."})
    donnes = [nom for nom in ("args", "kwargs", "hook") if getattr(ligne, nom)]
    if donnes:
        raise ValidationError(dict.fromkeys(donnes, "Cette fonction n'en attend pas."))


def ecarter_les_inconnues() -> int:
    """Efface les planifications d'avant la garde qui n'y passeraient pas ; rend leur nombre."""
    ecartees = Schedule.objects.exclude(func__in=[*fonctions(), REPRISE])
    for ligne in ecartees:
        journal.warning("planification « %s » écartée : %s n'est pas du projet", ligne.name, ligne.func)
    return int(ecartees.delete()[0])


def garder() -> None:
    pre_save.connect(_avant_d_ecrire, sender=Schedule, dispatch_uid="simulateur.travaux.garde")


def _avant_d_ecrire(instance: Schedule, raw: bool = False, **_: Any) -> None:
    if not raw:
        verifier(instance)
