"""Petites fabriques pour les tests du moteur : un centre, ses tâches, ses volumes, sa carte compilée."""

from collections.abc import Mapping
from typing import Any

from referentiels.models import (
    CelluleVolume,
    Centre,
    CentrePoste,
    Phase,
    Produit,
    Tache,
    UniteMesure,
    VolumeAnnuel,
)
from referentiels.tests.outils.factories import CentrePosteFactory
from simulateur.langue.texte import normaliser
from simulations.cartes.compilation import compiler
from simulations.cartes.volumes import volumes_de
from simulations.moteur import Carte, Parametres
from simulations.moteur.carte import Flottants

ANNEE = 2026


def poser_tache(centre_poste: CentrePoste, **champs: Any) -> Tache:
    """Une tâche décrite par ses libellés : produit, unite, phase."""
    return Tache.objects.create(
        centre_poste=centre_poste,
        nom=champs.get("nom", "Tâche"),
        famille=champs.get("famille", ""),
        produit=Produit.objects.get(code=normaliser(champs["produit"])),
        unite=UniteMesure.objects.get(code=normaliser(champs["unite"])),
        phase=Phase.objects.get(code=normaliser(champs["phase"])) if champs.get("phase") else None,
        base_calcul=int(champs.get("base_calcul", 100)),
        duree_secondes=float(champs["duree_secondes"]),
    )


def poser_volumes(centre: Centre, volumes: Mapping[str, float]) -> None:
    """Les volumes annuels du centre, par code de cellule ; ceux d'avant s'effacent."""
    cellules = {cellule.code: cellule for cellule in CelluleVolume.objects.filter(rang=0)}
    VolumeAnnuel.objects.filter(centre=centre).delete()
    VolumeAnnuel.objects.bulk_create(
        VolumeAnnuel(centre=centre, cellule=cellules[code], annee=ANNEE, volume=volume)
        for code, volume in volumes.items()
    )


def parametres_de(nommes: Mapping[str, Any], centre: Centre) -> Parametres:
    """Les paramètres d'un cas, par leur nom. Coefficients du centre : surcharge propre au calcul."""
    fixes: dict[str, Any] = {}
    libres: dict[str, float] = {}
    du_centre: dict[str, float] = {}
    croissance: dict[str, float] = {}
    for nom, valeur in nommes.items():
        if "hors_crbt" in nom or "international" in nom or nom == "a_guichet":
            continue
        if nom in ("productivite", "temps_mort", "trajet_minutes", "shift", "part_du_mois"):
            fixes[nom] = valeur
        elif nom in ("circulation", "geographie"):
            du_centre[nom] = valeur
        elif nom == "croissance":
            croissance[""] = valeur
        else:
            libres[nom] = valeur
    return Parametres(**fixes, libres=libres, croissance=croissance, par_centre={centre.pk: du_centre})


def carte_et_volumes(centre: Centre) -> tuple[Carte, Flottants]:
    carte = compiler([centre.pk])
    return carte, volumes_de(carte, ANNEE)


def centre_avec(*taches: Mapping[str, Any], poste: str = "AGENT OPERATIONS", effectif: float = 0) -> Centre:
    """Un centre neuf dont `poste` tient ces tâches."""
    tenu = CentrePosteFactory(poste__code=poste, effectif_actuel=effectif)
    for tache in taches:
        poser_tache(tenu, **tache)
    return tenu.centre
