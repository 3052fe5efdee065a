"""Vraies pannes pendant une génération : quoi qu'on tue, il en sort exactement un jeu de grilles.

L'ouvrier est retenu par un verrou sur la table des tirages, tenu par le test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django_q.models import Schedule, Success

from euromillions.models import Generation, Grille, MesurePerformance
from euromillions.tests.outils.fabriques import petite_histoire as remplir
from simulateur.models import Etat
from simulateur.travaux import machine
from simulateur.travaux.faucheur import faucher

pytestmark = [pytest.mark.complet, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
GRILLES = 300
RETENUS = "SELECT count(*) FROM pg_locks WHERE relation = 'euromillions_tirage'::regclass AND NOT granted"


@pytest.fixture(autouse=True)
def _pannes_aussitot_vues(settings: Any, transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("LOCK TABLE, qui retient l'ouvrier en plein travail, n'existe que dans PostgreSQL")
    settings.TRAVAUX_BATTEMENT_PERDU_S = 0
    Schedule.objects.all().delete()
    remplir(20)


@contextmanager
def tirages_verrouilles() -> Iterator[None]:
    """Qui lit la table des tirages attend la fin de ce bloc."""
    autre = connection.copy()
    autre.ensure_connection()
    autre.set_autocommit(False)
    try:
        with autre.cursor() as curseur:
            curseur.execute("LOCK TABLE euromillions_tirage IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        autre.rollback()
        autre.close()


def ouvrier_retenu(grappe: Any) -> int:
    """Pid de l'ouvrier arrêté par le verrou."""

    def retenus() -> bool:
        with connection.cursor() as curseur:
            curseur.execute(RETENUS)
            return bool(curseur.fetchone()[0])

    grappe.attendre(retenus, "une lecture de tirages retenue")
    return int(grappe.attendre(grappe.ouvriers_au_travail, "un ouvrier au travail")[0])


@pytest.fixture
def enfilee() -> Any:
    """Une génération prête, pas encore en file : le verrou se pose avant."""
    from euromillions.grilles.lancement import prochaine_cible

    generation = Generation(
        strategie="random",
        nombre=GRILLES,
        graine=4,
        cible=prochaine_cible(machine.timezone.now()),
    )
    generation.save()
    return generation


def verifier_un_seul_jeu(generation: Generation, *, tentative: int) -> None:
    generation.refresh_from_db()
    assert (generation.etat, generation.tentative) == (Etat.TERMINEE, tentative)
    assert Grille.objects.count() == GRILLES
    assert Grille.objects.values("n1", "n2", "n3", "n4", "n5", "e1", "e2").distinct().count() == GRILLES
    assert MesurePerformance.objects.filter(reussie=True).count() == 1


def terminee(grappe: Any, generation: Generation) -> None:
    grappe.attendre(
        lambda: Generation.objects.filter(pk=generation.pk, etat=Etat.TERMINEE).exists(), "la fin"
    )


def test_un_ouvrier_tue_en_pleine_generation_laisse_un_seul_jeu_de_grilles(grappe, enfilee):
    with tirages_verrouilles():
        machine.enfiler(enfilee)
        grappe.tuer_un(ouvrier_retenu(grappe))
        assert faucher()["repris"] == 1
    terminee(grappe, enfilee)
    verifier_un_seul_jeu(enfilee, tentative=2)


def test_livree_deux_fois_une_generation_laisse_un_seul_jeu_de_grilles(grappe, enfilee):
    with tirages_verrouilles():
        machine.enfiler(enfilee)
        ouvrier_retenu(grappe)
        machine.enfiler(enfilee)
        grappe.attendre(lambda: Success.objects.exists(), "la seconde livraison")
        assert Success.objects.get().result == "déjà pris ou fini"
    terminee(grappe, enfilee)
    verifier_un_seul_jeu(enfilee, tentative=1)
