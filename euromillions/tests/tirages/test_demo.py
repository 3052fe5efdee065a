"""Les tirages de démonstration."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from euromillions.models import HistoriqueTirage, Source, Tirage
from euromillions.tests.outils.fabriques import un_tirage
from euromillions.tirages.demo import TiragesReelsPresents, charger_fictifs, supprimer_fictifs

pytestmark = pytest.mark.django_db
JOUR = date(2004, 5, 1)


def valeurs():
    return list(Tirage.objects.order_by("date").values_list("date", "n1", "n2", "n3", "n4", "n5", "e1", "e2"))


@pytest.mark.rapide
def test_la_meme_graine_donne_les_memes_tirages_et_un_second_chargement_rien(capsys):
    assert charger_fictifs(jusqu_au=JOUR, graine=3) == 12
    premiers = valeurs()
    assert charger_fictifs(jusqu_au=JOUR, graine=3) == 0
    assert supprimer_fictifs() == 12
    charger_fictifs(jusqu_au=JOUR, graine=3)
    assert valeurs() == premiers
    assert set(Tirage.objects.values_list("source", "fictif")) == {(Source.DEMO, True)}


@pytest.mark.rapide
def test_la_demonstration_ne_se_mele_pas_aux_vrais_tirages():
    un_tirage().save()
    with pytest.raises(TiragesReelsPresents):
        charger_fictifs(jusqu_au=JOUR)
    with pytest.raises(CommandError, match="De vrais tirages sont en base"):
        call_command("charger_tirages_demo")
    assert Tirage.objects.count() == 1


def test_la_commande_dit_que_tout_est_fictif_et_comment_charger_les_vrais(capsys):
    call_command("charger_tirages_demo")
    sortie = capsys.readouterr().out
    assert "tirages fictifs chargés" in sortie
    assert "manage.py importer_tirages FICHIER… --appliquer" in sortie
    call_command("charger_tirages_demo")
    assert "rien n'a été changé" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--graine"):
        call_command("charger_tirages_demo", graine=-1)


def test_retirer_les_fictifs_ne_laisse_pas_de_trace():
    charger_fictifs(jusqu_au=JOUR)
    supprimer_fictifs()
    assert not HistoriqueTirage.objects.exists()
