"""Un export redit les chiffres de la simulation, sans formule, et n'est lu que par qui l'a demandé."""

import csv
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from openpyxl import load_workbook

from conftest import _api_de
from simulateur.travaux import machine, prise
from simulateur.travaux.machine import executer
from simulations.calculs.relecture import relire_direction
from simulations.exports import classeur as module_du_classeur
from simulations.exports import ecrivains, fabrique
from simulations.exports.feuille import Feuille
from simulations.models import ContenuExport, Export, Simulation
from simulations.tests.outils.parcours import lire, petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def nationale(api: Any) -> Simulation:
    petit_reseau()
    return simuler(api)


def _feuilles_csv(octets: bytes, encodage: str, separateur: str) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {
            nom: list(csv.reader(io.StringIO(archive.read(nom).decode(encodage)), delimiter=separateur))
            for nom in archive.namelist()
        }


def test_le_classeur_redit_les_totaux_les_centres_et_les_postes(api: Any, nationale: Simulation) -> None:
    reponse = api.get(f"/api/simulations/{nationale.pk}/export?format=xlsx")
    assert reponse.status_code == 200
    classeur = load_workbook(io.BytesIO(reponse.content))
    assert classeur.sheetnames == ["Décider", "Centres", "Postes", "Tâches", "Paramètres"]
    totaux = {ligne[0]: ligne[2] for ligne in classeur["Décider"].iter_rows(min_row=2, values_only=True)}
    assert totaux["ETP calculé"] == float(nationale.etp_calcule)
    assert totaux["Écart"] == float(nationale.ecart)
    assert totaux["À pourvoir"] + totaux["En trop"] == pytest.approx(totaux["Écart"])
    centres, postes, taches = (table(classeur[nom]) for nom in ("Centres", "Postes", "Tâches"))
    assert (len(centres), len(postes), len(taches)) == (4, 8, 8)
    assert sum(ligne["ETP calculé"] for ligne in centres) == pytest.approx(totaux["ETP calculé"])
    assert sum(ligne["ETP calculé"] for ligne in postes) == pytest.approx(totaux["ETP calculé"])
    assert sum(ligne["Heures par jour"] for ligne in taches) == pytest.approx(totaux["Heures"])
    assert {ligne["Unités par jour"] for ligne in taches if ligne["Tâche"] == "=Dépêche"} == {0}
    assert {ligne["Unités par jour"] for ligne in taches if ligne["Tâche"] == "Tri"} == {3000, 6000}
    codes = set(nationale.centres.values_list("nom", "code"))
    assert {(ligne["Centre"], ligne["Code centre"]) for ligne in (*centres, *postes, *taches)} == codes
    assert all(ligne["Code poste"] for ligne in (*postes, *taches))
    assert all(ligne["Code direction"] for ligne in (*centres, *postes))


def table(feuille: Any) -> list[dict[str, Any]]:
    entetes, *lignes = feuille.iter_rows(values_only=True)
    return [dict(zip(entetes, ligne, strict=True)) for ligne in lignes]


def test_la_premiere_feuille_suffit_a_decider(nationale: Simulation) -> None:
    nationale.rapport = {
        **nationale.rapport,
        "couverture_annee": {"annee": 2026, "centres": 4, "couverts": 3, "part": 75.0},
        "inactive_centres": ["Vieux (V1)"],
    }
    octets = fabrique.produire(nationale, "xlsx", "fr")
    feuille = load_workbook(io.BytesIO(octets))["Décider"]
    lignes = table(feuille)
    attention = [ligne["De qui"] for ligne in lignes if ligne["Quoi"] == "Attention"]
    assert "L'année 2026 couvre 75,0 % des centres (3 sur 4)." in attention
    assert "Centres fermés, non calculés : Vieux (V1)." in attention
    phrase = next(ligne["De qui"] for ligne in lignes if ligne["Quoi"] == "En une phrase")
    assert phrase.startswith("Il faut ")
    decisions = [ligne["Valeur"] for ligne in lignes if str(ligne["Quoi"]).startswith("Décision")]
    assert sum(decisions) == nationale.nb_centres
    revision = next(ligne["De qui"] for ligne in lignes if ligne["Quoi"] == "Révision du référentiel")
    assert isinstance(revision, str)
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        graphiques = [nom for nom in archive.namelist() if nom.startswith("xl/charts/chart")]
        assert len(graphiques) == 2
        assert b"conditionalFormatting" in archive.read("xl/worksheets/sheet2.xml")
    assert feuille.column_dimensions["B"].width > 40


