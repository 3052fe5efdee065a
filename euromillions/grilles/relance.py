"""Relancer une génération ou un backtest qui a échoué : la seule porte, page comme admin."""

from django.utils import timezone

from euromillions.grilles.lancement import prochaine_cible
from euromillions.models import Backtest, Generation
from simulateur.models import Etat
from simulateur.travaux import machine
from simulateur.web.refus import Refus


def relancable(travail: Generation | Backtest) -> bool:
    """Fini sans résultat : refusé, en erreur ou annulé."""
    return bool(travail.est_fini and travail.etat != Etat.TERMINEE)


def relancer(travail: Generation | Backtest) -> None:
    """Remet le travail en file, tentatives à zéro ; Refus s'il n'est plus à refaire.

    Une génération dont le tirage est passé ne l'est plus : ses grilles se compareraient à un tirage connu.
    """
    if isinstance(travail, Generation) and travail.cible < prochaine_cible(timezone.now()):
        raise Refus(f"Le tirage du {travail.cible:%d/%m/%Y} est passé : demander de nouvelles grilles.")
    if not machine.relancer(travail):
        travail.refresh_from_db(fields=["etat"])
        raise Refus(f"Rien à relancer : ce travail est « {travail.get_etat_display().lower()} ».")
