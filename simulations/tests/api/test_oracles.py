"""Les figures de référence par l'API publique : à 1e-9 près, comme par le moteur."""

import json
from pathlib import Path
from typing import Any

import pytest

from referentiels.models import (
    Centre,
    CentrePoste,
    MappingPosteRecommande,
    Parametre,
    ParametreCentre,
    Poste,
    TermePhase,
)
from referentiels.tests.outils.factories import CentreFactory, CentrePosteFactory
from simulateur.langue.texte import normaliser
from simulations.tests.outils.commun import poser_grille, poser_tache
from simulations.tests.outils.import_cm import importer_cm

pytestmark = pytest.mark.django_db
# Noms que l'API tient du centre, ou ne lit pas : posés autrement que dans le corps.
DU_CENTRE = ("coeff_circ", "coeff_geo", "has_guichet")


def _lire(dossier: Path, nom: str) -> dict[str, Any]:
    lu: dict[str, Any] = json.loads((dossier / "oracles" / "rh" / nom).read_text())
    return lu


def _corps(bruts: dict[str, Any], centre: Centre) -> dict[str, Any]:
    """Le corps d'un client historique, noms inchangés."""
    return {
        "global_params": {nom: valeur for nom, valeur in bruts.items() if nom not in DU_CENTRE},
        "annee": 2026,
    }


def _coefficients(bruts: dict[str, Any], centre: Centre) -> None:
    """Les tables de référence sortent des bornes d'un centre (géographie +0,2) : paramètres du centre."""
    for nom, code in (("coeff_circ", "circulation"), ("coeff_geo", "geographie")):
        parametre, _ = Parametre.objects.get_or_create(
            code=code, defaults={"nom": code, "minimum": -1, "maximum": 1, "defaut": 0, "par_flux": False}
        )
        ParametreCentre.objects.update_or_create(
            centre=centre, parametre=parametre, flux=None, defaults={"valeur": bruts[nom]}
        )


def test_chaque_tache_de_reference_passe_par_l_api(api: Any, dossier_partage: Path) -> None:
    reference = _lire(dossier_partage, "taches.json")
    centre = CentreFactory()
    poser_grille(centre, reference["grille"])
    for cas in reference["cas"]:
        CentrePoste.objects.filter(centre=centre).delete()
        tenu = CentrePosteFactory(centre=centre, poste__code=normaliser(cas["tache"]["poste"]))
        poser_tache(tenu, **cas["tache"])
        bruts = {**reference["parametres"], **cas["parametres_modifies"]}
        _coefficients(bruts, centre)
        reponse = api.post(f"/api/simulation/poste/{tenu.pk}", _corps(bruts, centre), format="json")
        assert reponse.status_code == 200, (cas["nom"], reponse.content)
        (tache,) = reponse.json()["taches"]
        for nom, attendu in cas["attendu"].items():
            assert tache[nom] == pytest.approx(attendu, rel=1e-9), (cas["nom"], nom)


def test_chaque_centre_de_reference_passe_par_l_api(api: Any, dossier_partage: Path) -> None:
    reference = _lire(dossier_partage, "centre_cm.json")
    centre = importer_cm(dossier_partage)
    # Les anciennes tables multiplient par le coefficient nu : des lignes suffisent à le dire.
    TermePhase.objects.filter(phase__code__in=("CIRCUL_COLLECT", "CIRCUL_MARCH"), nature="UN_PLUS").update(
        nature="VALEUR"
    )
    vus = 0
    for cas in reference["cas"]:
        vus += _verifier(api, centre, reference, cas)
    assert vus == len(reference["cas"])


def _verifier(api: Any, centre: Centre, reference: dict[str, Any], cas: dict[str, Any]) -> int:
    modifies = dict(cas["parametres_modifies"])
    poser_grille(centre, modifies.pop("grille", reference["grille"]))
    bruts = {**reference["parametres"], **modifies}
    Centre.objects.filter(pk=centre.pk).update(a_guichet=bool(bruts["has_guichet"]))
    _coefficients(bruts, centre)
    options = cas.get("options", {})
    corps = _corps(bruts, centre)
    if options.get("role_mapping"):
        MappingPosteRecommande.objects.create(
            poste_source=Poste.objects.get(code="MANUTENTIONNAIRE"),
            poste_cible=Poste.objects.get(code="AGENT OPERATIONS"),
        )
        corps["mode"] = "recommande"
    reponse = api.post(f"/api/simulation/centre/{centre.pk}", corps, format="json")
    assert reponse.status_code == 200, (cas["nom"], reponse.content)
    lu, sortie = reponse.json(), cas["sortie"]
    postes = {normaliser(poste["poste_label"]): poste for poste in lu["postes"]}
    for nom, attendu in sortie.get("ressources_par_poste", {}).items():
        assert postes[nom]["etp_calcule"] == pytest.approx(attendu, rel=1e-9), (cas["nom"], nom)
    if not options.get("poste_code"):
        assert lu["kpis"]["heures"] == pytest.approx(sortie["total_heures"], rel=1e-9), cas["nom"]
        assert lu["kpis"]["etp_mod"] == pytest.approx(sortie["fte_calcule"], rel=1e-9), cas["nom"]
    return 1
