"""Heures, ETP, arrondis, écarts, décisions et coûts de tous les postes à la fois.

L'application est linéaire : à paramètres fixés, heures(poste) = Σ durées × coefficient(type, centre) ×
volume(produit, centre) + forfaits. Les grandeurs sommées sont des entiers (10⁻¹² h, 10⁻¹² ETP, dixièmes de
personne) : national = Σ directions = Σ centres = Σ postes au dernier chiffre, quel que soit l'ordre.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.carte import Carte, Entiers, Flottants
from simulations.moteur.parametres import JOURS_OUVRES_DU_MOIS, Parametres
from simulations.moteur.regles import SANS, Regles, Valeurs
from simulations.moteur.volumes import repartir, valeurs_de

PICO = 10**12
SEUIL_ARRONDI_PICO = PICO // 10  # ETP ≤ 0,1 : arrondi à 0
CAPACITE_MIN_H = 0.1
RECRUTER, SURVEILLER, OPTIMISER, MAINTENIR = range(4)
DECISIONS = ("Recruter", "Surveiller", "Optimiser", "Maintenir")


@dataclass(frozen=True)
class Resultat:
    """P postes : entiers exacts, dans l'ordre des postes de la carte.

    `heures_pico` et `etp_pico` en 10⁻¹² (h par jour, ETP) ; `arrondi`, `actuel`, `ecart` en dixièmes de
    personne ; `cout_milliemes` en millièmes d'unité monétaire par mois, `cout_connu` faux sans salaire ;
    `decision` : index dans DECISIONS.
    """

    heures_pico: Entiers
    etp_pico: Entiers
    arrondi: Entiers
    actuel: Entiers
    ecart: Entiers
    decision: Entiers
    cout_milliemes: Entiers
    cout_connu: NDArray[np.bool_]


def capacites(carte: Carte, parametres: Parametres) -> Flottants:
    """Heures nettes par personne et par jour de chaque poste : C, ou C_f s'il est soumis au trajet."""
    nette = max(
        CAPACITE_MIN_H, parametres.heures_jour * parametres.productivite / 100 - parametres.temps_mort / 60
    )
    propre = carte.centres.trajet_minutes
    trajet = np.where(propre > 0, propre, parametres.trajet_minutes)[carte.postes.centre]
    avec_trajet = np.maximum(CAPACITE_MIN_H, nette - 2 * trajet / 60)
    return np.where(carte.titres.trajet[carte.postes.titre], avec_trajet, nette)


def coefficients(carte: Carte, parametres: Parametres) -> tuple[Flottants, Flottants]:
    """(types × centres) : heures par seconde de durée et par unité de volume annuel ; puis part du forfait.

    Premier tableau : 1/J × croissance ÷ diviseur × facteurs × E ÷ 3600, nul pour un forfait. Second :
    E ÷ 3600 pour un forfait, nul sinon. Les tâches de guichet d'un centre sans guichet sont à 0.
    """
    regles, types = carte.regles, carte.types
    valeurs = valeurs_de(carte, parametres)
    flux = np.array(regles.produit_flux, dtype=np.int64)[types.produit]
    facteur = _facteurs_phase(regles, valeurs)[types.phase, flux]
    diviseur = _diviseurs(regles, valeurs)[types.unite, flux]
    base = _facteurs_base(carte, valeurs, flux)
    forfait = np.array(regles.forfait, dtype=bool)[types.unite][:, None]
    compte = carte.centres.a_guichet[None, :] | ~types.guichet[:, None]
    par_jour = (_par_jour(regles, parametres)[flux][:, None] / diviseur) * facteur
    horaire = base / 3600.0 * compte
    return np.where(forfait, 0.0, par_jour * horaire), np.where(forfait, horaire, 0.0)


def par_jour(carte: Carte, parametres: Parametres) -> Flottants:
    """(types × centres ou 1) : unités par jour et par unité de volume annuel, 0 pour un forfait."""
    regles, types = carte.regles, carte.types
    valeurs = valeurs_de(carte, parametres)
    flux = np.array(regles.produit_flux, dtype=np.int64)[types.produit]
    facteur = _facteurs_phase(regles, valeurs)[types.phase, flux]
    diviseur = _diviseurs(regles, valeurs)[types.unite, flux]
    forfait = np.array(regles.forfait, dtype=bool)[types.unite][:, None]
    return np.where(forfait, 0.0, (_par_jour(regles, parametres)[flux][:, None] / diviseur) * facteur)


