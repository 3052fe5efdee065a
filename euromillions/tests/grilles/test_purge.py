"""La purge enlève les générations dont aucun chiffre ne dépend, jamais une grille jugée ou en attente."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_q.models import Schedule

from euromillions.grilles import lancement
from euromillions.grilles.purge import JOURS, purger
from euromillions.models import Backtest, Generation, Grille, Strategie
from euromillions.precision import strategies
from euromillions.tests.outils.grilles import arriver, generer
from euromillions.travaux import purge_hebdomadaire
from simulateur.models import ETATS_FINAUX, Etat

pytestmark = pytest.mark.django_db


@pytest.fixture
def cible(petite_histoire, monkeypatch):
    """Un mardi d'il y a plus de deux mois, que visent les générations du test ; son tirage manque encore."""
    jour = timezone.localdate() - timedelta(days=70)
    while jour.isoweekday() != 2:
        jour -= timedelta(days=1)
    monkeypatch.setattr(lancement, "prochaine_cible", lambda maintenant: jour)
    return jour


def vieillir(*, jours=JOURS + 1):
    for modele in (Generation, Backtest):
        modele.objects.filter(etat__in=ETATS_FINAUX).update(termine_le=timezone.now() - timedelta(days=jours))


def echouer(generation, etat):
    """Une génération qui n'a rien donné."""
    generation.grilles.all().delete()
    Generation.objects.filter(pk=generation.pk).update(etat=etat)


@pytest.mark.parametrize("etat", [Etat.REFUSEE, Etat.EN_ERREUR, Etat.ANNULEE])
def test_une_generation_qui_n_a_rien_donne_part_passe_trente_jours(cible, etat):
    echouer(generer(), etat)
    vieillir(jours=JOURS - 1)
    assert purger().generations == 0
    vieillir()
    assert purger().generations == 1
    assert not Generation.objects.exists()


def test_les_grilles_jugees_restent_et_la_precision_ne_bouge_pas(cible):
    generer(nombre=20)
    arriver(cible)
    vieillir()
    avant = strategies.lire().valeur
    assert avant["random"]["grids"] == 20
    assert purger().generations == 0
    assert strategies.calculer() == avant


def test_une_generation_dont_le_tirage_manque_attend(cible):
    generer()
    vieillir()
    assert purger().generations == 0
    arriver(cible)
    assert Grille.objects.jugees().count() == 5


def test_une_generation_servie_du_cache_part_et_son_origine_reste(cible, utilisateur):
    origine = generer(Strategie.FREQUENCE, graine=None, demandeur=utilisateur)
    reprise = lancement.lancer(lancement.DemandeDeGrilles(Strategie.FREQUENCE, 5), demandeur=utilisateur)
    assert reprise.du_cache
    vieillir()
    assert purger().generations == 1
    assert Generation.objects.get() == origine
    assert origine.grilles.count() == 5


def test_une_generation_fictive_part_avec_ses_grilles_sauf_si_l_une_a_gagne(cible):
    perdante, gagnante = generer(nombre=3), generer(nombre=4, graine=2)
    Generation.objects.update(fictive=True)
    Grille.objects.filter(generation=gagnante, position=1).update(
        numeros_trouves=2, etoiles_trouvees=0, rang=13, gain=4, jugee_le=timezone.now()
    )
    vieillir()
    bilan = purger()
    assert (bilan.generations, bilan.grilles_fictives) == (1, 3)
    assert not Generation.objects.filter(pk=perdante.pk).exists()
    assert gagnante.grilles.count() == 4


def test_une_generation_en_file_ne_part_jamais(cible):
    lancement.lancer(lancement.DemandeDeGrilles(Strategie.HASARD, 5, 1), demandeur=None)
    assert purger(maintenant=timezone.now() + timedelta(days=400)).generations == 0


def test_un_backtest_sans_resultat_part_un_backtest_termine_reste(db):
    fini = timezone.now()
    for etat in ETATS_FINAUX:
        Backtest.objects.create(etat=etat, termine_le=fini)
    vieillir()
    assert purger().backtests == len(ETATS_FINAUX) - 1
    assert Backtest.objects.get().etat == Etat.TERMINEE


def test_la_commande_compte_a_blanc_puis_supprime(cible):
    echouer(generer(), Etat.ANNULEE)
    vieillir()
    phrases = []
    for options in ({"a_blanc": True}, {}):
        sortie = StringIO()
        call_command("purger_generations", stdout=sortie, **options)
        phrases.append(sortie.getvalue().strip())
    assert phrases == [
        "À blanc : 1 génération(s), 0 grille(s) fictive(s), 0 backtest(s)",
        "1 génération(s), 0 grille(s) fictive(s), 0 backtest(s)",
    ]
    with pytest.raises(CommandError, match="--jours"):
        call_command("purger_generations", jours=0)


def test_la_purge_est_planifiee_chaque_semaine_et_rend_ses_comptes(db):
    plan = Schedule.objects.get(name="euromillions : purge")
    assert (plan.func, plan.cron) == ("euromillions.travaux.purge_hebdomadaire", "40 3 * * 1")
    assert purge_hebdomadaire() == {"generations": 0, "grilles_fictives": 0, "backtests": 0}
