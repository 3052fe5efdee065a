"""Le suivi des écritures : une révision par bloc, des abonnés prévenus dans la même transaction."""

import pytest
from django.db import transaction

from simulateur.cache import revisions, suivi

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
PORTEE = "essai:suivi"


@pytest.fixture
def prevenus(monkeypatch):
    """Les révisions que l'abonné a vues, une par appel."""
    vues: list[int] = []
    monkeypatch.setattr(suivi, "_ABONNES", [])
    suivi.abonner(PORTEE, lambda: vues.append(revisions.lire_une(PORTEE)))
    return vues


def test_un_abonne_est_prevenu_revision_deja_touchee(prevenus):
    suivi.signaler([PORTEE, "essai:autre"])
    assert prevenus == [revisions.lire_une(PORTEE)]
    assert prevenus[0] > 0


def test_un_abonne_n_est_pas_prevenu_d_une_autre_portee(prevenus):
    suivi.signaler(["essai:autre"])
    assert prevenus == []


def test_un_bloc_differe_signale_une_fois_a_la_fin_du_plus_grand(prevenus):
    with suivi.suivi_differe():
        with suivi.suivi_differe():
            suivi.signaler([PORTEE])
        suivi.signaler([PORTEE])
        assert prevenus == []
        assert revisions.lire_une(PORTEE) == 0
    assert len(prevenus) == 1


def test_un_bloc_ou_rien_ne_change_ne_signale_rien(prevenus):
    avant = revisions.lire_une(revisions.GLOBALE)
    with suivi.suivi_differe():
        pass
    assert (prevenus, revisions.lire_une(revisions.GLOBALE)) == ([], avant)


def test_un_abonne_qui_echoue_annule_le_changement(monkeypatch):
    def echouer():
        raise ZeroDivisionError

    monkeypatch.setattr(suivi, "_ABONNES", [(PORTEE, echouer)])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        suivi.signaler([PORTEE])
    assert revisions.lire_une(PORTEE) == 0


def test_un_abonnement_repete_ne_previent_qu_une_fois(monkeypatch):
    appels = []
    monkeypatch.setattr(suivi, "_ABONNES", [])
    suite = lambda: appels.append(1)  # noqa: E731
    suivi.abonner(PORTEE, suite)
    suivi.abonner(PORTEE, suite)
    suivi.abonner("essai:autre", suite)
    suivi.signaler([PORTEE, "essai:autre"])
    assert appels == [1]
