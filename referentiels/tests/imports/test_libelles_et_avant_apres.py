"""Codes proches, synonymes, doublons, imports sans changement, omissions, et l'avant et l'après."""

import io
from typing import Any

import pytest

from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import VolumeAnnuel
from referentiels.tests.outils.factories import CentreFactory
from referentiels.tests.outils.imports import places
from referentiels.tests.outils.vrais_fichiers import (
    CELLULE,
    EFFECTIFS,
    LONG,
    classeur,
    effectifs,
    raisons,
    volumes,
)
from simulateur.tests.outils.fichiers import texte_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Any:
    return CentreFactory(code="C1", nom="Agence du Lac")


@pytest.mark.parametrize("ecrit", ["123", 123, "0123"])
def test_un_code_sans_ses_zeros_est_ignore_le_bon_propose_et_rien_n_est_applique(ecrit: Any) -> None:
    CentreFactory(code="00123")
    trace = volumes(classeur(("F", [LONG, [ecrit, CELLULE, 5, 2026]])))
    assert trace.rapport["centres_inconnus"] == {str(ecrit): 1}
    assert trace.rapport["centres_proches"] == {str(ecrit): "le plus proche : 00123"}
    assert (trace.applique, "Rien ne change" in trace.rapport["phrase"]) == (False, True)
    trace = effectifs(classeur(("F", [EFFECTIFS, ["", ecrit, "Trieur", 5, 0]])))
    assert trace.rapport["centres_proches"] == {str(ecrit): "le plus proche : 00123"}


@pytest.mark.parametrize(
    ("axes", "cellule"),
    [
        (("EB", "ARRIVEE", "GLOBAL"), "ebarkia.arrive"),
        (("E-Barkia", "Arrivée", "Global"), "ebarkia.arrive"),
        (("Courrier ordinaire", "Reçu", "local"), "co.arrive.local"),
        (("Messagerie", "reçu", "Grands comptes, local"), CELLULE),
    ],
)
def test_un_flux_un_sens_et_un_segment_ont_des_synonymes(
    centre: Any, axes: tuple[str, str, str], cellule: str
) -> None:
    contenu = classeur(("F", [["centre", "flux", "sens", "segment", "volume"], ["C1", *axes, 5]]))
    trace = volumes(contenu)
    assert trace.rapport["rejets"] == []
    assert VolumeAnnuel.objects.get().cellule.code == cellule


@pytest.mark.parametrize("autre", [("E-Barkia", "Arrivée", "Global"), ("EBARKIA", "RECEPTION", "Total")])
def test_deux_lignes_pour_la_meme_chose_une_fois_les_synonymes_resolus(
    centre: Any, autre: tuple[str, str, str]
) -> None:
    entetes = ["centre", "flux", "sens", "segment", "volume"]
    lignes = [["C1", "EB", "ARRIVEE", "GLOBAL", 10], ["Agence du Lac", *autre, 10]]
    trace = volumes(classeur(("F", [entetes, *lignes])))
    assert places(trace) == [(3, "volume")]
    assert "que la ligne 2" in raisons(trace)[0]


def test_un_libelle_faux_recoit_les_plus_proches(centre: Any) -> None:
    entetes = ["centre", "flux", "sens", "segment", "volume"]
    trace = volumes(classeur(("F", [entetes, ["C1", "EBARKA", "ARRIVE", "GLOBALE", 10]])))
    assert "EBARKIA" in raisons(trace)[0]
    assert places(trace)[-1] == (2, "segment")
    assert "GLOBAL" in raisons(trace)[-1]


def test_un_import_qui_ne_change_rien_n_est_pas_applique(centre: Any, client: Any, admin_user: Any) -> None:
    contenu = texte_csv([LONG, ["C1", CELLULE, 5, 2026]])
    assert volumes(contenu, "v.csv").applique
    trace = volumes(contenu, "v.csv")
    assert (trace.applique, trace.rapport["inchangees"]) == (False, 1)
    client.force_login(admin_user)
    assert "Sans changement" in client.get(f"/referentiels/imports/{trace.pk}/").content.decode()
    envoi = {"fichier": io.BytesIO(contenu), "a_blanc": "false"}
    envoi["fichier"].name = "v.csv"
    reponse = client.post("/api/imports/volumes", envoi)
    assert (reponse.status_code, reponse.json()["applique"]) == (201, False)


def test_un_fichier_partiel_nomme_les_postes_du_centre_qu_il_omet(centre: Any) -> None:
    CentreFactory(code="C2")
    tous = [["", "C1", "Trieur", 2, 0], ["", "C1", "Guichetier", 1, 0], ["", "C2", "Trieur", 1, 0]]
    assert effectifs(classeur(("F", [EFFECTIFS, *tous]))).rapport["postes_omis"] == {}
    trace = effectifs(classeur(("F", [EFFECTIFS, ["", "C1", "Trieur", 3, 0]])))
    assert trace.rapport["postes_omis"] == {"C1": ["Guichetier"]}


def test_les_plus_grands_changements_d_abord_et_les_totaux_par_flux_et_direction(
    client: Any, admin_user: Any
) -> None:
    nord = CentreFactory(code="C1", direction__code="NORD")
    CentreFactory(code="C2", direction__code="SUD")
    assert nord.direction.code == "NORD"
    cellules = (CELLULE, "co.arrive.local")
    base = [[code, cellule, 100, 2026] for code in ("C1", "C2") for cellule in cellules]
    volumes(texte_csv([LONG, *base]), "v.csv")
    apres = [["C1", CELLULE, 90, 2026], ["C1", cellules[1], 100, 2026]]
    apres += [["C2", CELLULE, 150, 2026], ["C2", cellules[1], 70, 2026]]
    contenu = texte_csv([LONG, *apres])
    trace = importer(
        Demande(genre=Genre.VOLUMES, annee=2026), contenu=contenu, nom="v.csv", a_blanc=True, par=admin_user
    )
    assert [detail["champs"]["volume"] for detail in trace.rapport["details"]] == [
        [100, 150],
        [100, 70],
        [100, 90],
    ]
    assert trace.rapport["totaux"] == {
        "mesure": "volumes annuels",
        "total": [400, 410],
        "par_flux": {"AMANA": [200, 240], "CO": [200, 170]},
        "par_direction": {"NORD": [200, 190], "SUD": [200, 220]},
    }
    client.force_login(admin_user)
    page = client.get(f"/referentiels/imports/{trace.pk}/", {"direction": "NORD"}).content.decode()
    assert "C1 · amana" in page
    assert "C2 · amana" not in page
    page = client.get(f"/referentiels/imports/{trace.pk}/", {"objet": "c2 · CO"}).content.decode()
    assert "C2 · co" in page
    assert "C1 · " not in page
