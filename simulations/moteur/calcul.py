"""Heures, ETP, arrondis, écarts, décisions et coûts de tous les postes à la fois.

L'application est linéaire : à paramètres fixés, heures(poste) = Σ durées × coefficient(type, centre) ×
volume(produit, centre) + forfaits. Les grandeurs sommées sont des entiers (10⁻¹² h, 10⁻¹² ETP, centièmes de
personne) : national = Σ directions = Σ centres = Σ postes au dernier chiffre, quel que soit l'ordre.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulateur.langue.nombres import en_plus, nombre, personnes
from simulations.moteur.arrondis import PERSONNE, PICO, SEUIL_ARRONDI_PICO, arrondir
from simulations.moteur.carte import Carte, Entiers, Flottants, Traits
from simulations.moteur.coefficients import Coefficients, contributions
from simulations.moteur.parametres import Parametres
from simulations.moteur.presence import presence
from simulations.moteur.regles import SEUILS

CAPACITE_MIN_H = 0.1
RECRUTER, SURVEILLER, OPTIMISER, MAINTENIR = range(4)
DECISIONS = ("Recruter", "Surveiller", "Optimiser", "Maintenir")


@dataclass(frozen=True)
class Resultat:
    """P postes : entiers exacts, dans l'ordre des postes de la carte.

    `heures_pico` et `etp_pico` en 10⁻¹² (h par jour, ETP) ; `arrondi`, `actuel`, `ecart` en centièmes de
    personne ; `cout_dix_milliemes` en dix-millièmes d'unité monétaire par mois, `cout_connu` faux sans
    salaire ; `decision` : index dans DECISIONS.
    """

    heures_pico: Entiers
    etp_pico: Entiers
    arrondi: Entiers
    actuel: Entiers
    ecart: Entiers
    decision: Entiers
    cout_dix_milliemes: Entiers
    cout_connu: NDArray[np.bool_]

    @property
    def a_pourvoir(self) -> Entiers:
        """Centièmes de personne qui manquent à chaque poste, 0 s'il n'en manque pas."""
        return np.maximum(self.ecart, 0)

    @property
    def sans_prix(self) -> Entiers:
        """1 par poste dont l'écart n'a pas de coût, faute de salaire : un seul rend un total inconnu."""
        return (~self.cout_connu & (self.ecart != 0)).astype(np.int64)


def capacites(carte: Carte, parametres: Parametres, absence_en_plus: float = 0.0) -> Flottants:
    """Heures nettes par personne et par jour ouvré de chaque poste : C ou C_f, multipliée par τ."""
    return capacites_nettes(carte.traits, parametres) * _presences([carte], parametres, absence_en_plus)


def _presences(cartes: Sequence[Carte], parametres: Parametres, absence_en_plus: float = 0.0) -> Flottants:
    """τ de chaque poste de ces cartes, bout à bout."""
    return np.concatenate(
        [presence(carte, parametres, absence_en_plus)[carte.postes.centre] for carte in cartes]
    )


def capacites_nettes(traits: Traits, parametres: Parametres) -> Flottants:
    """C, ou C_f s'il est soumis au trajet : les heures nettes d'une personne présente, par jour."""
    nette = max(
        CAPACITE_MIN_H, parametres.heures_jour * parametres.productivite / 100 - parametres.temps_mort / 60
    )
    propre = traits.trajet_minutes
    trajet = np.where(propre > 0, propre, parametres.trajet_minutes)
    avec_trajet = np.maximum(CAPACITE_MIN_H, nette - 2 * trajet / 60)
    return np.where(traits.soumis_au_trajet, avec_trajet, nette)


def calculer(carte: Carte, saisis: Flottants, parametres: Parametres) -> Resultat:
    """Dimensionne tous les postes. `saisis` : (centres × cellules) volumes annuels ≥ 0."""
    return conclure(carte, heures_brutes(carte, saisis, parametres), parametres)


def calculer_ensemble(
    cartes: Sequence[Carte], saisis: Sequence[Flottants], parametres: Parametres
) -> list[Resultat]:
    """`calculer` de chaque carte, au chiffre près ; les règles communes ne sont chiffrées qu'une fois."""
    heures: list[Flottants] = []
    for groupe in _memes_regles(cartes):
        chiffrees = Coefficients(groupe, parametres)
        for rang, carte in enumerate(groupe):
            heures.append(_heures(carte, chiffrees.contributions(rang, saisis[len(heures)]), parametres))
    return conclure_ensemble(cartes, heures, parametres)


def _memes_regles(cartes: Sequence[Carte]) -> list[list[Carte]]:
    """Les cartes, dans leur ordre, par suites aux mêmes règles."""
    suites: list[list[Carte]] = []
    for carte in cartes:
        if suites and carte.regles == suites[-1][0].regles:
            suites[-1].append(carte)
        else:
            suites.append([carte])
    return suites


