"""Ce qui n'agirait sur rien est dit : noms contradictoires, centres inconnus ou fermés (#champs-inconnus)."""

from typing import Any

import pytest

from referentiels.tests.outils.factories import CentreFactory
from simulateur.web.refus import SaisieRefusee
from simulations.demandes.demande import lire_demande
from simulations.tests.outils.reseau import centre_a_simuler, direction_a_simuler

pytestmark = pytest.mark.django_db
PLACES = ("racine", "global_params")


def corps(place: str, **valeurs: Any) -> dict[str, Any]:
    return valeurs if place == "racine" else {"global_params": valeurs}


def fautes(recu: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(SaisieRefusee) as refus:
        lire_demande(recu)
    return refus.value.champs


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "nom", ["circulation", "geographie", "coeff_circ", "coeff_geo", "has_guichet", "co_circulation"]
)
def test_ce_qui_appartient_au_centre_est_refuse_pour_un_calcul(place: str, nom: str) -> None:
    assert "Appartient au centre" in fautes(corps(place, **{nom: 0.1}))[nom][0]


def test_la_circulation_d_un_centre_s_essaie_pour_ce_centre() -> None:
    pk = CentreFactory().pk
    lue = lire_demande({"centres_params": {str(pk): {"circulation": 0.2}}})
    assert lue.parametres.par_centre == {pk: {"circulation": 0.2}}


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ({"temps_mort": 5}, {"idle_minutes": 6}),
        ({"pct_crbt": 70}, {"pct_hors_crbt": 31}),
        ({"co_pct_marche": 10}, {"co_pct_marche_ordinaire": 11}),
        ({"croissance": 5}, {"pct_annee": 6}),
        ({"nbr_co_sac": 300}, {"co_par_sac": 301}),
    ],
)
def test_deux_noms_d_un_champ_ne_disent_pas_deux_valeurs(un: dict[str, Any], autre: dict[str, Any]) -> None:
    for recu in ({**un, **autre}, {**autre, **un}, {**un, "global_params": autre}):
        (phrases,) = fautes(recu).values()
        assert "le même champ" in phrases[0]


def test_deux_noms_d_accord_passent() -> None:
    assert lire_demande({"temps_mort": 5, "idle_minutes": "5.0"}).parametres.temps_mort == 5
    assert lire_demande({"pct_crbt": 70, "pct_hors_crbt": 30}).parametres.libres == {"pct_crbt": 70}
    meme = lire_demande({"shift": 2, "global_params": {"shift": 2}})
    assert meme.parametres.shift == 2


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("ancien", "nouveau"),
    [
        ("co_pct_annee", "co_croissance"),
        ("amana_colis_amana_par_canva_sac", "amana_colis_amana_par_sac"),
        ("cr_nbr_cr_sac", "cr_cr_par_sac"),
        ("lrh_pct_vague_master", "lrh_pct_vaguemestre"),
    ],
)
def test_un_ancien_nom_precede_d_un_flux_agit(place: str, ancien: str, nouveau: str) -> None:
    lue = lire_demande(corps(place, **{ancien: 12}))
    assert lue.parametres == lire_demande({nouveau: 12}).parametres != lire_demande({}).parametres
    assert "ignored_fields" not in lue.rapport


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("nom", ["co_heures_par_jour", "co_productivite", "cr_pct_mois", "lrh_shift"])
def test_un_nom_connu_qui_ne_se_decline_pas_par_flux_est_refuse(place: str, nom: str) -> None:
    assert "par flux" in fautes(corps(place, **{nom: 2}))[nom][0]


def test_un_champ_inconnu_a_la_racine_reste_ignore_et_cite() -> None:
    assert lire_demande({"co_couleur": 1, "page": 2}).rapport["ignored_fields"] == ["co_couleur", "page"]


def test_les_centres_inconnus_hors_du_calcul_ou_fermes_sont_nommes(api: Any, simuler: Any) -> None:
    direction = direction_a_simuler(2)
    vise, ferme = direction.centres.all()
    ferme.actif = False
    ferme.save()
    ailleurs = centre_a_simuler()
    propres = {str(pk): {"pct_retour": 5} for pk in (vise.pk, ailleurs.pk, 999_999)}
    lancement = {"centre_ids": [vise.pk, ferme.pk], "centres_params": propres}
    rapport = simuler("centres/batch", lancement)["result"]["data"]["report"]
    assert rapport["unknown_centres"] == ["999999"]
    assert rapport["ignored_centres"] == [ailleurs.nom]
    assert rapport["inactive_centres"] == [f"{ferme.nom} ({ferme.code})"]
    assert (
        "inactive_centres"
        not in simuler("centres/batch", {"centre_ids": [vise.pk]})["result"]["data"]["report"]
    )


def test_un_champ_inconnu_d_une_ligne_de_volumes_est_cite_comme_les_autres() -> None:
    ligne = {"centre_id": 1, "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 5}
    groupe = {"centre_id": 1, "teinte": 1, "volumes": [{**ligne, "couleur": "bleu"}]}
    corps_recu = {"couleur": 1, "volumes": [{**ligne, "couleur": "bleu"}] * 2, "centres_volumes": [groupe]}
    cites = [
        "couleur",
        "volumes[].couleur",
        "centres_volumes[].teinte",
        "centres_volumes[].volumes[].couleur",
    ]
    assert lire_demande(corps_recu).rapport["ignored_fields"] == cites
    with pytest.raises(SaisieRefusee) as refus:
        lire_demande(corps_recu, inconnus_refuses=True)
    assert list(refus.value.champs) == cites
    assert "centre_label" in refus.value.champs["volumes[].couleur"][0]
    assert "productivite" in refus.value.champs["couleur"][0]
