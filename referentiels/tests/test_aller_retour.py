"""Ce qui se télécharge se réimporte « tout inchangé » ; une cellule changée est un changement, et un seul."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from referentiels.exports.portee import Portee
from referentiels.exports.service import exporter, exporter_gabarit
from referentiels.imports.feuilles import FEUILLE_AIDE
from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import Centre, CentrePoste, Tache, Typologie, VolumeAnnuel
from referentiels.tests.outils import factories as f
from referentiels.tests.outils.imports import canevas_reel, comptes, en_xlsx, importer_taches
from simulateur.fichiers.ecriture import cellule_sure, sans_apostrophe
from simulateur.fichiers.tableaux import nombre_sans_equivoque

pytestmark = pytest.mark.django_db
NOMS = (
    *("=SOMME(A1)", "'=piège", "@tri", "Tri ; « fin »"),
    *('Avec "guillemets"', "1er tri", "00123", "Été\nsoir"),
)
VOLUMES = (1234.567, 0.1, 1e-7, 1e12, 264000.0, 0.0, 12.5, 1000.001)
FORMATS = ("csv", "xlsx")
A_PLAT = ("taches", "volumes", "effectifs")


@pytest.fixture
def reseau() -> Any:
    """Deux directions, trois centres, des textes et des nombres qui se lisent mal."""
    direction = f.DirectionFactory(code="D1")
    centres = [f.CentreFactory(code=code, direction=direction) for code in ("C1", "00123")]
    centres.append(f.CentreFactory(code="C3"))
    for rang, centre in enumerate(centres):
        tenu = f.CentrePosteFactory(centre=centre, effectif_actuel=Decimal("12.75"), aps=Decimal("0.34"))
        f.CentrePosteFactory(centre=centre, poste=f.PosteFactory(neuf=True), effectif_actuel=Decimal(rang))
        for ordre, nom in enumerate(NOMS, 1):
            f.TacheFactory(centre_poste=tenu, nom=nom, ordre=ordre, duree_secondes=ordre * 7 / 3)
        cellules = f.CelluleVolumeFactory._meta.model.objects.order_by("pk")[: len(VOLUMES)]
        for cellule, volume in zip(cellules, VOLUMES, strict=True):
            f.VolumeAnnuelFactory(centre=centre, cellule=cellule, volume=volume, annee=2026 + rang % 2)
    # Deux responsables du même poste : la même tâche deux fois.
    derniere = Tache.objects.order_by("-pk").first()
    assert derniere is not None
    derniere.pk = None
    derniere.save()
    return direction


def portees(direction: Any) -> dict[str, Portee]:
    return {
        "centre": Portee(centre=Centre.objects.get(code="00123")),
        "direction": Portee(direction=direction),
        "pays": Portee(),
    }


def reimporter(genre: str, portee: Portee, contenu: bytes, format_: str) -> Any:
    demande = Demande(genre=Genre(genre), centre=portee.centre if genre == Genre.TACHES else None)
    return importer(demande, contenu=contenu, nom=f"f.{format_}", a_blanc=False)


def attendues(genre: str, portee: Portee) -> int:
    lignes = {
        "taches": Tache.objects.filter(portee.filtre("centre_poste__centre__")),
        "volumes": VolumeAnnuel.objects.filter(portee.filtre("centre__")),
        "effectifs": CentrePoste.objects.filter(portee.filtre("centre__")),
    }
    return lignes[genre].count()


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("niveau", ["centre", "direction", "pays"])
@pytest.mark.parametrize("genre", A_PLAT)
def test_inchange_il_se_reimporte_tout_inchange(reseau: Any, genre: str, niveau: str, format_: str) -> None:
    portee = portees(reseau)[niveau]
    contenu = exporter(genre, portee, format_=format_).octets
    trace = reimporter(genre, portee, contenu, format_)
    assert trace.rapport["rejets"] == []
    assert comptes(trace) == (0, 0, attendues(genre, portee), 0)
    assert trace.rapport["avertissements"] == []


@pytest.mark.parametrize("genre", A_PLAT)
def test_une_cellule_changee_est_un_changement(reseau: Any, genre: str) -> None:
    classeur = openpyxl.load_workbook(io.BytesIO(exporter(genre, Portee(), format_="xlsx").octets))
    feuille = classeur.worksheets[0]
    colonne = {"taches": 11, "volumes": 3, "effectifs": 4}[genre]
    feuille.cell(2, colonne).value = 41
    if genre == "taches":
        feuille.cell(2, 10).value = None
    sortie = io.BytesIO()
    classeur.save(sortie)
    trace = reimporter(genre, Portee(), sortie.getvalue(), "xlsx")
    assert comptes(trace) == (0, 1, attendues(genre, Portee()) - 1, 0)


def test_une_annee_seule(reseau: Any) -> None:
    lignes = exporter("volumes", Portee(), annee=2027, format_="csv").octets.decode("utf-8-sig").splitlines()
    assert {ligne.rsplit(";", 1)[1] for ligne in lignes[1:]} == {"2027"}
    assert len(lignes) == 1 + len(VOLUMES)


@pytest.mark.parametrize("genre", A_PLAT)
def test_le_gabarit_rempli_se_renvoie_tel_quel(reseau: Any, genre: str) -> None:
    classeur = openpyxl.load_workbook(io.BytesIO(exporter_gabarit(genre).octets))
    assert classeur.sheetnames == [Genre(genre).label, FEUILLE_AIDE]
    centre = Portee(centre=Centre.objects.get(code="C1")) if genre == "taches" else Portee()
    pleine = openpyxl.load_workbook(io.BytesIO(exporter(genre, centre).octets)).worksheets[0]
    vide = classeur.worksheets[0]
    entetes = [cellule.value for cellule in vide[1]]
    rangs = {cellule.value: rang for rang, cellule in enumerate(pleine[1])}
    for ligne in pleine.iter_rows(min_row=2, values_only=True):
        vide.append([ligne[rangs[titre]] for titre in entetes])
        for cellule in vide[vide.max_row]:
            cellule.data_type = "s" if isinstance(cellule.value, str) else cellule.data_type
    sortie = io.BytesIO()
    classeur.save(sortie)
    trace = reimporter(genre, centre, sortie.getvalue(), "xlsx")
    assert comptes(trace) == (0, 0, attendues(genre, centre), 0)
    aide = [c for ligne in classeur[FEUILLE_AIDE].iter_rows(values_only=True) for c in ligne if c]
    assert "C1" in aide or genre == "taches"


def test_par_la_page_l_api_et_la_commande(reseau: Any, client: Any, admin_user: Any, tmp_path: Path) -> None:
    client.force_login(admin_user)
    c1 = Portee(centre=Centre.objects.get(code="C1"))
    attendu = exporter("volumes", c1, annee=2026, format_="csv").octets
    page = client.get("/referentiels/exports/volumes.csv", {"centre": "C1", "annee": "2026"})
    assert (page.content, page["Content-Disposition"]) == (
        attendu,
        'attachment; filename="volumes-C1-2026.csv"',
    )
    api = client.get("/api/referentiel/exports/volumes", {"centre": "C1", "annee": "2026", "format": "csv"})
    assert (api.status_code, api.content) == (200, attendu)
    sortie = tmp_path / "v.csv"
    call_command(
        "exporter_referentiel",
        "volumes",
        centre="C1",
        annee=2026,
        format="csv",
        sortie=sortie,
        stdout=io.StringIO(),
    )
    assert sortie.read_bytes() == attendu
    for adresse in ("/referentiels/gabarits/volumes.xlsx", "/api/referentiel/gabarits/volumes"):
        assert client.get(adresse).content[:2] == b"PK"


@pytest.mark.parametrize("modele", ["centre", "direction"])
def test_par_l_admin(reseau: Any, client: Any, admin_user: Any, modele: str) -> None:
    client.force_login(admin_user)
    choisie = Centre.objects.get(code="C1") if modele == "centre" else reseau
    portee = Portee(centre=choisie) if modele == "centre" else Portee(direction=choisie)
    liste = f"/admin/referentiels/{modele}/"
    action = {"action": "telecharger_volumes", "_selected_action": [choisie.pk]}
    lu = client.post(liste, action)
    assert lu["Content-Disposition"] == f'attachment; filename="volumes-{choisie.code}.xlsx"'
    trace = reimporter("volumes", portee, lu.content, "xlsx")
    assert comptes(trace) == (0, 0, attendues("volumes", portee), 0)


@pytest.mark.parametrize(
    ("genre", "demande", "phrase"),
    [
        ("volumes", {"centre": "ABSENT"}, "n'est le code d'aucune ligne"),
        ("volumes", {"centre": "C1", "direction": "D1"}, "un seul des trois"),
        ("volumes", {"typologie": "CM"}, "n'a que des tâches modèles"),
        ("volumes", {"format": "pdf"}, "Permis : csv, xlsx"),
        ("volumes", {"annee": "1200"}, "de 1990 à 2100"),
        ("volumes", {"annee": "deux"}, "de 1990 à 2100"),
        ("volumes", {"annee": "9" * 5000}, "de 1990 à 2100"),
        ("autre", {}, "Permis : taches, volumes, effectifs, reseau, regles"),
    ],
)
def test_une_demande_fausse_est_refusee_en_phrase(
    reseau: Any, client: Any, admin_user: Any, genre: str, demande: dict[str, str], phrase: str
) -> None:
    client.force_login(admin_user)
    reponse = client.get(f"/api/referentiel/exports/{genre}", demande)
    assert reponse.status_code == 400
    assert phrase in reponse.json()["detail"]
    if "format" not in demande:
        assert client.get(f"/referentiels/exports/{genre}.csv", demande).status_code == 404
    if set(demande) <= {"centre"} and demande:
        with pytest.raises(CommandError, match="aucune ligne"):
            call_command("exporter_referentiel", genre, **demande)


def test_un_fichier_sans_cible_nomme_les_centres_inconnus(reseau: Any) -> None:
    contenu = exporter("taches", Portee(), format_="csv").octets.replace(b"\n00123;", b"\nABSENT;")
    trace = reimporter("taches", Portee(), contenu, "csv")
    assert set(trace.rapport["centres_inconnus"]) == {"ABSENT"}
    assert comptes(trace)[:2] == (0, 0)


@pytest.mark.parametrize("texte", [*NOMS, "'", "''", "'a", "-", "'-1", ""])
def test_l_apostrophe_d_un_tableur_s_enleve_comme_elle_s_est_mise(texte: str) -> None:
    assert sans_apostrophe(cellule_sure(texte)) == texte


def test_un_nombre_exporte_ne_se_lit_que_d_une_facon() -> None:
    ecrits = [nombre_sans_equivoque(v) for v in (1234.567, 12.5, 1e-7, 1e12, Decimal("0.340"), 3.0)]
    assert ecrits == ["1234,5670", "12,5", "0,0000001", "1000000000000", "0,34", "3"]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("code", ["AM", "CM", "CD", "CCC", "CLD", "CTD"])
def test_les_vraies_tables_modeles_font_l_aller_retour(
    dossier_partage: Path, code: str, format_: str
) -> None:
    typologie = Typologie.objects.get(code=code)
    importer_taches(en_xlsx(canevas_reel(dossier_partage, code)), typologie, nom="t.xlsx")
    contenu = exporter("taches", Portee(typologie=typologie), format_=format_).octets
    trace = importer_taches(contenu, typologie, nom=f"t.{format_}", remplacer=True)
    assert trace.rapport["rejets"] == []
    assert comptes(trace)[0] == comptes(trace)[3] == 0
