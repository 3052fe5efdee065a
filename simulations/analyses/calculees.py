"""Les analyses d'une simulation gardée, de ses seuls instantanés.

Chaque fonction rend la même forme à la page et à l'API : un total, puis les lignes du niveau demandé.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import PartRelue, relire
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import Carte, Resultat
from simulations.moteur import incertitude as incertitudes
from simulations.moteur import profil as profils
from simulations.moteur import reequilibrage as mouvements
from simulations.moteur import sensibilites as leviers
from simulations.moteur.lineaire import par_flux
from simulations.moteur.mesures import etp
from simulations.moteur.modes import regroupement
from simulations.moteur.niveaux import Etiquette, etiquettes, lignes

TIRAGES = 1000
DISPERSION_DEFAUT = 10.0
SANS_FLUX = "sans flux"  # nom donné aux produits qui n'en ont pas
MOUVEMENTS = "mouvements"  # nom de cache : « reequilibrage » désignait une forme sans les mappings de centre


def sensibilites(simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
    """Effet de chaque levier, du plus grand au moindre : sur le total, puis sur chaque ligne."""

    def calculer_() -> dict[str, Any]:
        libelles: dict[str, str] = {}
        total: dict[str, list[int]] = {}
        corps: list[dict[str, Any]] = []
        for part in relire(simulation, perimetre):
            effet = leviers.sensibilites(part.carte, part.entrees.volumes, part.entrees.parametres)
            codes = [levier.code for levier in effet.leviers]
            libelles |= {levier.code: levier.libelle for levier in effet.leviers}
            for code, pico, personnes in zip(
                codes, effet.etp_pico.sum(axis=1), effet.personnes.sum(axis=1), strict=True
            ):
                cumul = total.setdefault(code, [0, 0])
                cumul[0] += int(pico)
                cumul[1] += int(personnes)
            etps, gens = effet.au_niveau(part.carte, perimetre.niveau)
            for qui, ligne, ronds in zip(
                etiquettes(part.carte, perimetre.niveau), etps.tolist(), gens.tolist(), strict=True
            ):
                corps.append({**qui, "effets": _tornade(zip(codes, ligne, ronds, strict=True), libelles)})
        return {
            "niveau": perimetre.niveau,
            "total": _tornade(((code, p, g) for code, (p, g) in total.items()), libelles),
            "lignes": sous_le_total(corps, perimetre),
        }

    return memoriser([simulation], f"sensibilites:{perimetre.cle}", calculer_)


def _tornade(effets: Iterable[tuple[str, int, int]], libelles: Mapping[str, str]) -> list[dict[str, Any]]:
    tries = sorted(effets, key=lambda effet: (-abs(effet[1]), effet[0]))
    return [
        {"levier": code, "libelle": libelles[code], "etp": etp(pico), "personnes": gens / 10}
        for code, pico, gens in tries
    ]


def incertitude(
    simulation: Simulation,
    perimetre: Perimetre,
    *,
    graine: int = 1,
    dispersion: float = DISPERSION_DEFAUT,
    par_flux_: Mapping[str, float] | None = None,
    tirages: int = TIRAGES,
) -> dict[str, Any]:
    """Intervalles à 80 et 95 % quand les volumes varient de `dispersion` % (écart-type), flux par flux.

    `par_flux_` : dispersions propres à certains flux. Mêmes graine et dispersions : mêmes intervalles.
    """
    propres = {code.upper(): valeur for code, valeur in (par_flux_ or {}).items()}

    def calculer_() -> dict[str, Any]:
        parts = relire(simulation, perimetre)
        codes = sorted({code for part in parts for code in (*part.carte.regles.flux, "")})
        facteurs = incertitudes.tirer_facteurs(
            np.random.default_rng(graine), [propres.get(code, dispersion) for code in codes], tirages
        )
        etp_total, gens_total = np.zeros(tirages), np.zeros(tirages)
        corps: list[dict[str, Any]] = []
        calcule, arrondi = 0, 0
        for part in parts:
            rangs = [codes.index(code) for code in (*part.carte.regles.flux, "")]
            ventilees = par_flux(part.carte, part.entrees.volumes, part.entrees.parametres)
            tire = incertitudes.incertitude(part.carte, ventilees, facteurs[rangs])
            resultat = part.resultat
            etp_total += tire.etp_total
            gens_total += tire.personnes_total
            calcule += int(resultat.etp_pico.sum())
            arrondi += int(resultat.arrondi.sum())
            corps += _lignes_incertaines(part.carte, perimetre.niveau, tire, resultat)
        total = incertitudes.intervalles_du_total(etp_total, gens_total)
        return {
            "niveau": perimetre.niveau,
            "graine": graine,
            "tirages": tirages,
            "dispersions": {code or SANS_FLUX: propres.get(code, dispersion) for code in codes},
            "loi": "log-normale de moyenne 1, un facteur par flux commun à tous les centres",
            "total": _bornes(total, 0) | {"etp_calcule": etp(calcule), "etp_arrondi": arrondi / 10},
            "lignes": sous_le_total(corps, perimetre),
        }

    propre = ",".join(f"{code}={valeur:g}" for code, valeur in sorted(propres.items()))
    nom = f"incertitude:{perimetre.cle}:{graine}:{dispersion:g}:{tirages}:{propre}"
    return memoriser([simulation], nom, calculer_)


def _lignes_incertaines(
    carte: Carte, niveau: str, tire: incertitudes.Incertitude, resultat: Resultat
) -> Iterator[dict[str, Any]]:
    sommeur = lignes(carte, niveau)
    etps, ronds = sommeur.sommer(resultat.etp_pico), sommeur.sommer(resultat.arrondi)
    for rang, qui in enumerate(etiquettes(carte, niveau)):
        if niveau == "direction":
            bornes = _bornes(tire.directions[qui["direction_id"]], 0)
        elif niveau == "national":
            bornes = _bornes(incertitudes.intervalles_du_total(tire.etp_total, tire.personnes_total), 0)
        else:
            bornes = _bornes(tire.centres if niveau == "centre" else tire.postes, rang)
        yield {
            **qui,
            **bornes,
            "etp_calcule": etp(etps[rang]),
            "etp_arrondi": int(ronds[rang]) / 10,
        }


def _bornes(intervalles: incertitudes.Intervalles, rang: int) -> dict[str, Any]:
    bas95, bas80, haut80, haut95 = (float(v) for v in intervalles.etp[rang])
    gens = [round(float(v), 1) for v in intervalles.personnes[rang]]
    return {
        "etp_80": [bas80, haut80],
        "etp_95": [bas95, haut95],
        "personnes_80": [gens[1], gens[2]],
        "personnes_95": [gens[0], gens[3]],
    }


def profil(
    simulation: Simulation, perimetre: Perimetre, parts_du_mois: Sequence[float] = profils.PARTS_DEFAUT
) -> dict[str, Any]:
    """Les 12 mois : ETP et personnes du total et de chaque ligne, et leur mois de pointe.

    `pointe` : de 1 à 12, ou None quand tous les mois se valent.
    """

    def calculer_() -> dict[str, Any]:
        total = np.zeros(profils.MOIS, dtype=np.int64)
        ronds = np.zeros(profils.MOIS, dtype=np.int64)
        corps: list[dict[str, Any]] = []
        for part in relire(simulation, perimetre):
            mois = profils.profil(part.carte, part.entrees.volumes, part.entrees.parametres, parts_du_mois)
            total += mois.etp_pico.sum(axis=0)
            ronds += mois.arrondi.sum(axis=0)
            etps, gens = mois.au_niveau(part.carte, perimetre.niveau)
            corps += [
                {**qui, **_douze(e, g)}
                for qui, e, g in zip(etiquettes(part.carte, perimetre.niveau), etps, gens, strict=True)
            ]
        return {
            "niveau": perimetre.niveau,
            "parts_du_mois": list(map(float, parts_du_mois)),
            "total": _douze(total, ronds),
            "lignes": sous_le_total(corps, perimetre),
        }

    nom = f"profil:{perimetre.cle}:{','.join(f'{part:g}' for part in parts_du_mois)}"
    return memoriser([simulation], nom, calculer_)


def _douze(etps: NDArray[np.int64], gens: NDArray[np.int64]) -> dict[str, Any]:
    return {
        "etp": [etp(v) for v in etps],
        "personnes": [int(v) / 10 for v in gens],
        # Douze mois égaux n'ont pas de pointe.
        "pointe": profils.pointe(etps) + 1 if etps.min() < etps.max() else None,
    }


def reequilibrage(
    simulation: Simulation,
    perimetre: Perimetre,
    *,
    distance: str = mouvements.DIRECTION,
    mouvements_max: int = mouvements.MOUVEMENTS_MAX,
    avec_mapping: bool = True,
) -> dict[str, Any]:
    """Mouvements proposés et écarts avant/après. Rien n'est appliqué."""

    def calculer_() -> dict[str, Any]:
        gens: list[mouvements.Poste] = []
        centres: list[Etiquette] = []
        titres: dict[int, str] = {}
        for part in relire(simulation, perimetre):
            gens += _gens(part, len(centres), avec_mapping=avec_mapping)
            centres += etiquettes(part.carte, "centre")
            titres |= dict(zip(part.carte.titres.id.tolist(), part.carte.titres.nom, strict=True))
        proposition = mouvements.proposer(gens, distance=distance, mouvements_max=mouvements_max)
        return _proposition(proposition, centres, titres)

    nom = f"{MOUVEMENTS}:{perimetre.cle}:{distance}:{mouvements_max}:{int(avec_mapping)}"
    return memoriser([simulation], nom, calculer_)


