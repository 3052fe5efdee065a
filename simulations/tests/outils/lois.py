"""De quoi tirer au hasard des cartes et des paramètres, pour éprouver une loi du moteur."""

from hypothesis import settings
from hypothesis import strategies as st

from simulations.moteur import Parametres
from simulations.moteur.parametres import ARRONDIS

graines = st.integers(0, 10_000)
jeux = st.builds(
    Parametres,
    productivite=st.sampled_from([60.0, 80.0, 100.0, 130.0]),
    temps_mort=st.sampled_from([0.0, 30.0, 90.0]),
    trajet_minutes=st.sampled_from([0.0, 20.0]),
    shift=st.integers(1, 3),
    part_du_mois=st.sampled_from([None, 8.33, 12.0]),
    croissance=st.dictionaries(st.sampled_from(["", "CO", "AMANA"]), st.floats(-50, 80), max_size=2),
    libres=st.dictionaries(
        st.sampled_from(["pct_retour", "co_par_sac", "pct_axes", "ed_percent"]), st.floats(0, 100), max_size=3
    ),
    mode=st.sampled_from(["actuel", "recommande", "optimise"]),
    arrondi=st.sampled_from(ARRONDIS),
)
lois = settings(max_examples=25, deadline=None)
