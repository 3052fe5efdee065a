"""Ce qu'attend un travail en file : un ouvrier occupé, ou personne."""

from datetime import timedelta

from simulateur.models import Canari, Etat, Travail
from simulateur.travaux.horloge import heure_de_la_base
from simulateur.travaux.planification import NOM_CANARI
from simulateur.travaux.sante_des_grappes import MUETTE_S

DEPUIS_S = 10.0  # une grappe en train de naître n'est pas une absence
AUCUN_OUVRIER = "Aucun ouvrier ne répond : le travail reste en file jusqu'à ce que l'un démarre."


def phrase_d_attente(travail: Travail) -> str:
    """AUCUN_OUVRIER quand c'est le cas, vide sinon ; une requête, pour un travail en file seulement."""
    if travail.etat != Etat.EN_FILE or travail.message:
        return ""
    maintenant = heure_de_la_base()
    if (maintenant - travail.cree_le).total_seconds() < DEPUIS_S:
        return ""
    depuis = maintenant - timedelta(seconds=MUETTE_S)
    return "" if Canari.objects.filter(nom=NOM_CANARI, repondu_le__gte=depuis).exists() else AUCUN_OUVRIER
