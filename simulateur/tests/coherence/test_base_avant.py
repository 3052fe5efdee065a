"""Une base d'avant le déménagement du code : elle migre, sa file se vide, ses planifications s'appellent.

`avant/base.sql.gz` a été écrite par la version d'alors : réseau et tirages de démonstration, comptes et
jetons, une simulation finie, et en file une simulation nationale, un rejeu, une génération, un export et
quatre travaux périodiques.
"""

import gzip
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from simulateur.exploitation import processus
from simulateur.exploitation.superviseur import environnement_des_enfants

pytestmark = pytest.mark.complet
AVANT = Path(__file__).parent / "avant"
# Celle qui a signé les travaux en file ; elle n'a jamais servi qu'à cela.
CLE_D_ALORS = "base-avant-de-test"
ATTENTE_S = 120
# colonne d'alors : celle d'aujourd'hui, et combien de ses unités en font une d'alors
ECHELLES = {
    "arrondi_dixiemes": ("arrondi_centiemes", 10),
    "actuel_dixiemes": ("actuel_centiemes", 10),
    "ecart_dixiemes": ("ecart_centiemes", 10),
    "cout_milliemes": ("cout_dix_milliemes", 10),
}
MANAGE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]


@pytest.fixture
def base(tmp_path):
    """(chemin de la base d'avant, environnement où elle est la base du projet)."""
    chemin = tmp_path / "simulateur.sqlite3"
    connexion = sqlite3.connect(chemin)
    connexion.executescript(gzip.decompress((AVANT / "base.sql.gz").read_bytes()).decode())
    connexion.close()
    env = environnement_des_enfants(DOSSIER_DONNEES=str(tmp_path), SIMULATEUR_MODE="embarque")
    env |= {"SECRET_KEY": CLE_D_ALORS, "DATABASE_URL": f"sqlite:///{chemin}", "REDIS_URL": ""}
    return chemin, env


def lire(chemin, requete):
    connexion = sqlite3.connect(chemin, timeout=20)
    try:
        return connexion.execute(requete).fetchall()
    finally:
        connexion.close()


def migrer(env):
    subprocess.run([*MANAGE, "migrate", "-v0"], env=env, check=True)


def test_la_file_d_avant_se_vide_et_ses_travaux_finissent(base):
    chemin, env = base
    migrer(env)
    grappe = processus.lancer([*MANAGE, "qcluster"], env=env)
    try:
        echeance = time.monotonic() + ATTENTE_S
        while lire(chemin, "SELECT COUNT(*) FROM django_q_ormq")[0][0] and time.monotonic() < echeance:
            time.sleep(0.5)
    finally:
        processus.arreter(grappe, delai_s=20.0)
    etats = {
        table: {etat for (etat,) in lire(chemin, f"SELECT etat FROM {table}")}
        for table in ("simulations_simulation", "simulations_export", "euromillions_generation")
    }
    assert etats == {table: {"terminee"} for table in etats}
    echecs = lire(chemin, "SELECT func, result FROM django_q_task WHERE success = 0")
    assert echecs == []


def test_une_simulation_d_avant_garde_ses_chiffres(base):
    chemin, env = base
    migrer(env)
    attendue = json.loads((AVANT / "base.json").read_text())["simulation"]
    cle = attendue.pop("cle").replace("-", "")
    champs = ", ".join(ECHELLES.get(champ, (champ, 1))[0] for champ in attendue)
    (ligne,) = lire(chemin, f"SELECT {champs} FROM simulations_simulation WHERE id = '{cle}'")
    echelles = [ECHELLES.get(champ, (champ, 1))[1] for champ in attendue]
    assert list(ligne) == [lu * echelle for lu, echelle in zip(attendue.values(), echelles, strict=True)]


def test_les_planifications_d_avant_designent_des_fonctions_qui_existent(base):
    chemin, env = base
    migrer(env)
    chemins = [func for (func,) in lire(chemin, "SELECT func FROM django_q_schedule")]
    assert len(chemins) >= 10
    assert all(callable(import_string(pointe)) for pointe in chemins)
    anciens = [c for c in chemins if c.startswith(("euromillions.grilles.", "euromillions.imports."))]
    assert anciens == []


CLIENT_ASYNCHRONE = """
import json
from django.test import Client
client = Client(headers={"Authorization": f"Token {CLE}", "Host": "localhost"})
def appeler(methode, chemin, **options):
    return getattr(client, methode)(chemin, **options).json()
envoi = {"data": "{}", "content_type": "application/json"}
lancee = appeler("post", f"/api/async/simulation/direction/{DIRECTION}", **envoi)
nationale = appeler("post", "/api/async/simulation/nationale", **envoi)
print("RENDU" + json.dumps({
    "directions": appeler("get", "/api/directions")["count"],
    "ancienne": appeler("get", f"/api/async/task/{ANCIENNE}")["state"],
    "lancee": lancee["status"],
    "suivie": appeler("get", lancee["check_status_url"])["state"],
    "annulee": appeler("delete", nationale["check_status_url"])["status"],
}))
"""


def test_les_clients_et_jetons_d_avant_continuent(base):
    """Le client asynchrone, inchangé, d'un compte ordinaire : il garde le pays et ses simulations."""
    chemin, env = base
    jetons = "SELECT key FROM authtoken_token JOIN auth_user ON auth_user.id = user_id WHERE NOT is_superuser"
    ((cle,), *_) = lire(chemin, jetons)
    ((direction,), *_) = lire(chemin, "SELECT id FROM referentiels_direction ORDER BY id")
    ancienne = json.loads((AVANT / "base.json").read_text())["simulation"]["cle"]
    nombre = lire(chemin, "SELECT COUNT(*) FROM referentiels_direction")[0][0]
    migrer(env)
    noms = f"CLE, DIRECTION, ANCIENNE = {cle!r}, {direction!r}, {ancienne!r}\n"
    sortie = subprocess.run(
        [*MANAGE, "shell", "-v0", "-c", noms + CLIENT_ASYNCHRONE],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert json.loads(sortie.partition("RENDU")[2]) == {
        "directions": nombre,
        "ancienne": "SUCCESS",
        "lancee": "PENDING",
        "suivie": "PENDING",
        "annulee": "cancelled",
    }
    comptes = lire(chemin, "SELECT COUNT(*) FROM auth_user")[0][0]
    du_pays = (
        "SELECT COUNT(*) FROM referentiels_perimetre WHERE direction_id IS NULL AND compte_id IS NOT NULL"
    )
    assert lire(chemin, du_pays)[0][0] == comptes
    visees = "SELECT COUNT(*) FROM simulations_directionvisee WHERE simulation_id = '{}'"
    assert lire(chemin, visees.format(ancienne.replace("-", "")))[0][0] == 1
