"""La cible : la valeur d'un paramètre qui atteint un objectif, par dichotomie sur le calcul exact.

Règle : docs/metier/effectifs.md#cible. L'ETP est monotone en chaque paramètre permis ; écart et coût aussi,
par paliers : la réponse est l'intervalle où ils tiennent.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypedDict

from simulateur.web.refus import Refus
from simulations.calculs.directions import DirectionCalculee
from simulations.calculs.essai import Entrees, calculer, lire_entrees, sommes_du_lieu, verifier
from simulations.demandes.demande import Demande
from simulations.demandes.objectif import GENERAUX, CibleDemande
from simulations.moteur.arrondis import PERSONNE, PICO
from simulations.moteur.calcul import conclure_ensemble, heures_brutes
from simulations.moteur.mesures import UNITE_MONETAIRE, MesuresEnUnites, Sommes

PAS_MAX = 200  # bien plus qu'il n'en faut : un intervalle de doubles se coupe au plus 64 fois en pratique
MOIS_PAR_AN = 12
# Ce que vaut une unité de chaque objectif dans les mesures entières.
UNITES = {"etp": PICO, "ecart": PERSONNE, "cout": UNITE_MONETAIRE}


class Borne(TypedDict):
    """La valeur du paramètre, et ce que l'objectif y vaut."""

    valeur: float
    mesure: float


class Atteinte(TypedDict):
    """`intervalle` : les valeurs extrêmes où l'objectif tient ; None s'il n'est pas atteint.

    `valeur` : celle qu'on propose ; `proche` : sans réponse, les deux valeurs qui l'encadrent de plus près.
    """

    possible: bool
    message: str
    libre: str
    objectif: str
    voulu: float
    valeur: float | None
    intervalle: list[float] | None
    proche: list[Borne]
    total: MesuresEnUnites | None
    parametres: dict[str, Any] | None
    annee: int


def viser(voulue: CibleDemande) -> Atteinte:
    """La réponse, ou pourquoi il n'y en a pas. Refus : salaire inconnu, lieu vide, poste versé."""
    entrees = lire_entrees(voulue.lieu, voulue.annee)
    verifier(entrees, voulue.demande.parametres)
    mesurer = _mesureur(entrees, voulue)
    voulu = round(voulue.valeur * UNITES[voulue.objectif])
    bas, haut = voulue.libre.minimum, voulue.libre.maximum
    croissante = mesurer(haut) >= mesurer(bas)
    # Les premières valeurs où la mesure atteint, puis dépasse, ce qu'on veut.
    debut = _seuil(bas, haut, lambda x: (mesurer(x) >= voulu) if croissante else (mesurer(x) <= voulu))
    fin = _seuil(bas, haut, lambda x: (mesurer(x) > voulu) if croissante else (mesurer(x) < voulu))
    touchees = [x for x in (debut[1], fin[0]) if x is not None and mesurer(x) == voulu]
    if not touchees and voulue.objectif == "etp":
        # Entre deux doubles voisins l'ETP saute de plus de 10⁻¹² : le plus proche des deux l'atteint.
        voisins = [x for x in debut if x is not None]
        proche = min(voisins, key=lambda x: abs(mesurer(x) - voulu))
        touchees = [proche] if abs(mesurer(proche) - voulu) <= voulu * 1e-12 + 1 else []
    rendue: Atteinte = {
        "possible": bool(touchees),
        "message": "",
        "libre": voulue.libre.nom,
        "objectif": voulue.objectif,
        "voulu": voulue.valeur,
        "valeur": None,
        "intervalle": None,
        "proche": [],
        "total": None,
        "parametres": None,
        "annee": entrees.annee,
    }
    if not touchees:
        return {**rendue, **_impossible(voulue, debut, mesurer)}  # type: ignore[typeddict-item]
    milieu = (touchees[0] + touchees[-1]) / 2
    valeur = milieu if mesurer(milieu) == voulu else touchees[0]
    demande = _a(voulue, valeur)
    verifier(entrees, demande.parametres)
    rendue |= {
        "message": f"{voulue.libre.nom} = {valeur:g} atteint l'objectif.",
        "valeur": valeur,
        "intervalle": [min(touchees), max(touchees)],
        "total": sommes_du_lieu(voulue.lieu, calculer(entrees, demande)).en_unites(),
        "parametres": demande.parametres.en_dict(),
    }
    return rendue


def _a(voulue: CibleDemande, valeur: float) -> Demande:
    parametres = voulue.libre.pose(voulue.demande.parametres, valeur)
    return Demande(parametres=parametres, volumes=voulue.demande.volumes)


def _mesureur(entrees: Entrees, voulue: CibleDemande) -> Callable[[float], int]:
    """La mesure entière de l'objectif à une valeur du paramètre ; chacune n'est calculée qu'une fois."""
    deja: dict[float, int] = {}
    recalculer = _capacite_seule(entrees, voulue) if voulue.libre.nom in GENERAUX else None

    def mesurer(valeur: float) -> int:
        if valeur not in deja:
            calculees = recalculer(valeur) if recalculer else calculer(entrees, _a(voulue, valeur))
            deja[valeur] = _mesure(voulue.objectif, sommes_du_lieu(voulue.lieu, calculees))
        return deja[valeur]

    return mesurer


def _capacite_seule(entrees: Entrees, voulue: CibleDemande) -> Callable[[float], list[DirectionCalculee]]:
    """Le calcul quand seule la capacité change : les heures, elles, ne sont calculées qu'une fois."""
    calculees = calculer(entrees, voulue.demande)
    parametres = voulue.demande.parametres
    heures = [heures_brutes(lue.carte, lue.volumes, parametres) for lue in calculees]

    def recalculer(valeur: float) -> list[DirectionCalculee]:
        cartes = [lue.carte for lue in calculees]
        resultats = conclure_ensemble(cartes, heures, voulue.libre.pose(parametres, valeur))
        return [replace(lue, resultat=r) for lue, r in zip(calculees, resultats, strict=True)]

    return recalculer


def _mesure(objectif: str, sommes: Sommes) -> int:
    if objectif == "etp":
        return sommes.etp_pico
    if objectif == "ecart":
        return sommes.ecart_centiemes
    if sommes.cout is None:
        raise Refus("Un salaire manque au référentiel : le coût n'est pas connu, il ne se vise pas.")
    return sommes.cout * MOIS_PAR_AN


def _seuil(bas: float, haut: float, passe: Callable[[float], bool]) -> tuple[float | None, float | None]:
    """(dernière valeur où `passe` est faux, première où il est vrai), l'une à côté de l'autre."""
    if passe(bas):
        return None, bas
    if not passe(haut):
        return haut, None
    for _ in range(PAS_MAX):
        milieu = (bas + haut) / 2
        if not bas < milieu < haut:
            break
        bas, haut = (bas, milieu) if passe(milieu) else (milieu, haut)
    return bas, haut


def _impossible(
    voulue: CibleDemande, autour: tuple[float | None, float | None], mesurer: Callable[[float], int]
) -> dict[str, Any]:
    unite = UNITES[voulue.objectif]
    proche = [Borne(valeur=x, mesure=mesurer(x) / unite) for x in autour if x is not None]
    if len(proche) == 1:
        quoi = f"même à {proche[0]['valeur']:g}, {voulue.objectif} vaut {proche[0]['mesure']:g}"
    else:
        quoi = f"{voulue.objectif} saute de {proche[0]['mesure']:g} à {proche[1]['mesure']:g}"
    return {"message": f"Impossible : {quoi}, jamais {voulue.valeur:g}.", "proche": proche}
