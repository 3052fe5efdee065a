"""Le rééquilibrage comble le plus de besoin possible, sans jamais créer d'écart, en bougeant peu de monde."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from simulations.moteur.arrondis import PERSONNE
from simulations.moteur.reequilibrage import AUCUN, PAYS, Poste, proposer

AGENT, FACTEUR, TRIEUR = 1, 2, 3


def _ecarts_apres(postes, proposition):
    ecarts = {(p.centre, p.titre): p.ecart for p in postes}
    for m in proposition.mouvements:
        ecarts[m.depart, m.titre_depart] += m.personnes * PERSONNE
        ecarts[m.arrivee, m.titre_arrivee] -= m.personnes * PERSONNE
    return ecarts


def test_un_surplus_comble_le_besoin_du_meme_metier_dans_la_direction():
    postes = [Poste(1, 1, AGENT, -300), Poste(2, 1, AGENT, 200), Poste(3, 1, FACTEUR, 200)]
    proposition = proposer(postes)
    assert [(m.depart, m.arrivee, m.personnes) for m in proposition.mouvements] == [(1, 2, 2)]
    assert (proposition.besoin_avant, proposition.besoin_apres) == (400, 200)
    assert (proposition.surplus_avant, proposition.surplus_apres) == (300, 100)


def test_une_autre_direction_n_est_sollicitee_que_si_la_distance_le_permet():
    postes = [Poste(1, 1, AGENT, -300), Poste(2, 2, AGENT, 200)]
    assert proposer(postes).mouvements == ()
    lointain = proposer(postes, distance=PAYS).mouvements
    assert [(m.personnes, m.meme_direction) for m in lointain] == [(2, False)]


def test_la_meme_direction_passe_avant_une_autre():
    postes = [Poste(1, 1, AGENT, -200), Poste(2, 2, AGENT, -200), Poste(3, 2, AGENT, 200)]
    assert [m.depart for m in proposer(postes, distance=PAYS).mouvements] == [2]


def test_un_metier_correspondant_sert_quand_le_mapping_le_dit():
    assert proposer([Poste(1, 1, AGENT, -200), Poste(2, 1, FACTEUR, 200)]).mouvements == ()
    (mouvement,) = proposer([Poste(1, 1, AGENT, -200, FACTEUR), Poste(2, 1, FACTEUR, 200)]).mouvements
    assert (mouvement.titre_depart, mouvement.titre_arrivee, mouvement.personnes) == (AGENT, FACTEUR, 2)


def test_le_mapping_du_centre_de_depart_decide_et_non_celui_du_centre_d_arrivee():
    postes = [
        Poste(1, 1, AGENT, -200),
        Poste(2, 1, AGENT, -200, FACTEUR),
        Poste(3, 1, FACTEUR, 400),
        Poste(3, 1, AGENT, 0, FACTEUR),
    ]
    proposition = proposer(postes)
    assert [(m.depart, m.arrivee, m.personnes) for m in proposition.mouvements] == [(2, 3, 2)]


def test_changer_de_poste_sur_place_evite_un_changement_de_centre():
    postes = [Poste(1, 1, AGENT, -200, FACTEUR), Poste(1, 1, FACTEUR, 200), Poste(2, 1, FACTEUR, -200)]
    proposition = proposer(postes)
    assert [(m.depart, m.arrivee, m.personnes) for m in proposition.mouvements] == [(1, 1, 2)]
    assert (proposition.personnes, proposition.entre_centres) == (2, 0)


def test_deux_bouts_de_meme_taille_se_repondent_en_une_seule_ligne():
    postes = [
        Poste(1, 1, AGENT, -500),
        Poste(2, 1, AGENT, -300),
        Poste(3, 1, AGENT, 300),
        Poste(4, 1, AGENT, 300),
    ]
    lignes = {(m.depart, m.arrivee, m.personnes) for m in proposer(postes).mouvements}
    assert lignes == {(2, 3, 3), (1, 4, 3)}


def test_un_surplus_trop_gros_sert_avant_plusieurs_petits():
    postes = [
        Poste(1, 1, AGENT, -200),
        Poste(2, 1, AGENT, -200),
        Poste(3, 1, AGENT, -900),
        Poste(4, 1, AGENT, 400),
    ]
    assert [(m.depart, m.personnes) for m in proposer(postes).mouvements] == [(3, 4)]


def test_le_nombre_de_personnes_deplacees_est_borne():
    postes = [Poste(1, 1, AGENT, -900), Poste(2, 1, AGENT, 900)]
    assert proposer(postes, mouvements_max=4).personnes == 4
    assert proposer(postes, mouvements_max=0).mouvements == ()


def test_une_fraction_de_personne_ne_se_deplace_pas():
    postes = [Poste(1, 1, AGENT, -90), Poste(2, 1, AGENT, 250), Poste(3, 1, AGENT, -150)]
    assert proposer(postes).personnes == 1


ecarts = st.integers(-45, 45)
reseaux = st.dictionaries(
    st.tuples(st.integers(1, 5), st.sampled_from([AGENT, FACTEUR, TRIEUR])),
    st.tuples(ecarts, st.sampled_from([AUCUN, AGENT, FACTEUR, TRIEUR])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(reseaux, st.sampled_from(["direction", PAYS]), st.integers(0, 12))
def test_aucun_mouvement_ne_cree_d_ecart_et_aucune_autre_proposition_n_est_meilleure(reseau, distance, borne):
    postes = [
        Poste(centre, 1 + centre % 2, titre, ecart, AUCUN if cible == titre else cible)
        for (centre, titre), (ecart, cible) in reseau.items()
    ]
    proposition = proposer(postes, distance=distance, mouvements_max=borne)
    apres = _ecarts_apres(postes, proposition)
    for p in postes:
        assert min(p.ecart, 0) <= apres[p.centre, p.titre] <= max(p.ecart, 0)
    permis = {(p.centre, p.titre): {p.titre, p.cible} for p in postes}
    for m in proposition.mouvements:
        assert m.personnes > 0
        assert distance == PAYS or m.meme_direction
        assert m.titre_arrivee in permis[m.depart, m.titre_depart]
    assert (proposition.personnes, proposition.entre_centres) == _optimum(postes, distance, borne)


def _optimum(postes, distance, borne):
    """(le plus de besoin comblé, puis le moins de changements de centre) couple par couple, en entiers."""
    couples = [
        (s, b)
        for s, b in product(postes, postes)
        if s.ecart <= -10 <= 10 <= b.ecart
        and b.titre in (s.titre, s.cible)
        and (distance == PAYS or s.direction == b.direction)
    ]
    if not couples:
        return 0, 0
    limites = [([1.0] * len(couples), borne)]
    for p in postes:
        limites.append(([float(p in couple) for couple in couples], abs(p.ecart) // PERSONNE))
    changent = np.array([s.centre != b.centre for s, b in couples])
    solution = milp(
        c=changent - 1000.0,
        constraints=LinearConstraint(
            np.array([ligne for ligne, _ in limites]), ub=np.array([m for _, m in limites])
        ),
        bounds=Bounds(0, np.inf),
        integrality=np.ones(len(couples)),
    )
    personnes = np.rint(solution.x)
    return int(personnes.sum()), int(personnes[changent].sum())