def _gens(part: PartRelue, debut: int, *, avec_mapping: bool) -> list[mouvements.Poste]:
    """Les postes d'une direction ; `debut` : rang de son premier centre. Le mapping, celui de leur centre."""
    carte, ids = part.carte, part.carte.titres.id.tolist()
    cible_de = regroupement(carte)
    gens = []
    for centre, titre, ecart in zip(
        carte.postes.centre.tolist(), carte.postes.titre.tolist(), part.resultat.ecart.tolist(), strict=True
    ):
        cible = cible_de(centre, titre) if avec_mapping else None
        gens.append(
            mouvements.Poste(
                debut + centre,
                int(carte.centres.direction_id[centre]),
                ids[titre],
                ecart,
                mouvements.AUCUN if cible is None else ids[cible],
            )
        )
    return gens


def _proposition(
    proposition: mouvements.Proposition, centres: Sequence[Etiquette], titres: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "besoin_avant": proposition.besoin_avant / 10,
        "besoin_apres": proposition.besoin_apres / 10,
        "surplus_avant": proposition.surplus_avant / 10,
        "surplus_apres": proposition.surplus_apres / 10,
        "personnes": proposition.personnes,
        "personnes_entre_centres": proposition.entre_centres,
        "mouvements": [
            {
                "personnes": m.personnes,
                "depart": {**centres[m.depart], "poste": titres[m.titre_depart]},
                "arrivee": {**centres[m.arrivee], "poste": titres[m.titre_arrivee]},
                "meme_direction": m.meme_direction,
                "meme_centre": m.depart == m.arrivee,
                "meme_poste": m.titre_depart == m.titre_arrivee,
            }
            for m in proposition.mouvements
        ],
    }