@pytest.mark.complet
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LibreOffice absent : apt-get install libreoffice-calc poppler-utils",
)
def test_libreoffice_l_ouvre_sans_diese_ni_exposant(nationale: Simulation, tmp_path: Path) -> None:
    (tmp_path / "e.xlsx").write_bytes(fabrique.produire(nationale, "xlsx", "fr"))
    ordre = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    chez_lui = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run([*ordre, str(tmp_path / "e.xlsx")], check=True, timeout=120, env=chez_lui)
    lire_pdf = ["pdftotext", str(tmp_path / "e.pdf"), "-"]
    texte = subprocess.run(lire_pdf, capture_output=True, check=True).stdout
    assert b"cart" in texte
    assert b"###" not in texte
    assert b"E+1" not in texte


def test_une_decision_que_l_ecart_contredit_est_expliquee_dans_l_export(
    api: Any, nationale: Simulation
) -> None:
    nationale.centres.update(
        decision="Recruter", etp_pico=12 * 10**11, arrondi_centiemes=100, actuel_centiemes=100
    )
    nationale.centres.update(ecart_centiemes=0)
    reponse = api.get(f"/api/simulations/{nationale.pk}/export?format=xlsx")
    entetes, *centres = load_workbook(io.BytesIO(reponse.content))["Centres"].iter_rows(values_only=True)
    remarques = {ligne[entetes.index("Remarque")] for ligne in centres}
    assert remarques == {nationale.centres.first().remarque}
    assert all("Recruter malgré un écart" in remarque for remarque in remarques)


def test_chaque_tache_dit_d_ou_vient_son_chiffre_comme_la_page_du_poste(
    api: Any, nationale: Simulation
) -> None:
    octets = api.get(f"/api/simulations/{nationale.pk}/export?format=xlsx").content
    lignes = load_workbook(io.BytesIO(octets))["Tâches"].iter_rows(min_row=2, values_only=True)
    phrases = {(ligne[1], ligne[5]): ligne[15] for ligne in lignes}
    assert len(phrases) == 8
    for resultat in nationale.postes.filter(type="MOD"):
        centre = nationale.centres.get(centre_id=resultat.centre_id)
        relue = relire_direction(nationale, centre.direction_id)
        for tache in relue.detail(resultat.centre_id, resultat.titre_id):
            assert phrases[centre.nom, tache.nom] == tache.formule
            assert tache.formule.endswith("h/jour")


def test_une_feuille_trop_longue_pour_excel_continue_dans_la_suivante(
    nationale: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ecrivains, module_du_classeur):
        monkeypatch.setattr(module, "LIGNES_PAR_FEUILLE", 4)
    classeur = load_workbook(io.BytesIO(fabrique.produire(nationale, "xlsx", "fr")))
    assert [nom for nom in classeur.sheetnames if nom.startswith(("Centres", "Tâches"))] == [
        "Centres",
        "Tâches",
        "Tâches (2)",
    ]
    premiere, suite = classeur["Tâches"], classeur["Tâches (2)"]
    assert (premiere.max_row, suite.max_row) == (5, 5)
    assert [cellule.value for cellule in premiere[1]] == [cellule.value for cellule in suite[1]]


def test_un_texte_douteux_reste_un_texte_lisible(nationale: Simulation) -> None:
    nationale.libelle = " <b>&\x0b\ufffe fin"
    feuille = load_workbook(io.BytesIO(fabrique.produire(nationale, "xlsx", "fr")))["Décider"]
    assert feuille["B2"].value == " <b>& fin"
    assert feuille["B3"].value.startswith(f"{nationale.termine_le:%d/%m/%Y}")


