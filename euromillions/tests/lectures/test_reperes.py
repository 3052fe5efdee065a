"""Les repères : ères et chances exactes, années, boules qui existent, tirages manquants ou fictifs."""

from datetime import date

import pytest

from euromillions.lectures import histoire, reperes
from euromillions.models import Ere
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tirages.demo import charger_fictifs

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]


def test_les_eres_portent_leurs_chances_exactes():
    eres = reperes.eres(histoire.revision())
    assert [ere["code"] for ere in eres] == ["9-etoiles", "11-etoiles", "12-etoiles"]
    assert [ere["odds"]["total_combinations"] for ere in eres] == [76_275_360, 116_531_800, 139_838_160]
    assert [len(ere["odds"]["ranks"]) for ere in eres] == [12, 13, 13]
    assert [ere["end"] for ere in eres] == ["2011-05-06", "2016-09-23", None]
    assert eres[-1]["expected"]["numbers_matched"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("valeur", "etoile", "existe"),
    [
        (0, False, False),
        (1, False, True),
        (50, False, True),
        (51, False, False),
        (12, True, True),
        (13, True, False),
    ],
)
def test_une_boule_existe_si_une_urne_l_a_eue(valeur, etoile, existe):
    assert reperes.boule_existe(valeur, histoire.revision(), etoile=etoile) is existe


def test_sans_ere_aucune_boule_n_existe():
    Ere.objects.all().delete()
    revision = histoire.revision()
    assert reperes.plus_grande_boule(revision, etoile=False) == 0
    assert not reperes.boule_existe(1, revision, etoile=False)


def test_les_annees_vont_de_la_plus_recente_a_la_plus_ancienne():
    for jour in (date(2010, 1, 1), date(2024, 1, 2), date(2024, 1, 5)):
        un_tirage(jour, etoiles=(1, 2)).save()
    assert reperes.annees(histoire.revision()) == [{"year": 2024, "draws": 2}, {"year": 2010, "draws": 1}]


def test_rien_ne_manque_a_une_base_vide_et_le_jour_meme_ne_manque_pas_encore():
    assert reperes.manquants(histoire.revision(), date(2004, 3, 1)) == []
    un_tirage(date(2004, 2, 13), etoiles=(1, 2)).save()
    revision = histoire.revision()
    assert reperes.manquants(revision, date(2004, 2, 20)) == []
    assert reperes.manquants(revision, date(2004, 2, 28)) == ["2004-02-27", "2004-02-20"]


def test_les_fictifs_se_disent_jusqu_au_dernier():
    assert reperes.mention_demo(histoire.revision()) == {}
    charger_fictifs(jusqu_au=date(2004, 3, 1))
    assert reperes.mention_demo(histoire.revision()) == {"demo": True}
