"""Les données de référence gardées ici sont celles du dossier partagé, quand il est là."""

import csv
import json

import pytest

from euromillions.tests.outils import extraire_references
from euromillions.tests.outils.references import REFERENCES, TIRAGES, tirages_reels
from simulateur.tests.outils.compact import en_texte


def test_les_tirages_reels_sont_tous_la_et_bien_formes():
    tirages = tirages_reels()
    jours = [tirage.jour for tirage in tirages]
    assert len(tirages) == 1974
    assert jours == sorted(set(jours))
    for tirage in tirages:
        assert list(tirage.numeros) == sorted(set(tirage.numeros))
        assert list(tirage.etoiles) == sorted(set(tirage.etoiles))
        assert (len(tirage.numeros), len(tirage.etoiles)) == (5, 2)
        assert 1 <= tirage.numeros[0] < tirage.numeros[-1] <= 50
        assert 1 <= tirage.etoiles[0] < tirage.etoiles[-1] <= 12


@pytest.mark.parametrize(
    "valeur", [{}, [], {"a": []}, {"longue": [[n, n / 3, "é"] for n in range(40)], "reste": None}]
)
def test_le_json_compact_se_relit_tel_quel(valeur):
    assert json.loads(en_texte(valeur)) == valeur


def test_les_references_sont_celles_du_dossier_partage(dossier_partage):
    assert en_texte(extraire_references.extraire(dossier_partage)) == REFERENCES.read_text(encoding="utf-8")
    with TIRAGES.open(encoding="utf-8", newline="") as fichier:
        gardes = list(csv.reader(fichier, delimiter=";"))[1:]
    assert gardes == extraire_references.tirages(dossier_partage)
