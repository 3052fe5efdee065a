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
# Noms des paramètres des figures de référence → les nôtres (docs/metier/effectifs.md#noms-admis).
NOMS = {
    "idle_minutes": "temps_mort",
    "duree_trajet": "trajet_minutes",
    "coeff_circ": "circulation",
    "coeff_geo": "geographie",
    "colis_amana_par_canva_sac": "colis_amana_par_sac",
    "nbr_co_sac": "co_par_sac",
    "nbr_cr_sac": "cr_par_sac",
}


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


def poser_grille(centre: Centre, grille: Mapping[str, Any]) -> None:
    """Volumes annuels d'une grille emboîtée ; les totaux « global » y répètent leur détail et sont passés."""
    cellules = {cellule.code: cellule for cellule in CelluleVolume.objects.filter(rang=0)}
    VolumeAnnuel.objects.filter(centre=centre).delete()
    VolumeAnnuel.objects.bulk_create(
        VolumeAnnuel(centre=centre, cellule=cellules[code], annee=ANNEE, volume=volume)
        for code, volume in _aplatir(grille)
        if not code.endswith(".global")
    )


def _aplatir(grille: Mapping[str, Any], prefixe: str = "") -> list[tuple[str, float]]:
    lignes: list[tuple[str, float]] = []
    for cle, valeur in grille.items():
        if isinstance(valeur, Mapping):
            lignes += _aplatir(valeur, f"{prefixe}{cle}.")
        else:
            lignes.append((f"{prefixe}{cle}", float(valeur)))
    return lignes


def parametres_de_reference(bruts: Mapping[str, Any], centre: Centre) -> Parametres:
    """Paramètres d'un cas de référence, traduits. Coefficients du centre : surcharge propre au calcul."""
    fixes: dict[str, Any] = {}
    libres: dict[str, float] = {}
    du_centre: dict[str, float] = {}
    croissance: dict[str, float] = {}
    for brut, valeur in bruts.items():
        nom = brut.replace("pct_marche_ordinaire", "pct_marche")
        nom = nom.replace("pct_vague_master", "pct_vaguemestre")
        nom = NOMS.get(nom, nom)
        if "hors_crbt" in nom or "international" in nom or nom == "has_guichet":
            continue
        if nom in ("productivite", "temps_mort", "trajet_minutes", "shift"):
            fixes[nom] = valeur
        elif nom in ("circulation", "geographie"):
            du_centre[nom] = valeur
        elif nom == "pct_annee":
            croissance[""] = valeur
        elif nom == "pct_mois":
            fixes["part_du_mois"] = valeur
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
