"""Les services embarqués : lancés, liés à leur parent, relancés, arrêtés sans rien laisser."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
import redis
from django.conf import settings

from simulateur.services import embarque, processus, superviseur, valkey
from simulateur.services.superviseur import Service, ServiceInstable, Superviseur
from simulateur.tests_outils.grappe import RACINE

DORMEUR = [sys.executable, "-c", "import time; time.sleep(600)"]
# Prévient qu'il est prêt, ignore SIGTERM, et laisse un enfant.
TETU = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "enfant = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "print(enfant.pid, flush=True); time.sleep(600)",
]


def _mort(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_un_arret_propre_suffit_a_un_programme_docile():
    lance = processus.lancer(DORMEUR)
    assert processus.arreter(lance) is True
    assert lance.returncode is not None


def test_un_programme_tetu_est_tue_avec_ses_enfants():
    lance = processus.lancer(TETU, sortie=subprocess.PIPE)
    assert lance.stdout is not None
    enfant = int(lance.stdout.readline())
    assert processus.arreter(lance, delai_s=0.2) is False
    lance.stdout.close()
    assert lance.returncode == -signal.SIGKILL
    processus.attendre(lambda: _mort(enfant), delai_s=5, quoi="la mort de l'enfant")


@pytest.mark.skipif(
    sys.platform != "linux", reason="le lien à la vie du parent est un service du noyau Linux"
)
def test_un_kill_9_du_parent_emporte_ce_qu_il_a_lance(tmp_path):
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent("""
                import sys, time
                from simulateur.services import processus
                enfant = processus.lancer([sys.executable, "-c", "import time; time.sleep(600)"])
                print(enfant.pid, flush=True)
                time.sleep(600)
            """),
        ],
        cwd=RACINE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    enfant = int(parent.stdout.readline())
    # Le lien est posé dès que `exec` a remplacé le lanceur par le programme.
    processus.attendre(
        lambda: "lien.py" not in " ".join(psutil.Process(enfant).cmdline()), delai_s=5, quoi="l'exec"
    )
    parent.kill()
    parent.communicate()
    processus.attendre(lambda: _mort(enfant), delai_s=5, quoi="la mort de l'enfant")


def test_attendre_dit_ce_qui_ne_vient_pas():
    with pytest.raises(TimeoutError, match="Toujours pas : la pluie"):
        processus.attendre(lambda: False, delai_s=0.05, quoi="la pluie")


def _serveur(chemin: Path, **options):
    cache = valkey.demarrer(chemin, **options)
    return cache, redis.Redis.from_url(cache.url)


def test_le_cache_embarque_repond_borne_sa_memoire_et_n_ecrit_rien(tmp_path):
    cache, client = _serveur(tmp_path)
    try:
        assert client.set("a", 1)
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "allkeys-lru"
        assert int(client.config_get("maxmemory")["maxmemory"]) == 256 * 1024 * 1024
        assert client.config_get("save")["save"] == ""
        assert (tmp_path / "valkey.sock").resolve() == cache.prise
        assert cache.prise.stat().st_mode & 0o077 == 0
    finally:
        client.close()
        cache.arreter()
    assert not cache.dossier_prive.exists()
    assert cache.processus.returncode is not None


def test_un_dossier_au_chemin_trop_long_recoit_une_prise_courte(tmp_path):
    profond = tmp_path / ("long" * 30)
    cache, client = _serveur(profond)
    try:
        assert client.ping()
        assert len(str(cache.prise)) <= valkey.CHEMIN_PRISE_MAX
        assert (profond / "valkey.sock").resolve() == cache.prise
    finally:
        client.close()
        cache.arreter()


def test_un_binaire_qui_ne_demarre_pas_le_dit(tmp_path):
    with pytest.raises(valkey.DemarrageImpossible, match="s'est arrêté"):
        valkey.demarrer(tmp_path, binaire="/bin/false")
    assert not (tmp_path / "valkey.sock").exists()
    assert list(tmp_path.glob("valkey-*")) == []


def test_sans_aucun_serveur_de_cache_la_phrase_dit_lesquels_sont_cherches(tmp_path, monkeypatch):
    monkeypatch.setattr(valkey, "find_spec", lambda nom: None)
    monkeypatch.setattr(valkey.shutil, "which", lambda nom: None)
    assert valkey.executable() is None
    with pytest.raises(valkey.DemarrageImpossible, match="ni valkey-server, ni redis-server"):
        valkey.demarrer(tmp_path)


def test_sans_la_roue_le_serveur_du_systeme_la_remplace(monkeypatch):
    monkeypatch.setattr(valkey, "find_spec", lambda nom: None)
    monkeypatch.setattr(
        valkey.shutil, "which", lambda nom: "/usr/bin/redis-server" if "redis" in nom else None
    )
    assert valkey.executable() == "/usr/bin/redis-server"


@pytest.fixture
def tenu(tmp_path):
    tenu = Superviseur(env=dict(os.environ), dossier=tmp_path, dossier_journaux=tmp_path / "journaux")
    yield tenu
    tenu.arreter()


def _jusqu_a(tenu, condition, quoi):
    def tour():
        tenu.surveiller()
        return condition()

    return processus.attendre(tour, delai_s=15, quoi=quoi)


def test_un_service_tombe_est_relance(tenu):
    tenu.lancer(Service("dormeur", DORMEUR))
    ancien = tenu.pid("dormeur")
    os.kill(ancien, signal.SIGKILL)
    _jusqu_a(tenu, lambda: tenu.pid("dormeur") != ancien, "la relance du service")
    assert not _mort(tenu.pid("dormeur"))


def test_un_service_qui_ne_tient_pas_debout_arrete_tout(tenu, monkeypatch):
    monkeypatch.setattr(superviseur, "PAS_S", 0.001)
    tenu.lancer(Service("bancal", [sys.executable, "-S", "-c", "print('je tombe'); raise SystemExit(7)"]))
    with pytest.raises(ServiceInstable, match=r"bancal est tombé 5 fois de suite \(code 7\)"):
        _jusqu_a(tenu, lambda: False, "l'abandon")
    assert tenu.journal_de("bancal").read_text().count("je tombe") == superviseur.CHUTES_MAX


def test_les_enfants_d_un_service_tombe_ne_lui_survivent_pas(tenu):
    tenu.lancer(Service("tetu", TETU, arret_s=0.2))
    journal = tenu.journal_de("tetu")
    enfant = int(processus.attendre(lambda: journal.read_text().strip(), delai_s=10, quoi="l'enfant"))
    os.kill(tenu.pid("tetu"), signal.SIGKILL)
    _jusqu_a(tenu, lambda: _mort(enfant), "la mort de l'enfant resté seul")


def test_l_arret_prend_tous_les_services_en_meme_temps(tenu):
    for numero in range(3):
        tenu.lancer(Service(f"dormeur{numero}", DORMEUR))
    pids = [tenu.pid(f"dormeur{numero}") for numero in range(3)]
    tenu.arreter()
    assert all(_mort(pid) for pid in pids)


def test_une_commande_au_premier_plan_rend_son_code(tenu):
    assert tenu.executer([sys.executable, "-S", "-c", "raise SystemExit(4)"]) == 4


def test_un_signal_d_arret_est_une_demande_et_le_suivant_est_ignore():
    avant = signal.getsignal(signal.SIGTERM)

    def recevoir_deux_signaux():
        with superviseur.ecoute_des_signaux():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(5)
            finally:
                os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(superviseur.ArretDemande):
        recevoir_deux_signaux()
    assert signal.getsignal(signal.SIGTERM) == avant


def test_un_second_lanceur_sur_le_meme_dossier_est_refuse(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path
    with (
        embarque.Embarque(dire=print),
        pytest.raises(embarque.DejaLance, match="tourne déjà"),
        embarque.Embarque(dire=print),
    ):
        pass
    with embarque.Embarque(dire=print):
        pass


def test_un_port_pris_est_dit_avant_de_rien_lancer():
    import socket

    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]
        with pytest.raises(embarque.PortPris, match=f"PORT={port + 1}"):
            embarque.exiger_un_port_libre("127.0.0.1", port)
    embarque.exiger_un_port_libre("127.0.0.1", port)


def test_les_tables_du_cache_en_base_sont_pretes_apres_migrate(db):
    from django.db import connection

    assert set(settings.TABLES_DE_CACHE.values()) <= set(connection.introspection.table_names())
