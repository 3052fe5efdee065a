"""L'historique par l'API : filtres, postes, rejeu, conservation."""

from typing import Any

import pytest

from referentiels.models import Tache, VolumeAnnuel
from simulations.models import Simulation
from simulations.tests.outils.parcours import finir, lire, simuler

pytestmark = pytest.mark.django_db


def test_l_historique_filtre_et_pagine(api: Any, nationale: Simulation, directions: list[Any]) -> None:
    autre = simuler(api, f"direction/{directions[0].pk}", {"mode": "optimise"})
    tout = lire(api, "/api/simulations")
    assert {ligne["id"] for ligne in tout["results"]} == {str(nationale.pk), str(autre.pk)}
    assert tout["results"][0]["state"] == "SUCCESS"
    assert lire(api, "/api/simulations", niveau="national")["count"] == 1
    assert lire(api, "/api/simulations", mode="optimise")["results"][0]["id"] == str(autre.pk)
    assert lire(api, "/api/simulations", direction=directions[1].pk)["count"] == 0
    assert lire(api, "/api/simulations", page_size=1)["next"]
    assert lire(api, "/api/simulations", mes="vrai")["count"] == 2


@pytest.mark.parametrize(
    ("options", "champ"),
    [
        ({"niveau": "planete"}, "niveau"),
        ({"etat": "perdu"}, "etat"),
        ({"direction": "x"}, "direction"),
        ({"tri": "mot_de_passe"}, "tri"),
        ({"mes": "peut-être"}, "mes"),
        ({"scenario": "99999999999999999999"}, "scenario"),
    ],
)
def test_un_filtre_inconnu_est_nomme(api: Any, options: dict[str, str], champ: str) -> None:
    assert champ in lire(api, "/api/simulations", 400, **options)["champs"]


def test_les_postes_somment_au_total_de_la_simulation(api: Any, nationale: Simulation) -> None:
    page = lire(api, f"/api/simulations/{nationale.pk}/postes", page_size=500)
    assert page["count"] == nationale.nb_postes == 8
    assert sum(p["etp_calcule"] for p in page["results"]) == pytest.approx(float(nationale.etp_calcule))
    moi = lire(api, f"/api/simulations/{nationale.pk}/postes", type="MOI")
    assert [p["etp_calcule"] for p in moi["results"]] == [1.0] * 4


def test_un_rejeu_redonne_les_memes_chiffres_et_dit_que_le_referentiel_a_change(
    api: Any, nationale: Simulation
) -> None:
    Tache.objects.update(duree_secondes=500)
    reponse = api.post(f"/api/simulations/{nationale.pk}/rejouer")
    assert reponse.status_code == 202
    rejeu = finir(reponse.json()["task_id"])
    assert (rejeu.etat, rejeu.etp_pico) == ("terminee", nationale.etp_pico)
    assert rejeu.rapport["rejeu"]["identique"] is True
    assert rejeu.rapport["rejeu"]["referentiel_change"] is True
    assert list(rejeu.postes.values_list("centre_id", "etp_pico")) == list(
        nationale.postes.values_list("centre_id", "etp_pico")
    )
    neuve = simuler(api)
    assert neuve.etp_pico > nationale.etp_pico
    du_jour = finir(api.post(f"/api/simulations/{neuve.pk}/rejouer").json()["task_id"])
    assert du_jour.rapport["rejeu"]["referentiel_change"] is False


def test_un_rejeu_dit_que_les_volumes_de_ses_centres_ont_change(api: Any, directions: list[Any]) -> None:
    nationale = simuler(api)
    lot = simuler(api, "centres/batch", {"centre_ids": [directions[1].centres.first().pk]})
    VolumeAnnuel.objects.filter(centre__direction=directions[0]).update(volume=7)
    constats = {}
    for simulation in (nationale, lot):
        rejeu = finir(api.post(f"/api/simulations/{simulation.pk}/rejouer").json()["task_id"])
        constats[simulation.pk] = rejeu.rapport["rejeu"]
    for pk, volumes, centres in ((nationale.pk, True, 2), (lot.pk, False, 0)):
        assert constats[pk]["identique"] is True
        assert constats[pk]["referentiel_change"] is False
        assert constats[pk]["volumes_changes"] is volumes
        assert constats[pk]["centres_aux_volumes_changes"] == centres


def test_un_lot_se_rejoue_sur_ses_seuls_centres(api: Any, directions: list[Any]) -> None:
    centres = [directions[0].centres.first().pk, directions[1].centres.first().pk]
    lot = simuler(api, "centres/batch", {"centre_ids": centres})
    rejeu = finir(api.post(f"/api/simulations/{lot.pk}/rejouer").json()["task_id"])
    assert (rejeu.nb_centres, rejeu.etp_pico) == (2, lot.etp_pico)
    assert lire(api, f"/api/simulations/{rejeu.pk}/profil")["lignes"].__len__() == 2


def test_rejouer_une_simulation_en_file_est_un_conflit(api: Any, directions: list[Any]) -> None:
    en_file = api.post("/api/async/simulation/nationale", {}, format="json").json()["task_id"]
    assert api.post(f"/api/simulations/{en_file}/rejouer").status_code == 409


def test_conserver_est_reserve_au_demandeur_et_a_l_equipe(
    api: Any, api_staff: Any, nationale: Simulation
) -> None:
    chemin = f"/api/simulations/{nationale.pk}/conserver"
    assert api.post(chemin).json() == {"conservee": True}
    assert api_staff.post(chemin, {"conservee": False}, format="json").json() == {"conservee": False}
    Simulation.objects.filter(pk=nationale.pk).update(demandeur=None)
    assert api.post(chemin).status_code == 403
