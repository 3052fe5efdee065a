"""Les travaux périodiques : livrés à l'heure de Paris, sous des chemins qui existent, anciens compris."""

from importlib import import_module

import pytest
from django_q.models import Schedule

from euromillions.apps import PLANIFICATIONS

pytestmark = pytest.mark.django_db
ANCIENS_NOMS = (
    "euromillions.grilles.travaux.juger_les_grilles",
    "euromillions.grilles.travaux.rapport_hebdomadaire",
    "euromillions.grilles.travaux.elaguer_les_mesures",
    "euromillions.grilles.travaux.purge_hebdomadaire",
    "euromillions.grilles.travaux.reapprendre_le_modele",
    "euromillions.imports.travaux.telecharger_tirages",
)


def fonction(chemin):
    module, nom = chemin.rsplit(".", 1)
    return getattr(import_module(module), nom)


def test_les_travaux_periodiques_sont_livres_a_l_heure_de_paris():
    lignes = dict(Schedule.objects.filter(name__startswith="euromillions : ").values_list("func", "cron"))
    assert lignes["euromillions.travaux.actualiser_statistiques"] == "0 6 * * *"
    assert lignes["euromillions.travaux.juger_les_grilles"] == "0 6 * * *"
    assert Schedule.objects.get(name="noyau : nettoyer le cache").cron == "0 2 * * *"


@pytest.mark.rapide
def test_chaque_planification_livree_mene_a_une_fonction():
    livrees = set(Schedule.objects.filter(name__startswith="euromillions : ").values_list("func", flat=True))
    assert livrees == {planification.fonction for planification in PLANIFICATIONS}
    assert all(callable(fonction(chemin)) for chemin in livrees)


@pytest.mark.rapide
@pytest.mark.parametrize("ancien", ANCIENS_NOMS)
def test_un_travail_mis_en_file_sous_un_ancien_nom_se_fait_encore(ancien):
    assert fonction(ancien) is fonction(f"euromillions.travaux.{ancien.rsplit('.', 1)[1]}")
