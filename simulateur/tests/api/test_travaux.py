"""Un travail dans l'API : les mêmes corps pour toutes les sortes."""

import pytest

from simulateur.api import travaux
from simulateur.models import Etat
from simulateur.tests.outils.travail import creer, en_cours, relire
from simulateur.travaux import machine

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


def test_mis_en_file_repond_202_et_dit_ou_suivre(essai):
    travail = creer(essai)
    reponse = travaux.mis_en_file(travail, message="En file", adresse="/api/ici", nombre=3)
    assert reponse.status_code == 202
    assert reponse.data == {
        "task_id": str(travail.pk),
        "status": "PENDING",
        "message": "En file",
        "check_status_url": f"/api/ici/{travail.pk}",
        "nombre": 3,
    }


@pytest.mark.parametrize(
    ("etat", "mot", "en_faute"),
    [
        (Etat.EN_FILE, "PENDING", False),
        (Etat.REFUSEE, "FAILURE", True),
        (Etat.EN_ERREUR, "FAILURE", True),
        (Etat.ANNULEE, "REVOKED", False),
    ],
)
def test_le_suivi_dit_l_etat_et_la_faute_seulement_s_il_y_en_a_une(essai, etat, mot, en_faute):
    travail = creer(essai)
    travail.etat, travail.message = etat, "Pourquoi"
    corps = travaux.suivi(travail, current=2, total=5)
    assert (corps["state"], corps["current"], corps["total"]) == (mot, 2, 5)
    assert corps["status"] == "Pourquoi"
    assert ("error" in corps) is en_faute


def test_annuler_en_file_annule_et_une_seconde_fois_dit_l_etat_atteint(essai):
    travail = creer(essai)
    assert travaux.annuler(travail, "simulation")["status"] == "cancelled"
    assert relire(travail).etat == Etat.ANNULEE
    assert travaux.annuler(travail, "simulation")["status"] == "REVOKED"


def test_annuler_en_cours_est_accepte_et_trop_tard_ne_change_rien(essai):
    prise = en_cours(essai)
    assert travaux.annuler(prise.travail, "génération")["status"] == "cancelled"
    assert relire(prise.travail).annulation_demandee_le is not None
    fini = en_cours(essai)
    perime = type(fini.travail).objects.get(pk=fini.travail.pk)
    fini.terminer()
    for lu in (perime, relire(fini.travail)):
        corps = travaux.annuler(lu, "génération")
        assert corps["status"] == "SUCCESS"
        assert "génération" in corps["message"]
    assert machine.annuler(fini.travail) == Etat.TERMINEE
