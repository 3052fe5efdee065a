"""Le rapport de la semaine : du lundi au dimanche, sur les tirages qu'il y a."""

from datetime import date, timedelta

import pytest

from euromillions.models import RapportHebdomadaire
from euromillions.precision import rapport
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tirages.demo import charger_fictifs

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
LUNDI = date(2024, 1, 1)


@pytest.mark.parametrize("decalage", range(7))
def test_la_semaine_passee_est_la_derniere_entiere(decalage):
    assert rapport.semaine_passee(LUNDI + timedelta(days=7 + decalage)) == LUNDI


@pytest.mark.parametrize("decalage", range(7))
def test_un_jour_quelconque_designe_sa_semaine(decalage):
    assert rapport.produire(LUNDI + timedelta(days=decalage)).lundi == LUNDI
    assert RapportHebdomadaire.objects.count() == 1


def test_la_semaine_va_du_lundi_au_dimanche_et_rien_d_autre():
    for jour in (date(2023, 12, 29), date(2024, 1, 2), date(2024, 1, 5), date(2024, 1, 9)):
        un_tirage(jour).save()
    contenu = rapport.produire(LUNDI).contenu
    assert contenu["week"] == {"start": "2024-01-01", "end": "2024-01-07"}
    assert [tirage["date"] for tirage in contenu["draws"]] == ["2024-01-02", "2024-01-05"]
    assert contenu["draws"][0]["numbers"] == [3, 12, 24, 37, 50]
    assert contenu["uniformity"]["draws"] == 4


def test_des_tirages_fictifs_se_disent_dans_le_rapport():
    charger_fictifs(jusqu_au=date(2004, 3, 1))
    assert rapport.produire(LUNDI).contenu["data_quality"]["demo"] is True


def test_rendu_en_json_il_porte_sa_revision_et_son_heure():
    produit = rapport.produire(LUNDI)
    rendu = rapport.en_json(produit)
    assert rendu["revision"] == produit.revision
    assert rendu["produced_at"].startswith(f"{produit.produit_le:%Y-%m-%dT}")
    assert rendu["week"] == produit.contenu["week"]
