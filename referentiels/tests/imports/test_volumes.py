"""Import des volumes et des effectifs : mêmes règles, mêmes rapports."""

from decimal import Decimal

import pytest

from referentiels.models import CentrePoste, VolumeAnnuel
from referentiels.tests.outils.factories import CentreFactory, DirectionFactory, RegionFactory
from referentiels.tests.outils.imports import comptes, importer_effectifs, importer_volumes, places
from simulateur.tests.outils.fichiers import texte_csv, xlsx

pytestmark = pytest.mark.django_db
LONG = ["centre", "flux", "sens", "segment", "volume"]


@pytest.fixture
def centre():
    return CentreFactory(code="C1", nom="Agence du Lac")


def volumes() -> list[tuple[str, str, int, float]]:
    lignes = VolumeAnnuel.objects.order_by("centre__code", "cellule__code")
    return list(lignes.values_list("centre__code", "cellule__code", "annee", "volume"))


def test_le_format_long_s_importe_par_code_ou_par_nom(centre):
    lignes = [
        LONG,
        ["C1", "CO", "Arrivée", "Local", "1 234,5"],
        ["agence du lac", "co", "ARRIVEE", "axes", 10],
    ]
    assert comptes(importer_volumes(texte_csv(lignes))) == (2, 0, 0, 0)
    assert volumes() == [("C1", "co.arrive.axes", 2026, 10.0), ("C1", "co.arrive.local", 2026, 1234.5)]
    assert comptes(importer_volumes(texte_csv(lignes))) == (0, 0, 2, 0)
    lignes[2][4] = 11
    trace = importer_volumes(texte_csv(lignes))
    assert comptes(trace) == (0, 1, 1, 0)
    assert trace.rapport["details"][0]["champs"] == {"volume": [10.0, 11.0]}


def test_la_cellule_se_donne_par_son_code_et_l_annee_par_ligne(centre):
    lignes = [["Centre", "Cellule", "Volume", "Année"], ["C1", "guichet.depot", 5, 2025]]
    importer_volumes(texte_csv(lignes), annee=None)
    assert volumes() == [("C1", "guichet.depot", 2025, 5.0)]


def test_un_flux_vide_designe_une_cellule_sans_flux(centre):
    importer_volumes(texte_csv([LONG, ["C1", "", "Depot", "Global", 7]]))
    assert volumes() == [("C1", "guichet.depot", 2026, 7.0)]


def test_un_classeur_d_une_feuille_par_centre_s_importe(centre):
    CentreFactory(code="C2", nom="Rive")
    contenu = xlsx(
        {
            "C1": [["cellule", "volume"], ["co.arrive.local", 3], ["co.arrive.axes", None]],
            "Rive": [["flux", "sens", "segment", "volume"], ["CR", "Départ", "Local", 4]],
            "Notice": [["Bonjour"]],
        }
    )
    trace = importer_volumes(contenu, nom="v.xlsx")
    assert volumes() == [("C1", "co.arrive.local", 2026, 3.0), ("C2", "cr.med.local", 2026, 4.0)]
    assert trace.rapport["feuilles_sautees"] == {"Notice": "sans les en-têtes attendus"}
    assert trace.rapport["lignes_vides"] == 1


def test_un_centre_inconnu_est_nomme_et_ses_lignes_ignorees(centre):
    lignes = [LONG, ["C1", "CO", "Arrivee", "Local", 1], *[["Nulle part", "CO", "Arrivee", "Local", 1]] * 2]
    trace = importer_volumes(texte_csv(lignes))
    assert trace.rapport["centres_inconnus"] == {"Nulle part": 2}
    assert trace.applique
    assert len(volumes()) == 1


@pytest.mark.parametrize(
    ("ligne", "colonne", "raison"),
    [
        (["C1", "XX", "Arrivee", "Local", 1], "flux", "ce flux n'existe pas"),
        (["C1", "CO", "Ailleurs", "Local", 1], "sens", "ce sens n'existe pas"),
        (["C1", "CO", "Arrivee", "", 1], "segment", "valeur manquante"),
        (["C1", "CO", "Recup", "Local", 1], "segment", "aucune cellule"),
        (["C1", "CO", "Arrivee", "Axes", -1], "volume", "de 0 à mille milliards"),
        (["C1", "CO", "Arrivee", "Axes", "1e13"], "volume", "de 0 à mille milliards"),
        (["C1", "CO", "Arrivee", "Axes", "NaN"], "volume", "un nombre est attendu"),
        (["C1", "CO", "Arrivee", "Axes", ""], "volume", "volume manquant"),
        (["", "CO", "Arrivee", "Axes", 1], "centre", "centre manquant"),
        (["C1", "CO", "Arrivee", "Local", 2], "volume", "que la ligne 2"),
    ],
)
def test_un_volume_faux_est_refuse_a_sa_place_et_rien_n_est_ecrit(centre, ligne, colonne, raison):
    trace = importer_volumes(texte_csv([LONG, ["C1", "CO", "Arrivee", "Local", 1], ligne]))
    assert places(trace) == [(3, colonne)]
    assert raison in trace.rapport["rejets"][0]["raison"]
    assert volumes() == []


