"""Points d'entrée Django-Q du noyau. La file ne porte que des noms et des clés, jamais de données."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from simulateur.cache import menage, prechauffage, usages
from simulateur.models import Canari, Ouvrier
from simulateur.travaux import faucheur, machine, purge, sante_des_grappes
from simulateur.travaux.planification import NOM_CANARI


def executer(etiquette: str, cle: str) -> str:
    return machine.executer(etiquette, cle)


def faucher() -> dict[str, int]:
    return faucheur.faucher()


def nettoyer_le_cache() -> dict[str, int]:
    return menage.nettoyer()


def purger() -> dict[str, int]:
    return purge.purger()


def prechauffer() -> dict[str, float]:
    return prechauffage.prechauffer()


def recopier_les_usages() -> int:
    return usages.recopier()


def canari(grappe: str = NOM_CANARI) -> str:
    """Répondre, c'est avoir traversé la base, la file, la grappe et un ouvrier."""
    for nom in {NOM_CANARI, grappe}:
        Canari.objects.update_or_create(nom=nom, defaults={"repondu_le": Now()})
    sante_des_grappes.oublier_les_parties()
    Ouvrier.objects.filter(vu_le__lt=timezone.now() - timedelta(days=1)).delete()
    return "vivant"
