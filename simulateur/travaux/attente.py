"""Ce qu'attend un travail en file : un ouvrier occupé, ou personne."""

from datetime import timedelta

from django.utils import timezone

from simulateur.models import Canari, Etat, Travail
from simulateur.travaux.horloge import heure_de_la_base
from simulateur.travaux.planification import NOM_CANARI
from simulateur.travaux.sante_des_grappes import MUETTE_S

DEPUIS_S = 10.0  # une grappe en train de naître n'est pas une absence
AUCUN_OUVRIER = "Aucun ouvrier ne répond : le travail reste en file jusqu'à ce que l'un démarre."


def phrase_d_attente(travail: Travail) -> str:
    """AUCUN_OUVRIER quand c'est le cas, vide sinon ; deux requêtes au plus, passé DEPUIS_S en file."""
    if travail.etat != Etat.EN_FILE or travail.message:
        return ""
    # Daté à sa création par un serveur web, comme ici : la base n'est lue que s'il attend vraiment.
    if (timezone.now() - travail.cree_le).total_seconds() < DEPUIS_S:
        return ""
    depuis = heure_de_la_base() - timedelta(seconds=MUETTE_S)
    return "" if Canari.objects.filter(nom=NOM_CANARI, repondu_le__gte=depuis).exists() else AUCUN_OUVRIER
