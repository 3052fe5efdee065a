"""L'incertitude : reproductible, bornée, nommée dans ses fautes."""

from typing import Any

import pytest

from simulations.models import Simulation
from simulations.tests.outils.parcours import lire

pytestmark = pytest.mark.django_db


def test_l_incertitude_est_reproductible_et_encadre_le_calcul(api: Any, nationale: Simulation) -> None:
    chemin = f"/api/simulations/{nationale.pk}/incertitude"
    un = lire(api, chemin, graine=7, dispersion=20)
    assert lire(api, chemin, graine=7, dispersion=20) == un
    assert lire(api, chemin, graine=8, dispersion=20)["total"] != un["total"]
    total = un["total"]
    assert total["etp_95"][0] < total["etp_80"][0] < total["etp_calcule"]
    assert total["etp_calcule"] < total["etp_80"][1] < total["etp_95"][1]
    assert total["etp_calcule"] == float(nationale.etp_calcule)
    nul = lire(api, chemin, dispersion=0)["total"]
    assert nul["personnes_95"] == [nul["etp_arrondi"]] * 2
    propre = lire(api, chemin, dispersion=0, dispersion_co=20, graine=7)
    assert propre["total"]["etp_95"] == pytest.approx(total["etp_95"])


@pytest.mark.parametrize(
    ("options", "champ"),
    [
        ({"graine": "-1"}, "graine"),
        ({"dispersion": "NaN"}, "dispersion"),
        ({"dispersion": "1e309"}, "dispersion"),
        ({"dispersion": "101"}, "dispersion"),
        ({"tirages": "10"}, "tirages"),
        ({"tirages": "100000000"}, "tirages"),
        ({"dispersion_zz": "5"}, "dispersion_zz"),
    ],
)
def test_une_option_d_incertitude_hors_bornes_est_nommee(
    api: Any, nationale: Simulation, options: dict[str, str], champ: str
) -> None:
    corps = lire(api, f"/api/simulations/{nationale.pk}/incertitude", 400, **options)
    assert champ in corps["champs"]
