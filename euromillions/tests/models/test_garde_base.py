"""Les déclencheurs : posés, retirés, remis, et les ères rendues à une base vidée."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from euromillions.models import Ere, Rang, Tirage, garde_base
from euromillions.tests.outils.fabriques import un_tirage

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]


@pytest.fixture
def tirage():
    tirage = un_tirage(date(2024, 1, 2))
    tirage.save()
    return tirage


def etoile_13(tirage):
    with transaction.atomic():
        Tirage.objects.filter(pk=tirage.pk).update(e2=13)


def test_retires_ils_ne_gardent_plus_rien_et_remis_ils_refusent(tirage):
    garde_base.retirer()
    etoile_13(tirage)
    Tirage.objects.filter(pk=tirage.pk).update(e2=11)
    garde_base.installer()
    with pytest.raises(IntegrityError):
        etoile_13(tirage)


def test_poses_deux_fois_ils_n_en_font_pas_deux(tirage):
    garde_base.installer()
    garde_base.installer()
    garde_base.retirer()
    etoile_13(tirage)


@pytest.mark.parametrize(
    "retrecie", [{"etoiles_max": 10}, {"numeros_max": 49}, {"jours": "5"}, {"debut": date(2024, 1, 5)}]
)
def test_une_ere_ne_peut_pas_renier_ses_tirages(tirage, retrecie):
    with pytest.raises(IntegrityError), transaction.atomic():
        Ere.objects.filter(pk=tirage.ere_id).update(**retrecie)
    Ere.objects.filter(pk=tirage.ere_id).update(nom="rien de contraire")


def test_apres_migrate_rend_les_eres_a_une_base_vide():
    Ere.objects.all().delete()
    garde_base.apres_migrate(using="default", apps=apps)
    assert (Ere.objects.count(), Rang.objects.count()) == (3, 38)
