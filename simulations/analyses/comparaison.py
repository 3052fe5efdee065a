"""Deux simulations ou plus côte à côte : leurs mesures, leurs différences, et pourquoi."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.analyses.analyse import Corps
from simulations.analyses.memoire import memoriser
from simulations.calculs.relecture import relire_ensemble
from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur.carte import Entiers
from simulations.moteur.decomposition import COMPOSANTES, Decomposition, decomposer
from simulations.moteur.mesures import Sommes, en_monnaie
from simulations.moteur.niveaux import Cle, Noms
from simulations.resultats.restitution import resume
from simulations.resultats.terminees import lire_terminees, par_sa_cle

LIBELLES = {
    "volume": "Volumes",
    "regles": "Règles",
    "capacite": "Heures nettes",
    "presence": "Présence",
    "mode": "Mode",
    "referentiel": "Référentiel",
    "effectif": "Effectifs",
    "arrondi": "Arrondi",
}


@dataclass(frozen=True)
class Comparees:
    """`corps` : ce que rend l'API."""

    simulations: list[Simulation]
    perimetre: Perimetre
    corps: Corps


def comparer_pour(
    compte: Any, donnees: Mapping[str, Any], *, nommer: Callable[[Simulation], str] = par_sa_cle
) -> Comparees:
    """Ce que ce compte demande à comparer. Refus : ce qu'il ne voit pas n'existe pas."""
    visibles = Simulation.objects.visible_par(compte)
    simulations = lire_terminees(options.identifiants(donnees), nommer=nommer, parmi=visibles)
    perimetre = options.perimetre_commun(donnees, simulations)
    return Comparees(simulations, perimetre, comparer(simulations, perimetre))


def comparer(simulations: Sequence[Simulation], perimetre: Perimetre) -> Corps:
    """La première est la base ; chaque autre lui est comparée, ligne à ligne du niveau demandé.

    Les effets sont donnés en entiers (10⁻¹² ETP, centièmes, dix-millièmes) et en nombres : les entiers
    somment exactement à la différence. Un salaire inconnu rend le coût inconnu (None), jamais nul ni partiel.
    """

    def calculer() -> Corps:
        lues = relire_ensemble(simulations, perimetre)
        # Les noms de la dernière simulation l'emportent.
        noms = Noms(part.carte for parts in reversed(lues) for part in parts)
        base = [part.entrees for part in lues[0]]
        corps: dict[Cle, Corps] = {}
        totaux: list[Corps] = []
        for simulation, parts in zip(simulations[1:], lues[1:], strict=True):
            resultat = decomposer(base, [part.entrees for part in parts])
            cles, rangs = _rangs(noms, perimetre.niveau, resultat)
            etats = resultat.reunir(rangs, len(cles))
            totaux.append({"simulation": str(simulation.pk), **_difference(etats.sum(axis=1))})
            for rang, cle in enumerate(cles):
                ligne = corps.setdefault(cle, {**noms.etiquette(perimetre.niveau, cle), "differences": []})
                ligne.setdefault("base", Sommes.depuis(etats[0, rang]).en_bref())
                ligne["differences"].append({"simulation": str(simulation.pk), **_difference(etats[:, rang])})
        _completer(corps, len(simulations) - 1)
        return {
            "niveau": perimetre.niveau,
            "composantes": [{"code": code, "libelle": LIBELLES[code]} for code in COMPOSANTES],
            "total": totaux,
            "lignes": sorted(
                corps.values(),
                key=lambda ligne: (-abs(_plus_grande(ligne)), ligne.get("centre_label", "")),
            ),
        }

    # Une simulation finie change encore de nom : son résumé ne se mémorise pas.
    resumes = [resume(simulation) for simulation in simulations]
    return {**memoriser(simulations, f"comparer:{perimetre.cle}", calculer), "simulations": resumes}


def _rangs(noms: Noms, niveau: str, resultat: Decomposition) -> tuple[list[Cle], Entiers]:
    """Clés distinctes du niveau et rang de chaque poste."""
    rangs: dict[Cle, int] = {}
    places = [
        rangs.setdefault(noms.cle(niveau, centre, titre), len(rangs))
        for centre, titre in resultat.cles.tolist()
    ]
    return list(rangs), np.array(places, dtype=np.int64)


def _difference(etats: NDArray[np.int64]) -> Corps:
    """Mesures d'arrivée, différence, et effet de chaque composante (8 états × mesures)."""
    sommes = [Sommes.depuis(etat) for etat in etats]
    return {
        **sommes[-1].en_bref(),
        "difference": _effet(sommes[0], sommes[-1]),
        "pourquoi": {
            code: _effet(avant, apres)
            for code, (avant, apres) in zip(COMPOSANTES, pairwise(sommes), strict=True)
        },
    }


def _effet(avant: Sommes, apres: Sommes) -> Corps:
    """Ce qui change d'un état à l'autre ; le coût est inconnu dès qu'il l'est d'un côté."""
    difference, ecart = apres.difference(avant), apres.ecart_centiemes - avant.ecart_centiemes
    cout = None if avant.cout is None or apres.cout is None else apres.cout - avant.cout
    return {
        "etp": difference["difference_etp"],
        "ecart": difference["difference_ecart"],
        "cout_mensuel": en_monnaie(cout),
        "exact": {
            "etp_pico": apres.etp_pico - avant.etp_pico,
            "ecart_centiemes": ecart,
            "cout_dix_milliemes": cout,
            # Les unités d'avant, que des clients lisent encore.
            "ecart_dixiemes": _dixieme(ecart),
            "cout_milliemes": None if cout is None else _dixieme(cout),
        },
    }


def _dixieme(valeur: int) -> float:
    """Un entier quand il tombe juste."""
    return valeur / 10 if valeur % 10 else valeur // 10


def _completer(corps: Mapping[Any, dict[str, Any]], attendues: int) -> None:
    """Une ligne absente d'une des comparaisons n'y change rien : elle n'existe que dans les autres."""
    for ligne in corps.values():
        if len(ligne["differences"]) < attendues:
            ligne["partielle"] = True


def _plus_grande(ligne: Mapping[str, Any]) -> int:
    return max((d["difference"]["exact"]["etp_pico"] for d in ligne["differences"]), key=abs, default=0)
