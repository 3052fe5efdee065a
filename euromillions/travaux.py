"""Points d'entrée Django-Q d'EuroMillions : ce que la file appelle, tous travaux périodiques réunis."""

import logging
from typing import TypedDict

from django.utils import timezone

from euromillions.grilles import chronometrage, heuristiques, purge
from euromillions.grilles.execution import generer
from euromillions.grilles.reglement import BilanDuReglement, regler
from euromillions.imports.rapport import phrase_du_resultat
from euromillions.imports.service import ImportSuspect, deja_applique, importer, previsualiser
from euromillions.imports.telechargement import telecharger
from euromillions.lectures import histoire, reperes, statistiques
from euromillions.lectures.filtre import Filtre
from euromillions.models import Backtest, Generation
from euromillions.precision import backtest, rapport
from euromillions.statistiques.apprentissage import TropPeuDeTirages
from simulateur.cache import menage
from simulateur.fichiers.limites import FichierRefuse
from simulateur.travaux.machine import Prise

journal = logging.getLogger(__name__)


def generer_grilles(generation: Generation, prise: Prise) -> None:
    with chronometrage.chronometrer(generation):
        generer(generation, prise)


def rejouer_l_histoire(essai: Backtest, prise: Prise) -> None:
    backtest.derouler(essai, prise)


class BilanDeLActualisation(TypedDict):
    revision: int
    selections: int
    tirages_manquants: int
    derniers_manquants: list[str]


def actualiser_statistiques() -> BilanDeLActualisation:
    """Calcule d'avance les statistiques rapides, complètes et par ère ; signale les tirages manquants."""
    revision = histoire.revision()
    codes = [ere["code"] for ere in reperes.eres(revision)]
    filtres = [Filtre(), *(Filtre(era=code) for code in codes)]
    for filtre in filtres:
        statistiques.rapides(filtre, revision)
        statistiques.completes(filtre, revision)
    recente = reperes.annees(revision)[:1]
    for annee in recente:
        statistiques.rapides(Filtre(year=annee["year"]), revision)
    manquants = reperes.manquants(revision, timezone.localdate())
    if manquants:
        journal.warning("%d tirages manquants, le plus récent le %s", len(manquants), manquants[0])
    return {
        "revision": revision,
        "selections": len(filtres) + len(recente),
        "tirages_manquants": len(manquants),
        "derniers_manquants": manquants[:10],
    }


def nettoyer_cache() -> dict[str, int]:
    """L'ancien nom du ménage, que la file peut encore livrer : il est au noyau, pour toutes les familles."""
    return menage.nettoyer()


def juger_les_grilles() -> BilanDuReglement:
    """Filet : les grilles se jugent avec l'écriture du tirage ; ce passage quotidien rattrape un oubli."""
    bilan = regler()
    if bilan["grilles"]:
        journal.warning("%d grilles jugées par le passage quotidien", bilan["grilles"])
    return bilan


def rapport_hebdomadaire() -> str:
    """Le rapport de la semaine écoulée ; rejoué, il se remplace."""
    return str(rapport.produire())


def elaguer_les_mesures() -> int:
    return chronometrage.elaguer()


def purge_hebdomadaire() -> dict[str, int]:
    """Générations et backtests finis dont aucun chiffre ne dépend ; rend les nombres supprimés."""
    bilan = purge.purger().en_dict()
    journal.info("purge des générations EuroMillions : %s", bilan)
    return bilan


def reapprendre_le_modele() -> str:
    try:
        return str(heuristiques.reapprendre())
    except TropPeuDeTirages as refus:
        journal.info("modèle non appris : %s", refus)
        return str(refus)


def telecharger_tirages() -> str:
    """Prend l'archive et l'applique ; un fichier suspect reste un aperçu à confirmer. Rend une phrase."""
    try:
        fichier = telecharger()
        if deja_applique(fichier):
            return "Archive inchangée depuis le dernier import."
        try:
            (fait,) = importer([fichier], auteur=None)
        except ImportSuspect as soupcon:
            journal.warning("téléchargement des tirages : %s", soupcon)
            apercu = previsualiser(fichier, auteur=None)
            return f"{soupcon} Aperçu n°{apercu.pk} à confirmer par un agent."
    except FichierRefuse as refus:
        return str(refus)
    return phrase_du_resultat(fait)
