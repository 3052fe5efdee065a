"""Les mesures partagées : web et ouvriers additionnés, fichiers des morts réunis sans rien perdre."""

import os
import re
import subprocess
import sys

import pytest

from simulateur.mesures import fichiers as mesures
from simulateur.tests.outils.grappe import RACINE

pytestmark = pytest.mark.rapide
COMPTER = """
import os, django
django.setup()
from simulateur.mesures import metriques
metriques.TRAVAUX_FINIS.labels("essai", "terminee").inc({nombre})
metriques.TRAVAUX_SECONDES.labels("essai").observe(2.0)
"""
LIRE = """
import django
django.setup()
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from simulateur.exploitation import exposition
exposition.JaugesEnBase.collect = lambda self: []
print(exposition.exposer().decode())
"""


def _python(dossier, code):

    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(dossier)}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=RACINE, check=True, capture_output=True, text=True
    ).stdout


def _totaux(dossier):
    texte = _python(dossier, LIRE)
    trouve = [
        re.search(rf"^simulateur_{nom}\{{.*\}} (\S+)$", texte, re.MULTILINE)
        for nom in ("travaux_finis_total", "travail_secondes_count", "travail_secondes_sum")
    ]
    return tuple(float(ligne[1]) for ligne in trouve if ligne)


@pytest.mark.complet
def test_les_processus_s_additionnent_et_leurs_morts_se_reunissent_sans_rien_perdre(tmp_path):
    for nombre in (2, 3):
        _python(tmp_path, COMPTER.format(nombre=nombre))
    assert _totaux(tmp_path) == (5, 2, 4)

    fichiers = {fichier.name for fichier in tmp_path.glob("*.db")}
    assert all(re.fullmatch(r"\w+_.+-\d+\.db", nom) for nom in fichiers)
    assert mesures.reunir_les_morts(tmp_path) == len(fichiers)
    assert sorted(fichier.name.split("_")[0] for fichier in tmp_path.glob("*.db")) == ["counter", "histogram"]
    assert _totaux(tmp_path) == (5, 2, 4)

    _python(tmp_path, COMPTER.format(nombre=10))
    mesures.reunir_les_morts(tmp_path)
    assert _totaux(tmp_path) == (15, 3, 6)


def test_les_fichiers_d_un_vivant_ou_d_un_autre_hote_restent(tmp_path):

    vivant = tmp_path / f"counter_{mesures.identifiant(os.getpid())}.db"
    ailleurs = tmp_path / "counter_autre-hote-1.db"
    for fichier in (vivant, ailleurs):
        fichier.write_bytes(b"")
    assert mesures.reunir_les_morts(tmp_path) == 0
    assert vivant.exists()
    assert ailleurs.exists()


def test_le_menage_attend_son_heure(tmp_path, monkeypatch):
    appels = []
    monkeypatch.setattr(mesures, "reunir_les_morts", appels.append)
    menage = mesures.Menage(dossier=tmp_path)
    for _ in range(3):
        menage.tour()
    assert appels == [tmp_path]
    mesures.Menage(dossier=None).tour()
    assert len(appels) == 1


COMPTER_SANS_PLACE = """
import django, logging
django.setup()
from simulateur.mesures import metriques
for rang in range(2000):
    metriques.REQUETES.labels("GET", f"vue-{rang}", 200).inc()
assert metriques.REQUETES.labels("GET", "vue-1999", 200)._value.get() == 1
from simulateur.exploitation import exposition
exposition.JaugesEnBase._lire = lambda self: []
texte = exposition.exposer().decode()
assert "simulateur_mesures_partagees 0.0" in texte
print("debout")
"""


@pytest.fixture
def petit_dossier(tmp_path):
    """Un dossier de 80 Kio : un fichier y tient, le second non."""
    monte = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80k", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if monte.returncode:
        pytest.skip("monter un petit dossier demande d'être root")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


@pytest.mark.panne("dossier des mesures plein", "le service continue et le dit, aucun SIGBUS")
def test_un_dossier_des_mesures_plein_ne_tue_personne(petit_dossier):
    assert _python(petit_dossier, COMPTER_SANS_PLACE).strip() == "debout"


def test_les_fichiers_d_un_hote_parti_s_effacent_au_bout_d_une_semaine(tmp_path):
    recent, vieux = tmp_path / "counter_ailleurs-1.db", tmp_path / "counter_ailleurs-2.db"
    d_ici = tmp_path / f"counter_{mesures.identifiant('archive')}.db"
    for fichier in (recent, vieux, d_ici):
        fichier.write_bytes(b"")
    for fichier in (vieux, d_ici):
        os.utime(fichier, (1, 1))
    assert mesures.oublier_les_partis(tmp_path) == 1
    assert (recent.exists(), vieux.exists(), d_ici.exists()) == (True, False, True)
