"""Le lancement : une seule porte, tout ou rien, et une empreinte qui dit ce qui a été demandé."""

import pytest
from django.db import transaction
from django_q.models import OrmQ

from referentiels.tests.outils.factories import CentreFactory
from simulateur.models import Etat
from simulateur.travaux.machine import CleDejaUtilisee
from simulations.calculs.lancement import lancer
from simulations.demandes.demande import lire_demande
from simulations.models import Simulation
from simulations.moteur import VERSION

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
DIRECTION = Simulation.Niveau.DIRECTION
NATIONAL = Simulation.Niveau.NATIONAL
BATCH = Simulation.Niveau.BATCH


def demander(corps=None, **cible):
    return lancer(demande=lire_demande(corps or {}), **cible)


def test_une_simulation_lancee_est_en_file_avec_ses_entrees_et_sa_version(direction, utilisateur):
    simulation = demander(
        {"shift": 2, "pct_retour": 10}, niveau=DIRECTION, direction=direction, demandeur=utilisateur
    )
    simulation.refresh_from_db()
    assert (simulation.etat, simulation.demandeur, simulation.libelle) == (
        Etat.EN_FILE,
        utilisateur,
        direction.nom,
    )
    assert simulation.version_moteur == VERSION
    assert simulation.jeu_de_parametres == lire_demande({"shift": 2, "pct_retour": 10}).parametres
    assert OrmQ.objects.get().args() == ("simulations.Simulation", str(simulation.pk))


def test_un_lancement_defait_ne_laisse_rien(direction):
    with transaction.atomic():
        demander(niveau=DIRECTION, direction=direction)
        transaction.set_rollback(True)
    assert not Simulation.objects.exists()
    assert not OrmQ.objects.exists()


def test_des_donnees_de_demonstration_marquent_la_simulation_fictive(direction):
    assert not demander(niveau=DIRECTION, direction=direction).fictive
    fictif = CentreFactory(de_demonstration=True)
    assert demander(niveau=DIRECTION, direction=fictif.direction).fictive
    assert demander(niveau=NATIONAL).fictive
    assert not demander(niveau=DIRECTION, direction=direction).fictive


def test_un_lot_de_vrais_centres_n_est_pas_fictif_parce_que_d_autres_le_sont(direction):
    fictif = CentreFactory(de_demonstration=True)
    ids = list(direction.centres.values_list("pk", flat=True))
    assert not demander(niveau=BATCH, centre_ids=ids).fictive
    assert demander(niveau=BATCH, centre_ids=[*ids, fictif.pk]).fictive


def test_l_empreinte_est_celle_des_entrees_et_d_elles_seules(direction):
    def empreinte(corps=None, **cible):
        return demander(corps, **(cible or {"niveau": DIRECTION, "direction": direction})).empreinte

    reference = empreinte({"shift": 2, "temps_mort": 5})
    assert empreinte({"idle_minutes": 5.0, "shift": "2"}) == reference
    centre = direction.centres.first()
    ligne = {"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 1}
    autres = [
        empreinte({"shift": 3, "temps_mort": 5}),
        empreinte({"shift": 2, "temps_mort": 5, "volumes": [ligne]}),
        empreinte({"shift": 2, "temps_mort": 5}, niveau=DIRECTION, direction=direction, annee=2020),
        empreinte({"shift": 2, "temps_mort": 5}, niveau=NATIONAL),
    ]
    assert len({reference, *autres}) == 5


def test_l_ordre_des_centres_d_un_lot_ne_change_pas_la_demande(direction):
    un, deux = direction.centres.values_list("pk", flat=True)
    premier = demander(niveau=BATCH, centre_ids=[un, deux])
    assert demander(niveau=BATCH, centre_ids=[deux, un]).empreinte == premier.empreinte
    assert premier.libelle == "2 centres"


def test_la_cle_d_idempotence_retrouve_la_simulation_ou_dit_le_conflit(direction, utilisateur):
    cible = {"niveau": DIRECTION, "direction": direction, "demandeur": utilisateur, "cle": "k"}
    premiere = demander({"shift": 2}, **cible)
    assert demander({"shift": 2}, **cible).pk == premiere.pk
    with pytest.raises(CleDejaUtilisee):
        demander({"shift": 1}, **cible)


@pytest.mark.django_db(transaction=True)
def test_des_envois_simultanes_de_meme_cle_ne_lancent_qu_une_simulation(direction, utilisateur, en_parallele):
    cible = {"niveau": DIRECTION, "direction": direction, "demandeur": utilisateur, "cle": "k"}
    cles = en_parallele(lambda _: demander({"shift": 2}, **cible).pk, 5)
    assert len(set(cles)) == 1
    assert Simulation.objects.count() == OrmQ.objects.count() == 1
