"""Le rééquilibrage comble le plus de besoin possible sans jamais créer d'écart."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.moteur.reequilibrage import PAYS, Poste, proposer

AGENT, FACTEUR = 1, 2


def _ecarts_apres(postes, proposition):
    ecarts = {(p.centre, p.titre): p.ecart for p in postes}
    for m in proposition.mouvements:
        ecarts[m.depart, m.titre_depart] += m.personnes * 10
        ecarts[m.arrivee, m.titre_arrivee] -= m.personnes * 10
    return ecarts


def test_un_surplus_comble_le_besoin_du_meme_metier_dans_la_direction():
    postes = [Poste(1, 1, AGENT, -30), Poste(2, 1, AGENT, 20), Poste(3, 1, FACTEUR, 20)]
    proposition = proposer(postes)
    assert [(m.depart, m.arrivee, m.personnes) for m in proposition.mouvements] == [(1, 2, 2)]
    assert (proposition.besoin_avant, proposition.besoin_apres) == (40, 20)
    assert (proposition.surplus_avant, proposition.surplus_apres) == (30, 10)


def test_une_autre_direction_n_est_sollicitee_que_si_la_distance_le_permet():
    postes = [Poste(1, 1, AGENT, -30), Poste(2, 2, AGENT, 20)]
    assert proposer(postes).mouvements == ()
    lointain = proposer(postes, distance=PAYS).mouvements
    assert [(m.personnes, m.meme_direction) for m in lointain] == [(2, False)]


def test_la_meme_direction_passe_avant_une_autre():
    postes = [Poste(1, 1, AGENT, -20), Poste(2, 2, AGENT, -20), Poste(3, 2, AGENT, 20)]
    assert [m.depart for m in proposer(postes, distance=PAYS).mouvements] == [2]


def test_un_metier_correspondant_sert_quand_le_mapping_le_dit():
    postes = [Poste(1, 1, AGENT, -20), Poste(1, 1, FACTEUR, 20)]
    assert proposer(postes).mouvements == ()
    (mouvement,) = proposer(postes, mapping=[(AGENT, FACTEUR)]).mouvements
    assert (mouvement.titre_depart, mouvement.titre_arrivee, mouvement.personnes) == (AGENT, FACTEUR, 2)


def test_le_nombre_de_personnes_deplacees_est_borne():
    postes = [Poste(1, 1, AGENT, -90), Poste(2, 1, AGENT, 90)]
    assert proposer(postes, mouvements_max=4).personnes == 4
    assert proposer(postes, mouvements_max=0).mouvements == ()


def test_une_fraction_de_personne_ne_se_deplace_pas():
    postes = [Poste(1, 1, AGENT, -9), Poste(2, 1, AGENT, 25), Poste(3, 1, AGENT, -15)]
    assert proposer(postes).personnes == 1


ecarts = st.integers(-45, 45)
reseaux = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from([AGENT, FACTEUR]), ecarts), min_size=1, max_size=14
)


@settings(max_examples=60, deadline=None)
@given(reseaux, st.sampled_from(["direction", PAYS]), st.booleans(), st.integers(0, 12))
def test_aucun_mouvement_ne_cree_d_ecart_et_le_plus_possible_est_comble(reseau, distance, mappe, borne):
    postes = [Poste(rang, direction, titre, ecart) for rang, (direction, titre, ecart) in enumerate(reseau)]
    mapping = [(AGENT, FACTEUR)] if mappe else []
    proposition = proposer(postes, distance=distance, mouvements_max=borne, mapping=mapping)
    apres = _ecarts_apres(postes, proposition)
    for p in postes:
        assert min(p.ecart, 0) <= apres[p.centre, p.titre] <= max(p.ecart, 0)
    for m in proposition.mouvements:
        assert m.personnes > 0
        assert distance == PAYS or m.meme_direction
        assert m.titre_depart == m.titre_arrivee or (m.titre_depart, m.titre_arrivee) in mapping
    assert proposition.personnes == min(borne, _maximum(postes, distance, mappe))


def _maximum(postes, distance, mappe):
    """Flot maximal par énumération des zones : les FACTEUR prennent d'abord les leurs, puis des AGENT."""
    zones = [None] if distance == PAYS else [1, 2, 3]

    def somme(zone, titre, signe):
        ecarts = [p.ecart for p in postes if p.titre == titre and zone in (None, p.direction)]
        return sum(signe * e // 10 for e in ecarts if signe * e > 0)

    total = 0
    for zone, titre in product(zones, [AGENT, FACTEUR]):
        total += min(somme(zone, titre, -1), somme(zone, titre, 1))
    if mappe:
        for zone in zones:
            libres = max(0, somme(zone, AGENT, -1) - somme(zone, AGENT, 1))
            total += min(libres, max(0, somme(zone, FACTEUR, 1) - somme(zone, FACTEUR, -1)))
    return total
