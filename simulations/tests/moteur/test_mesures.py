"""Une mesure a une seule forme : des sommes entières, écrites en unités par une seule règle."""

import pytest

from simulations.moteur import calculer
from simulations.moteur.calcul import DECISIONS
from simulations.moteur.mesures import Sommes, colonnes_et_prix
from simulations.moteur.niveaux import NIVEAUX, Noms, etiquettes, lignes
from simulations.moteur.regles import SEUILS
from simulations.tests.outils import cartes_tirees as tirees


@pytest.fixture
def carte():
    return tirees.carte(3)


@pytest.fixture
def resultat(carte):
    return calculer(carte, tirees.volumes(carte, 3), tirees.PARAMETRES)


def test_la_somme_des_postes_est_le_total(resultat):
    postes = [Sommes.depuis(ligne) for ligne in colonnes_et_prix(resultat)]
    assert sum(postes, Sommes()) == Sommes.du_resultat(resultat)


def test_un_seul_prix_inconnu_rend_le_cout_inconnu_et_rien_d_autre():
    connue = Sommes(10**12, 2 * 10**12, 250, 134, 116, 126, 75000)
    assert connue.en_unites() == {
        "heures": 1.0,
        "etp_calcule": 2.0,
        "etp_arrondi": 2.5,
        "etp_actuel": 1.34,
        "besoin_calcule": 0.66,
        "effet_arrondi": 0.5,
        "ecart": 1.16,
        "a_pourvoir": 1.26,
        "en_trop": -0.1,
        "cout_mensuel": 7.5,
        "cout_annuel": 90.0,
    }
    inconnue = (connue + Sommes(sans_prix=1)).en_unites()
    assert (inconnue["cout_mensuel"], inconnue["cout_annuel"]) == (None, None)
    assert inconnue | {"cout_mensuel": 7.5, "cout_annuel": 90.0} == connue.en_unites()
    assert connue.en_bref().items() <= connue.en_unites().items()


def test_un_poste_sans_salaire_n_a_pas_de_cout_meme_sans_ecart(resultat):
    for rang, connu in enumerate(resultat.cout_connu.tolist()):
        poste = Sommes.du_poste(resultat, rang)
        assert (poste.cout is not None) is connu
        assert poste.jugees(SEUILS)["decision"] == DECISIONS[resultat.decision[rang]]


@pytest.mark.parametrize("niveau", NIVEAUX)
def test_chaque_poste_va_a_la_ligne_de_sa_cle(carte, niveau):
    noms, du_niveau = Noms([carte]), lignes(carte, niveau)
    centres = carte.centres.id[carte.postes.centre].tolist()
    titres = carte.titres.id[carte.postes.titre].tolist()
    cles = [noms.cle(niveau, centre, titre) for centre, titre in zip(centres, titres, strict=True)]
    assert [du_niveau.cles[rang] for rang in du_niveau.rang.tolist()] == cles
    attendus = {"national": 0, "direction": 2, "centre": 5, "poste": 8}[niveau]
    assert all(len(une) == attendus for une in etiquettes(carte, niveau))


def test_la_premiere_carte_qui_nomme_l_emporte(carte):
    renommee = tirees.carte(3)
    object.__setattr__(renommee.centres, "nom", tuple(f"Neuf {n}" for n in renommee.centres.nom))
    cle = (int(carte.centres.id[0]),)
    assert Noms([renommee, carte]).etiquette("centre", cle)["centre_label"] == f"Neuf {carte.centres.nom[0]}"
    assert Noms([carte, renommee]).etiquette("centre", cle)["centre_label"] == carte.centres.nom[0]