def contributions(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """(types × centres) : heures par jour et par seconde de durée, volumes appliqués."""
    comptes = repartir(carte, saisis, parametres)
    par_produit = carte.regles.produits_par_cellule @ comptes.T
    coefficient, forfait = coefficients(carte, parametres)
    return coefficient * par_produit[carte.types.produit] + forfait


def calculer(carte: Carte, saisis: Flottants, parametres: Parametres) -> Resultat:
    """Dimensionne tous les postes. `saisis` : (centres × cellules) volumes annuels ≥ 0."""
    return conclure(carte, heures_brutes(carte, saisis, parametres), parametres)


def heures_brutes(carte: Carte, saisis: Flottants, parametres: Parametres) -> Flottants:
    """Heures par jour de chaque poste (P,), coefficient de shift compris, nulles pour les MOI."""
    poste, plat, durees = carte.noyau
    poids = contributions(carte, saisis, parametres).ravel()[plat] * durees
    heures = np.asarray(np.bincount(poste, weights=poids, minlength=len(carte.postes.id)), dtype=np.float64)
    return heures * coefs_shift(carte, parametres.shift)


def coefs_shift(carte: Carte, shift: int) -> Flottants:
    """K de chaque poste, et 0 pour les MOI : jamais dimensionnés."""
    titres = carte.titres
    coef = {1: np.ones(len(titres.id)), 2: titres.coef_2, 3: titres.coef_3}[shift]
    par_titre: Flottants = np.where(titres.mod, coef, 0.0)
    return par_titre[carte.postes.titre]


def conclure(carte: Carte, heures: Flottants, parametres: Parametres) -> Resultat:
    """Des heures aux ETP, arrondis, écarts, décisions et coûts."""
    mod = carte.titres.mod[carte.postes.titre]
    actuel = carte.postes.effectif_dixiemes
    calcule = np.rint(heures / capacites(carte, parametres) * PICO).astype(np.int64)
    etp = np.where(mod, calcule, actuel * (PICO // 10))
    arrondi = np.where(mod, arrondir(etp), actuel)
    ecart = arrondi - actuel
    salaire = carte.titres.salaire_centimes[carte.postes.titre]
    connu = salaire >= 0
    return Resultat(
        heures_pico=np.rint(heures * PICO).astype(np.int64),
        etp_pico=etp,
        arrondi=arrondi,
        actuel=actuel,
        ecart=ecart,
        decision=decider(etp, actuel, arrondi),
        cout_milliemes=np.where(connu, ecart * salaire, 0),
        cout_connu=connu,
    )


def arrondir(etp_pico: Entiers) -> Entiers:
    """Dixièmes de personne : au plus proche, demi vers le haut, et 0 quand ETP ≤ 0,1."""
    personnes = (etp_pico + PICO // 2) // PICO
    return np.where(etp_pico <= SEUIL_ARRONDI_PICO, 0, personnes * 10)


def decider(etp_pico: Entiers, actuel: Entiers, arrondi: Entiers) -> Entiers:
    """ETP ÷ actuel : > 1,10 Recruter, > 1,02 Surveiller, < 0,85 Optimiser, sinon Maintenir. Exact.

    Sans effectif : Recruter si l'arrondi montre un besoin, Maintenir sinon.
    """
    centieme = actuel * (PICO // 1000)  # 1 % de l'effectif, en 10⁻¹² ETP
    decision = np.full(len(etp_pico), MAINTENIR, dtype=np.int64)
    decision[etp_pico < 85 * centieme] = OPTIMISER
    decision[etp_pico > 102 * centieme] = SURVEILLER
    decision[etp_pico > 110 * centieme] = RECRUTER
    return np.where(actuel > 0, decision, np.where(arrondi > 0, RECRUTER, MAINTENIR))


def _par_jour(regles: Regles, parametres: Parametres) -> Flottants:
    """(flux + 1,) : part du volume annuel traitée par jour, croissance comprise ; la dernière sert -1."""
    commune = parametres.croissance.get("", 0.0)
    taux = [parametres.croissance.get(flux, commune) for flux in regles.flux]
    croissance = 1.0 + np.array([*taux, commune]) / 100.0
    if parametres.part_du_mois is None:
        return croissance / parametres.jours_ouvres
    return croissance * (parametres.part_du_mois / 100.0 / JOURS_OUVRES_DU_MOIS)


def _facteurs_phase(regles: Regles, valeurs: Valeurs) -> Flottants:
    """(phases + 1, flux + 1, centres ou 1) : produit des termes ; la dernière phase, -1, vaut 1."""
    neutre: Flottants = np.ones((len(regles.flux) + 1, 1))
    par_phase = []
    for termes in regles.termes:
        facteur = neutre
        for nature, p, q, n in termes:
            facteur = facteur * _terme(nature, p, q, n, valeurs)
        par_phase.append(facteur)
    return _table([*par_phase, neutre])


def _terme(nature: str, p: str, q: str, n: float | None, valeurs: Valeurs) -> Flottants | float:
    if nature == "INVERSE":
        return 1.0 / max(1.0, n or 1.0)
    premier = valeurs.de(p)
    if nature == "POURCENT":
        return premier / 100.0
    second = valeurs.de(q) if q else 0.0
    if nature == "COMPLEMENT":
        return 1.0 - premier / 100.0 - second / 100.0
    if nature == "UN_PLUS":
        return 1.0 + premier + second
    if nature == "VALEUR":
        return premier
    raise ValueError(f"nature de terme inconnue : {nature}")


def _diviseurs(regles: Regles, valeurs: Valeurs) -> Flottants:
    """(unités, flux + 1, centres ou 1) : max(1, diviseur) pour le flux, à défaut pour tous, ou 1."""
    neutre: Flottants = np.ones((len(regles.flux) + 1, 1))
    tables = [neutre] * len(regles.unites)
    # Les diviseurs de tout flux d'abord : ceux d'un flux précis les remplacent ensuite.
    for unite, flux, constante, parametre in sorted(regles.diviseurs, key=lambda regle: regle[1] != SANS):
        brut = valeurs.de(parametre, sans_regle=1.0) if parametre else neutre * (constante or 1.0)
        tables[unite] = _poser(tables[unite], flux, np.maximum(1.0, brut))
    return _table(tables)


def _facteurs_base(carte: Carte, valeurs: Valeurs, flux: Entiers) -> Flottants:
    """(types × centres ou 1) : E. Base 100 → 1 ; sinon la règle la plus précise, ou 1 à défaut."""
    types = carte.types
    regles = {(f, u, ph): (parametre, non) for f, u, ph, parametre, non in carte.regles.facteurs_base}
    lignes: dict[int, Flottants] = {}
    for rang in np.flatnonzero(types.base != 100).tolist():
        f, u, ph = int(flux[rang]), int(types.unite[rang]), int(types.phase[rang])
        candidats = ((f, u, ph), (f, u, SANS), (SANS, u, ph), (SANS, u, SANS))
        regle = next((regles[cle] for cle in candidats if cle in regles), None)
        if regle is not None:
            pourcent = valeurs.de(regle[0])[f] / 100.0
            lignes[rang] = 1.0 - pourcent if regle[1] else pourcent
    largeur = max((len(ligne) for ligne in lignes.values()), default=1)
    facteurs = np.ones((len(types.base), largeur))
    for rang, ligne in lignes.items():
        facteurs[rang] = ligne
    return facteurs


def _poser(table: Flottants, flux: int, valeurs: Flottants) -> Flottants:
    """`table` où la ligne du flux (toutes, sans flux) prend ces valeurs."""
    if flux == SANS:
        return valeurs
    posee = np.array(np.broadcast_to(table, np.broadcast_shapes(table.shape, valeurs.shape)))
    posee[flux] = valeurs[flux]
    return posee


def _table(lignes: list[Flottants]) -> Flottants:
    """Empile des tableaux (flux + 1, centres ou 1) à une largeur commune."""
    hauteur = lignes[0].shape[0] if lignes else 1
    table = np.empty((len(lignes), hauteur, max((ligne.shape[-1] for ligne in lignes), default=1)))
    for rang, ligne in enumerate(lignes):
        table[rang] = ligne
    return table
