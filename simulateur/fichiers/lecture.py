"""Lire un tableur reçu sans lui faire confiance : nature, répertoire, puis processus enfant borné."""

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import python_calamine

from simulateur.fichiers import archive
from simulateur.fichiers.limites import (
    Feuille,
    FeuilleLue,
    FichierRefuse,
    Ligne,
    Limites,
    Lu,
    Speciale,
    Valeur,
)
from simulateur.fichiers.reception import verifier_nature

journal = logging.getLogger(__name__)
RACINE = str(Path(__file__).resolve().parents[2])
# calamine est dans site-packages, que `-S` écarte : son dossier est donné à l'enfant, après le nôtre.
SITE = str(Path(python_calamine.__file__).parents[1])
AMORCE = "import sys; sys.path += sys.argv[1:]; from simulateur.fichiers.enfant import principal; principal()"


def lire_tableur(contenu: bytes, nom: str, limites: Limites | None = None) -> list[Feuille]:
    """Feuilles d'un classeur (xlsx, xls, xlsb, ods) ou d'un csv. Lève FichierRefuse, avec sa phrase."""
    limites = limites or Limites()
    nature = verifier_nature(contenu, nom)
    if nature in archive.NATURES:
        archive.verifier(contenu, limites, nature)
    resultat = executer(nature, contenu, limites)
    if "refus" in resultat:
        raise FichierRefuse(resultat["refus"])
    aveugle = nature in ("xls", "xlsb", "ods")
    feuilles = [_feuille(lue, aveugle=aveugle) for lue in resultat["feuilles"]]
    if not any(feuille.lignes for feuille in feuilles):
        raise FichierRefuse("Le fichier est vide : il n'a aucune ligne.")
    return feuilles


def executer(nature: str, contenu: bytes, limites: Limites) -> Lu:
    """Résultat JSON du processus enfant ; un enfant tué ou muet vaut un refus."""
    entete = json.dumps({"nature": nature, "limites": asdict(limites)}).encode() + b"\n"
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", AMORCE, RACINE, SITE],
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
    resultat: Lu = json.loads(sortie)
    journal.debug("fichier lu : %s", resultat.get("mesure"))
    return resultat


def _feuille(lue: FeuilleLue, *, aveugle: bool) -> Feuille:
    lignes = []
    for numero, valeurs in lue["lignes"]:
        while valeurs and valeurs[-1] is None:
            valeurs.pop()
        if valeurs:
            lignes.append(Ligne(numero, tuple(map(_valeur, valeurs))))
    return Feuille(
        lue["nom"],
        tuple(lignes),
        masquee=lue.get("masquee", False),
        lignes_masquees=frozenset(lue.get("lignes_masquees", ())),
        colonnes_masquees=frozenset(lue.get("colonnes_masquees", ())),
        aveugle=aveugle,
        fusions=tuple((h, g, b, d) for h, g, b, d in lue.get("fusions", ())),
    )


def _valeur(lue: Any) -> Valeur:
    return Speciale(*lue) if isinstance(lue, list) else lue