def test_annuler_un_export_l_arrete_entre_deux_lots(
    api: Any, nationale: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    corps = api.post(f"/api/simulations/{nationale.pk}/export").json()
    ecrites: list[int] = []

    def lignes() -> Iterator[list[int]]:
        for rang in range(1000):
            if rang == 3:
                machine.annuler(Export.objects.get())
            ecrites.append(rang)
            yield [rang]

    monkeypatch.setattr(prise, "PAS_ECRITURE_S", 0)
    monkeypatch.setattr(ecrivains, "PAS", 2)
    rangs = Feuille("Rangs", ["Rang"], lignes, 1000, longue=True)
    monkeypatch.setattr(fabrique, "feuilles", lambda *_, **__: [rangs])
    executer("simulations.Export", corps["id"])
    assert Export.objects.get().etat == "annulee"
    assert len(ecrites) == 4
    assert not ContenuExport.objects.exists()


def test_aucune_cellule_n_est_une_formule(api: Any, nationale: Simulation) -> None:
    reponse = api.get(f"/api/simulations/{nationale.pk}/export")
    classeur = load_workbook(io.BytesIO(reponse.content))
    cellules = [cellule for feuille in classeur for ligne in feuille.iter_rows() for cellule in ligne]
    assert any(cellule.value == "=Dépêche" for cellule in cellules)
    assert "f" not in {cellule.data_type for cellule in cellules}
    archive = api.get(f"/api/simulations/{nationale.pk}/export?format=csv").content
    assert any(ligne[5] == "'=Dépêche" for ligne in _feuilles_csv(archive, "utf-8-sig", ";")["taches.csv"])


def test_le_csv_s_ecrit_a_la_francaise_ou_en_iso(api: Any, nationale: Simulation) -> None:
    chemin = f"/api/simulations/{nationale.pk}/export?format=csv"
    fr = _feuilles_csv(api.get(chemin).content, "utf-8-sig", ";")["decider.csv"]
    iso = _feuilles_csv(api.get(f"{chemin}&ecriture=iso").content, "utf-8", ",")["decider.csv"]
    francais, standard = ({ligne[0]: ligne[1] or ligne[2] for ligne in lue} for lue in (fr, iso))
    assert francais["ETP calculé"].replace(",", ".") == standard["ETP calculé"]
    assert float(standard["ETP calculé"]) == float(nationale.etp_calcule)
    assert "/" in francais["Calculée le"]


@pytest.mark.parametrize(("option", "champ"), [("format=pdf", "format"), ("ecriture=klingon", "ecriture")])
def test_un_format_inconnu_est_nomme(api: Any, nationale: Simulation, option: str, champ: str) -> None:
    reponse = api.get(f"/api/simulations/{nationale.pk}/export?{option}")
    assert reponse.status_code == 400
    assert champ in reponse.json()["champs"]


def test_un_gros_export_se_fait_en_tache_de_fond(
    api: Any, nationale: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabrique, "SEUIL_IMMEDIAT", 1)
    chemin = f"/api/simulations/{nationale.pk}/export?format=csv"
    assert api.get(chemin).status_code == 409
    demande = api.post(chemin)
    assert demande.status_code == 202
    corps = demande.json()
    assert corps["fichier"] is None
    assert api.get(f"{corps['url']}/fichier").status_code == 409
    executer("simulations.Export", corps["id"])
    fini = lire(api, corps["url"])
    assert (fini["etat"], fini["progression"]) == ("terminee", 100)
    fichier = api.get(fini["fichier"])
    assert len(fichier.content) == fini["octets"]
    assert fini["nom_fichier"] in fichier["Content-Disposition"]
    assert fichier.content == fabrique.produire(nationale, "csv", "fr") or zipfile.is_zipfile(
        io.BytesIO(fichier.content)
    )


def test_un_export_n_est_lu_que_par_son_demandeur_ou_l_equipe(
    api: Any, api_staff: Any, nationale: Simulation
) -> None:
    autre = _api_de(get_user_model().objects.create_user("curieux"))
    corps = api.post(f"/api/simulations/{nationale.pk}/export").json()
    executer("simulations.Export", corps["id"])
    for chemin in (corps["url"], f"{corps['url']}/fichier"):
        assert autre.get(chemin).status_code == 403
        assert api.get(chemin).status_code == 200
        assert api_staff.get(chemin).status_code == 200


def test_exporter_une_simulation_purgee_entre_temps_est_refuse_proprement(
    api: Any, nationale: Simulation
) -> None:
    corps = api.post(f"/api/simulations/{nationale.pk}/export").json()
    nationale.delete()
    executer("simulations.Export", corps["id"])
    export = Export.objects.get()
    assert export.etat == "refusee"
    assert "purgée" in export.message


def test_une_simulation_purgee_pendant_l_ecriture_ne_laisse_pas_un_fichier_tronque(
    api: Any, nationale: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    corps = api.post(f"/api/simulations/{nationale.pk}/export").json()
    d_origine = fabrique.produire

    def purger_au_milieu(*args: Any, **options: Any) -> bytes:
        octets = d_origine(*args, **options)
        Simulation.objects.filter(pk=nationale.pk).delete()
        return octets

    monkeypatch.setattr(fabrique, "produire", purger_au_milieu)
    executer("simulations.Export", corps["id"])
    assert Export.objects.get().etat == "refusee"


def test_exporter_une_simulation_en_file_est_un_conflit(api: Any) -> None:
    petit_reseau()
    en_file = api.post("/api/async/simulation/nationale", {}, format="json").json()["task_id"]
    assert api.post(f"/api/simulations/{en_file}/export").status_code == 409
