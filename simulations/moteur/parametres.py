"""Paramètres d'un calcul (docs/metier/effectifs.md#parametres)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MODES = ("actuel", "recommande", "optimise")
PAR_POSTE, PAR_CENTRE = "poste", "centre"
ARRONDIS = (PAR_POSTE, PAR_CENTRE, "demi", "aucun")  # ce qu'ils font : `arrondis`
JOURS_OUVRES_DU_MOIS = 22
PART_DU_MOIS_DEFAUT = 8.33  # % : un douzième


@dataclass(frozen=True)
class Parametres:
    """Paramètres d'une simulation.

    `productivite` et `part_du_mois` en %, `heures_jour` en heures, `temps_mort` et `trajet_minutes` en
    minutes, `croissance` en % par code de flux (clé "" : tous les flux). `part_du_mois` None : année
    entière. `libres` : paramètres nommés par les règles, globaux (`pct_retour`) ou par flux
    (`co_pct_retour`). `mois` (1 à 12) nomme le mois dont `part_du_mois` est la part : il n'entre dans aucun
    calcul. `par_centre` : les mêmes, par identifiant de centre ; ils l'emportent. `arrondi` : un de ARRONDIS.
    """

    productivite: float = 100.0
    heures_jour: float = 8.5
    temps_mort: float = 0.0
    trajet_minutes: float = 0.0
    shift: int = 1
    jours_ouvres: float = 264.0
    part_du_mois: float | None = None
    croissance: Mapping[str, float] = field(default_factory=dict)
    libres: Mapping[str, float] = field(default_factory=dict)
    par_centre: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    mode: str = "actuel"
    mois: int | None = None
    arrondi: str = PAR_POSTE

    def en_dict(self) -> dict[str, object]:
        """Forme JSON, clés triées : base de l'empreinte et du rejeu."""
        return {
            "productivite": self.productivite,
            "heures_jour": self.heures_jour,
            "temps_mort": self.temps_mort,
            "trajet_minutes": self.trajet_minutes,
            "shift": self.shift,
            "jours_ouvres": self.jours_ouvres,
            "part_du_mois": self.part_du_mois,
            "croissance": dict(sorted(self.croissance.items())),
            "libres": dict(sorted(self.libres.items())),
            "par_centre": {str(pk): dict(sorted(v.items())) for pk, v in sorted(self.par_centre.items())},
            "mode": self.mode,
            "mois": self.mois,
            "arrondi": self.arrondi,
        }

    @classmethod
    def depuis_dict(cls, valeurs: Mapping[str, Any]) -> "Parametres":
        par_centre = {int(pk): dict(v) for pk, v in valeurs.get("par_centre", {}).items()}
        return cls(**{**valeurs, "par_centre": par_centre})
