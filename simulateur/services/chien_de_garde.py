"""Le chien de garde : un canari traverse la file ; sans réponse, la grappe est redémarrée.

Un kill -9 sur un ouvrier oisif bloque toute la grappe alors qu'elle paraît vivante : il meurt en tenant
le verrou de la file. Seul un vrai travail le voit. Tant qu'un travail en cours bat, la grappe est
seulement occupée, et rien n'est redémarré.

Avec plusieurs grappes sur la même base, n'importe laquelle répond : le chien ne voit alors que la panne
de toutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from simulateur.faucheur import modeles_de_travail
from simulateur.models import Canari, Etat
from simulateur.planification import NOM_CANARI

INTERVALLE_S = 10.0
DELAI_S = 30.0
DEMARRAGE_S = 90.0  # une grappe neuve charge tout le projet, parfois sur une machine occupée


@dataclass
class ChienDeGarde:
    """Un canari toutes les `intervalle_s` ; `delai_s` sans réponse, hors travail vivant, est une panne.

    Une grappe qui n'a encore jamais répondu a `demarrage_s` pour le faire.
    """

    intervalle_s: float = INTERVALLE_S
    delai_s: float = DELAI_S
    demarrage_s: float = DEMARRAGE_S
    _connue: bool = False
    _emis_le: datetime | None = None

    def tour(self) -> str | None:
        """À appeler souvent. Rend la raison de redémarrer la grappe, ou None si tout va bien."""
        maintenant = timezone.now()
        if self._emis_le is None:
            self._emettre(maintenant)
            return None
        attente_s = (maintenant - self._emis_le).total_seconds()
        if attente_s < min(self.intervalle_s, self.delai_s):
            return None
        if self._a_repondu():
            self._connue = True
            self._emettre(maintenant)
            return None
        limite_s = self.delai_s if self._connue else max(self.delai_s, self.demarrage_s)
        if attente_s < limite_s or travail_vivant(maintenant):
            return None
        # Le prochain canari part avec la nouvelle grappe : l'ancien peut rester pris par la morte.
        self._emis_le, self._connue = None, False
        return f"canari sans réponse depuis {attente_s:.0f} s et aucun travail en cours ne bat"

    def _emettre(self, maintenant: datetime) -> None:
        Canari.objects.update_or_create(nom=NOM_CANARI, defaults={"emis_le": maintenant})
        async_task("simulateur.travaux.canari", task_name="canari du chien de garde", save=False)
        self._emis_le = maintenant

    def _a_repondu(self) -> bool:
        return Canari.objects.filter(nom=NOM_CANARI, repondu_le__gte=self._emis_le).exists()


def travail_vivant(maintenant: datetime) -> bool:
    """Vrai si un ouvrier fait avancer un travail : son battement est plus jeune que la limite du faucheur."""
    limite = maintenant - timedelta(seconds=settings.TRAVAUX_BATTEMENT_PERDU_S)
    return any(
        modele._default_manager.filter(etat=Etat.EN_COURS, battement__gte=limite).exists()
        for modele in modeles_de_travail()
    )


def rendre_les_entrees_prises() -> int:
    """Rend livrable ce qu'une grappe morte avait pris ; sinon il attendrait la reprise, une heure parfois.

    Une entrée prise par une autre grappe, vivante, sera livrée deux fois : la réclamation conditionnelle
    n'en laisse passer qu'une.
    """
    maintenant = timezone.now()
    return OrmQ.objects.filter(lock__gt=maintenant).update(lock=maintenant)
