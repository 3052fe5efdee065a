"""Fichiers hostiles ou abîmés : refus clair, mémoire et temps bornés, rien n'est exécuté ni écrit."""

import io
import zipfile

import pytest

from euromillions.imports.contenu import texte_du_fichier
from euromillions.tests.outils.imports import TAILLE_MAX, lire_octets, lire_texte, miniature
from simulateur.fichiers.limites import FichierRefuse


def en_zip(entrees, *, compression=zipfile.ZIP_DEFLATED):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", compression) as archive:
        for nom, contenu in entrees.items():
            archive.writestr(nom, contenu)
    return tampon.getvalue()


def refus(octets, **options):
    with pytest.raises(FichierRefuse) as erreur:
        texte_du_fichier(octets, **{"taille_max": TAILLE_MAX, **options})
    return str(erreur.value)


def test_un_zip_d_un_seul_csv_est_lu_comme_le_csv():
    octets = en_zip(
        {"lisezmoi.txt": "rien", "__MACOSX/._x.csv": "x", "a/tirages.CSV": miniature("fdj_2020.csv")}
    )
    assert len(lire_octets(octets).lues) == 2


def test_un_zip_de_deux_csv_ou_d_aucun_est_refuse():
    assert "un seul : elle en a 2" in refus(en_zip({"a.csv": "a", "b.csv": "b"}))
    assert "un seul : elle en a 0" in refus(en_zip({"a.txt": "a"}))


def test_un_zip_qui_gonfle_trop_est_refuse_avant_d_etre_ouvert():
    assert "gonfle" in refus(en_zip({"a.csv": b"0" * 900_000}))
    assert "au plus 1.0 Mio" in refus(en_zip({"a.csv": b"0" * (TAILLE_MAX + 1)}))


def test_un_zip_qui_ment_sur_sa_taille_est_refuse():
    octets = bytearray(en_zip({"a.csv": miniature("fdj_2004.csv") * 50}))
    centrale = octets.rindex(b"PK\x01\x02")
    octets[centrale + 24 : centrale + 28] = (10).to_bytes(4, "little")
    assert "abîmée" in refus(bytes(octets))


def test_un_zip_abime_protege_ou_surpeuple_est_refuse():
    bon = en_zip({"a.csv": miniature("fdj_2004.csv")})
    assert "abîmée" in refus(bon[: len(bon) // 2])
    assert "abîmée" in refus(b"PK\x03\x04" + b"\x00" * 30)
    protege = bytearray(bon)
    protege[protege.rindex(b"PK\x01\x02") + 8] |= 1
    assert "mot de passe" in refus(bytes(protege))
    assert "60 entrées" in refus(en_zip({f"{n}.csv": "x" for n in range(60)}))


def test_un_zip_dans_le_zip_ou_un_classeur_n_est_pas_lu():
    dedans = en_zip({"a.csv": "date"})
    assert "texte CSV" in refus(en_zip({"x.csv": dedans}, compression=zipfile.ZIP_STORED))
    assert "classeur" in refus(en_zip({"[Content_Types].xml": "", "xl/x.csv": "a"}))


def test_une_compression_exotique_est_refusee():
    assert "deflate attendu" in refus(en_zip({"a.csv": "a" * 50}, compression=zipfile.ZIP_BZIP2))


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b" \r\n ", "vide"),
        (b"date,n1\x00", "octets nuls"),
        (b"%PDF-1.7\x01\x02", "caractères de contrôle"),
        ("date;n1".encode("utf-16"), "UTF-16"),
    ],
)
def test_un_contenu_qui_n_est_pas_un_texte_est_refuse(octets, phrase):
    assert phrase in refus(octets)


def test_la_taille_et_le_nombre_de_lignes_sont_bornes():
    assert "au plus 10 octets" in refus(b"x" * 11, taille_max=10)
    assert "plus de 3 lignes" in refus(b"a\n" * 5, lignes_max=3)


def test_une_ligne_demesuree_est_invalide_sans_bloquer_les_autres():
    lecture = lire_texte("date,n1,n2,n3,n4,n5,e1,e2\n" + "9" * 60_000 + "\n2021-03-02,1,2,3,4,5,1,2\n")
    assert len(lecture.lues) == 1
    assert lecture.invalides[0].numero_ligne == 2
    assert "dépasse" in lecture.invalides[0].raison


def test_une_colonne_exigee_en_double_est_refusee():
    with pytest.raises(FichierRefuse, match="n1 apparaît deux fois"):
        lire_texte("date,n1,n1,n2,n3,n4,n5,e1,e2\n2021-03-02,1,1,2,3,4,5,1,2\n")


def test_un_en_tete_sans_tirage_ou_des_dates_illisibles_sont_refuses():
    with pytest.raises(FichierRefuse, match="aucune ligne de tirage"):
        lire_texte("date,n1,n2,n3,n4,n5,e1,e2\n,,,,,,,\n")
    with pytest.raises(FichierRefuse, match="lisible dans aucun style"):
        lire_texte("date,n1,n2,n3,n4,n5,e1,e2\nhier,1,2,3,4,5,1,2\n")


def test_les_fins_de_ligne_melees_ne_changent_rien():
    lignes = ["date,n1,n2,n3,n4,n5,e1,e2", "2021-03-02,1,2,3,4,5,1,2", "2021-03-05,1,2,3,4,5,1,2"]
    lecture = lire_texte(lignes[0] + "\r\n" + lignes[1] + "\r" + lignes[2] + "\n")
    assert (len(lecture.lues), lecture.fins_de_ligne) == (2, "CRLF et LF et CR")
