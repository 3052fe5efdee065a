"""Saisir un tirage : signé, daté, et jamais mêlé aux tirages de démonstration."""

from datetime import date

import pytest

from euromillions.models import HistoriqueTirage, Tirage
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tirages.demo import charger_fictifs
from euromillions.tirages.saisie import enregistrer, supprimer

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]


def test_un_vrai_tirage_retire_les_fictifs_et_dit_combien(utilisateur_staff):
    charger_fictifs(jusqu_au=date(2004, 5, 1))
    assert enregistrer(un_tirage(), auteur=utilisateur_staff, motif="ajout") == 12
    assert list(Tirage.objects.values_list("fictif", flat=True)) == [False]
    assert enregistrer(un_tirage(date(2024, 1, 5)), auteur=utilisateur_staff, motif="ajout") == 0


def test_une_saisie_refusee_laisse_les_fictifs(utilisateur_staff):
    charger_fictifs(jusqu_au=date(2004, 5, 1))
    fautif = un_tirage(etoiles=(2, 13))
    with pytest.raises(Exception, match="conforme"):
        enregistrer(fautif, auteur=utilisateur_staff, motif="ajout")
    assert Tirage.objects.fictifs().count() == 12


def test_une_correction_garde_l_ancienne_valeur_signee(utilisateur_staff):
    enregistrer(un_tirage(), auteur=utilisateur_staff, motif="ajout")
    assert not HistoriqueTirage.objects.exists()
    tirage = Tirage.objects.get()
    tirage.e2 = 12
    enregistrer(tirage, auteur=utilisateur_staff, motif="faute de frappe")
    garde = HistoriqueTirage.objects.get()
    assert (garde.e2, garde.auteur, garde.motif) == (11, utilisateur_staff, "faute de frappe")


def test_une_suppression_garde_le_tirage_signe(utilisateur_staff):
    enregistrer(un_tirage(), auteur=utilisateur_staff, motif="ajout")
    supprimer(Tirage.objects.get(), auteur=utilisateur_staff)
    garde = HistoriqueTirage.objects.get()
    assert (garde.n1, garde.auteur) == (3, utilisateur_staff)
    assert not Tirage.objects.exists()
