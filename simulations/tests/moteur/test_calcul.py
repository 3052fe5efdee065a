"""Le moteur seul : arrondis, décisions, coûts, volumes répartis, carte sérialisée ou réduite, modes."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.moteur import (
    Carte,
    Parametres,
    Resultat,
    appliquer_mode,
    calculer,
    calculer_ensemble,
    capacites,
    repartir,
)
from simulations.moteur.arrondis import PERSONNE, PICO, au_pas
from simulations.moteur.calcul import DECISIONS, decider, heures_brutes
from simulations.moteur.carte import empreinte
from simulations.moteur.coefficients import Coefficients
from simulations.moteur.detail import detailler
from simulations.tests.outils import cartes_tirees
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte

pytestmark = pytest.mark.rapide
GRAINES = st.integers(0, 10_000)


def _volumes(lue: Carte, graine: int = 1) -> np.ndarray:
    return cartes_tirees.volumes(lue, graine)


@pytest.mark.parametrize(
    ("etp", "personnes"),
    [(0, 0), (0.1, 0), (0.100000000001, 0), (0.5, 1), (0.499999999999, 0), (2.5, 3), (2.499999999999, 2)],
)
def test_l_arrondi_est_au_plus_proche_demi_vers_le_haut_et_nul_jusqu_a_un_dixieme(etp, personnes):
    assert au_pas(np.array([round(etp * PICO)]), PERSONNE).tolist() == [personnes * PERSONNE]


@pytest.mark.parametrize(
    ("etp", "actuel", "decision"),
    [
        (11.0, 10, "Surveiller"),
        (11.000000000001, 10, "Recruter"),
        (10.2, 10, "Maintenir"),
        (10.200000000001, 10, "Surveiller"),
        (8.5, 10, "Maintenir"),
        (8.499999999999, 10, "Optimiser"),
        (3.0, 0, "Recruter"),
        (0.5, 0, "Recruter"),
        (0.499999999999, 0, "Surveiller"),
        (0.100000000001, 0, "Surveiller"),
        (0.1, 0, "Maintenir"),
    ],
)
def test_la_decision_tombe_exactement_sur_ses_seuils(etp, actuel, decision):
    pico = np.array([round(etp * PICO)])
    lue = decider(pico, np.array([actuel * PERSONNE]), au_pas(pico, PERSONNE))
    assert DECISIONS[lue[0]] == decision


def test_la_capacite_a_un_plancher_et_le_trajet_du_centre_l_emporte():
    lue = carte(3)
    lue = replace(lue, centres=replace(lue.centres, trajet_minutes=np.array([0.0, 15.0, 0.0, 0.0])))
    facteur = lue.titres.trajet[lue.postes.titre]
    chez_le_deuxieme = lue.postes.centre == 1
    nettes = capacites(lue, Parametres(productivite=80, temps_mort=30, trajet_minutes=60))
    assert set(nettes[~facteur].round(9)) == {6.3}
    assert set(nettes[facteur & chez_le_deuxieme].round(9)) == {5.8}
    assert set(nettes[facteur & ~chez_le_deuxieme].round(9)) == {4.3}
    assert set(capacites(lue, Parametres(productivite=1, temps_mort=480)).tolist()) == {0.1}


@given(GRAINES)
def test_un_poste_moi_n_est_jamais_dimensionne(graine):
    lue = carte(graine)
    resultat = calculer(lue, _volumes(lue, graine), PARAMETRES)
    moi = ~lue.titres.mod[lue.postes.titre]
    assert (resultat.heures_pico[moi] == 0).all()
    assert (resultat.arrondi[moi] == resultat.actuel[moi]).all()
    assert (resultat.ecart[moi] == 0).all()
    assert (resultat.etp_pico[moi] == resultat.actuel[moi] * (PICO // PERSONNE)).all()


@given(GRAINES)
def test_une_carte_relue_de_ses_octets_calcule_la_meme_chose(graine):
    lue = carte(graine)
    octets = lue.en_octets()
    relue = Carte.depuis_octets(octets)
    assert relue.en_octets() == octets
    assert empreinte(relue.en_octets()) == empreinte(octets)
    volumes = _volumes(lue, graine)
    avant, apres = calculer(lue, volumes, PARAMETRES), calculer(relue, volumes, PARAMETRES)
    assert avant.etp_pico.tolist() == apres.etp_pico.tolist()
    assert relue.centres.nom == lue.centres.nom
    assert relue.noms == lue.noms


@given(GRAINES, st.booleans(), st.booleans())
def test_des_cartes_calculees_ensemble_le_sont_comme_une_a_une(graine, propre_base, autre_regle):
    """Règles communes chiffrées une fois : aucun bit ne change, même entre des règles différentes."""
    cartes = [carte(graine + rang, nb_centres=1 + 2 * rang) for rang in range(3)]
    if autre_regle:
        cartes[1] = replace(
            cartes[1], regles=replace(cartes[1].regles, facteurs_base=((0, 0, -1, "ed_percent", True),))
        )
    par_centre = {103: {"ed_percent": 55.0, "circulation": 0.3}, 102: {"co_par_sac": 12.0}}
    parametres = replace(PARAMETRES, par_centre=par_centre if propre_base else {}, shift=2)
    volumes = [_volumes(lue, graine) for lue in cartes]
    ensemble = calculer_ensemble(cartes, volumes, parametres)
    for lue, saisis, resultat in zip(cartes, volumes, ensemble, strict=True):
        seule = calculer(lue, saisis, parametres)
        for champ in fields(Resultat):
            assert getattr(resultat, champ.name).tolist() == getattr(seule, champ.name).tolist()


def test_aucune_carte_ne_donne_aucun_resultat():
    assert calculer_ensemble([], [], PARAMETRES) == []


def test_des_regles_differentes_ne_se_chiffrent_pas_ensemble():
    autre = replace(carte(2), regles=replace(carte(2).regles, defauts={}))
    with pytest.raises(ValueError, match="mêmes règles"):
        Coefficients([carte(1), autre], PARAMETRES)


@given(GRAINES)
def test_les_heures_d_un_poste_sont_la_somme_naive_de_ses_taches(graine):
    """La formule de docs/metier/effectifs.md#calcul, tâche par tâche et sans aucun tableau."""
    lue = carte(graine)
    volumes = _volumes(lue, graine)
    parametres = replace(PARAMETRES, par_centre={102: {"ed_percent": 55.0}}, jours_ouvres=250.0)
    comptes = repartir(lue, volumes, parametres)
    attendues = [0.0] * len(lue.postes.id)
    for poste, type_, duree in zip(lue.taches.poste, lue.taches.type, lue.taches.duree_s, strict=True):
        centre = int(lue.postes.centre[poste])
        attendues[poste] += (
            duree / 3600 * _heures_par_tache(lue, int(type_), centre, comptes[centre], parametres)
        )
    mod = lue.titres.mod[lue.postes.titre]
    assert heures_brutes(lue, volumes, parametres).tolist() == pytest.approx(
        [heures if est_mod else 0.0 for heures, est_mod in zip(attendues, mod, strict=True)], rel=1e-12
    )


