"""manage.py simuler."""

import json
from typing import Any

import pytest
from django.core.management import CommandError

from referentiels.models import CentrePoste
from simulations.models import Simulation
from simulations.tests.outils.commandes import dire

pytestmark = pytest.mark.django_db


def test_simuler_un_centre_et_un_poste_dit_ce_que_dit_l_api(api: Any, nationale: Simulation) -> None:
    tenu = CentrePoste.objects.filter(taches__isnull=False).select_related("centre", "poste")[0]
    for niveau, codes, chemin in (
        ("centre", [tenu.centre.code], f"centre/{tenu.centre_id}"),
        ("poste", [tenu.centre.code, tenu.poste.code], f"poste/{tenu.pk}"),
        ("modes", [tenu.centre.code], f"centre/{tenu.centre_id}/modes"),
    ):
        corps = {"mode": "actuel", "global_params": {"productivite": "80"}}
        dit = api.post(f"/api/simulation/{chemin}", corps, format="json").json()
        commande = dire("simuler", niveau, *codes, parametre=["productivite=80"], json=True)
        assert json.loads(commande) == dit
        assert tenu.centre.nom in dire("simuler", niveau, *codes)
    for arguments, phrase in (
        (("centre", "NULLE-PART"), "inconnu"),
        (("centre",), "simuler centre CODE"),
        (("poste", tenu.centre.code, "PERSONNE"), "n'a pas de poste"),
    ):
        with pytest.raises(CommandError, match=phrase):
            dire("simuler", *arguments)


def test_simuler_un_scenario_par_la_commande(api: Any, nationale: Simulation) -> None:
    corps = {"nom": "Été", "productivite": 80}
    pk = api.post("/api/scenarios", corps, format="json").json()["id"]
    lu = json.loads(dire("simuler", "national", scenario=pk, sur_place=True, json=True))
    assert lu["data"]["parametres"]["productivite"] == 80
    assert lu["data"]["report"]["scenario"] == "Été"
    for options, phrase in (
        ({"scenario": 10**6}, "n'existe pas"),
        ({"scenario": pk, "mode": "optimise"}, "ne pas les redonner"),
        ({"annee": 12}, "1990"),
    ):
        with pytest.raises(CommandError, match=phrase):
            dire("simuler", "national", **options)
