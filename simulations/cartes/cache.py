"""Cartes compilées des directions : du cache quand leur révision n'a pas bougé, sinon compilées."""

from dataclasses import dataclass, replace

from referentiels.models import Centre
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.donnees import Famille, lire_ou_calculer
from simulateur.cache.memoire import Memoire
from simulateur.mesures.metriques import CACHE_LECTURES
from simulations.cartes.colonnes import Avancement
from simulations.cartes.compilation import compiler
from simulations.cartes.index_regles import IndexRegles
from simulations.moteur import Carte
from simulations.moteur.carte import empreinte

FAMILLE = Famille("carte", duree_s=24 * 3600, alias="calcul")
CARTES_EN_MEMOIRE = 40  # par processus : le pays entier, deux à trois mégaoctets par direction


@dataclass(frozen=True)
class CarteDeDirection:
    """Une carte, ses octets (instantané), leur empreinte et la révision du référentiel."""

    carte: Carte
    octets: bytes
    empreinte: str
    revision: int
    en_cache: bool


_CARTES: Memoire[CarteDeDirection] = Memoire(CARTES_EN_MEMOIRE)


class ReglesLues:
    """Les règles lues une fois par révision, pour compiler plusieurs directions d'affilée."""

    def __init__(self) -> None:
        self._revision: int | None = None
        self._index: IndexRegles | None = None

    def a_la_revision(self, revision: int) -> IndexRegles:
        if self._index is None or self._revision != revision:
            self._revision, self._index = revision, IndexRegles()
        return self._index


def carte_de_direction(
    direction_id: int, *, avancer: Avancement | None = None, regles: ReglesLues | None = None
) -> CarteDeDirection:
    """La carte des centres actifs de la direction. `regles` : partagées entre les directions d'un calcul."""
    dont_depend = revisions.lire(portees.direction(direction_id), portees.POSTES, portees.REGLES)
    revision = max(dont_depend.values())
    if (gardee := _CARTES.lire((direction_id, revision))) is not None:
        CACHE_LECTURES.labels(FAMILLE.prefixe, "memoire").inc()
        return gardee
    compilees: list[Carte] = []

    def calculer() -> bytes:
        centres = Centre.objects.actifs().filter(direction_id=direction_id)
        index = (regles or ReglesLues()).a_la_revision(dont_depend[portees.REGLES])
        carte = compiler(list(centres.values_list("pk", flat=True)), avancer=avancer, index_regles=index)
        compilees.append(carte)
        return carte.en_octets()

    lecture = lire_ou_calculer(FAMILLE, f"direction:{direction_id}", revision, calculer)
    lue = CarteDeDirection(
        carte=compilees[0] if compilees else Carte.depuis_octets(lecture.valeur),
        octets=lecture.valeur,
        empreinte=empreinte(lecture.valeur),
        revision=revision,
        en_cache=True,
    )
    _CARTES.garder((direction_id, revision), lue)
    return replace(lue, en_cache=lecture.en_cache)