def _heures_par_tache(
    lue: Carte, type_: int, centre: int, comptes: np.ndarray, parametres: Parametres
) -> float:
    """Unités par jour × E d'une tâche d'une seconde, d'après les règles de `cartes_tirees.regles`."""
    types, regles = lue.types, lue.regles
    produit, unite, phase = (int(colonne[type_]) for colonne in (types.produit, types.unite, types.phase))
    if types.guichet[type_] and not lue.centres.a_guichet[centre]:
        return 0.0
    flux = regles.produit_flux[produit]
    base = 1.0
    if types.base[type_] != 100 and flux == 0:
        entretien = (55.0 if lue.centres.id[centre] == 102 else 40.0) / 100
        base = {0: entretien, 1: 1.0, 2: 1 - entretien}[unite]
    if regles.forfait[unite]:
        return base
    volume = sum(comptes[cellule] for cellule in regles.produit_cellules[produit])
    croissance = 1.05 if flux == 1 else 1.0
    diviseur = {0: 1.0, 1: 40.0 if flux == 1 else 35.0}[unite]
    retour = 25.0 if (centre, flux) == (0, 1) else 12.0
    circulation = 1 + lue.centres.circulation[centre] + lue.centres.geographie[centre]
    facteur = {-1: 1.0, 0: retour / 100, 1: circulation}[phase]
    return volume * croissance / parametres.jours_ouvres / diviseur * facteur * base


