"""Gardien des serveurs de test : il les lance, puis vit exactement aussi longtemps que son parent.

Le parent tient l'autre bout de l'entrée standard. Quand il finit, plante ou reçoit un kill -9, le noyau
ferme ce bout ; le gardien arrête alors les serveurs et efface leur dossier. Il répond une ligne JSON.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from simulateur.exploitation import valkey
from simulateur.tests.outils import postgres

BASES_VALKEY = 256  # trois par processus de test


def principal(avec_postgres: bool) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Chemin court : il porte les prises Unix, bornées à une centaine d'octets.
    dossier = Path(tempfile.mkdtemp(prefix="sim-", dir="/tmp" if os.path.isdir("/tmp") else None))
    serveurs: list[Any] = []
    try:
        dossier.chmod(0o711)
        (dossier / "donnees").mkdir()
        try:
            cache = valkey.demarrer(dossier / "v", bases=BASES_VALKEY)
            serveurs.append(cache)
            reponse = {"redis": f"unix://{cache.prise}", "dossier": str(dossier)}
            if avec_postgres:
                base = postgres.demarrer(dossier / "p")
                serveurs.append(base)
                reponse["base"] = base.url("simulateur")
        except (valkey.DemarrageImpossible, OSError) as erreur:
            print(json.dumps({"erreur": str(erreur)}), flush=True)
            return 1
        print(json.dumps(reponse), flush=True)
        sys.stdin.buffer.read()
        return 0
    finally:
        for serveur in reversed(serveurs):
            serveur.arreter()
        shutil.rmtree(dossier, ignore_errors=True)


def _sur_sigterm(*_: Any) -> None:
    sys.exit(143)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _sur_sigterm)
    sys.exit(principal("postgres" in sys.argv[1:]))
