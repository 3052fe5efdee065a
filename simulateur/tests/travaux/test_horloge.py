"""Les planifications suivent la pendule locale : une fois par période, les deux nuits où l'heure change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import Schedule

from simulateur.travaux import horloge
from simulateur.travaux.horloge import heure_de_la_base, prochain_passage
from simulateur.travaux.planification import declarees

pytestmark = [pytest.mark.rapide]
PARIS = ZoneInfo("Europe/Paris")
AUTOMNE = datetime(2026, 10, 25, tzinfo=UTC)  # 3 h redevient 2 h
PRINTEMPS = datetime(2026, 3, 29, tzinfo=UTC)  # 2 h devient 3 h
CRONS = sorted({plan.cron for plan in declarees() if plan.cron} | {"30 2 * * *", "0 2 * * *", "0 3 * * *"})


def passages(cron, autour):
    """Ceux de quatre jours autour de la nuit, demandés chacun après le précédent."""
    midi, vus = autour + timedelta(hours=12), []
    instant = midi - timedelta(days=2)
    while (instant := prochain_passage(cron, instant, PARIS)) < midi + timedelta(days=2):
        vus.append(instant.astimezone(PARIS))
    return vus


@pytest.mark.panne("changement d'heure", "chaque travail périodique passe une fois par période locale")
@pytest.mark.parametrize("cron", CRONS)
@pytest.mark.parametrize("nuit", [AUTOMNE, PRINTEMPS])
def test_un_travail_periodique_passe_une_fois_par_jour_local(cron, nuit):
    jours = [passage.date() for passage in passages(cron, nuit)]
    assert len(jours) == len(set(jours))
    if cron.endswith("* * *"):
        assert len(jours) == 4


@pytest.mark.parametrize(("nuit", "heures"), [(AUTOMNE, {"02:30"}), (PRINTEMPS, {"02:30", "03:30"})])
def test_l_heure_sautee_passe_apres_le_saut_l_heure_doublee_a_sa_premiere(nuit, heures):
    lus = passages("30 2 * * *", nuit)
    assert {f"{passage:%H:%M}" for passage in lus} == heures
    assert all(passage.fold == 0 for passage in lus)


@pytest.mark.parametrize("minutes", range(0, 300, 10))
def test_la_planification_de_la_file_suit_la_meme_regle(minutes, monkeypatch):
    """Quelle que soit la minute où la grappe replanifie dans la nuit d'automne."""
    instant = AUTOMNE - timedelta(hours=2) + timedelta(minutes=minutes)
    monkeypatch.setattr(horloge.timezone, "now", lambda: instant)
    suivant = Schedule(schedule_type=Schedule.CRON, cron="30 2 * * *").calculate_next_run()
    premier = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert suivant == (premier if instant < premier else premier + timedelta(hours=25))


@pytest.mark.django_db
def test_l_heure_de_la_base_est_celle_du_serveur():
    ecart = abs((heure_de_la_base() - timezone.now()).total_seconds())
    assert ecart < 5
    assert heure_de_la_base().tzinfo is not None


@pytest.mark.django_db
def test_une_machine_mal_a_l_heure_lit_encore_celle_de_la_base(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite n'a pas d'horloge à lui : c'est celle de la machine")
    juste, fausse = timezone.now(), datetime(2000, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(horloge.timezone, "now", lambda: fausse)
    assert abs((heure_de_la_base() - juste).total_seconds()) < 5