@given(GRAINES, st.sets(st.integers(0, 3), min_size=1))
def test_une_carte_reduite_donne_les_memes_postes_que_la_carte_entiere(graine, gardes):
    lue = carte(graine)
    volumes = _volumes(lue, graine)
    rangs = sorted(gardes)
    reduite = lue.restreinte({int(lue.centres.id[rang]) for rang in rangs})
    entier, reduit = calculer(lue, volumes, PARAMETRES), calculer(reduite, volumes[rangs], PARAMETRES)
    dedans = np.isin(lue.postes.centre, rangs)
    assert reduite.postes.id.tolist() == lue.postes.id[dedans].tolist()
    assert reduit.etp_pico.tolist() == entier.etp_pico[dedans].tolist()


def test_un_total_ne_compte_que_pour_ce_que_son_detail_ne_couvre_pas():
    lue = carte(1, nb_centres=3)
    regles = replace(lue.regles, cellule_rang=(0, 0, 0, 3, 0))
    lue = replace(lue, regles=regles)
    saisis = np.zeros((3, 5))
    saisis[0, 3] = 1000  # total seul : 30 % d'axes
    saisis[1, [1, 3]] = 400, 1000  # 400 déjà détaillés : il en reste 600
    saisis[2, [1, 2, 3]] = 900, 300, 1000  # le détail couvre tout
    comptes = repartir(lue, saisis, PARAMETRES)
    assert comptes[:, 1].tolist() == pytest.approx([700, 400 + 420, 900])
    assert comptes[:, 2].tolist() == pytest.approx([300, 180, 300])
    assert comptes[:, 3].tolist() == [0, 0, 0]


@given(GRAINES)
def test_le_detail_des_taches_fait_les_heures_du_poste(graine):
    lue = carte(graine)
    volumes = _volumes(lue, graine)
    heures = calculer(lue, volumes, PARAMETRES).heures_pico
    for poste in range(len(lue.postes.id)):
        detail = detailler(lue, poste, volumes, PARAMETRES)
        assert sum(t.heures_par_jour for t in detail) == pytest.approx(heures[poste] / PICO, abs=1e-9)


def test_la_formule_nomme_chaque_parametre_qu_elle_emploie():
    lue = carte(3)
    regles = replace(lue.regles, termes=((("COMPLEMENT", "pct_retour", "", None),), lue.regles.termes[1]))
    lue = replace(lue, regles=regles)
    formules = [
        tache.formule
        for poste in range(len(lue.postes.id))
        for tache in detailler(lue, poste, _volumes(lue), PARAMETRES)
    ]
    assert any("(100 − 12 (pct_retour)) %" in formule for formule in formules)
    assert any("(circulation)" in formule and "(geographie))" in formule for formule in formules)


def test_le_mode_recommande_deplace_taches_et_effectif_sans_en_perdre():
    lue = carte(5)
    # A → B et B → C dans tous les centres : les chaînes ne sont pas suivies.
    lue = replace(lue, mapping=((0, 1, -1), (1, 2, -1)))
    regroupee = appliquer_mode(lue, "recommande")
    assert regroupee.nb_taches == lue.nb_taches
    assert (regroupee.taches.poste >= 0).all()
    assert regroupee.postes.effectif_centiemes.sum() == lue.postes.effectif_centiemes.sum()
    assert 0 not in regroupee.postes.titre.tolist()


def test_un_mode_inconnu_est_refuse():
    with pytest.raises(ValueError, match="mode inconnu"):
        appliquer_mode(carte(1), "idéal")
