"""Cartes compilées des directions : du cache quand leur révision n'a pas bougé, sinon compilées."""

from dataclasses import dataclass

from referentiels import portees
from referentiels.models import Centre
from simulateur import revisions
from simulateur.cache import Famille, lire_ou_calculer
from simulations.compilation import Avancement, compiler
from simulations.moteur import Carte
from simulations.moteur.carte import empreinte

FAMILLE = Famille("carte", fraiche_s=24 * 3600, garde_s=48 * 3600, alias="calcul")


@dataclass(frozen=True)
class CarteLue:
    """Une carte, ses octets (instantané), leur empreinte et la révision du référentiel."""

    carte: Carte
    octets: bytes
    empreinte: str
    revision: int
    en_cache: bool


def revision_de(direction_id: int) -> int:
    """Révision de tout ce dont dépend la carte : la direction, les titres de poste et les règles."""
    return max(revisions.lire(portees.direction(direction_id), portees.POSTES, portees.REGLES).values())


def carte_de_direction(direction_id: int, *, avancer: Avancement | None = None) -> CarteLue:
    """La carte des centres actifs de la direction."""
    revision = revision_de(direction_id)

    def calculer() -> bytes:
        centres = Centre.objects.actifs().filter(direction_id=direction_id)
        return compiler(list(centres.values_list("pk", flat=True)), avancer=avancer).en_octets()

    lecture = lire_ou_calculer(FAMILLE, f"direction:{direction_id}", revision, calculer)
    return CarteLue(
        carte=Carte.depuis_octets(lecture.valeur),
        octets=lecture.valeur,
        empreinte=empreinte(lecture.valeur),
        revision=revision,
        en_cache=lecture.en_cache,
    )
