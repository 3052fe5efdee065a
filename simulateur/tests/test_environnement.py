"""Une valeur fausse arrête le démarrage avec une phrase ; une bonne valeur est lue telle quelle."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from simulateur import environnement as env

pytestmark = pytest.mark.rapide

PRODUCTION = {
    "SIMULATEUR_MODE": "production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "simulateur.example",
    "DATABASE_URL": "postgres://simulateur@localhost/simulateur",
    "REDIS_URL": "redis://localhost:6379/0",
}


@pytest.mark.parametrize(
    ("lire", "brut", "phrase"),
    [
        (lambda: env.booleen("ESSAI", False), "peut-être", "écrire 1 ou 0"),
        (lambda: env.entier("ESSAI", 1, minimum=1, maximum=9), "beaucoup", "un nombre entier est attendu"),
        (lambda: env.entier("ESSAI", 1, minimum=1, maximum=9), "10", "entre 1 et 9"),
        (lambda: env.entier_ou_rien("ESSAI", minimum=0, maximum=5), "-1", "entre 0 et 5"),
        (lambda: env.choix("ESSAI", "a", ("a", "b")), "c", "choisir parmi a, b"),
        (lambda: env.fuseau("ESSAI", "Europe/Paris"), "Europe/Pairs", "ce fuseau horaire n'existe pas"),
        (lambda: env.limite("ESSAI", "60/min"), "60", "écrire par exemple 60/min"),
        (lambda: env.limite("ESSAI", "60/min"), "0/min", "écrire par exemple 60/min"),
        (lambda: env.texte("ESSAI"), "  ", "obligatoire"),
    ],
)
def test_une_valeur_fausse_est_refusee_par_une_phrase_qui_nomme_la_variable(monkeypatch, lire, brut, phrase):
    monkeypatch.setenv("ESSAI", brut)
    with pytest.raises(ImproperlyConfigured, match=phrase) as refus:
        lire()
    assert "ESSAI" in str(refus.value)


def test_une_variable_vide_prend_sa_valeur_par_defaut(monkeypatch):
    monkeypatch.setenv("ESSAI", " ")
    assert env.texte("ESSAI", "defaut") == "defaut"
    assert env.entier("ESSAI", 7, minimum=1, maximum=9) == 7
    assert env.entier_ou_rien("ESSAI", minimum=1, maximum=9) is None
    assert env.liste("ESSAI", ["a"]) == ["a"]
    assert env.limite("ESSAI", "60/min") == "60/min"


@pytest.mark.parametrize(("brut", "lu"), [("oui", True), ("VRAI", True), ("0", False), ("", False)])
def test_un_booleen_se_dit_en_francais_ou_en_chiffres(monkeypatch, brut, lu):
    monkeypatch.setenv("ESSAI", brut)
    assert env.booleen("ESSAI", not lu) is lu


@pytest.mark.parametrize(
    ("url", "phrase"),
    [
        ("mysql://localhost/base", "seuls postgres:// et sqlite:///"),
        ("base.sqlite3", "seuls postgres:// et sqlite:///"),
        ("sqlite:///", "chemin du fichier"),
        ("postgres://localhost", "nom de la base"),
        ("postgres://localhost:porte/base", "mal formée"),
    ],
)
def test_une_adresse_de_base_inservable_est_refusee(url, phrase):
    with pytest.raises(ImproperlyConfigured, match=phrase):
        env.base_de_donnees(url)


def test_sqlite_est_regle_pour_des_ecrivains_simultanes():
    options = env.base_de_donnees("sqlite:////tmp/base.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("url", "phrase"),
    [
        ("http://localhost:6379", "attendu redis://"),
        ("redis://localhost:porte/0", "port"),
        ("redis://localhost:6379/cache", "base « cache »"),
        ("unix:///tmp/x.sock?db=cache", "base « cache »"),
    ],
)
def test_une_adresse_de_cache_inservable_est_refusee(url, phrase):
    with pytest.raises(ImproperlyConfigured, match=phrase):
        env.cache_redis(url)


@pytest.mark.parametrize(
    ("url", "attendue"),
    [
        ("redis://localhost:6379", "redis://localhost:6379?db=2"),
        ("redis://:mot@localhost:6379/4", "redis://:mot@localhost:6379?db=6"),
        ("redis://localhost:6379/9?db=1&protocol=3", "redis://localhost:6379?protocol=3&db=3"),
        ("unix:///tmp/a%20b/v.sock?db=1&password=mot", "unix:///tmp/a%20b/v.sock?password=mot&db=3"),
    ],
)
def test_la_base_redis_est_decalee_sans_perdre_le_reste_de_l_adresse(url, attendue):
    assert env.redis_avec_base(url, 2) == attendue


@given(base=st.integers(0, 60), decalages=st.lists(st.integers(0, 3), min_size=2, unique=True))
def test_deux_decalages_ne_donnent_jamais_la_meme_adresse(base, decalages):
    adresses = {env.redis_avec_base(f"redis://hote:6379/{base}", decalage) for decalage in decalages}
    assert len(adresses) == len(decalages)


def test_la_cle_secrete_locale_est_tiree_une_fois_et_gardee_pour_soi(tmp_path):
    cle = env.cle_secrete_locale(tmp_path / "neuf")
    assert len(cle) >= 50
    assert env.cle_secrete_locale(tmp_path / "neuf") == cle
    assert (tmp_path / "neuf" / "cle_secrete").stat().st_mode & 0o777 == 0o600


def _charger_les_reglages(tmp_path: Path, **variables: str) -> str:
    """Importe les réglages dans un processus neuf ; rend sa dernière ligne d'erreur, ou « »."""
    base = {nom: valeur for nom, valeur in os.environ.items() if nom in ("PATH", "LANG", "HOME")}
    resultat = subprocess.run(
        [sys.executable, "-c", "import simulateur.settings"],
        env={**base, "DOSSIER_DONNEES": str(tmp_path), **variables},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return resultat.stderr.strip().splitlines()[-1] if resultat.returncode else ""


@pytest.mark.parametrize(
    ("variable", "valeur", "phrase"),
    [
        ("SECRET_KEY", "", "SECRET_KEY est obligatoire"),
        ("DATABASE_URL", "", "DATABASE_URL est obligatoire"),
        ("REDIS_URL", "", "REDIS_URL est obligatoire"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS est vide"),
        ("DEBUG", "1", "DEBUG est refusé en production"),
        ("SIMULATEUR_MODE", "prod", "choisir parmi embarque, production"),
        ("NIVEAU_JOURNAL", "BAVARD", "choisir parmi DEBUG"),
    ],
)
def test_la_production_ne_demarre_pas_avec_un_reglage_faux(tmp_path, variable, valeur, phrase):
    erreur = _charger_les_reglages(tmp_path, **{**PRODUCTION, variable: valeur})
    assert erreur.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert phrase in erreur


def test_la_production_demarre_avec_ses_reglages(tmp_path):
    assert _charger_les_reglages(tmp_path, **PRODUCTION) == ""


def test_le_mode_embarque_demarre_sans_aucun_reglage(tmp_path):
    assert _charger_les_reglages(tmp_path) == ""


def _poses_deux_fois(instructions: list[ast.stmt]) -> list[str]:
    """Noms qu'une même suite d'instructions pose deux fois ; les deux branches d'un `if` n'en sont pas."""
    poses = Counter(
        cible.id
        for instruction in instructions
        if isinstance(instruction, ast.Assign | ast.AnnAssign)
        for cible in (instruction.targets if isinstance(instruction, ast.Assign) else [instruction.target])
        if isinstance(cible, ast.Name)
    )
    suites = [
        suite
        for instruction in instructions
        for suite in (getattr(instruction, "body", []), getattr(instruction, "orelse", []))
    ]
    return [nom for nom, fois in poses.items() if fois > 1] + [n for s in suites for n in _poses_deux_fois(s)]


def test_chaque_reglage_n_est_pose_qu_une_fois():
    source = (settings.BASE_DIR / "simulateur" / "settings.py").read_text(encoding="utf-8")
    assert _poses_deux_fois(ast.parse(source).body) == []
