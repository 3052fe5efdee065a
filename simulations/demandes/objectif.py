"""Ce que vise une cible : un paramètre libre, un objectif, un lieu (docs/metier/effectifs.md#cible)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from referentiels.models import Flux, Parametre
from referentiels.perms import PAYS, Etendue
from simulateur.langue.citation import citer
from simulateur.web.refus import SANS_CHAMP, SaisieRefusee
from simulations.demandes import options
from simulations.demandes.demande import BORNES, Demande, lire_demande
from simulations.demandes.essai import LIEUX, Lieu, lire_lieu
from simulations.demandes.fautes import nombre_fini
from simulations.moteur import Parametres
from simulations.moteur.parametres import PAR_CENTRE
from simulations.moteur.presence import ABSENCE

OBJECTIFS = ("ecart", "etp", "cout")
GENERAUX = ("productivite", "heures_jour", "temps_mort")
CHAMPS = (*LIEUX, "poste_id", "annee", "libre", "verrouilles", "objectif", "valeur")


@dataclass(frozen=True)
class Libre:
    """Le paramètre qu'on cherche, ses bornes ; `flux` : celui d'une croissance, vide pour tous."""

    nom: str
    minimum: float
    maximum: float
    flux: str = ""

    def pose(self, parametres: Parametres, valeur: float) -> Parametres:
        """Les mêmes paramètres, celui-ci à cette valeur."""
        if self.nom == ABSENCE:
            return replace(parametres, libres={**parametres.libres, ABSENCE: valeur})
        if self.nom in GENERAUX:
            return replace(parametres, **{self.nom: valeur})  # type: ignore[arg-type]
        if not self.flux:
            return replace(parametres, croissance={"": valeur})
        return replace(parametres, croissance={**parametres.croissance, self.flux: valeur})


@dataclass(frozen=True)
class CibleDemande:
    """`objectif` : un de OBJECTIFS ; `valeur` en personnes, en ETP ou en unités monétaires par an."""

    lieu: Lieu
    demande: Demande
    annee: int | None
    libre: Libre
    objectif: str
    valeur: float


def lire_cible(corps: Any, etendue: Etendue = PAYS) -> CibleDemande:
    """Valide le corps d'une cible ; SaisieRefusee, champs nommés. Hors de `etendue`, un lieu est inconnu."""
    if not isinstance(corps, Mapping):
        raise SaisieRefusee({SANS_CHAMP: ["Le corps de la demande doit être un objet JSON."]})
    lieu = lire_lieu(corps, etendue)
    entrees = {nom: valeur for nom, valeur in corps.items() if nom not in CHAMPS}
    demande = lire_demande(entrees, **lieu.vises, inconnus_refuses=True, etendue=etendue)
    objectif = options.choix(corps, "objectif", OBJECTIFS, defaut=OBJECTIFS[0])
    libre = _libre(corps)
    valeur = nombre_fini(corps.get("valeur", 0 if objectif == "ecart" else None))
    if valeur is None:
        raise SaisieRefusee({"valeur": ["Un nombre est attendu : la valeur à atteindre."]})
    if lieu.poste and demande.parametres.arrondi == PAR_CENTRE and objectif != "etp":
        raison = (
            "Sous l'arrondi par centre, un poste peut perdre une personne quand son ETP croît : "
            "son écart et son coût ne se visent pas. Viser le centre, ou l'ETP du poste."
        )
        raise SaisieRefusee({"objectif": [raison]})
    return CibleDemande(lieu, demande, options.annee(corps), libre, objectif, valeur)


def _libre(corps: Mapping[str, Any]) -> Libre:
    """Le seul paramètre libre ; SaisieRefusee s'il manque, s'il est inconnu ou verrouillé."""
    flux = {f"{code.lower()}_croissance": code for code in Flux.objects.values_list("code", flat=True)}
    permis = [*GENERAUX, ABSENCE, "croissance", *sorted(flux)]
    nom = corps.get("libre")
    if nom in (None, ""):
        raise SaisieRefusee({"libre": [f"Aucun paramètre libre. Permis : {', '.join(permis)}."]})
    if nom not in permis:
        raise SaisieRefusee({"libre": [f"« {citer(nom)} » ne se cherche pas. Permis : {', '.join(permis)}."]})
    verrouilles = corps.get("verrouilles") or []
    if not isinstance(verrouilles, list) or any(cle not in permis for cle in verrouilles):
        raise SaisieRefusee({"verrouilles": [f"Une liste parmi {', '.join(permis)} est attendue."]})
    if nom in verrouilles:
        raise SaisieRefusee({"libre": [f"« {nom} » est verrouillé : en libérer un autre."]})
    if nom == ABSENCE:
        ligne = Parametre.objects.get(code=ABSENCE)
        return Libre(nom, ligne.minimum, ligne.maximum)
    minimum, maximum, _ = BORNES["croissance" if nom in flux else nom]
    return Libre(nom, minimum, maximum, flux.get(nom, ""))
