"""Deux simulations ou plus côte à côte : leurs mesures, leurs différences, et pourquoi."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.analyses.memoire import memoriser
from simulations.calculs.relecture import PartRelue, relire_ensemble
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur.decomposition import COMPOSANTES, MESURES, Decomposition, decomposer
from simulations.moteur.mesures import etp

LIBELLES = {
    "volume": "Volumes",
    "regles": "Règles",
    "capacite": "Heures nettes",
    "mode": "Mode",
    "referentiel": "Référentiel",
    "effectif": "Effectifs",
}
ETP, ARRONDI, ACTUEL, ECART, COUT, SANS_PRIX = (
    MESURES.index(m) for m in ("etp_pico", "arrondi", "actuel", "ecart", "cout_milliemes", "sans_prix")
)


def comparer(simulations: Sequence[Simulation], perimetre: Perimetre) -> dict[str, Any]:
    """La première est la base ; chaque autre lui est comparée, ligne à ligne du niveau demandé.

    Les effets sont donnés en entiers (10⁻¹² ETP, dixièmes, millièmes) et en nombres : les entiers somment
    exactement à la différence. Un salaire inconnu rend le coût inconnu (None), jamais nul ni partiel.
    """

    def calculer() -> dict[str, Any]:
        lues = relire_ensemble(simulations, perimetre)
        qui = _Qui([part for parts in reversed(lues) for part in parts], perimetre.niveau)
        base = [part.entrees for part in lues[0]]
        corps: dict[tuple[int, ...], dict[str, Any]] = {}
        totaux: list[dict[str, Any]] = []
        for simulation, parts in zip(simulations[1:], lues[1:], strict=True):
            resultat = decomposer(base, [part.entrees for part in parts])
            cles, rangs = qui.lignes(resultat)
            etats = resultat.reunir(rangs, len(cles))
            totaux.append({"simulation": str(simulation.pk), **_difference(etats.sum(axis=1))})
            for rang, cle in enumerate(cles):
                ligne = corps.setdefault(cle, {**qui.etiquette(cle), "differences": []})
                ligne.setdefault("base", _mesures(etats[0, rang]))
                ligne["differences"].append({"simulation": str(simulation.pk), **_difference(etats[:, rang])})
        _completer(corps, len(simulations) - 1)
        return {
            "niveau": perimetre.niveau,
            "composantes": [{"code": code, "libelle": LIBELLES[code]} for code in COMPOSANTES],
            "simulations": [resume(simulation) for simulation in simulations],
            "total": totaux,
            "lignes": sorted(
                corps.values(),
                key=lambda ligne: (-abs(_plus_grande(ligne)), ligne.get("centre_label", "")),
            ),
        }

    return memoriser(simulations, f"comparer:{perimetre.cle}", calculer)


def resume(simulation: Simulation) -> dict[str, Any]:
    return {
        "id": str(simulation.pk),
        "libelle": simulation.libelle,
        "scenario": simulation.scenario.nom if simulation.scenario else None,
        "mode": simulation.parametres.get("mode", "actuel"),
        "annee": simulation.annee,
        "fictif": simulation.fictive,
        "version_moteur": simulation.version_moteur,
        "termine_le": simulation.termine_le.isoformat() if simulation.termine_le else None,
        "etp_calcule": etp(simulation.etp_pico),
        "etp_arrondi": simulation.arrondi_dixiemes / 10,
        "etp_actuel": simulation.actuel_dixiemes / 10,
        "ecart": simulation.ecart_dixiemes / 10,
        "cout_mensuel": simulation.cout_milliemes / 1000 if simulation.cout_connu else None,
    }


class _Qui:
    """Identifie les lignes d'une décomposition ; les noms de la dernière simulation l'emportent."""

    def __init__(self, parts: Sequence[PartRelue], niveau: str) -> None:
        self.niveau = niveau
        self.directions: dict[int, int] = {}
        self._centres: dict[int, dict[str, Any]] = {}
        self._titres: dict[int, str] = {}
        for part in parts:
            centres = part.carte.centres
            self._titres = dict(zip(part.carte.titres.id.tolist(), part.carte.titres.nom, strict=True)) | (
                self._titres
            )
            for pk, direction, nom, libelle in zip(
                centres.id.tolist(),
                centres.direction_id.tolist(),
                centres.nom,
                centres.direction,
                strict=True,
            ):
                if pk not in self._centres:
                    self.directions[pk] = direction
                    self._centres[pk] = {
                        "direction_id": direction,
                        "direction_label": libelle,
                        "centre_id": pk,
                        "centre_label": nom,
                    }

    def lignes(self, resultat: Decomposition) -> tuple[list[tuple[int, ...]], NDArray[np.int64]]:
        """Clés distinctes du niveau et rang de chaque poste."""
        rangs: dict[tuple[int, ...], int] = {}
        places = [rangs.setdefault(self._cle(c, t), len(rangs)) for c, t in resultat.cles.tolist()]
        return list(rangs), np.array(places, dtype=np.int64)

    def _cle(self, centre: int, titre: int) -> tuple[int, ...]:
        if self.niveau == "national":
            return ()
        if self.niveau == "direction":
            return (self.directions[centre],)
        return (centre,) if self.niveau == "centre" else (centre, titre)

    def etiquette(self, cle: tuple[int, ...]) -> dict[str, Any]:
        if self.niveau == "national":
            return {}
        if self.niveau == "direction":
            libelle = next(
                c["direction_label"] for c in self._centres.values() if c["direction_id"] == cle[0]
            )
            return {"direction_id": cle[0], "direction_label": libelle}
        if self.niveau == "centre":
            return dict(self._centres[cle[0]])
        return {**self._centres[cle[0]], "poste_id": cle[1], "poste_label": self._titres[cle[1]]}


def _mesures(valeurs: NDArray[np.int64]) -> dict[str, Any]:
    return {
        "etp_calcule": etp(valeurs[ETP]),
        "etp_arrondi": int(valeurs[ARRONDI]) / 10,
        "etp_actuel": int(valeurs[ACTUEL]) / 10,
        "ecart": int(valeurs[ECART]) / 10,
        "cout_mensuel": None if valeurs[SANS_PRIX] else int(valeurs[COUT]) / 1000,
    }


def _difference(etats: NDArray[np.int64]) -> dict[str, Any]:
    """Mesures d'arrivée, différence, et effet de chaque composante (7 états × mesures)."""
    pas = zip(COMPOSANTES, etats, etats[1:], strict=False)
    return {
        **_mesures(etats[-1]),
        "difference": _effet(etats[0], etats[-1]),
        "pourquoi": {code: _effet(avant, apres) for code, avant, apres in pas},
    }


def _effet(avant: NDArray[np.int64], apres: NDArray[np.int64]) -> dict[str, Any]:
    """Ce qui change d'un état à l'autre ; le coût est inconnu dès qu'il l'est d'un côté."""
    valeurs = apres - avant
    cout = None if avant[SANS_PRIX] or apres[SANS_PRIX] else int(valeurs[COUT])
    return {
        "etp": etp(valeurs[ETP]),
        "ecart": int(valeurs[ECART]) / 10,
        "cout_mensuel": None if cout is None else cout / 1000,
        "exact": {
            "etp_pico": int(valeurs[ETP]),
            "ecart_dixiemes": int(valeurs[ECART]),
            "cout_milliemes": cout,
        },
    }


def _completer(corps: Mapping[Any, dict[str, Any]], attendues: int) -> None:
    """Une ligne absente d'une des comparaisons n'y change rien : elle n'existe que dans les autres."""
    for ligne in corps.values():
        if len(ligne["differences"]) < attendues:
            ligne["partielle"] = True


def _plus_grande(ligne: Mapping[str, Any]) -> int:
    return max((d["difference"]["exact"]["etp_pico"] for d in ligne["differences"]), key=abs, default=0)
