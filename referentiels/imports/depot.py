"""Le fichier d'un essai à blanc, gardé côté serveur le temps de relire son rapport.

Le cache plutôt qu'une table : l'attente est bornée par la durée de la clé, sans purge à tenir, et des
données de personnel ne restent pas dans les sauvegardes. Cache en panne ou délai passé : la page redemande
le fichier. L'empreinte de la trace prouve que les octets repris sont ceux de l'essai.
"""

import hashlib
import logging

from django.core.cache import caches

from referentiels.models import ImportFichier

journal = logging.getLogger(__name__)
ALIAS = "calcul"
DUREE_S = 2 * 3600


def _cle(trace: ImportFichier) -> str:
    return f"ref:import:{trace.pk}:contenu"


def deposer(trace: ImportFichier, contenu: bytes) -> None:
    """Garde le contenu ; un cache en panne n'est pas une erreur."""
    try:
        caches[ALIAS].set(_cle(trace), contenu, DUREE_S)
    except Exception:
        journal.warning("dépôt de l'import %s impossible", trace.pk, exc_info=True)


def attend(trace: ImportFichier) -> bool:
    """Vrai si le contenu est encore là, sans le charger."""
    try:
        return bool(caches[ALIAS].has_key(_cle(trace)))
    except Exception:
        return False


def reprendre(trace: ImportFichier) -> bytes | None:
    """Le contenu, s'il est encore là et si c'est bien celui de la trace."""
    try:
        contenu = caches[ALIAS].get(_cle(trace))
    except Exception:
        journal.warning("reprise de l'import %s impossible", trace.pk, exc_info=True)
        return None
    if not isinstance(contenu, bytes) or hashlib.sha256(contenu).hexdigest() != trace.sha256:
        return None
    return contenu


def oublier(trace: ImportFichier) -> None:
    try:
        caches[ALIAS].delete(_cle(trace))
    except Exception:
        journal.warning("oubli de l'import %s impossible", trace.pk, exc_info=True)
