"""Le compte rendu d'un import : des comptes complets, des détails bornés, le même pour tous."""

import json
from datetime import date, datetime, timedelta

import pytest

from euromillions.imports import rapport
from euromillions.imports.comparaison import comparer
from euromillions.imports.jugement import Jugement
from euromillions.imports.lignes import FichierLu, LigneInvalide, LigneLue, Remarque
from euromillions.imports.service import en_dict
from euromillions.models import ImportTirages

pytestmark = pytest.mark.rapide
INVALIDE = LigneInvalide(3, "n1", "99", "hors de l'urne")


def fichier(ajouts, invalides=0):
    lues = tuple(
        LigneLue(n + 2, date(2024, 1, 2) + timedelta(weeks=n), (1, 2, 3, 4, 5), (1, 2)) for n in range(ajouts)
    )
    return FichierLu(
        "generique", "utf-8", ",", "LF", "AAAA-MM-JJ", ajouts + invalides, lues, (INVALIDE,) * invalides,
        remarques=(Remarque(2, "un détail"),),
    )  # fmt: skip


def compte_rendu(lu):
    comparaison = comparer(lu, {})
    details = rapport.details(lu, comparaison, Jugement(0, 0, (), ()), soupcon="")
    champs = rapport.comptes(lu, comparaison)
    fait = ImportTirages(
        nom_fichier="f.csv", format=lu.format, encodage=lu.encodage, rapport=details, **champs
    )
    return en_dict(fait)


def test_les_details_sont_bornes_et_les_comptes_complets():
    rendu = compte_rendu(fichier(rapport.DETAILS_MAX + 5, rapport.DETAILS_MAX + 7))
    assert (rendu["ajoutes"], rendu["invalides"]) == (rapport.DETAILS_MAX + 5, rapport.DETAILS_MAX + 7)
    for liste in ("ajouts", "invalides"):
        assert len(rendu["rapport"][liste]) == rapport.DETAILS_MAX
    assert "et 7 autres lignes" in rapport.en_texte(rendu)
    assert json.loads(json.dumps(rendu)) == rendu


def test_le_terminal_dit_chaque_ligne_ecartee_et_chaque_remarque():
    texte = rapport.en_texte(compte_rendu(fichier(1, 1)))
    assert "ligne 3, colonne « n1 » : hors de l'urne" in texte
    assert "remarque, ligne 2 : un détail" in texte
    assert "ATTENTION" not in texte
    assert "autres lignes" not in texte


def test_la_conclusion_distingue_ce_qui_est_ecrit():
    rendu = compte_rendu(fichier(2))
    assert "rien n'est écrit. 4 tirages seraient" in rapport.conclusion([rendu, rendu], applique=False)
    fait = {**rendu, "fictifs_supprimes": 12}
    assert rapport.conclusion([fait], applique=True).startswith(
        "Importé : 2 tirages ajoutés. 12 tirages fictifs"
    )
    assert "fictifs" not in rapport.conclusion([rendu], applique=True)


def test_la_page_recoit_des_dates_et_non_des_textes():
    details = {**compte_rendu(fichier(2))["rapport"], "deja_importe_le": "2026-08-21T10:00:00+02:00"}
    lu = rapport.pour_la_page(details)
    assert (lu["premier"], lu["dernier"]) == (date(2024, 1, 2), date(2024, 1, 9))
    assert isinstance(lu["deja_importe_le"], datetime)
    assert [ligne["date"] for ligne in lu["ajouts"]] == [lu["premier"], lu["dernier"]]
    vide = rapport.pour_la_page({**compte_rendu(fichier(0))["rapport"], "deja_importe_le": None})
    assert (vide["premier"], vide["dernier"], vide["deja_importe_le"]) == (None, None, None)
