"""make charge : les réglages de production sous la charge de vraies personnes, mesurés puis jugés.

    python -m charge [--utilisateurs 100] [--duree 60]
    python -m charge --montee 20,50,100,200,300     à combien le p95 passe 200 ms
    python -m charge --endurance 20                 la mémoire, vingt minutes durant
    python -m charge --famine                       une direction à côté de cinquante calculs du pays
    python -m charge --pannes                       ouvriers tués, cache suspendu : rien ne se perd

Le générateur tourne sur la même machine et se paie sur le même temps de calcul : il est compté à part.
Rien ne sort de la boucle locale ; tout s'arrête de soi-même.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from charge.essais import CIBLE_P95_MS, Cadre, endurance, famine, palier
from charge.pannes import sous_les_pannes
from charge.site import MesureImpossible, Site, monter_le_site

UTILISATEURS_PROMIS = 100


def main() -> int:
    demande = _demande()
    dossier = Path(tempfile.mkdtemp(prefix="charge-"))
    dossier.chmod(0o711)
    try:
        with ExitStack() as fin:
            site = monter_le_site(dossier, fin, comptes=max(demande.paliers), centres=demande.centres)
            return _essayer(site, demande)
    except MesureImpossible as impossible:
        sys.stderr.write(f"{impossible}\n")
        return 2
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def _essayer(site: Site, demande: argparse.Namespace) -> int:
    cadre = Cadre(site, duree_s=demande.duree, dire=print)
    if demande.famine:
        return 0 if famine(cadre) else 1
    if demande.pannes:
        return 0 if sous_les_pannes(cadre, demande.paliers[0]) else 1
    if demande.endurance:
        return 0 if endurance(cadre, minutes=demande.endurance, utilisateurs=demande.paliers[0]) else 1
    mesures = [palier(cadre, nombre) for nombre in demande.paliers]
    tenus = [mesure.utilisateurs for mesure in mesures if mesure.tenu(CIBLE_P95_MS)]
    print(f"\np95 ≤ {CIBLE_P95_MS} ms, sans erreur ni coupure : jusqu'à {max(tenus, default=0)} personnes.")
    if demande.json:
        Path(demande.json).write_text(
            json.dumps([mesure.en_dict() for mesure in mesures], ensure_ascii=False, indent=1)
        )
    promis = [mesure for mesure in mesures if mesure.utilisateurs <= UTILISATEURS_PROMIS]
    return 0 if all(mesure.tenu(CIBLE_P95_MS) for mesure in promis) else 1


def _demande() -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(prog="python -m charge", description=__doc__.splitlines()[0])
    env = os.environ
    lecteur.add_argument("--utilisateurs", type=int, default=int(env.get("UTILISATEURS", "100")))
    lecteur.add_argument("--montee", default=env.get("MONTEE", ""), help="20,50,100 : un palier chacun")
    lecteur.add_argument("--duree", type=int, default=int(env.get("DUREE", "60")), help="secondes par palier")
    lecteur.add_argument("--centres", type=int, default=int(env.get("CENTRES", "2000")))
    lecteur.add_argument("--endurance", type=float, default=float(env.get("ENDURANCE", "0")), help="minutes")
    lecteur.add_argument("--famine", action="store_true", default=bool(env.get("FAMINE")))
    lecteur.add_argument("--pannes", action="store_true", default=bool(env.get("PANNES")))
    lecteur.add_argument("--json", default=env.get("SORTIE", ""), help="fichier où écrire les mesures")
    demande = lecteur.parse_args()
    demande.paliers = [int(n) for n in demande.montee.split(",") if n] or [demande.utilisateurs]
    return demande


if __name__ == "__main__":
    sys.exit(main())
