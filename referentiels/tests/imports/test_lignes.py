"""Le réseau et les règles : exportés, réimportés, changés d'une cellule, refusés en phrases, défaits."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from referentiels.exports.lignes import TABLES
from referentiels.exports.portee import Portee
from referentiels.exports.service import exporter, exporter_gabarit
from referentiels.imports.defaire import defaire
from referentiels.imports.descriptions import DESCRIPTIONS, Description
from referentiels.imports.feuilles import FEUILLE_AIDE
from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import (
    CelluleVolume,
    Centre,
    Direction,
    Flux,
    Parametre,
    ParametreCentre,
    Phase,
    Poste,
    Produit,
    ProduitCellule,
    Region,
    Reglage,
    TermePhase,
)
from referentiels.tests.outils import factories as f
from referentiels.tests.outils.imports import comptes, places
from simulateur.tests.outils.fichiers import texte_csv, xlsx

pytestmark = pytest.mark.django_db
GENRES = tuple(DESCRIPTIONS)
CHAQUE_TABLE = [(genre, d) for genre, tables in DESCRIPTIONS.items() for d in tables]
ids_tables = [d.code for _, d in CHAQUE_TABLE]


@pytest.fixture
def reseau() -> Direction:
    """Deux directions, des codes et des textes qui se lisent mal, une ligne au moins dans chaque table."""
    direction = f.DirectionFactory(code="D1", nom="=Nord ; « été »", est_siege=True)
    centres = [
        f.CentreFactory(code="00123", nom="1er centre", direction=direction, trajet_minutes=Decimal("12.5")),
        f.CentreFactory(code="C2", coeff_circulation=Decimal("0.1234"), a_guichet=False),
    ]
    parametre = Parametre.objects.get(code="pct_retour")
    for flux in (None, Flux.objects.get(code="CO")):
        ParametreCentre.objects.create(centre=centres[0], parametre=parametre, flux=flux, valeur=1 / 3)
    ParametreCentre.objects.create(centre=centres[1], parametre=parametre, valeur=12.345)
    for poste in (f.PosteFactory(), f.PosteFactory(neuf=True)):
        Poste.objects.filter(pk=poste.pk).update(salaire_mensuel=Decimal("6543.21"))
    for genre, description in CHAQUE_TABLE:
        if description.lignes().exists() or not description.creable:
            continue
        _ajouter(genre, description)
    return direction


def _ajouter(genre: str, description: Description) -> None:
    """Une ligne de plus, écrite avec ce qui est déjà là."""
    valeurs: dict[str, Any] = {}
    for champ in description.champs:
        du_modele = description.champ(champ.nom)
        if du_modele.is_relation and (champ.nom in description.non_nuls or not du_modele.null):
            valeurs[champ.nom] = du_modele.related_model.objects.order_by("pk").first()
    if description.code == "postes-recommandes":
        valeurs["poste_cible"] = Poste.objects.order_by("-pk").first()
    if description.code == "taches-exclues":
        valeurs |= {"nom": "Tri", "centre": Centre.objects.get(code="C2")}
    if "code" in {champ.nom for champ in description.champs}:
        valeurs["code"] = "AUTRE ECRITURE"
    description.modele._base_manager.create(**valeurs)


def lancer(genre: str, contenu: bytes, format_: str = "xlsx", *, a_blanc: bool = False, **choix: Any) -> Any:
    demande = Demande(genre=Genre(genre), **{"couts": True, **choix})
    return importer(demande, contenu=contenu, nom=f"f.{format_}", a_blanc=a_blanc)


def modifie(contenu: bytes, feuille: str, ligne: int, titre: str, valeur: Any) -> bytes:
    classeur = openpyxl.load_workbook(io.BytesIO(contenu))
    rangs = {cellule.value: cellule.column for cellule in classeur[feuille][1]}
    classeur[feuille].cell(ligne, rangs[titre]).value = valeur
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


@pytest.mark.parametrize("genre", GENRES)
def test_inchange_le_classeur_se_reimporte_tout_inchange(reseau: Direction, genre: str) -> None:
    trace = lancer(genre, exporter(genre, Portee(), couts=True).octets)
    assert (trace.rapport["refus"], trace.rapport["rejets"]) == ("", [])
    attendues = sum(d.lignes().count() for d in DESCRIPTIONS[genre])
    assert comptes(trace) == (0, 0, attendues, 0)
    assert (trace.applique, trace.rapport["avertissements"], trace.rapport["feuilles_sautees"]) == (
        False,
        [],
        {},
    )


@pytest.mark.parametrize(("genre", "description"), CHAQUE_TABLE, ids=ids_tables)
def test_inchangee_chaque_table_se_reimporte_en_csv(
    reseau: Direction, genre: str, description: Description
) -> None:
    contenu = exporter(genre, Portee(), format_="csv", table=description.code, couts=True).octets
    trace = lancer(genre, contenu, "csv", remplacer=True)
    assert (trace.rapport["refus"], trace.rapport["rejets"]) == ("", [])
    assert comptes(trace) == (0, 0, description.lignes().count(), 0)
    assert description.lignes().exists()


@pytest.mark.parametrize(
    ("genre", "feuille", "titre", "valeur"),
    [
        ("reseau", "Régions", "Nom région", "Autre"),
        ("reseau", "Directions", "Siège", "non"),
        ("reseau", "Centres", "Trajet (minutes)", 7.5),
        ("reseau", "Postes", "Salaire mensuel", 9000),
        ("reseau", "Postes", "Type", "MOI"),
        ("reseau", "Paramètres des centres", "Valeur", 3.25),
        ("regles", "Flux", "Nom flux", "Autre"),
        ("regles", "Paramètres", "Ordre", 999),
        ("regles", "Cellules", "Ordre", 999),
        ("regles", "Réglages", "Valeur", 150),
        ("regles", "Unités", "Nom unité", "Autre"),
    ],
)
def test_une_cellule_changee_est_un_changement(
    reseau: Direction, genre: str, feuille: str, titre: str, valeur: Any
) -> None:
    ligne = 2
    if feuille == "Réglages":
        ligne += [r.code for r in Reglage.objects.order_by("code")].index("seuil_recruter")
    contenu = modifie(exporter(genre, Portee(), couts=True).octets, feuille, ligne, titre, valeur)
    trace = lancer(genre, contenu)
    assert [rejet["raison"] for rejet in trace.rapport["rejets"]] == []
    assert comptes(trace)[:2] == (0, 1)
    assert list(trace.rapport["details"][0]["champs"]) == [titre]
    assert comptes(lancer(genre, contenu))[:2] == (0, 0)


@pytest.mark.parametrize("niveau", ["centre", "direction"])
def test_d_un_centre_ou_d_une_direction_seuls_les_siens(reseau: Direction, niveau: str) -> None:
    centre = Centre.objects.get(code="00123")
    portee = Portee(centre=centre) if niveau == "centre" else Portee(direction=reseau)
    classeur = openpyxl.load_workbook(io.BytesIO(exporter("reseau", portee).octets))
    premiere = {
        nom: [str(rangee[0].value) for rangee in classeur[nom].iter_rows(min_row=2)]
        for nom in classeur.sheetnames
    }
    assert (premiere["Directions"], premiere["Centres"]) == (["D1"], ["00123"])
    assert set(premiere["Paramètres des centres"]) == {"00123"}
    assert premiere["Régions"] == [reseau.region.code]
    trace = lancer("reseau", exporter("reseau", portee, couts=True).octets, remplacer=True)
    assert comptes(trace)[0] == comptes(trace)[1] == comptes(trace)[3] == 0


def test_un_reseau_entier_entre_d_un_seul_classeur_puis_se_defait() -> None:
    feuilles = {
        "Lisez-moi": [["Bonjour"]],
        "Centres": [
            ["Code centre", "Nom centre", "Direction", "Typologie", "Actif"],
            ["N-1", "Neuf", "DN", "CM", "oui"],
        ],
        "Régions": [["Code région", "Nom région"], ["RN", "Nord"]],
        "Directions": [["Code direction", "Nom direction", "Région"], ["DN", "Du Nord", "rn"]],
    }
    essai = lancer("reseau", xlsx(feuilles), a_blanc=True)
    assert comptes(essai) == (3, 0, 0, 0)
    assert not Region.objects.filter(code="RN").exists()
    trace = lancer("reseau", xlsx(feuilles))
    assert trace.applique
    assert Centre.objects.get(code="N-1").direction.region.code == "RN"
    assert trace.rapport["feuilles_sautees"] == {"Lisez-moi": "sans les en-têtes d'aucune table"}
    defaire(trace)
    assert not Centre.objects.filter(code="N-1").exists()
    assert not Region.objects.filter(code="RN").exists()


@pytest.mark.parametrize(
    ("genre", "lignes", "colonne", "raison"),
    [
        (
            "reseau",
            [["Code direction", "Nom direction", "Région"], ["DX", "X", "ZZZ"]],
            "Région",
            "n'existe pas",
        ),
        (
            "reseau",
            [["Code direction", "Nom direction", "Région"], ["DX", "", "R"]],
            "Nom direction",
            "manquante",
        ),
        ("reseau", [["Code poste", "Nom poste", "Type"], ["PX", "X", "CDI"]], "Type", "MOD, MOI"),
        ("reseau", [["Code poste", "Nom poste", "Shift 2"], ["PX", "X", 0.5]], "Code poste", "au moins 1"),
        (
            "reseau",
            [["Code région", "Nom région"], ["RX", "X"], ["rx", "Y"]],
            "Code région",
            "que la ligne 2",
        ),
        ("regles", [["Code réglage", "Valeur"], ["inconnu", 1]], "Code réglage", "seuil_recruter"),
        ("regles", [["Code réglage", "Valeur"], ["seuil_recruter", -5]], "Valeur", "Surveiller"),
        ("regles", [["Code flux", "Nom flux"], ["F" * 61, "X"]], "Code flux", "au plus 60"),
        (
            "regles",
            [["Unité", "Flux", "Constante", "Paramètre"], ["Sac", "", 0.5, ""]],
            "Unité",
            "une constante d'au moins 1",
        ),
        ("regles", [["Phase", "Rang", "Nature"], ["NEUVE", 1, "POURCENT"]], "Phase", "n'existe pas"),
    ],
)
def test_une_ligne_fausse_est_refusee_a_sa_place(
    genre: str, lignes: list[list[Any]], colonne: str, raison: str
) -> None:
    f.RegionFactory(code="R")
    avant = {d.code: d.lignes().count() for d in DESCRIPTIONS[genre]}
    trace = lancer(genre, texte_csv(lignes), "csv")
    assert places(trace) == [(len(lignes), colonne)]
    assert raison in trace.rapport["rejets"][0]["raison"]
    assert not trace.applique
    assert {d.code: d.lignes().count() for d in DESCRIPTIONS[genre]} == avant


def test_tout_ou_rien_d_une_table_a_l_autre() -> None:
    feuilles = {
        "Régions": [["Code région", "Nom région"], ["RN", "Nord"]],
        "Directions": [["Code direction", "Nom direction", "Région"], ["DN", "Du Nord", "ABSENTE"]],
    }
    trace = lancer("reseau", xlsx(feuilles))
    assert places(trace) == [(2, "Région")]
    assert not Region.objects.filter(code="RN").exists()


def test_remplacer_retire_les_lignes_d_association_absentes() -> None:
    produit = Produit.objects.filter(lignes_cellules__isnull=False).order_by("pk").first()
    assert produit is not None
    total = ProduitCellule.objects.count()
    gardees = [
        [lien.produit.code, lien.cellule.code] for lien in ProduitCellule.objects.exclude(produit=produit)
    ]
    contenu = texte_csv([["Produit", "Cellule"], *gardees])
    assert comptes(lancer("regles", contenu, "csv")) == (0, 0, len(gardees), 0)
    trace = lancer("regles", contenu, "csv", remplacer=True)
    assert comptes(trace) == (0, 0, len(gardees), total - len(gardees))
    assert not produit.lignes_cellules.exists()
    defaire(trace)
    assert ProduitCellule.objects.count() == total


def test_les_termes_d_une_phase_se_numerotent_de_un_en_un() -> None:
    Phase.objects.create(code="NEUVE", nom="Neuve")
    entetes = ["Phase", "Rang", "Nature", "p", "q", "n"]
    deux = [["Neuve", 1, "POURCENT", "pct_collecte", "", ""], ["Neuve", 2, "INVERSE", "", "", 2]]
    assert comptes(lancer("regles", texte_csv([entetes, *deux]), "csv")) == (2, 0, 0, 0)
    assert comptes(lancer("regles", texte_csv([entetes, *deux]), "csv")) == (0, 0, 2, 0)
    saute = texte_csv([entetes, ["Neuve", 5, "INVERSE", "", "", 2]])
    assert lancer("regles", saute, "csv").rapport["rejets"][0]["raison"] == "le rang qui suit est 3"


def test_des_parts_au_dela_de_cent_sont_refusees() -> None:
    TermePhase.objects.create(
        phase=Phase.objects.create(code="RESTE", nom="Reste"),
        nature="COMPLEMENT",
        parametre="pct_marche",
        parametre_2="pct_collecte",
    )
    f.CentreFactory(code="C1")
    valeurs = [["C1", "pct_marche", "", 80], ["C1", "pct_collecte", "", 30]]
    contenu = texte_csv([["Centre", "Paramètre", "Flux", "Valeur"], *valeurs])
    for a_blanc in (True, False):
        trace = lancer("reseau", contenu, "csv", a_blanc=a_blanc)
        assert "Au plus 100 % ensemble" in trace.rapport["refus"]
    assert not ParametreCentre.objects.exists()


def test_un_salaire_ne_se_lit_ni_ne_s_ecrit_sans_la_permission(reseau: Direction) -> None:
    sans = openpyxl.load_workbook(io.BytesIO(exporter("reseau", Portee()).octets))
    assert "Salaire mensuel" not in [cellule.value for cellule in sans["Postes"][1]]
    contenu = texte_csv([["Code poste", "Nom poste", "Salaire mensuel"], ["NEUF", "Neuf", 5000]])
    refuse = lancer("reseau", contenu, "csv", couts=False)
    assert places(refuse) == [(2, "Salaire mensuel")]
    accepte = lancer("reseau", contenu, "csv")
    assert accepte.applique
    assert "5000" not in str(accepte.rapport["details"])


@pytest.mark.parametrize("genre", GENRES)
def test_le_gabarit_a_chaque_table_ses_codes_et_un_exemple(reseau: Direction, genre: str) -> None:
    classeur = openpyxl.load_workbook(io.BytesIO(exporter_gabarit(genre).octets))
    assert classeur.sheetnames == [*(d.nom for d in DESCRIPTIONS[genre]), FEUILLE_AIDE]
    aide = [c for ligne in classeur[FEUILLE_AIDE].iter_rows(values_only=True) for c in ligne if c]
    for description in DESCRIPTIONS[genre]:
        assert f"Exemple · {description.nom}" in aide
        assert len(description.exemple) == len(description.champs)
    assert ("00123" if genre == "reseau" else CelluleVolume.objects.first().code) in aide


def test_par_la_page_l_api_et_la_commande(
    reseau: Direction, client: Any, admin_user: Any, tmp_path: Path
) -> None:
    client.force_login(admin_user)
    attendu = exporter("reseau", Portee(), format_="csv", table="centres", couts=True).octets
    assert client.get("/referentiels/exports/reseau.csv", {"table": "centres"}).content == attendu
    api = client.get("/api/referentiel/exports/reseau", {"table": "centres", "format": "csv"})
    assert api.content == attendu
    chemin = tmp_path / "c.csv"
    choix = {"table": "centres", "format": "csv", "sortie": chemin, "stdout": io.StringIO()}
    call_command("exporter_referentiel", "reseau", **choix)
    assert chemin.read_bytes() == attendu
    chemin.write_bytes(attendu.replace(b"1er centre", "Deuxième".encode()))
    sortie = io.StringIO()
    call_command("importer_reseau", chemin, appliquer=True, stdout=sortie)
    assert "1er centre → Deuxième" in sortie.getvalue()
    with chemin.open("rb") as fichier:
        cree = client.post("/api/imports/reseau", {"fichier": fichier, "a_blanc": "false"})
    assert (cree.status_code, cree.json()["rapport"]["inchangees"]) == (201, 2)
    regles = exporter("regles", Portee(), couts=True)
    chemin = tmp_path / "regles.xlsx"
    chemin.write_bytes(regles.octets)
    with chemin.open("rb") as fichier:
        page = client.post("/referentiels/imports/nouveau/regles/", {"fichier": fichier}, follow=True)
    assert "Rien ne change" in page.content.decode()
    call_command("importer_regles", chemin, stdout=io.StringIO())


@pytest.mark.parametrize(
    ("genre", "demande", "phrase"),
    [
        ("reseau", {"format": "csv"}, "dire laquelle"),
        ("reseau", {"table": "phases"}, "Permises : regions"),
        ("regles", {"centre": "00123"}, "tout le pays"),
        ("volumes", {"table": "centres"}, "Seuls le réseau et les règles"),
    ],
)
def test_une_demande_fausse_est_refusee_en_phrase(
    reseau: Direction, client: Any, admin_user: Any, genre: str, demande: dict[str, str], phrase: str
) -> None:
    client.force_login(admin_user)
    reponse = client.get(f"/api/referentiel/exports/{genre}", demande)
    assert reponse.status_code == 400
    assert phrase in reponse.json()["detail"]


def test_deux_tables_n_ont_jamais_les_memes_en_tetes_obligatoires() -> None:
    for tables in DESCRIPTIONS.values():
        obligatoires = {d.code: frozenset(c.titres[0] for c in d.colonnes() if c.obligatoire) for d in tables}
        toutes = {d.code: {c.titre for c in d.champs} for d in tables}
        for code, exigees in obligatoires.items():
            assert [autre for autre in toutes if autre != code and exigees <= toutes[autre]] == []
    assert len(set(TABLES)) == len(TABLES)
