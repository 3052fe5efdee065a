"""Les mêmes figures par l'API publique, sous les noms des clients historiques : à 1e-9 près."""

from pathlib import Path
from typing import Any

import pytest

from referentiels.models import Centre, Parametre, ParametreCentre
from referentiels.tests.outils.factories import CentreFactory, CentrePosteFactory
from simulateur.langue.texte import normaliser
from simulateur.tests.outils.compact import lignes
from simulations.tests.outils import miniature
from simulations.tests.outils.centre_de_reference import (
    circulation_nue,
    importer_cm,
    importer_miniature,
    recommander_les_agents,
)
from simulations.tests.outils.commun import ANNEE, poser_tache, poser_volumes
from simulations.tests.outils.references import nom_de_la_maison, nom_historique, references

pytestmark = pytest.mark.django_db
REFERENCE = references()
# Ce que l'API tient du centre, ou ne lit pas : posé autrement que dans le corps.
DU_CENTRE = ("circulation", "geographie", "a_guichet")


def _corps(nommes: dict[str, Any]) -> dict[str, Any]:
    """Le corps d'un client historique."""
    globaux = {nom_historique(nom): valeur for nom, valeur in nommes.items() if nom not in DU_CENTRE}
    return {"global_params": globaux, "annee": ANNEE}


def _coefficients(centre: Centre, nommes: dict[str, Any]) -> None:
    """Ceux de référence sortent des bornes d'un centre (géographie +0,2) : paramètres propres au centre."""
    for code in ("circulation", "geographie"):
        parametre, _ = Parametre.objects.get_or_create(
            code=code, defaults={"nom": code, "minimum": -1, "maximum": 1, "defaut": 0, "par_flux": False}
        )
        ParametreCentre.objects.update_or_create(
            centre=centre, parametre=parametre, flux=None, defaults={"valeur": nommes[code]}
        )


def test_les_noms_historiques_font_l_aller_retour() -> None:
    noms = REFERENCE["parametres"]
    historiques = [nom_historique(nom) for nom in noms]
    assert [nom_de_la_maison(nom) for nom in historiques] == list(noms)
    assert {"idle_minutes", "nbr_co_sac", "co_pct_vague_master", "amana_pct_marche_ordinaire"} <= set(
        historiques
    )


@pytest.mark.parametrize("cas", lignes(REFERENCE["taches"]), ids=lambda cas: f"cas {cas['cas']}")
def test_chaque_tache_de_reference_passe_par_l_api(api: Any, cas: dict[str, Any]) -> None:
    centre = CentreFactory()
    poser_volumes(centre, REFERENCE["volumes"])
    tenu = CentrePosteFactory(centre=centre, poste__code=normaliser(cas["poste"]))
    poser_tache(tenu, **cas)
    nommes = {**REFERENCE["parametres"], **cas["modifies"]}
    _coefficients(centre, nommes)
    reponse = api.post(f"/api/simulation/poste/{tenu.pk}", _corps(nommes), format="json")
    assert reponse.status_code == 200, reponse.content
    (tache,) = reponse.json()["taches"]
    for nom in ("volume_annuel", "unites_par_jour", "heures_par_jour"):
        assert tache[nom] == pytest.approx(cas[nom], rel=1e-9), nom


def _simuler(
    api: Any, centre: Centre, modifies: dict[str, Any], mode: str | None = None
) -> tuple[dict[str, float], dict[str, Any]]:
    """ETP de chaque poste et indicateurs du centre, lus dans la réponse de l'API."""
    nommes = {**REFERENCE["parametres"], **modifies}
    Centre.objects.filter(pk=centre.pk).update(a_guichet=bool(nommes["a_guichet"]))
    _coefficients(centre, nommes)
    corps = _corps(nommes) | ({"mode": mode} if mode else {})
    reponse = api.post(f"/api/simulation/centre/{centre.pk}", corps, format="json")
    assert reponse.status_code == 200, reponse.content
    lu = reponse.json()
    return {normaliser(poste["poste_label"]): poste["etp_calcule"] for poste in lu["postes"]}, lu["kpis"]


@pytest.mark.parametrize("cas", miniature.CAS)
def test_le_centre_miniature_passe_par_l_api(api: Any, cas: str) -> None:
    centre = importer_miniature()
    poser_volumes(centre, REFERENCE["volumes"])
    modifies, attendu = miniature.CAS[cas]
    etp, kpis = _simuler(api, centre, modifies)
    assert etp == pytest.approx(attendu, rel=1e-9, abs=1e-12)
    assert kpis["etp_mod"] == pytest.approx(sum(attendu.values()), rel=1e-9)


def test_chaque_centre_de_reference_passe_par_l_api(api: Any, dossier_partage: Path) -> None:
    centre = importer_cm(dossier_partage)
    circulation_nue()
    recommander_les_agents()
    for cas in REFERENCE["centre"]:
        poser_volumes(centre, {} if cas["sans_volume"] else REFERENCE["volumes"])
        etp, kpis = _simuler(api, centre, cas["modifies"], "recommande" if cas["recommande"] else None)
        for poste, attendu in cas["etp_par_poste"].items():
            assert etp[poste] == pytest.approx(attendu, rel=1e-9), (cas["cas"], poste)
        if not cas["un_poste"]:
            assert kpis["heures"] == pytest.approx(cas["heures"], rel=1e-9), cas["cas"]
            assert kpis["etp_mod"] == pytest.approx(cas["etp_mod"], rel=1e-9), cas["cas"]
