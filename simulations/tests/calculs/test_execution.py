"""L'exécution : les bons centres, les volumes saisis, des totaux exacts, une reprise à l'identique."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from referentiels.models import Centre, Tache
from referentiels.tests.outils.factories import (
    CelluleVolumeFactory,
    CentreFactory,
    CentrePosteFactory,
    DirectionFactory,
    TacheFactory,
    VolumeAnnuelFactory,
)
from simulateur.models import Etat
from simulateur.travaux import machine
from simulations.calculs import directions, ecriture, execution
from simulations.calculs.lancement import lancer
from simulations.cartes.volumes import volumes_depuis_octets
from simulations.demandes.demande import lire_demande
from simulations.models import Instantane, PartSimulation, ResultatCentre, ResultatPoste, Simulation
from simulations.moteur import Carte, appliquer_mode, calculer
from simulations.tests.outils.reseau import centre_a_simuler

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
DIRECTION = Simulation.Niveau.DIRECTION


def simuler(corps=None, **cible):
    simulation = lancer(demande=lire_demande(corps or {}), **cible)
    machine.executer("simulations.Simulation", str(simulation.pk))
    simulation.refresh_from_db()
    return simulation


def test_une_direction_ne_compte_que_ses_centres_actifs(direction):
    centre_a_simuler()
    ferme = centre_a_simuler(direction)
    ferme.actif = False
    ferme.save()
    simulation = simuler(niveau=DIRECTION, direction=direction)
    assert (simulation.nb_centres, simulation.nb_postes, simulation.nb_taches) == (2, 2, 2)
    assert ferme.pk not in simulation.centres.values_list("centre_id", flat=True)


def test_un_lot_melange_les_directions_sans_leurs_autres_centres(direction):
    ailleurs = centre_a_simuler()
    voulus = sorted([direction.centres.first().pk, ailleurs.pk])
    simulation = simuler(niveau=Simulation.Niveau.BATCH, centre_ids=voulus)
    assert sorted(simulation.centres.values_list("centre_id", flat=True)) == voulus
    assert simulation.parts.count() == 2


def test_un_centre_remplace_pendant_le_calcul_n_entre_pas_dans_un_lot(direction, monkeypatch):
    """La carte est lue après la liste des centres : autant de centres n'est pas les mêmes centres."""
    garde, ferme = direction.centres.order_by("pk")
    vraie_lecture = execution.centres_par_direction

    def lire_puis_remplacer(simulation):
        vus = vraie_lecture(simulation)
        Centre.objects.filter(pk=ferme.pk).update(actif=False)
        centre_a_simuler(direction)
        return vus

    monkeypatch.setattr(execution, "centres_par_direction", lire_puis_remplacer)
    simulation = simuler(niveau=Simulation.Niveau.BATCH, centre_ids=[garde.pk, ferme.pk])
    assert list(simulation.centres.values_list("centre_id", flat=True)) == [garde.pk]


def test_un_centre_a_taches_sans_un_seul_volume_est_nomme_et_lui_seul(direction):
    muet, vide = centre_a_simuler(direction), CentreFactory(direction=direction)
    muet.volumes.all().delete()
    simulation = simuler({"volumes": []}, niveau=DIRECTION, direction=direction)
    assert simulation.rapport["centres_sans_volume"] == {"nombre": 1, "noms": [muet.nom]}
    assert vide.nom not in str(simulation.rapport)
    saisi = {"centre_id": muet.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "GLOBAL", "volume": 12}
    assert (
        "centres_sans_volume"
        not in simuler({"volumes": [saisi]}, niveau=DIRECTION, direction=direction).rapport
    )


def test_les_totaux_sont_la_somme_exacte_des_lignes_au_dernier_chiffre(direction):
    TacheFactory(centre_poste=direction.centres.first().centre_postes.first(), duree_secondes=7 / 3)
    CentrePosteFactory(centre=direction.centres.first(), moi=True)
    simulation = simuler({"temps_mort": 17}, niveau=DIRECTION, direction=direction)
    champs = ("heures_pico", "etp_pico", "arrondi_centiemes", "actuel_centiemes", "ecart_centiemes")
    for lignes in (simulation.centres, simulation.postes):
        sommes = lignes.aggregate(**{f"s_{champ}": Sum(champ) for champ in champs})
        assert {champ: sommes[f"s_{champ}"] for champ in champs} == {
            champ: getattr(simulation, champ) for champ in champs
        }
    assert simulation.effectif_moi == Decimal("1.0")
    assert simulation.ecart == simulation.etp_arrondi - simulation.effectif_actuel


@pytest.mark.parametrize("nb_centres", [0, 1])
def test_rien_a_dimensionner_est_refuse_par_une_phrase(nb_centres):
    direction = DirectionFactory()
    for _ in range(nb_centres):
        centre = CentreFactory(direction=direction)
        TacheFactory(centre_poste=CentrePosteFactory(centre=centre), inactive=True)
    simulation = simuler(niveau=DIRECTION, direction=direction)
    assert simulation.etat == Etat.REFUSEE
    assert simulation.message.startswith(direction.nom)
    assert ("tâche" if nb_centres else "centre actif") in simulation.message
    assert not Instantane.objects.exists()


