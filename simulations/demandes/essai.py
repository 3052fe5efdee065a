"""Le corps d'un essai : où il porte, ce qu'il suppose, de quoi il part (docs/metier/effectifs.md#essai)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from referentiels.models import Centre, Direction, Poste
from referentiels.perms import PAYS, Etendue
from simulateur.web.refus import SANS_CHAMP, SaisieRefusee
from simulations.demandes import options
from simulations.demandes.cibles import SANS_LE_PAYS, centres_du_lot
from simulations.demandes.demande import Demande, lire_demande

LIEUX = ("direction_id", "centre_ids", "centre_id")
CHAMPS_PROPRES = (*LIEUX, "poste_id", "depart", "annee")


@dataclass(frozen=True)
class Lieu:
    """Le pays si rien n'est nommé ; `poste` : un titre du centre."""

    direction: Direction | None = None
    centre: Centre | None = None
    centre_ids: tuple[int, ...] = ()
    poste: Poste | None = None

    @property
    def niveau(self) -> str:
        if self.poste:
            return "poste"
        if self.centre:
            return "centre"
        if self.direction:
            return "direction"
        return "batch" if self.centre_ids else "national"

    @property
    def nom(self) -> str:
        if self.poste and self.centre:
            return f"{self.poste.nom}, {self.centre.nom}"
        if self.centre or self.direction:
            return (self.centre or self.direction).nom  # type: ignore[union-attr]
        return f"{len(self.centre_ids)} centres" if self.centre_ids else "Ensemble du réseau"

    @property
    def centres(self) -> "QuerySet[Centre]":
        """Les centres actifs qu'il contient."""
        actifs: QuerySet[Centre] = Centre.objects.actifs()
        if self.centre:
            return actifs.filter(pk=self.centre.pk)
        if self.direction:
            return actifs.filter(direction=self.direction)
        return actifs.filter(pk__in=self.centre_ids) if self.centre_ids else actifs

    @property
    def vises(self) -> dict[str, Any]:
        """Ce que `lire_demande` veut en savoir : la direction, ou les centres."""
        centres = [self.centre.pk] if self.centre else list(self.centre_ids)
        return {
            "direction_id": self.direction.pk if self.direction else None,
            "centre_ids": centres or None,
        }

    @property
    def cible(self) -> dict[str, Any]:
        """Ce qu'en dit un lancement : direction, lot, ou rien pour le pays."""
        if self.direction:
            return {"direction": self.direction}
        centres = self.vises["centre_ids"]
        return {"centre_ids": centres} if centres else {}


@dataclass(frozen=True)
class EssaiDemande:
    """`depart` : ce à quoi l'essai se compare ; sans lui, les valeurs de départ d'une simulation."""

    lieu: Lieu
    demande: Demande
    depart: Demande
    annee: int | None


def lire_essai(corps: Any, etendue: Etendue = PAYS) -> EssaiDemande:
    """Valide le corps d'un essai ; SaisieRefusee, champs nommés, ceux du départ sous `depart.`.

    Hors de `etendue`, un lieu est inconnu.
    """
    if not isinstance(corps, Mapping):
        raise SaisieRefusee({SANS_CHAMP: ["Le corps de la demande doit être un objet JSON."]})
    lieu = lire_lieu(corps, etendue)
    entrees = {nom: valeur for nom, valeur in corps.items() if nom not in CHAMPS_PROPRES}
    ou: dict[str, Any] = {**lieu.vises, "etendue": etendue}
    depart = corps.get("depart")
    if depart is not None and not isinstance(depart, Mapping):
        raise SaisieRefusee({"depart": ["Un objet {paramètre: valeur} est attendu."]})
    if depart and (propres := sorted(set(depart) & set(CHAMPS_PROPRES))):
        raise SaisieRefusee({f"depart.{propres[0]}": ["Se donne à côté de « depart », pas dedans."]})
    try:
        lu = lire_demande(depart or {}, **ou, inconnus_refuses=True)
    except SaisieRefusee as refus:
        raise SaisieRefusee({f"depart.{nom}": phrases for nom, phrases in refus.champs.items()}) from None
    demande = lire_demande(entrees, **ou, inconnus_refuses=True)
    return EssaiDemande(lieu, demande, lu, options.annee(corps))


def lire_lieu(corps: Mapping[str, Any], etendue: Etendue = PAYS) -> Lieu:
    """Où l'on regarde ; SaisieRefusee si le lieu est inconnu, hors de `etendue`, ou double."""
    donnes = [nom for nom in LIEUX if corps.get(nom) not in (None, "")]
    if len(donnes) > 1:
        raise SaisieRefusee({donnes[1]: [f"Donner {' ou '.join(LIEUX)}, un seul."]})
    if corps.get("poste_id") not in (None, "") and donnes != ["centre_id"]:
        raise SaisieRefusee({"poste_id": ["Un poste se donne avec son centre_id."]})
    if donnes == ["centre_ids"]:
        return Lieu(centre_ids=tuple(sorted(centres_du_lot(corps, etendue))))
    direction = _un(corps, "direction_id", Direction.objects.dans(etendue), "La direction")
    centre = _un(corps, "centre_id", Centre.objects.dans(etendue), "Le centre")
    poste = _un(corps, "poste_id", Poste.objects, "Le poste")
    if not (direction or centre or etendue.pays):
        raise SaisieRefusee({"direction_id": [SANS_LE_PAYS]})
    if centre and poste and not centre.centre_postes.filter(poste=poste).exists():
        raise SaisieRefusee({"poste_id": [f"Le centre {centre.nom} n'a pas de poste {poste.nom}."]})
    return Lieu(direction=direction, centre=centre, poste=poste)


def _un(corps: Mapping[str, Any], nom: str, lignes: Any, quoi: str) -> Any:
    pk = options.cle(corps, nom)
    if pk is None:
        return None
    ligne = lignes.filter(pk=pk).first()
    if ligne is None:
        raise SaisieRefusee({nom: [f"{quoi} {pk} n'existe pas."]})
    return ligne
