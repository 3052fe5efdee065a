"""Les options d'une lecture : bornées, et nommées quand elles sont refusées."""

from uuid import uuid4

import pytest

from simulateur.web.refus import SaisieRefusee
from simulations.demandes import options
from simulations.models import Simulation

pytestmark = pytest.mark.rapide
NATIONALE = Simulation(niveau=Simulation.Niveau.NATIONAL)


@pytest.mark.parametrize(
    ("lire", "champ"),
    [
        (lambda: options.entier({"n": "1,5"}, "n", defaut=1, minimum=0, maximum=9), "n"),
        (lambda: options.entier({"n": 10}, "n", defaut=1, minimum=0, maximum=9), "n"),
        (lambda: options.nombre({"n": "nan"}, "n", defaut=1, minimum=0, maximum=9), "n"),
        (lambda: options.choix({"tri": "x"}, "tri", ("a", "b"), defaut="a"), "tri"),
        (lambda: options.booleen({"mes": "peut-être"}, "mes", defaut=True), "mes"),
        (lambda: options.cle({"centre": "0"}, "centre"), "centre"),
        (lambda: options.identifiants({"ids": "a,b"}), "ids"),
        (lambda: options.identifiants({"ids": f"{uuid4()}"}), "ids"),
        (lambda: options.parts_du_mois({"parts": "50,50"}), "parts"),
        (lambda: options.parts_du_mois({"parts": ",".join(["9"] * 12)}), "parts"),
        (lambda: options.dispersions({"dispersion_xx": "3"}, ["CO"]), "dispersion_xx"),
        (lambda: options.perimetre({"niveau": "poste"}, NATIONALE), "niveau"),
        (lambda: options.corps([]), "detail"),
    ],
)
def test_une_option_fausse_est_nommee(lire, champ):
    with pytest.raises(SaisieRefusee) as erreur:
        lire()
    assert set(erreur.value.champs) == {champ}


def test_les_nombres_s_ecrivent_a_la_francaise():
    assert options.nombre({"n": "8,5"}, "n", defaut=0, minimum=0, maximum=10) == 8.5
    assert options.parts_du_mois({"parts": ";".join(["8,33"] * 12)}) == [8.33] * 12


@pytest.mark.parametrize(
    ("donnees", "niveau"), [({}, "direction"), ({"direction": "3"}, "centre"), ({"centre": "3"}, "poste")]
)
def test_sans_niveau_demande_c_est_celui_du_dessous(donnees, niveau):
    assert options.perimetre(donnees, NATIONALE).niveau == niveau
