"""Ce que le référentiel promet : une direction en moins d'une seconde, deux fois plus vite du cache."""

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from referentiels.lectures import referentiel
from referentiels.models import Direction
from simulateur.cache import menage
from simulateur.exploitation.diagnostic import Constat
from simulateur.langue.nombres import nombre

SECONDES_PROMISES = 1.0
REQUETES_PROMISES = 3
GAIN_PROMIS = 2.0
SANS_RESEAU = "aucune direction : rien à lire encore"


def direction_entiere() -> Constat:
    """La plus grande direction lue hors du cache, puis du cache."""
    nom = "lecture d'une direction entière"
    direction = Direction.objects.pour_liste().order_by("-nb_centres", "pk").first()
    if direction is None:
        return Constat(nom, None, SANS_RESEAU)
    menage.vider_les_cles(referentiel.DIRECTION_COMPLETE, str(direction.pk))
    froide_s, requetes = _lire(direction.pk)
    chaude_s, _ = _lire(direction.pk)
    gain = froide_s / max(chaude_s, 1e-6)
    constat = (
        f"{direction.nom} : {nombre(1000 * froide_s)} ms en {requetes} requêtes, "
        f"{nombre(1000 * chaude_s, 1)} ms du cache (gain × {nombre(gain, 1)})"
    )
    if froide_s < SECONDES_PROMISES and requetes <= REQUETES_PROMISES and gain >= GAIN_PROMIS:
        return Constat(nom, True, constat)
    promesse = f"promis : moins d'une seconde, {REQUETES_PROMISES} requêtes, gain × {nombre(GAIN_PROMIS)}"
    return Constat(nom, False, f"{constat} ; {promesse}", "Vérifier le cache, puis la charge de la base.")


def _lire(direction_id: int) -> tuple[float, int]:
    debut = time.perf_counter()
    with CaptureQueriesContext(connection) as requetes:
        referentiel.direction_servie(direction_id)
    return time.perf_counter() - debut, len(requetes)
