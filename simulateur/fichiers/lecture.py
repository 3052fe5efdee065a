"""Lire un fichier reçu sans lui faire confiance : nature, répertoire, puis processus enfant borné."""

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simulateur.fichiers import archive
from simulateur.fichiers.limites import MIO, Feuille, FichierRefuse, Ligne, Limites

journal = logging.getLogger(__name__)
RACINE = str(Path(__file__).resolve().parents[2])
AMORCE = (
    "import sys; sys.path.append(sys.argv[1]); from simulateur.fichiers.enfant import principal; principal()"
)
EXTENSIONS = {".xlsx": "xlsx", ".csv": "csv", ".txt": "csv", ".tsv": "csv"}
NATURES_BINAIRES = {b"%PDF": "un PDF", b"\x89PNG": "une image", b"\xff\xd8\xff": "une image"}


def lire_tableur(contenu: bytes, nom: str, limites: Limites | None = None) -> list[Feuille]:
    """Feuilles d'un classeur xlsx ou d'un texte csv. Lève FichierRefuse avec une phrase à montrer."""
    limites = limites or Limites()
    nature = verifier_nature(contenu, nom)
    if nature == "xlsx":
        archive.verifier(contenu, limites)
    resultat = executer(nature, contenu, limites)
    if "refus" in resultat:
        raise FichierRefuse(resultat["refus"])
    feuilles = [_feuille(nom_feuille, lignes) for nom_feuille, lignes in resultat["feuilles"]]
    if not any(feuille.lignes for feuille in feuilles):
        raise FichierRefuse("Le fichier est vide : il n'a aucune ligne.")
    return feuilles


def taille_permise() -> int:
    # Lu ici : ce module est importé par le processus enfant, qui ne connaît pas Django.
    from django.conf import settings

    return int(settings.IMPORT_TAILLE_MAX_OCTETS)


def verifier_taille(octets: int) -> None:
    """À appeler sur la taille annoncée, avant de charger le contenu en mémoire."""
    permise = taille_permise()
    if octets > permise:
        raise FichierRefuse(f"Le fichier fait {octets / MIO:.1f} Mio : au plus {permise / MIO:.1f} Mio.")


def verifier_nature(contenu: bytes, nom: str) -> str:
    """« xlsx » ou « csv », d'après le nom et les premiers octets, qui doivent s'accorder."""
    verifier_taille(len(contenu))
    if not contenu.strip():
        raise FichierRefuse("Le fichier est vide.")
    if contenu.startswith(archive.OLE2):
        raise FichierRefuse(
            "C'est un ancien classeur (.xls) ou un classeur protégé par mot de passe : "
            "l'enregistrer au format xlsx, sans mot de passe."
        )
    for debut, quoi in NATURES_BINAIRES.items():
        if contenu.startswith(debut):
            raise FichierRefuse(f"Le fichier est {quoi} : envoyer un classeur xlsx ou un fichier csv.")
    nature = EXTENSIONS.get(Path(nom).suffix.lower())
    if nature is None:
        raise FichierRefuse(f"« {nom[:80]} » : les formats acceptés sont xlsx et csv.")
    est_zip = contenu.startswith((archive.ZIP, archive.ZIP_VIDE))
    if nature == "xlsx" and not est_zip:
        raise FichierRefuse("Le fichier porte le nom d'un classeur xlsx, mais n'en est pas un.")
    if nature == "csv" and est_zip:
        raise FichierRefuse("Le fichier porte le nom d'un csv, mais c'est une archive (un classeur xlsx ?).")
    return nature


def executer(nature: str, contenu: bytes, limites: Limites) -> dict[str, Any]:
    """Résultat JSON du processus enfant ; un enfant tué ou muet vaut un refus."""
    entete = json.dumps({"nature": nature, "limites": asdict(limites)}).encode() + b"\n"
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", AMORCE, RACINE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={},
        start_new_session=True,
    ) as enfant:
        try:
            sortie, erreurs = enfant.communicate(entete + contenu, timeout=limites.attente_s)
        except BaseException as arret:
            # Délai passé, ou travail interrompu (signal) : l'enfant ne doit pas nous survivre.
            os.killpg(enfant.pid, signal.SIGKILL)
            enfant.communicate()
            if not isinstance(arret, subprocess.TimeoutExpired):
                raise
            raise FichierRefuse("Le fichier est trop long à lire : le partager en plusieurs.") from None
    if enfant.returncode != 0:
        fin = erreurs.decode(errors="replace")[-400:]
        journal.warning("lecture interrompue (code %s) : %s", enfant.returncode, fin)
        raise FichierRefuse("Le fichier est trop lourd ou trop abîmé pour être lu.")
    resultat: dict[str, Any] = json.loads(sortie)
    journal.debug("fichier lu : %s", resultat.get("mesure"))
    return resultat


def _feuille(nom: str, lignes: list[tuple[int, list[Any]]]) -> Feuille:
    lues = []
    for numero, valeurs in lignes:
        while valeurs and valeurs[-1] is None:
            valeurs.pop()
        if valeurs:
            lues.append(Ligne(numero, tuple(valeurs)))
    return Feuille(nom, tuple(lues))
