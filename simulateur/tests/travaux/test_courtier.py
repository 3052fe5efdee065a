"""Le courtier de la file : les courts d'abord, jamais le dernier ouvrier à un long, et le réveil."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ

from simulateur.tests.outils.travail import en_cours
from simulateur.travaux import courtier, machine, sortes
from simulateur.travaux.courtier import Courtier, cle_de_file, cle_de_grappe

pytestmark = pytest.mark.django_db
REVEIL = f"file:reveil:{Conf.CLUSTER_NAME}"


@pytest.fixture
def file_(essai: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Une file vide, une grappe de deux ouvriers qui ne dort pas ; un travail d'essai « long » est long."""
    monkeypatch.setattr(sortes, "_LONGUES", {essai._meta.label: {"version_moteur": "long"}})
    OrmQ.objects.all().delete()
    monkeypatch.setattr(Conf, "WORKERS", 2)
    monkeypatch.setattr(Courtier, "_attendre", lambda _: None)
    broker = get_broker()
    assert isinstance(broker, Courtier)
    return broker


def mettre(nom: str, *, long: bool = False) -> None:
    get_broker(cle_de_file(long=long)).enqueue(nom)
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))


def suivant(broker: Any) -> str:
    pris = broker.dequeue()
    return str(pris[0][1]) if pris else ""


def calculer(essai: Any, *, long: bool, battu_il_y_a: int = 0) -> None:
    """Un travail qu'un ouvrier tient, hors de la file."""
    prise = en_cours(essai, version_moteur="long" if long else "")
    battement = timezone.now() - timedelta(seconds=battu_il_y_a)
    essai.objects.filter(pk=prise.travail.pk).update(battement=battement)
    OrmQ.objects.order_by("-pk")[0].delete()


def test_les_courts_passent_devant_les_longs_arrives_avant(file_):
    for nom in ("pays 1", "pays 2"):
        mettre(nom, long=True)
    mettre("direction")
    assert [suivant(file_) for _ in range(2)] == ["direction", "pays 1"]


def test_le_dernier_ouvrier_libre_ne_va_pas_a_un_long(file_, essai):
    mettre("pays 1", long=True)
    mettre("pays 2", long=True)
    assert suivant(file_) == "pays 1"
    assert suivant(file_) == ""  # pris, pas encore commencé : il compte déjà
    OrmQ.objects.filter(payload="pays 1").delete()
    calculer(essai, long=True)
    assert suivant(file_) == ""
    mettre("direction")
    assert suivant(file_) == "direction"


def test_un_long_d_une_grappe_morte_ne_tient_la_place_de_personne(file_, essai, settings):
    calculer(essai, long=True, battu_il_y_a=settings.TRAVAUX_BATTEMENT_PERDU_S + 1)
    calculer(essai, long=False)
    mettre("ancien", long=True)
    retry = timedelta(seconds=Conf.RETRY)
    pris_il_y_a = timedelta(seconds=settings.TRAVAUX_BATTEMENT_PERDU_S + 1)
    OrmQ.objects.filter(payload="ancien").update(lock=timezone.now() + retry - pris_il_y_a)
    get_broker(cle_de_file(long=True)).enqueue("pays")
    OrmQ.objects.filter(payload="pays").update(lock=timezone.now() - timedelta(seconds=1))
    assert suivant(file_) == "pays"


def test_un_seul_ouvrier_prend_aussi_les_longs(file_, monkeypatch):
    monkeypatch.setattr(Conf, "WORKERS", 1)
    mettre("pays", long=True)
    assert suivant(file_) == "pays"


def test_ce_qui_est_pour_une_grappe_n_est_pris_que_par_elle(file_, settings):
    get_broker(cle_de_grappe("a")).enqueue("pour a")
    OrmQ.objects.update(lock=timezone.now() - timedelta(seconds=1))
    assert suivant(file_) == ""
    settings.GRAPPE = "b"
    assert suivant(file_) == ""
    settings.GRAPPE = "a"
    mettre("direction")
    assert [suivant(file_), suivant(file_)] == ["pour a", "direction"]


def test_une_entree_n_est_prise_qu_une_fois(file_):
    mettre("direction")
    assert suivant(file_) == "direction"
    assert suivant(file_) == ""


@pytest.mark.parametrize("long", [True, False])
def test_un_travail_long_attend_sous_sa_cle(file_, essai, long):
    travail = essai(version_moteur="long" if long else "")
    machine.creer_et_enfiler(travail)
    assert OrmQ.objects.get().key == cle_de_file(long=long)


def test_ce_qui_entre_reveille_la_grappe_une_fois_valide(django_capture_on_commit_callbacks):
    if courtier._client_valkey() is None:
        pytest.skip("le réveil demande Valkey")
    client = caches["default"].client.get_client(write=True)  # type: ignore[attr-defined]
    client.delete(REVEIL)
    with django_capture_on_commit_callbacks(execute=True):
        get_broker().enqueue("direction")
        assert client.llen(REVEIL) == 0
    assert client.llen(REVEIL) == 1
    get_broker()._attendre()
    assert client.llen(REVEIL) == 0


def test_une_entree_annulee_ne_reveille_personne(django_capture_on_commit_callbacks):
    def annuler() -> None:
        with transaction.atomic():
            get_broker().enqueue("direction")
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks() as rappels, pytest.raises(ZeroDivisionError):
        annuler()
    assert rappels == []


def test_sans_valkey_la_grappe_regarde_a_son_pas(monkeypatch, settings):
    siestes: list[float] = []
    monkeypatch.setattr(courtier, "_client_valkey", lambda: None)
    monkeypatch.setattr(courtier.time, "sleep", siestes.append)
    get_broker()._attendre()
    get_broker()._reveiller()
    assert siestes == [settings.FILE_REGARD_S]