def couts(simulation: Simulation, perimetre: Perimetre) -> dict[str, Any]:
    """Masse salariale mensuelle et annuelle, présente et calculée ; None où un salaire manque."""

    def calculer_() -> dict[str, Any]:
        corps: list[dict[str, Any]] = []
        somme = np.zeros(3, dtype=np.int64)
        for part in relire(simulation, perimetre):
            resultat, carte = part.resultat, part.carte
            salaire = carte.titres.salaire_centimes[carte.postes.titre]
            paye = np.maximum(0, salaire)
            inconnu = (salaire < 0) & ((resultat.actuel > 0) | (resultat.arrondi > 0))
            colonnes = np.column_stack([resultat.actuel * paye, resultat.arrondi * paye, inconnu])
            somme += colonnes.sum(axis=0)
            par_ligne = lignes(carte, perimetre.niveau).sommer(colonnes.astype(np.int64))
            corps += [
                {**qui, **_masses(masses)}
                for qui, masses in zip(etiquettes(carte, perimetre.niveau), par_ligne.tolist(), strict=True)
            ]
        return {
            "niveau": perimetre.niveau,
            "total": _masses(somme.tolist()),
            "lignes": sous_le_total(corps, perimetre),
        }

    return memoriser([simulation], f"couts:{perimetre.cle}", calculer_)


def _masses(masses: Sequence[int]) -> dict[str, Any]:
    actuel, calcule, inconnus = masses
    valeurs = {"actuel_mensuel": actuel, "calcule_mensuel": calcule, "ecart_mensuel": calcule - actuel}
    mensuelles = {cle: None if inconnus else valeur / 1000 for cle, valeur in valeurs.items()}
    annuelles = {
        cle.replace("mensuel", "annuel"): None if inconnus else valeur * 12 / 1000
        for cle, valeur in valeurs.items()
    }
    return {**mensuelles, **annuelles, "salaires_inconnus": int(inconnus)}