def test_une_direction_dont_tous_les_centres_sont_fermes_est_refusee(direction):
    direction.centres.update(actif=False)
    simulation = simuler(niveau=DIRECTION, direction=direction)
    assert (simulation.etat, "aucun centre actif" in simulation.message) == (Etat.REFUSEE, True)


def test_une_direction_supprimee_avant_l_execution_est_refusee(direction):
    simulation = lancer(demande=lire_demande({}), niveau=DIRECTION, direction=direction)
    direction.centres.all().delete()
    direction.delete()
    assert machine.executer("simulations.Simulation", str(simulation.pk)) == Etat.REFUSEE


def test_la_progression_suit_les_centres_lus(direction, monkeypatch):
    vus = []
    vrai_avancer = machine.Prise.avancer

    def avancer(prise, fait, total, message=""):
        vus.append((fait, total))
        vrai_avancer(prise, fait, total, message)

    monkeypatch.setattr(machine.Prise, "avancer", avancer)
    centre_a_simuler()
    simuler(niveau=Simulation.Niveau.NATIONAL)
    assert [fait for fait, _ in vus] == sorted(fait for fait, _ in vus)
    assert {total for _, total in vus} == {3}
    assert vus[-1] == (3, 3)


def test_une_annulation_pendant_le_calcul_n_ecrit_aucun_resultat(direction, monkeypatch):
    vrai_calcul = directions.calculer_ensemble

    def calculer_puis_annuler(*args):
        machine.annuler(Simulation.objects.get())
        return vrai_calcul(*args)

    monkeypatch.setattr(directions, "calculer_ensemble", calculer_puis_annuler)
    assert simuler(niveau=DIRECTION, direction=direction).etat == Etat.ANNULEE
    for modele in (ResultatCentre, ResultatPoste, PartSimulation):
        assert not modele.objects.exists()


def test_un_echec_pendant_l_ecriture_ne_laisse_rien_et_la_reprise_ecrit_une_fois(
    direction, monkeypatch, settings
):
    settings.TRAVAUX_DELAI_REPRISE_S = 0
    vrai_inserer = ecriture.inserer

    def tomber_aux_postes(modele, champs, lignes):
        if modele is ResultatPoste:
            raise OSError("disque plein")
        vrai_inserer(modele, champs, lignes)

    monkeypatch.setattr(ecriture, "inserer", tomber_aux_postes)
    simulation = simuler(niveau=DIRECTION, direction=direction)
    assert (simulation.etat, ResultatCentre.objects.count(), PartSimulation.objects.count()) == (
        Etat.EN_FILE,
        0,
        0,
    )
    monkeypatch.setattr(ecriture, "inserer", vrai_inserer)
    assert machine.executer("simulations.Simulation", str(simulation.pk)) == Etat.TERMINEE
    assert ResultatCentre.objects.count() == ResultatPoste.objects.count() == 2


def test_une_simulation_gardee_se_rejoue_a_l_identique_un_an_apres(direction):
    """Référentiel et volumes changés, l'instantané et les volumes gardés rendent les mêmes chiffres."""
    simulation = simuler({"shift": 2, "temps_mort": 11}, niveau=DIRECTION, direction=direction)
    Tache.objects.update(duree_secondes=999)
    part = simulation.parts.get()
    lue = Carte.depuis_octets(bytes(part.instantane.contenu))
    volumes = volumes_depuis_octets(bytes(part.volumes), lue)
    parametres = simulation.jeu_de_parametres
    rejoue = calculer(appliquer_mode(lue, parametres.mode), volumes, parametres)
    assert sorted(rejoue.etp_pico.tolist()) == sorted(simulation.postes.values_list("etp_pico", flat=True))


def test_deux_simulations_du_meme_referentiel_partagent_son_instantane(direction):
    simuler(niveau=DIRECTION, direction=direction)
    simuler({"shift": 3}, niveau=DIRECTION, direction=direction)
    assert (Instantane.objects.count(), PartSimulation.objects.count()) == (1, 2)
    TacheFactory(centre_poste=direction.centres.first().centre_postes.first())
    simuler(niveau=DIRECTION, direction=direction)
    assert Instantane.objects.count() == 2


def test_les_volumes_d_une_autre_annee_ne_comptent_pas(direction):
    centre = direction.centres.first()
    avant = simuler(niveau=DIRECTION, direction=direction).heures
    VolumeAnnuelFactory(centre=centre, cellule=CelluleVolumeFactory(), annee=2020, volume=1e9)
    assert simuler(niveau=DIRECTION, direction=direction).heures == avant
    assert simuler(niveau=DIRECTION, direction=direction, annee=2020).heures > avant


def test_un_volume_saisi_ne_change_rien_dans_le_referentiel(direction):
    centre = direction.centres.first()
    corps = {
        "volumes": [
            {"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 5}
        ]
    }
    avant = simuler(niveau=DIRECTION, direction=direction).heures
    assert simuler(corps, niveau=DIRECTION, direction=direction).heures < avant
    assert simuler(niveau=DIRECTION, direction=direction).heures == avant
    assert centre.volumes.get().volume == 264_000
