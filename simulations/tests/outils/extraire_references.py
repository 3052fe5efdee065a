"""Refait `donnees/references.json` depuis le dossier partagé.

    DOSSIER_PARTAGE=… .venv/bin/python -m simulations.tests.extraire_references

N'y entrent que les figures : volumes, paramètres et résultats. La table de tâches du centre de référence
reste dans le dossier partagé.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulateur.tests.outils.compact import en_texte
from simulations.tests.outils.references import REFERENCES, nom_de_la_maison

TACHE = ("produit", "unite", "phase", "base_calcul", "duree_secondes", "poste")
ATTENDU = ("volume_annuel", "unites_par_jour", "heures_par_jour")
# Le poste que les figures nomment par un code.
POSTES = {"P14": "GUICHETIER"}


def extraire(dossier: Path) -> dict[str, Any]:
    def lire(nom: str) -> dict[str, Any]:
        lu: dict[str, Any] = json.loads((dossier / "oracles" / "rh" / nom).read_text(encoding="utf-8"))
        return lu

    taches, centre = lire("taches.json"), lire("centre_cm.json")
    for bloc in ("grille", "parametres"):
        if taches[bloc] != centre[bloc]:
            raise ValueError(f"les deux fichiers de référence n'ont plus le même bloc « {bloc} »")
    return {
        "volumes": dict(cellules(taches["grille"])),
        "parametres": traduits(taches["parametres"]),
        "taches": {
            "colonnes": ["cas", *TACHE, "modifies", *ATTENDU],
            "lignes": [ligne_de_tache(cas) for cas in taches["cas"]],
        },
        "centre": [cas_de_centre(cas) for cas in centre["cas"]],
    }


def cellules(grille: Mapping[str, Any], prefixe: str = "") -> list[tuple[str, float]]:
    """(code, volume) de chaque cellule ; les totaux « global » répètent leur détail et sont passés."""
    trouvees: list[tuple[str, float]] = []
    for cle, valeur in grille.items():
        if isinstance(valeur, Mapping):
            trouvees += cellules(valeur, f"{prefixe}{cle}.")
        elif cle != "global":
            trouvees.append((f"{prefixe}{cle}", valeur))
    return trouvees


def traduits(parametres: Mapping[str, Any]) -> dict[str, Any]:
    return {nom_de_la_maison(nom): valeur for nom, valeur in parametres.items()}


def ligne_de_tache(cas: Mapping[str, Any]) -> list[Any]:
    tache = {**cas["tache"], "base_calcul": int(cas["tache"]["base_calcul"])}
    modifies = traduits(cas["parametres_modifies"])
    return [cas["cas"], *(tache[nom] for nom in TACHE), modifies, *(cas["attendu"][nom] for nom in ATTENDU)]


def cas_de_centre(cas: Mapping[str, Any]) -> dict[str, Any]:
    modifies, options = dict(cas["parametres_modifies"]), cas.get("options", {})
    sans_volume = modifies.pop("grille", None) == {}
    return {
        "cas": cas["cas"],
        "modifies": traduits(modifies),
        "sans_volume": sans_volume,
        "recommande": "role_mapping" in options,
        "un_poste": POSTES[options["poste_code"]] if "poste_code" in options else None,
        "heures": cas["sortie"]["total_heures"],
        "etp_mod": cas["sortie"]["fte_calcule"],
        "etp_par_poste": cas["sortie"].get("ressources_par_poste", {}),
    }


if __name__ == "__main__":
    texte = en_texte(extraire(Path(os.environ["DOSSIER_PARTAGE"])))
    REFERENCES.write_text(texte, encoding="utf-8")
