"""Fichiers hostiles : refusés avec une phrase, dans un processus borné en mémoire et en temps."""

import resource
import struct
import zipfile

import pytest

from simulateur.fichiers.lecture import executer, lire_tableur
from simulateur.fichiers.limites import MIO, FichierRefuse, Limites
from simulateur.tests.outils.fichiers import (
    NS,
    TYPES,
    archive,
    classeur_brut,
    feuille_xml,
    parties_de_classeur,
    xlsx,
)

RIRES = (
    b'<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
PRESSE = Limites(cpu_s=0.3, cellules=10**7)


def refus(contenu: bytes, nom: str = "essai.xlsx", limites: Limites | None = None) -> str:
    with pytest.raises(FichierRefuse) as leve:
        lire_tableur(contenu, nom, limites)
    return str(leve.value)


def modifier_repertoire(contenu: bytes, nom: bytes, decalage: int, valeur: bytes) -> bytes:
    """Réécrit un champ de l'entrée centrale de `nom` (le répertoire peut mentir)."""
    debut = contenu.rindex(b"PK\x01\x02", 0, contenu.rindex(nom))
    return contenu[: debut + decalage] + valeur + contenu[debut + decalage + len(valeur) :]


@pytest.mark.parametrize(
    ("contenu", "nom", "phrase"),
    [
        (b"", "a.xlsx", "vide"),
        (b"  \n", "a.csv", "vide"),
        (b"nom;duree\n", "a.xlsx", "n'en est pas un"),
        (xlsx({"F": [[1]]}), "a.csv", "c'est une archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "mot de passe"),
        (b"%PDF-1.7\n", "a.csv", "un PDF"),
        (b"a;b\n", "a.exe", "formats acceptés"),
        (b"a;b\n", "../../etc/passwd", "formats acceptés"),
        (b"a;b\0\n", "a.csv", "octets nuls"),
        ("é;b\n".encode("utf-16"), "a.csv", "octets nuls"),
        (b'"jamais ferme' + b"x" * 20_000, "a.csv", "guillemets"),
        (archive({"mimetype": b"application/vnd.oasis"}), "a.xlsx", "OpenDocument"),
        (archive({"notes.txt": b"bonjour"}), "a.xlsx", "n'est pas un classeur"),
        (archive({"[Content_Types].xml": TYPES, "_rels/.rels": b"<a/>"}), "a.xlsx", "n'est pas un classeur"),
        (archive({"xl/workbook.bin": b"x"}), "a.xlsx", "binaire"),
        (archive({"../../evasion": b"x"}), "a.xlsx", "sort de l'archive"),
        (archive({"/racine": b"x"}), "a.xlsx", "sort de l'archive"),
        (archive(parties_de_classeur(feuille_xml("")), zipfile.ZIP_BZIP2), "a.xlsx", "compression"),
        (xlsx({"F": []}), "a.xlsx", "vide"),
    ],
)
def test_ce_qui_n_est_pas_un_tableur_est_refuse_avec_une_phrase(contenu, nom, phrase):
    assert phrase in refus(contenu, nom)


@pytest.mark.parametrize("garde", [0.2, 0.5, 0.9, 0.999])
def test_un_classeur_tronque_est_refuse(garde):
    contenu = xlsx({"F": [[i, "texte"] for i in range(200)]})
    assert "Le classeur est" in refus(contenu[: int(len(contenu) * garde)])


def test_un_octet_change_dans_une_feuille_est_vu():
    parties = parties_de_classeur(feuille_xml("<row><c><v>1</v></c></row>"))
    contenu = archive(parties, zipfile.ZIP_STORED).replace(b"<v>1</v>", b"<v>2</v>")
    assert "abîmé" in refus(contenu)


def test_une_taille_declaree_mensongere_ne_fait_pas_lire_davantage():
    contenu = classeur_brut(f"<row><c><v>{'1' * 500_000}</v></c></row>")
    menteur = modifier_repertoire(contenu, b"xl/worksheets/sheet1.xml", 24, struct.pack("<L", 100))
    assert "abîmé" in refus(menteur)


def test_une_bombe_est_refusee_sur_son_repertoire_sans_processus(monkeypatch):
    monkeypatch.setattr("simulateur.fichiers.lecture.executer", lambda *_: pytest.fail("décompressée"))
    parties = parties_de_classeur(feuille_xml(""))
    assert "anormalement compressée" in refus(archive({**parties, "xl/bombe.xml": b" " * (8 * MIO)}))
    bornes = Limites(partie_octets=32 * MIO)
    grosse = archive({**parties, "xl/bombe.xml": b" " * (33 * MIO)})
    assert "dépasse 32 Mio" in refus(grosse, limites=bornes)
    petites = Limites(total_octets=2 * MIO, taux_compression=10_000)
    plusieurs = {f"xl/b{i}.xml": b" " * MIO for i in range(3)}
    assert "décompressé dépasse 2 Mio" in refus(archive({**parties, **plusieurs}), limites=petites)
    assert "plus de 3 parties" in refus(archive(parties), limites=Limites(parties=3))


def test_des_parties_qui_se_recouvrent_ou_se_repetent_sont_refusees():
    contenu = archive(parties_de_classeur(feuille_xml("")))
    gonfle = struct.pack("<L", len(contenu))
    assert "se recouvrent" in refus(modifier_repertoire(contenu, b"xl/worksheets/sheet1.xml", 20, gonfle))
    double = archive({"xl/a.xml": b"x", "xl/b.xml": b"y"}).replace(b"xl/b.xml", b"xl/a.xml")
    assert "même nom" in refus(double)


def test_une_partie_chiffree_est_refusee():
    contenu = classeur_brut("")
    chiffre = modifier_repertoire(contenu, b"xl/worksheets/sheet1.xml", 8, struct.pack("<H", 1))
    assert "chiffré" in refus(chiffre)


@pytest.mark.parametrize("encodage", ["utf-8", "utf-16"])
def test_les_entites_xml_sont_refusees_partout(encodage):
    piege = RIRES.decode().replace('version="1.0"', f'version="1.0" encoding="{encodage}"').encode(encodage)
    feuille = f'<worksheet xmlns="{NS}"><sheetData/></worksheet>'
    if encodage == "utf-16":
        feuille_piegee = (piege.decode(encodage) + feuille).encode(encodage)
    else:
        feuille_piegee = piege + feuille.encode()
    assert "entités" in refus(archive(parties_de_classeur(feuille_piegee)))


def test_les_entites_des_textes_partages_et_du_sommaire_sont_refusees():
    textes = RIRES + f'<sst xmlns="{NS}"><si><t>&d;</t></si></sst>'.encode()
    assert "entités" in refus(classeur_brut("", textes=textes))
    assert "entités" in refus(classeur_brut("", prologue=RIRES))


def test_un_million_de_lignes_est_refuse_a_la_borne():
    lignes = "".join(f'<row r="{numero}"><c><v>1</v></c></row>' for numero in range(1, 100_002))
    assert "plus de 100000 lignes remplies" in refus(classeur_brut(lignes))


def test_trop_de_cellules_ou_de_textes_partages_sont_refuses():
    peu = Limites(cellules=1000)
    lignes = "".join(f"<row>{'<c><v>1</v></c>' * 60}</row>" for _ in range(20))
    assert "plus de 1000 cellules" in refus(classeur_brut(lignes), limites=peu)
    textes = f'<sst xmlns="{NS}">{"<si/>" * 1001}</sst>'.encode()
    assert "plus de 1000 textes" in refus(classeur_brut("", textes=textes), limites=peu)
    assert "plus de 1000 cellules" in refus(b"a;b\n" * 600, "a.csv", limites=peu)


@pytest.mark.parametrize(
    ("lignes", "phrase"),
    [
        ('<row r="0"/>', "numéro de ligne"),
        ('<row r="9999999999"/>', "numéro de ligne"),
        ('<row><c r="ZZZZZ1"><v>1</v></c></row>', "référence de cellule"),
        ('<row><c r="é1"><v>1</v></c></row>', "référence de cellule"),
        ('<row><c r="XFD1"><v>1</v></c></row>', "plus de 64 colonnes"),
        ('<row><c t="s"><v>5</v></c></row>', "abîmé"),
        ('<row><c t="s"><v>-1</v></c></row>', "abîmé"),
        ("<row>", "abîmé"),
    ],
)
def test_une_feuille_mal_formee_est_refusee(lignes, phrase):
    assert phrase in refus(classeur_brut(lignes))


def test_l_enfant_se_borne_en_temps():
    lignes = "".join(f"<row>{'<c><v>1</v></c>' * 60}</row>" for _ in range(4_000))
    resultat = executer("xlsx", classeur_brut(lignes), PRESSE)
    assert "trop long" in resultat["refus"]
    # Le noyau arrête net à la seconde entière qui suit. Le minuteur compte en battements entiers : il peut
    # sonner un peu avant que le coût exact n'atteigne sa borne.
    assert 0.8 * PRESSE.cpu_s <= resultat["mesure"]["cpu_s"] < int(PRESSE.cpu_s) + 1.5


def test_l_enfant_se_borne_en_memoire():
    bornes = Limites(memoire_octets=64 * MIO, caracteres=40 * MIO)
    resultat = executer("csv", b"a;b\n" + b"x" * (20 * MIO) + b";" + b"y" * (20 * MIO), bornes)
    assert "mémoire" in resultat["refus"]
    assert resultat["mesure"]["memoire_kio"] * 1024 <= bornes.memoire_octets


def test_deux_cellules_aux_bouts_d_une_feuille_ne_coutent_pas_plus_que_la_borne():
    lignes = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="BL1048576"><v>1</v></c></row>'
    assert "trop lourd" in refus(classeur_brut(lignes))


def test_un_jeton_xml_geant_ne_coute_pas_plus_que_la_borne():
    lignes = f'<row><c t="{"n" * (20 * MIO)}"/></row>'
    contenu = archive(parties_de_classeur(feuille_xml(lignes)), zipfile.ZIP_STORED)
    resultat = executer("xlsx", contenu, Limites(cpu_s=0.5))
    assert resultat["mesure"]["memoire_kio"] * 1024 <= Limites().memoire_octets
    assert resultat["mesure"]["cpu_s"] < 2


def test_un_enfant_muet_est_tue_et_le_fichier_refuse():
    avant = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(FichierRefuse, match="trop long"):
        executer("csv", b"a;b\n" * 100_000, Limites(attente_s=0.0))
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime >= avant


def test_un_enfant_tue_par_le_noyau_vaut_un_refus(monkeypatch):
    amorce = "import os, sys; sys.stdin.buffer.read(); os.kill(os.getpid(), 9)"
    monkeypatch.setattr("simulateur.fichiers.lecture.AMORCE", amorce)
    assert "trop lourd ou trop abîmé" in refus(b"a;b\n", "a.csv")


def test_un_fichier_plus_gros_que_la_borne_n_est_pas_ouvert(settings):
    settings.IMPORT_TAILLE_MAX_OCTETS = 1024
    assert "au plus" in refus(b"a;b\n" * 300, "a.csv")
