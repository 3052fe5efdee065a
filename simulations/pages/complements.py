"""Ce que la page d'une analyse montre de plus que sa réponse : graphiques, champs du formulaire, mots.

Une analyse qui n'a besoin de rien de plus n'a pas d'entrée ici.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from simulations.analyses.analyse import Corps
from simulations.analyses.incertitude import SANS_FLUX
from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur.mesures import en_personnes
from simulations.pages import presentation
from simulations.pages.presentation import Contexte, Graphique

BARRES = 20
MOIS = ("Janv.", "Févr.", "Mars", "Avril", "Mai", "Juin", "Juil.", "Août", "Sept.", "Oct.", "Nov.", "Déc.")


@dataclass(frozen=True)
class Vue:
    """Ce que la page regarde."""

    demande: QueryDict
    simulation: Simulation
    perimetre: Perimetre


def _rien(*_: Any) -> Contexte:
    return {}


def _telle_quelle(demande: QueryDict) -> Mapping[str, Any]:
    return demande


@dataclass(frozen=True)
class Complement:
    """Fonctions propres à la page d'une analyse.

    `lire` : les options d'après le formulaire ; `en_faute` : ce qui reste à corriger d'une demande refusée.
    """

    montrer: Callable[[Corps, Vue], Contexte] = _rien
    lire: Callable[[QueryDict], Mapping[str, Any]] = _telle_quelle
    en_faute: Callable[[QueryDict], Contexte] = _rien


def _metiers(_: Corps, vue: Vue) -> Contexte:
    centres = vue.simulation.centres.order_by("direction")
    return {"directions": list(centres.values_list("direction_id", "direction").distinct())}


def _modes(corps: Corps, _: Vue) -> Contexte:
    totaux = [
        {
            **mode,
            "libelle": presentation.MODES_EN_MOTS[mode["mode"]],
            "libelle_court": presentation.MODES_EN_MOTS[mode["mode"]].partition(" (")[0],
        }
        for mode in corps["modes"]
    ]
    points = ((m["libelle_court"], m["etp_actuel"], m["etp_calcule"]) for m in totaux)
    graphique = presentation.effectifs_compares(points, axe="Mode", horizontal=True)
    return {"totaux": totaux, "graphique": graphique}


def _sensibilites(corps: Corps, _: Vue) -> Contexte:
    """Barres couchées, le levier le plus fort en haut."""
    effets = corps["total"]
    graphique: Graphique = {
        "etiquettes": [effet["libelle"] for effet in effets],
        "series": [{"nom": "Effet", "valeurs": [round(effet["etp"], 3) for effet in effets], "couleur": 1}],
        "axe_x": "Levier",
        "unite": "ETP",
        "decimales": 2,
        "horizontal": True,
    }
    return {"graphique": graphique}


def _incertitude(corps: Corps, vue: Vue) -> Contexte:
    codes = [code for code in corps["dispersions"] if code != SANS_FLUX]
    return {
        "graphique": _eventail(corps["lignes"]),
        "dispersions_par_flux": _dispersions_saisies(vue.demande, codes),
    }


def _eventail(lignes: list[Corps]) -> Graphique | None:
    """Intervalle à 95 % de chaque ligne, les plus grandes d'abord."""
    montrees = sorted(lignes, key=lambda ligne: -ligne["etp_calcule"])[:BARRES]
    if not montrees:
        return None
    return {
        "etiquettes": [
            ligne.get("poste_label") or ligne.get("centre_label") or ligne["direction_label"]
            for ligne in montrees
        ],
        "series": [{"nom": "ETP calculé", "valeurs": [round(ligne["etp_calcule"], 2) for ligne in montrees]}],
        "bande": {
            "bas": [round(ligne["etp_95"][0], 2) for ligne in montrees],
            "haut": [round(ligne["etp_95"][1], 2) for ligne in montrees],
            "nom": "Intervalle à 95 %",
        },
        "zero": False,
        "unite": "ETP",
        "decimales": 1,
    }


def _dispersions_en_faute(demande: QueryDict) -> Contexte:
    """La faute peut être dans un champ d'un flux : il reste là, à corriger."""
    saisis = [nom.removeprefix(options.DISPERSION) for nom in demande if nom.startswith(options.DISPERSION)]
    return {"dispersions_par_flux": _dispersions_saisies(demande, [code.upper() for code in saisis])}


def _dispersions_saisies(demande: QueryDict, codes: Sequence[str]) -> list[dict[str, str]]:
    """Un champ par flux, avec ce qui y était écrit."""
    return [
        {"nom": code, "cle": cle, "valeur": demande.get(cle, "")}
        for code, cle in ((code, f"{options.DISPERSION}{code.lower()}") for code in codes)
    ]


def _profil(corps: Corps, vue: Vue) -> Contexte:
    total = corps["total"]
    pointe = total["pointe"]
    toute = not (vue.perimetre.direction_id or vue.perimetre.centre_id)
    graphique: Graphique = {
        "etiquettes": list(MOIS),
        "series": [{"nom": "ETP", "valeurs": [round(valeur, 2) for valeur in total["etp"]], "couleur": 1}],
        "attendu": en_personnes(vue.simulation.actuel_centiemes) if toute else None,
        "attendu_nom": "Effectif présent",
        "axe_x": "Mois",
        "unite": "ETP",
        "decimales": 1,
    }
    return {
        "mois_saisis": list(zip(MOIS, corps["parts_du_mois"], strict=True)),
        "pointe": MOIS[pointe - 1] if pointe else "aucun",
        "etp_de_pointe": max(total["etp"]),
        "personnes_de_pointe": total["personnes"][(pointe or 1) - 1],
        "mois": MOIS,
        "graphique": graphique,
    }


def _parts_saisies(demande: QueryDict) -> Mapping[str, Any]:
    """Douze champs `part_1`… réunis en un seul `parts`, sauf si celui-ci est donné."""
    saisies = [demande.get(f"part_{mois}", "").strip() for mois in range(1, 13)]
    if demande.get("parts") or not any(saisies):
        return demande
    return {**demande.dict(), "parts": ";".join(saisies)}


def _reequilibrage(corps: Corps, _: Vue) -> Contexte:
    return {"lignes": corps["mouvements"]}


COMPLEMENTS = {
    "metiers": Complement(_metiers),
    "modes": Complement(_modes),
    "sensibilites": Complement(_sensibilites),
    "incertitude": Complement(_incertitude, en_faute=_dispersions_en_faute),
    "profil": Complement(_profil, lire=_parts_saisies),
    "reequilibrage": Complement(_reequilibrage),
}
AUCUN = Complement()
