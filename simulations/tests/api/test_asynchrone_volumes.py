"""Les volumes envoyés par l'API : ce qu'ils remplacent, ce qui est compté, ce que le rapport en dit."""

import pytest

from simulations.tests.outils.reseau import HEURES_PAR_CENTRE, centre_a_simuler, heures, volumes

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


def test_un_volume_saisi_remplace_ceux_de_ce_flux_et_sens_pour_ce_seul_centre(simuler, direction):
    centre, temoin = direction.centres.all()
    lues = heures(simuler(f"direction/{direction.pk}", volumes(centre, LOCAL=528_000)))
    assert lues == {
        centre.pk: pytest.approx(2 * HEURES_PAR_CENTRE),
        temoin.pk: pytest.approx(HEURES_PAR_CENTRE),
    }
    lues = heures(simuler(f"direction/{direction.pk}", volumes(centre, AXES=528_000)))
    assert lues == {centre.pk: 0, temoin.pk: pytest.approx(HEURES_PAR_CENTRE)}


def test_un_total_saisi_a_cote_de_son_detail_n_est_pas_compte_deux_fois(simuler, direction):
    centre = direction.centres.first()
    chemin = f"direction/{direction.pk}"
    detail = heures(simuler(chemin, volumes(centre, LOCAL=264_000)))
    avec_total = heures(simuler(chemin, volumes(centre, LOCAL=264_000, GLOBAL=264_000)))
    assert avec_total == detail
    total_seul = heures(simuler(chemin, volumes(centre, GLOBAL=264_000)))
    assert total_seul == detail


def test_le_rapport_des_volumes_est_garde_avec_le_resultat(simuler, direction):
    ailleurs = centre_a_simuler()
    corps = volumes(direction.centres.first(), LOCAL=1)
    corps["volumes"] += volumes(ailleurs, LOCAL=1)["volumes"]
    corps["volumes"].append({**corps["volumes"][0], "centre_id": None, "centre_label": "Atlantide \x00"})
    rapport = simuler(f"direction/{direction.pk}", corps)["result"]["data"]["report"]
    des_volumes = {
        "total_lignes": 3,
        "matched_centres": 1,
        "unknown_centres": ["Atlantide \ufffd"],
        "ignored_centres": [str(ailleurs.pk)],
    }
    assert {nom: rapport[nom] for nom in des_volumes} == des_volumes


def test_un_volume_admis_mais_demesure_est_refuse_plutot_que_mal_compte(simuler, direction):
    """Rangées en 10⁻¹² d'heure dans 64 bits, les mesures déborderaient sans bruit."""
    chemin = f"direction/{direction.pk}"
    un, deux = direction.centres.all()
    assert simuler(chemin, volumes(un, LOCAL=1e11))["state"] == "SUCCESS"
    seul = simuler(chemin, volumes(un, LOCAL=1e12))
    a_deux = {"volumes": [*volumes(un, LOCAL=3e11)["volumes"], *volumes(deux, LOCAL=3e11)["volumes"]]}
    for suivi in (seul, simuler(chemin, a_deux)):
        assert (suivi["state"], suivi["error"][:18]) == ("FAILURE", "Volumes démesurés ")
