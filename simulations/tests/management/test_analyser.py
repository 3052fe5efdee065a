"""manage.py analyser : les options et les chiffres de l'API."""

import json
from typing import Any

import pytest
from django.core.management import CommandError

from simulations.analyses.registre import PAR_CODE
from simulations.models import Simulation
from simulations.tests.outils.commandes import dire
from simulations.tests.outils.parcours import lire

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("analyse", sorted(PAR_CODE))
def test_analyser_dit_exactement_ce_que_dit_l_api(api: Any, nationale: Simulation, analyse: str) -> None:
    centre = nationale.centres.first()
    niveau = {"niveau": "centre"} if PAR_CODE[analyse].a_niveaux else {}
    for options in ({}, niveau, {"centre": str(centre.centre_id)}):
        api_dit = lire(api, f"/api/simulations/{nationale.pk}/{analyse}", **options)
        assert json.loads(dire("analyser", analyse, str(nationale.pk), json=True, **options)) == api_dit
    assert "données fictives" not in dire("analyser", analyse, str(nationale.pk))


def test_analyser_prend_les_options_de_l_api_et_refuse_les_autres(api: Any, nationale: Simulation) -> None:
    voulu = {"dispersion_co": "30", "graine": "7"}
    options = [f"{nom}={valeur}" for nom, valeur in voulu.items()]
    lu = json.loads(dire("analyser", "incertitude", str(nationale.pk), option=options, json=True))
    assert lu == lire(api, f"/api/simulations/{nationale.pk}/incertitude", **voulu)
    assert "etp_calcule" in dire("analyser", "incertitude", str(nationale.pk), option=options)
    for options, phrase in ((["graine=x"], "graine"), (["graine"], "NOM=VALEUR")):
        with pytest.raises(CommandError, match=phrase):
            dire("analyser", "incertitude", str(nationale.pk), option=options)
    for cle in ("pas-une-cle", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(CommandError, match="n'existe pas"):
            dire("analyser", "couts", cle)
    with pytest.raises(CommandError, match="n'est pas dans"):
        dire("analyser", "couts", str(nationale.pk), direction="999999")


@pytest.mark.parametrize(
    ("analyse", "options", "phrase"),
    [
        ("metiers", {"niveau": "centre"}, "niveau.*Permis : direction, centre"),
        ("incertitude", {"option": ["grain=7"]}, "grain.*Paramètre inconnu.*graine"),
        ("couts", {"option": ["graine=7"]}, "graine.*Permis : niveau, direction, centre"),
    ],
)
def test_une_option_qui_n_agirait_pas_est_refusee(
    nationale: Simulation, analyse: str, options: dict[str, Any], phrase: str
) -> None:
    with pytest.raises(CommandError, match=phrase):
        dire("analyser", analyse, str(nationale.pk), **options)
