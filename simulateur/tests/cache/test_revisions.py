"""Les révisions : le numéro change avec les données, jamais sans elles."""

import threading

import pytest
from django.db import connection, connections, transaction

from simulateur.cache import revisions
from simulateur.models import Revision


@pytest.mark.rapide
@pytest.mark.django_db
def test_une_portee_jamais_touchee_vaut_zero(compter_requetes):
    with compter_requetes() as requetes:
        assert revisions.lire("direction:1", "direction:2") == {"direction:1": 0, "direction:2": 0}
    assert len(requetes) == 1


@pytest.mark.rapide
@pytest.mark.django_db
def test_toucher_donne_un_numero_neuf_aux_seules_portees_nommees():
    revisions.toucher(["direction:1", "direction:2"])
    avant = revisions.lire("direction:1", "direction:2")
    numero = revisions.toucher(["direction:1"])
    assert numero > max(avant.values())
    assert revisions.lire("direction:1", "direction:2") == {**avant, "direction:1": numero}


@pytest.mark.rapide
@pytest.mark.django_db
def test_toucher_rien_n_ecrit_rien(lecture_seule):
    with lecture_seule():
        assert revisions.toucher([]) == 0


@pytest.mark.rapide
@pytest.mark.django_db
def test_une_portee_supprimee_puis_recreee_ne_retrouve_pas_un_ancien_numero():
    ancien = revisions.toucher(["direction:1"])
    Revision.objects.filter(portee="direction:1").delete()
    assert revisions.toucher(["direction:1"]) > ancien


@pytest.mark.rapide
@pytest.mark.django_db
def test_une_transaction_annulee_ne_laisse_pas_de_revision():
    avant = revisions.toucher(["direction:1"])

    class Abandon(Exception):
        pass

    def ecrire_puis_abandonner():
        with transaction.atomic():
            assert revisions.toucher(["direction:1"]) > avant
            raise Abandon

    with pytest.raises(Abandon):
        ecrire_puis_abandonner()
    assert revisions.lire_une("direction:1") == avant


@pytest.mark.django_db(transaction=True)
def test_des_ecritures_simultanees_recoivent_chacune_leur_numero():
    fils, par_fil = 6, 10
    numeros, erreurs = [], []

    def ecrire(nom):
        try:
            for _ in range(par_fil):
                numeros.append(revisions.toucher([f"direction:{nom}", "national"]))
        except Exception as erreur:
            erreurs.append(erreur)
        finally:
            connection.close()

    ouvriers = [threading.Thread(target=ecrire, args=(nom,)) for nom in range(fils)]
    for ouvrier in ouvriers:
        ouvrier.start()
    for ouvrier in ouvriers:
        ouvrier.join()
    connections.close_all()
    assert erreurs == []
    assert len(set(numeros)) == fils * par_fil
    assert revisions.lire_une("national") == max(numeros)
