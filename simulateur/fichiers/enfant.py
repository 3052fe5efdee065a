"""Le processus enfant : il se borne lui-même, lit un fichier sur son entrée et rend du JSON.

Bibliothèque standard et calamine seulement : il démarre en quelques centièmes de seconde, sans Django.
Entrée : une ligne JSON `{"nature", "limites"}`, puis le contenu. Sortie : `{"feuilles": …}` ou
`{"refus": …}`, avec ce que la lecture a coûté.
"""

import json
import resource
import signal
import sys
import zipfile
import zlib
from types import FrameType
from typing import BinaryIO
from xml.parsers import expat

from simulateur.fichiers import delimite, tableur
from simulateur.fichiers.limites import FichierRefuse, Limites, Lu, Speciale

TROP_LONG = "Le fichier est trop long à lire : le partager en plusieurs."
TROP_GROS = "Le fichier demande trop de mémoire : le partager en plusieurs."


def se_borner(limites: Limites) -> None:
    """Mémoire et temps de calcul bornés par le noyau ; aucun fichier ni image mémoire ne s'écrit."""
    resource.setrlimit(resource.RLIMIT_AS, (limites.memoire_octets, limites.memoire_octets))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    secondes = int(limites.cpu_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (secondes, secondes + 1))
    signal.signal(signal.SIGPROF, _trop_long)
    signal.setitimer(signal.ITIMER_PROF, limites.cpu_s)


def _trop_long(_signal: int, _cadre: FrameType | None) -> None:
    raise FichierRefuse(TROP_LONG)


def traiter(nature: str, flux: BinaryIO, limites: Limites) -> Lu:
    """`feuilles`, ou `refus`."""
    try:
        contenu = flux.read()
        if nature == "csv":
            return {"feuilles": [{"nom": "", "lignes": delimite.lire(contenu, limites)}]}
        return {"feuilles": tableur.lire(contenu, limites, nature)}
    except FichierRefuse as refus:
        return {"refus": str(refus)}
    except MemoryError:
        return {"refus": TROP_GROS}
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ValueError, EOFError, OSError, RuntimeError):
        return {"refus": tableur.ABIME}


def mesure() -> dict[str, float]:
    """Ce que la lecture a coûté : Kio de mémoire au plus fort et secondes de processeur."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"memoire_kio": _memoire_kio(), "cpu_s": usage.ru_utime + usage.ru_stime}


def _memoire_kio() -> int:
    """`ru_maxrss` ne convient pas : un enfant hérite de celui de son parent d'avant l'exécution."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as etat:
        return next((int(ligne.split()[1]) for ligne in etat if ligne.startswith("VmHWM:")), 0)


def _en_liste(valeur: object) -> list[object]:
    if isinstance(valeur, Speciale):
        return [valeur.genre, valeur.texte, valeur.secondes]
    raise TypeError(type(valeur).__name__)


def principal() -> None:
    demande = json.loads(sys.stdin.buffer.readline())
    limites = Limites(**demande["limites"])
    se_borner(limites)
    resultat = traiter(demande["nature"], sys.stdin.buffer, limites)
    signal.setitimer(signal.ITIMER_PROF, 0)
    json.dump(
        {**resultat, "mesure": mesure()},
        sys.stdout,
        separators=(",", ":"),
        allow_nan=False,
        default=_en_liste,
    )
