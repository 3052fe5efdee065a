"""Le pourquoi d'une différence : ses causes en font la somme, et chacune est la bonne."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from simulations.moteur import appliquer_mode, calculer
from simulations.moteur.arrondis import PICO
from simulations.moteur.decomposition import COMPOSANTES, MESURES, Entrees, decomposer
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte, volumes
from simulations.tests.outils.lois import graines, jeux, lois


@lois
@given(graines, graines, jeux, jeux)
def test_la_decomposition_fait_exactement_la_difference(graine, autre, avant, apres):
    de, vers = carte(graine), carte(autre, nb_centres=5)
    entrees = [Entrees(de, volumes(de, graine), avant)]
    nouvelles = [Entrees(vers, volumes(vers, autre), apres)]
    resultat = decomposer(entrees, nouvelles)
    for rang, mesure in enumerate(MESURES):
        total = {
            etape: int(
                getattr(
                    calculer(appliquer_mode(e.carte, e.parametres.mode), e.volumes, e.parametres), mesure
                ).sum()
            )
            for etape, e in (("avant", entrees[0]), ("apres", nouvelles[0]))
        }
        assert int(resultat.effets[:, :, rang].sum()) == total["apres"] - total["avant"]
    np.testing.assert_array_equal(resultat.effets.sum(axis=0), resultat.etats[-1] - resultat.etats[0])


@pytest.mark.parametrize(
    ("champs", "composante"),
    [
        ({"temps_mort": 60.0}, "capacite"),
        ({"croissance": {"": 10.0}}, "volume"),
        ({"libres": {"pct_retour": 50.0}}, "regles"),
        ({"mode": "recommande"}, "mode"),
        ({"arrondi": "demi"}, "arrondi"),
    ],
)
def test_un_seul_changement_n_a_qu_une_cause(champs, composante):
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    depart = replace(PARAMETRES, croissance={})
    resultat = decomposer(
        [Entrees(la_carte, saisis, depart)], [Entrees(la_carte, saisis, replace(depart, **champs))]
    )
    touchees = {nom for nom, effet in zip(COMPOSANTES, resultat.effets, strict=True) if effet.any()}
    assert touchees == {composante}


def test_un_effectif_et_une_tache_changes_ont_chacun_leur_cause():
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    postes = replace(la_carte.postes, effectif_centiemes=la_carte.postes.effectif_centiemes + 100)
    taches = replace(la_carte.taches, duree_s=la_carte.taches.duree_s * 2)
    apres = replace(la_carte, postes=postes, taches=taches)
    effets = decomposer([Entrees(la_carte, saisis, PARAMETRES)], [Entrees(apres, saisis, PARAMETRES)]).effets
    etp = dict(zip(COMPOSANTES, effets[:, :, 1].sum(axis=1).tolist(), strict=True))
    ecart = dict(zip(COMPOSANTES, effets[:, :, 4].sum(axis=1).tolist(), strict=True))
    moi = int((~la_carte.titres.mod[la_carte.postes.titre]).sum())
    assert etp["referentiel"] > 0
    assert etp["effectif"] == moi * PICO  # un MOI de plus est un besoin de plus
    assert ecart["effectif"] == -100 * (len(la_carte.postes.id) - moi)


def test_un_centre_ajoute_vient_du_referentiel_et_ses_gens_de_l_effectif():
    la_carte = carte(7)
    saisis = volumes(la_carte, 7)
    ajoute = int(la_carte.centres.id[-1])
    ancienne = la_carte.restreinte(la_carte.centres.id[:-1].tolist())
    resultat = decomposer(
        [Entrees(ancienne, saisis[:-1], PARAMETRES)], [Entrees(la_carte, saisis, PARAMETRES)]
    )
    neufs = resultat.cles[:, 0] == ajoute
    assert not resultat.effets[:, ~neufs].any()
    actuel = dict(zip(COMPOSANTES, resultat.effets[:, neufs, 3].sum(axis=1).tolist(), strict=True))
    present = la_carte.postes.effectif_centiemes[la_carte.postes.centre == len(la_carte.centres.id) - 1]
    assert actuel["effectif"] == int(present.sum()) > 0
    assert actuel["referentiel"] == 0
