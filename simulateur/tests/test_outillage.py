"""L'outillage de test lui-même : il doit échouer quand il le faut."""

import os
import subprocess
from types import SimpleNamespace

import psutil
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from simulateur.models import Canari, Revision
from simulateur.tests.outils import extension, lois, postgres
from simulateur.tests.outils.gardes import EcritureInterdite


@pytest.mark.rapide
@pytest.mark.django_db
def test_la_lecture_seule_refuse_une_ecriture(lecture_seule):
    with lecture_seule():
        assert Revision.objects.count() == 0
        with pytest.raises(EcritureInterdite, match="INSERT"):
            Revision.objects.create(portee="x")
        with pytest.raises(EcritureInterdite, match="UPDATE"):
            Revision.objects.update(numero=3)


@pytest.mark.rapide
@pytest.mark.parametrize("alias", ["default", "pages", "calcul"])
def test_les_caches_de_test_sont_de_vrais_serveurs_et_distincts(alias):
    caches[alias].set("cle", alias)
    assert caches[alias].get("cle") == alias
    assert sum(caches[autre].get("cle") is not None for autre in settings.CACHES) == 1


@pytest.mark.django_db
def test_les_tests_tournent_sur_postgresql_sauf_demande_contraire():
    voulue = os.environ.get("SIMULATEUR_TEST_BASE") or "postgres"
    assert connection.vendor == {"postgres": "postgresql", "sqlite": "sqlite"}[voulue]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fois", [1, 2])
def test_les_lignes_livrees_par_les_migrations_survivent_aux_tests_transactionnels(fois):
    assert Schedule.objects.filter(name="noyau : canari").count() == 1


def test_une_vraie_grappe_repond_puis_s_arrete_sans_rien_laisser(grappe):
    async_task("simulateur.travaux.entrees.canari")
    grappe.attendre(lambda: Canari.objects.filter(repondu_le__isnull=False).exists(), "la réponse du canari")
    grappe.attendre(lambda: not OrmQ.objects.exists(), "la file vide")
    pids = grappe.tous_les_pids()
    assert len(grappe.ouvriers()) == settings.TRAVAUX_OUVRIERS
    assert grappe.arreter(), grappe.lire_journal()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]


@pytest.mark.parametrize("programme", ["initdb", "postgres", "psql"])
def test_postgresql_copie_pour_un_compte_sans_droits_demarre_sans_la_roue(tmp_path, monkeypatch, programme):
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres, "_lisible_par_tous", lambda chemin: False)
    binaires = postgres._binaires(tmp_path)
    assert binaires.is_relative_to(tmp_path)
    lance = subprocess.run([binaires / programme, "--version"], env={}, capture_output=True, text=True)
    assert lance.returncode == 0, lance.stderr
    assert "PostgreSQL" in lance.stdout


@pytest.mark.rapide
def test_des_tests_de_navigateur_sautes_se_disent_haut(monkeypatch):
    ecrites = []
    saute = SimpleNamespace(keywords={"navigateur": 1})
    rapporteur = SimpleNamespace(stats={}, line=lambda texte, **_: ecrites.append(texte))
    extension.pytest_terminal_summary(rapporteur)
    rapporteur.stats["skipped"] = [SimpleNamespace(keywords={"rapide": 1})]
    extension.pytest_terminal_summary(rapporteur)
    assert ecrites == []
    rapporteur.stats["skipped"] += [saute, saute]
    extension.pytest_terminal_summary(rapporteur)
    assert ecrites == ["ATTENTION, tests de navigateur sautés faute de Chromium : 2."]


@pytest.mark.rapide
@pytest.mark.parametrize(("profil", "tires"), [("simulateur", 8), ("complet", 80)])
def test_la_suite_complete_tire_dix_fois_plus_d_exemples(monkeypatch, profil, tires):
    monkeypatch.setenv("SIMULATEUR_TEST_LOIS", profil)
    assert lois.exemples(8) == tires


@pytest.fixture
def jouer(tmp_path):
    """`jouer("chromium", id="echo 0")` : un script de `.ci` sur une machine qui n'a que ces commandes-là."""

    def lancer(script, **commandes):
        for nom, corps in commandes.items():
            faux = tmp_path / nom.replace("_", "-")
            faux.write_text(f"#!/bin/bash\n{corps}\n")
            faux.chmod(0o755)
        return subprocess.run(
            ["/bin/bash", f".ci/{script}"],
            cwd=settings.BASE_DIR,
            env={"PATH": str(tmp_path), "DEPOSE": str(tmp_path / "chromium")},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return lancer


POSE_CHROMIUM = r'[ "$1" = update ] || { printf "#!/bin/bash\n" >"$DEPOSE"; /bin/chmod +x "$DEPOSE"; }'


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("machine", "dit", "crie"),
    [
        ({"chromium": "true"}, "Navigateur des tests : ", ""),
        ({"id": "echo 1000", "apt_get": "exit 9"}, "", "pas le droit de l'installer"),
        ({"id": "echo 0"}, "", "pas le droit de l'installer"),
        ({"id": "echo 0", "apt_get": POSE_CHROMIUM}, "Navigateur des tests : ", ""),
        ({"id": "echo 0", "apt_get": "exit 1"}, "", "son installation a échoué"),
    ],
    ids=["déjà là", "compte ordinaire", "sans apt-get", "installé", "installation en panne"],
)
def test_chromium_est_trouve_installe_ou_reclame_a_voix_haute(jouer, machine, dit, crie):
    joue = jouer("chromium", **machine)
    assert joue.returncode == 0
    assert dit in joue.stdout
    assert crie in joue.stderr
    assert bool(crie) is ("PAS DE CHROMIUM" in joue.stderr)


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("machine", "raison"),
    [
        ({"id": "echo 1000"}, "il faut être root"),
        ({"id": "echo 0"}, "il manque debootstrap"),
        (
            {"id": "echo 0", "debootstrap": "", "chroot": "", "git": "", "unshare": "exit 1"},
            "refuse les espaces de noms",
        ),
    ],
    ids=["compte ordinaire", "sans debootstrap", "sans espaces de noms"],
)
def test_l_essai_sur_machine_nue_dit_ce_qui_lui_manque(jouer, machine, raison):
    joue = jouer("nu", **machine, dirname="echo .ci")
    assert joue.returncode == 1
    assert raison in joue.stderr
