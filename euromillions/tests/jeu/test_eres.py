"""Les ères livrées : sans trou ni chevauchement, rangs et combinaisons exacts."""

from math import comb

import pytest

from euromillions.jeu.calendrier import prochain_tirage
from euromillions.jeu.eres import (
    ERES_CONNUES,
    combinaisons_du_rang,
    combinaisons_totales,
    installer_eres,
)
from euromillions.models import Ere, Rang

pytestmark = pytest.mark.rapide
ANCIENNE, DE_2011, EN_COURS = ERES_CONNUES


@pytest.mark.parametrize(("etoiles_max", "grilles"), [(9, 76_275_360), (11, 116_531_800), (12, 139_838_160)])
def test_le_nombre_de_grilles_possibles_est_celui_du_reglement(etoiles_max, grilles):
    assert combinaisons_totales(50, etoiles_max) == grilles


@pytest.mark.parametrize("ere", ERES_CONNUES, ids=lambda ere: ere.code)
def test_les_dix_huit_resultats_se_partagent_toutes_les_combinaisons(ere):
    facons = {
        (numeros, etoiles): combinaisons_du_rang(ere.numeros_max, ere.etoiles_max, numeros, etoiles)
        for numeros in range(6)
        for etoiles in range(3)
    }
    assert sum(facons.values()) == combinaisons_totales(ere.numeros_max, ere.etoiles_max)
    assert facons[5, 2] == 1
    assert facons[5, 0] == comb(ere.etoiles_max - 2, 2)


@pytest.mark.parametrize(("ere", "rangs"), [(ANCIENNE, 12), (DE_2011, 13), (EN_COURS, 13)])
def test_les_rangs_sont_tous_differents_et_le_premier_est_le_gros_lot(ere, rangs):
    assert len(ere.rangs) == len(set(ere.rangs)) == rangs
    assert ere.rangs[0] == (5, 2)


def test_les_rangs_qui_ont_change_de_place():
    assert (2, 0) not in ANCIENNE.rangs
    assert DE_2011.rangs.index((2, 0)) + 1 == 13
    assert [DE_2011.rangs.index(r) + 1 for r in ((4, 0), (3, 2))] == [6, 7]
    assert [EN_COURS.rangs.index(r) + 1 for r in ((4, 0), (3, 2))] == [7, 6]


@pytest.mark.parametrize(("avant", "apres"), [(ANCIENNE, DE_2011), (DE_2011, EN_COURS)])
def test_une_ere_commence_au_premier_tirage_apres_la_precedente(avant, apres):
    assert avant.fin < apres.debut
    assert prochain_tirage([avant, apres], apres=avant.fin) == apres.debut
    assert EN_COURS.fin is None


@pytest.mark.django_db
def test_installer_les_eres_ne_recrit_jamais_une_ligne():
    Ere.objects.filter(code="12-etoiles").update(nom="corrigée à la main")
    installer_eres(Ere, Rang)
    assert Ere.objects.count() == 3
    assert Ere.objects.get(code="12-etoiles").nom == "corrigée à la main"


@pytest.mark.django_db
def test_une_base_sans_ere_les_recoit_avec_leurs_rangs():
    Ere.objects.all().delete()
    installer_eres(Ere, Rang)
    assert list(Ere.objects.dans_l_ordre().values_list("code", flat=True)) == [e.code for e in ERES_CONNUES]
    assert Rang.objects.count() == 12 + 13 + 13
    assert Rang.objects.get(ere__code="12-etoiles", numero=13).combinaisons == combinaisons_du_rang(
        50, 12, 2, 0
    )
