"""Les états d'un travail dans les mots du contrat, les mêmes pour toutes les API asynchrones."""

from simulateur.models import Etat, Travail

ETATS_API = {
    Etat.EN_FILE: "PENDING",
    Etat.EN_COURS: "PROGRESS",
    Etat.TERMINEE: "SUCCESS",
    Etat.REFUSEE: "FAILURE",
    Etat.EN_ERREUR: "FAILURE",
    Etat.ANNULEE: "REVOKED",
}


def etat_api(travail: Travail) -> str:
    return ETATS_API[Etat(travail.etat)]
