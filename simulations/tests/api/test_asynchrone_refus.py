"""Ce que l'API asynchrone refuse : une phrase, le champ en cause, rien d'écrit, jamais une erreur 500."""

import json

import pytest

from referentiels.tests.outils.factories import CentreFactory, DirectionFactory
from simulations.models import Simulation

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
POST = "/api/async/simulation"


def refus(api, chemin, corps):
    reponse = api.post(f"{POST}/{chemin}", corps, format="json")
    assert reponse.status_code == 400, reponse.content
    assert isinstance(reponse.json()["detail"], str)
    return reponse.json()


# --- Clé d'idempotence --------------------------------------------------------------------------------


def test_la_meme_cle_rend_la_meme_simulation_et_une_autre_demande_un_conflit(navigateur, api, direction):
    chemin = f"direction/{direction.pk}"
    premier = navigateur.lancer(chemin, {"shift": 2}, **{"Idempotency-Key": "k1"})
    assert navigateur.lancer(chemin, {"shift": 2}, **{"Idempotency-Key": "k1"}) == premier
    conflit = api.post(f"{POST}/{chemin}", {"shift": 3}, format="json", headers={"Idempotency-Key": "k1"})
    assert conflit.status_code == 409
    assert Simulation.objects.count() == 1


@pytest.mark.parametrize("cle", ["k" * 101, "a\x00b"])
def test_une_cle_d_idempotence_impossible_est_refusee(api, direction, cle):
    entetes = {"Idempotency-Key": cle}
    reponse = api.post(f"{POST}/direction/{direction.pk}", {}, format="json", headers=entetes)
    assert reponse.status_code == 400
    assert "Idempotency-Key" in reponse.json()["champs"]


# --- Demandes refusées --------------------------------------------------------------------------------


@pytest.mark.parametrize("chemin", ["direction", "nationale", "centres/batch"])
def test_un_parametre_hors_bornes_est_nomme_sur_les_trois_chemins(api, direction, chemin):
    corps = {"heures_par_jour": 25, "centre_ids": [direction.centres.first().pk]}
    chemin = f"direction/{direction.pk}" if chemin == "direction" else chemin
    reponse = refus(api, chemin, corps)
    assert reponse["champs"] == {"heures_par_jour": ["25 est hors des bornes : de 1 à 24."]}
    assert reponse["detail"] == "heures_par_jour : 25 est hors des bornes : de 1 à 24."
    assert not Simulation.objects.exists()


@pytest.mark.parametrize(
    "corps",
    [
        b'{"productivite": NaN}',
        b'{"productivite": -Infinity}',
        b'{"productivite": 1e309}',
        b"{",
        b"\xff\xfe",
        b'"' + b"9" * 5000 + b'"',
        b"9" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"null",
        b"[]",
        b"3",
        b'{"global_params": {"\\u0000": 1}}',
        b'{"mode": "\\ud800"}',
        b'{"centre_ids": ["\\ud800"], "shift": "\\ud800"}',
    ],
    ids=lambda corps: corps[:20].decode("latin-1"),
)
def test_un_corps_illisible_ou_hostile_est_refuse_par_une_phrase(api, direction, corps):
    for chemin in (f"direction/{direction.pk}", "centres/batch"):
        reponse = api.post(f"{POST}/{chemin}", corps, content_type="application/json")
        assert reponse.status_code == 400, reponse.content
        assert reponse.json()["detail"]
    assert not Simulation.objects.exists()


def test_un_corps_trop_lourd_est_refuse_sans_etre_lu(api, direction, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    corps = json.dumps({"titre": "x" * 20_000})
    reponse = api.post(f"{POST}/direction/{direction.pk}", corps, content_type="application/json")
    assert reponse.status_code == 413
    assert "10 000" in reponse.json()["detail"] or "10000" in reponse.json()["detail"]


def test_un_corps_qui_n_est_pas_du_json_recoit_415(api, direction):
    reponse = api.post(f"{POST}/direction/{direction.pk}", "a=1", content_type="text/plain")
    assert reponse.status_code == 415


# --- Lots ---------------------------------------------------------------------------------------------


def test_plus_de_cinquante_centres_sont_refuses(api):
    assert refus(api, "centres/batch", {"centre_ids": list(range(1, 52))})["detail"] == (
        "Maximum 50 centres par batch"
    )


def test_cinquante_centres_sont_acceptes(navigateur):
    ids = [centre.pk for centre in CentreFactory.create_batch(50, direction=DirectionFactory())]
    assert navigateur.lancer("centres/batch", {"centre_ids": ids})["total_centres"] == 50


def test_les_centres_en_double_ou_inconnus_sont_listes(api, direction):
    un, deux = direction.centres.values_list("pk", flat=True)
    assert refus(api, "centres/batch", {"centre_ids": [un, deux, str(un)]})["champs"]["centre_ids"] == [
        f"Centres en double : {un}."
    ]
    inconnus = [un, 10**15, 10**17]
    assert refus(api, "centres/batch", {"centre_ids": inconnus})["champs"]["centre_ids"] == [
        f"Centres inconnus : {10**15}, {10**17}."
    ]


@pytest.mark.parametrize("ids", [None, [], "1,2", {"a": 1}, 5])
def test_un_lot_sans_liste_est_refuse(api, ids):
    assert "centre_ids" in refus(api, "centres/batch", {"centre_ids": ids})["champs"]


@pytest.mark.parametrize(
    "faux", ["x", "²", "9" * 5000, 1.5, -1, True, None, [1], {"a": 1}, 10**30], ids=range(10)
)
def test_un_identifiant_de_centre_impossible_est_cite(api, faux):
    (phrase,) = refus(api, "centres/batch", {"centre_ids": [faux]})["champs"]["centre_ids"]
    assert phrase.startswith("Pas des identifiants : ")
    assert len(phrase) < 200
