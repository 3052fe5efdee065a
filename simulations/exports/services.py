"""Demander un export, le lire : la même porte pour la page, l'API et la commande."""

from typing import Any

from simulateur.fichiers import tableaux
from simulateur.fichiers.tableaux import Fichier
from simulateur.models import Etat
from simulateur.travaux.machine import creer_et_enfiler
from simulateur.web.refus import Refus, SaisieRefusee
from simulations.exports.fabrique import nom_de_fichier
from simulations.models import Export, Simulation

# Le csv d'un export est une archive : un fichier par feuille.
TYPES_MIME = {
    Export.Format.XLSX.value: tableaux.TYPES_MIME["xlsx"],
    Export.Format.CSV.value: "application/zip",
}


def lire_options(donnees: Any) -> tuple[str, str]:
    """(format, écriture) demandés ; SaisieRefusee qui dit ce qui est permis."""
    format_ = str(donnees.get("format") or Export.Format.XLSX)
    ecriture = str(donnees.get("ecriture") or Export.Ecriture.FR)
    erreurs = {}
    for nom, valeur, choix in (
        ("format", format_, Export.Format.values),
        ("ecriture", ecriture, Export.Ecriture.values),
    ):
        if valeur not in choix:
            erreurs[nom] = [f"« {valeur} » est inconnu : choisir parmi {', '.join(choix)}."]
    if erreurs:
        raise SaisieRefusee(erreurs)
    return format_, ecriture


def verifier_exportable(simulation: Simulation) -> None:
    if simulation.etat != Etat.TERMINEE:
        raise Refus("Seule une simulation terminée s'exporte.")


def demander(simulation: Simulation, *, format_: str, ecriture: str, demandeur: Any) -> Export:
    """Met l'export en file ; lève Refus si la simulation n'est pas terminée."""
    verifier_exportable(simulation)
    export = Export(
        simulation=simulation,
        libelle=str(simulation),
        format=format_,
        ecriture=ecriture,
        nom_fichier=nom_de_fichier(simulation, format_),
        demandeur=demandeur,
    )
    creer_et_enfiler(export)
    return export


def fichier(nom: str, format_: str, octets: Any) -> Fichier:
    return Fichier(nom, TYPES_MIME[format_], bytes(octets))