@pytest.mark.parametrize(
    ("annee", "raison"), [("", "année manquante"), (1989, "1990"), ("2026,5", "entière")]
)
def test_l_annee_est_exigee_et_bornee(centre, annee, raison):
    lignes = [["centre", "cellule", "volume", "annee"], ["C1", "guichet.depot", 5, annee]]
    trace = importer_volumes(texte_csv(lignes), annee=None)
    assert places(trace) == [(2, "annee")]
    assert raison in trace.rapport["rejets"][0]["raison"]


def test_un_rejet_de_classeur_nomme_sa_feuille(centre):
    trace = importer_volumes(xlsx({"C1": [["cellule", "volume"], ["rien", 1]]}), nom="v.xlsx")
    assert trace.rapport["rejets"][0]["feuille"] == "C1"


def test_un_nom_porte_par_deux_centres_demande_le_code(centre):
    CentreFactory(code="C9", nom="Agence du Lac")
    trace = importer_volumes(texte_csv([LONG, ["Agence du lac", "CO", "Arrivee", "Local", 1]]))
    assert "écrire le code" in trace.rapport["rejets"][0]["raison"]


def test_un_import_national_reste_en_peu_de_requetes(compter_requetes):
    CentreFactory.create_batch(40)
    lignes = [LONG, *[[f.code, "CO", "Arrivee", "Local", 5] for f in type(CentreFactory()).objects.all()]]
    with compter_requetes() as requetes:
        trace = importer_volumes(texte_csv(lignes))
    assert comptes(trace)[0] == 41
    assert len(requetes) <= 25


def test_les_effectifs_s_importent_et_se_reimportent_sans_changement(centre):
    lignes = [
        ["Région", "Centre", "Poste", "Statutaires", "APS"],
        [centre.direction.region.nom, "C1", "Trieur", "12,75", "0,34"],
        ["", "Agence du Lac", "Guichetier", 0, ""],
    ]
    assert comptes(importer_effectifs(texte_csv(lignes))) == (2, 0, 0, 0)
    assert comptes(importer_effectifs(xlsx({"F": lignes}), nom="e.xlsx")) == (0, 0, 2, 0)
    trieur = CentrePoste.objects.get(poste__code="TRIEUR")
    assert (trieur.effectif_actuel, trieur.aps) == (Decimal("12.75"), Decimal("0.34"))
    lignes[1][3:] = ["3", ""]
    trace = importer_effectifs(texte_csv(lignes))
    assert trace.rapport["champs_modifies"] == {"effectif_actuel": 1}
    trieur.refresh_from_db()
    assert (trieur.effectif_actuel, trieur.aps) == (Decimal(3), Decimal("0.34"))


@pytest.mark.parametrize(
    ("ligne", "colonne", "raison"),
    [
        (["", "C1", "Pilote", 1, 0], "Poste", "ce poste n'existe pas"),
        (["", "C1", "", 1, 0], "Poste", "poste manquant"),
        (["", "", "Trieur", 1, 0], "Centre", "centre manquant"),
        (["", "C1", "Trieur", "", 0], "Statutaires", "effectif manquant"),
        (["", "C1", "Trieur", -1, 0], "Statutaires", "de 0 à"),
        (["", "C1", "Trieur", "2,5551", 0], "Statutaires", "deux décimales"),
        (["", "C1", "Trieur", 1, "x"], "APS", "un nombre est attendu"),
        (["", "C1", "Guichetier", 1, 0], "Poste", "que la ligne 2"),
        (["Ailleurs", "C1", "Trieur", 1, 0], "Région", "pas dans cette région"),
    ],
)
def test_un_effectif_faux_est_refuse_a_sa_place_et_rien_n_est_ecrit(centre, ligne, colonne, raison):
    lignes = [["Région", "Centre", "Poste", "Statutaires", "APS"], ["", "C1", "Guichetier", 1, 0], ligne]
    trace = importer_effectifs(texte_csv(lignes))
    assert places(trace) == [(3, colonne)]
    assert raison in trace.rapport["rejets"][0]["raison"]
    assert not CentrePoste.objects.exists()


def test_la_region_departage_deux_centres_du_meme_nom(centre):
    nord = DirectionFactory(region=RegionFactory(nom="Nord"))
    voulu = CentreFactory(code="C9", nom="Agence du Lac", direction=nord)
    lignes = [["Région", "Centre", "Poste", "Statutaires"], ["nord", "Agence du Lac", "Trieur", 4]]
    importer_effectifs(texte_csv(lignes))
    assert CentrePoste.objects.get().centre == voulu
    lignes[1][0] = ""
    assert "écrire le code" in importer_effectifs(texte_csv(lignes)).rapport["rejets"][0]["raison"]