def heures_brutes(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """Heures par jour de chaque poste (P,), coefficient de shift compris, nulles pour les MOI."""
    return _heures(carte, contributions(carte, saisis, parametres), parametres)


def _heures(carte: Carte, contributions: Flottants, parametres: Parametres) -> Flottants:
    heures: Flottants = carte.durees @ contributions.ravel()
    return heures * coefs_shift(carte, parametres.shift)


def coefs_shift(carte: Carte, shift: int) -> Flottants:
    """K de chaque poste, et 0 pour les MOI : jamais dimensionnés."""
    titres = carte.titres
    coef = {1: np.ones(len(titres.id)), 2: titres.coef_2, 3: titres.coef_3}[shift]
    par_titre: Flottants = np.where(titres.mod, coef, 0.0)
    return par_titre[carte.postes.titre]


def conclure(carte: Carte, heures: Flottants, parametres: Parametres) -> Resultat:
    """Des heures aux ETP, arrondis, écarts, décisions et coûts."""
    return conclure_ensemble([carte], [heures], parametres)[0]


def conclure_ensemble(
    cartes: Sequence[Carte], heures: Sequence[Flottants], parametres: Parametres
) -> list[Resultat]:
    """`conclure` de chaque carte, tous les postes à la fois."""
    if not cartes:
        return []
    traits = Traits.bout_a_bout([carte.traits for carte in cartes])
    longueurs = [len(bloc) for bloc in heures]
    seuils = [np.repeat(rang, longueurs) for rang in zip(*(c.regles.seuils for c in cartes), strict=True)]
    capacite = capacites_nettes(traits, parametres) * _presences(cartes, parametres)
    tout = _conclure(np.concatenate(heures), capacite, traits, parametres.arrondi, seuils)
    colonnes = [getattr(tout, champ.name) for champ in fields(Resultat)]
    bornes = np.cumsum([0, *longueurs]).tolist()
    return [Resultat(*(colonne[de:a] for colonne in colonnes)) for de, a in pairwise(bornes)]


def _conclure(
    heures: Flottants, capacite: Flottants, traits: Traits, arrondi: str, seuils: Sequence[Flottants]
) -> Resultat:
    mod, actuel = traits.mod, traits.actuel
    calcule = np.rint(heures / capacite * PICO).astype(np.int64)
    etp = np.where(mod, calcule, actuel * (PICO // PERSONNE))
    arrondis = arrondir(etp, traits, arrondi)
    ecart = arrondis - actuel
    connu = traits.salaire >= 0
    return Resultat(
        heures_pico=np.rint(heures * PICO).astype(np.int64),
        etp_pico=etp,
        arrondi=arrondis,
        actuel=actuel,
        ecart=ecart,
        decision=decider(etp, actuel, arrondis, seuils),
        cout_dix_milliemes=np.where(connu, ecart * traits.salaire, 0),
        cout_connu=connu,
    )


def decider(
    etp_pico: Entiers, actuel: Entiers, arrondi: Entiers, seuils: Sequence[float | Flottants] = SEUILS
) -> Entiers:
    """ETP ÷ actuel : > 110 % Recruter, > 102 % Surveiller, < 85 % Optimiser, sinon Maintenir. Exact.

    `seuils` : ces trois-là, au centième de %. Sans effectif : Recruter dès une personne arrondie, Surveiller
    dès un ETP de plus de 0,1.
    """
    unite = actuel * (PICO // PERSONNE // 10_000)  # un centième de % de l'effectif, en 10⁻¹² ETP
    recruter, surveiller, optimiser = (
        np.rint(np.asarray(seuil) * 100).astype(np.int64) * unite for seuil in seuils
    )
    decision = np.where(etp_pico < optimiser, OPTIMISER, MAINTENIR)
    decision = np.where(etp_pico > surveiller, SURVEILLER, decision)
    decision = np.where(etp_pico > recruter, RECRUTER, decision)
    vacant = np.where(etp_pico > SEUIL_ARRONDI_PICO, SURVEILLER, MAINTENIR)
    return np.where(actuel > 0, decision, np.where(arrondi >= PERSONNE, RECRUTER, vacant))


def remarque(decision: str, etp_pico: int, actuel: int, arrondi: int) -> str:
    """Pourquoi la décision et l'écart se contredisent ; vide s'ils vont dans le même sens."""
    ecart = arrondi - actuel
    contredite = ecart <= 0 if decision == DECISIONS[RECRUTER] else ecart >= 0
    if decision not in (DECISIONS[RECRUTER], DECISIONS[OPTIMISER]) or not contredite:
        return ""
    arrondis, presents = personnes(arrondi / PERSONNE), personnes(actuel / PERSONNE)
    calcules = nombre(etp_pico / PICO, 2)
    return (
        f"{decision} malgré un écart de {en_plus(ecart / PERSONNE)} : {calcules} ETP calculés, "
        f"{arrondis} une fois arrondis, pour {presents} présents."
    )
