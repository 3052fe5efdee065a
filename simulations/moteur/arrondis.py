"""Les quatre façons d'arrondir des ETP en personnes (docs/metier/effectifs.md#arrondi). Entiers exacts.

- `poste` : chaque poste à la personne la plus proche, demi vers le haut, et 0 quand ETP ≤ 0,1 ;
- `centre` : le total MOD du centre à la personne la plus proche, demi vers le haut, puis partagé entre ses
  postes au plus fort reste ; à reste égal, le plus grand ETP, puis le code ;
- `demi` : chaque poste à la demi-personne la plus proche, demi vers le haut, et 0 quand ETP ≤ 0,1 ;
- `aucun` : deux décimales.

Un poste MOI ne s'arrondit jamais : son besoin est son effectif.
"""

from typing import TYPE_CHECKING

import numpy as np

from simulations.moteur.parametres import ARRONDIS

if TYPE_CHECKING:
    from simulations.moteur.carte import Entiers, Traits

PICO = 10**12
PERSONNE = 100  # centièmes
SEUIL_ARRONDI_PICO = PICO // 10  # ETP ≤ 0,1 : arrondi à 0
PAS = {"poste": PERSONNE, "demi": PERSONNE // 2, "aucun": 1}  # centièmes


def arrondir(etp_pico: "Entiers", traits: "Traits", politique: str) -> "Entiers":
    """Centièmes de personne de chaque poste (P,). ValueError si `politique` n'est pas une de ARRONDIS."""
    if politique not in ARRONDIS:
        raise ValueError(f"arrondi inconnu : {politique}")
    pas = PAS.get(politique)
    arrondi = _par_centre(etp_pico, traits) if pas is None else au_pas(etp_pico, pas)
    return np.where(traits.mod, arrondi, traits.actuel)


def au_pas(etp_pico: "Entiers", pas: int) -> "Entiers":
    """Le multiple de `pas` centièmes le plus proche, demi vers le haut ; 0 quand ETP ≤ 0,1, sauf au centième.

    La division entière de numpy descend : un reste est toujours positif.
    """
    unite = PICO // PERSONNE * pas
    arrondi: Entiers = (etp_pico + unite // 2) // unite * pas
    return arrondi if pas == 1 else np.where(etp_pico <= SEUIL_ARRONDI_PICO, 0, arrondi)


def _par_centre(etp_pico: "Entiers", traits: "Traits") -> "Entiers":
    """Plus forts restes : chaque poste a sa partie entière, et les personnes qui manquent au total du centre
    vont une à une aux restes les plus grands."""
    arrondi = np.zeros(len(etp_pico), dtype=np.int64)
    mod = np.flatnonzero(traits.mod)
    centre, etp = traits.centre[mod], etp_pico[mod]
    entiers, restes = np.divmod(etp, PICO)
    nb_centres = int(centre.max(initial=-1)) + 1
    total, planchers = (np.zeros(nb_centres, dtype=np.int64) for _ in range(2))
    np.add.at(total, centre, etp)
    np.add.at(planchers, centre, entiers)
    a_donner = (total + PICO // 2) // PICO - planchers
    ordre = np.lexsort((traits.rang_du_code[mod], -etp, -restes, centre))
    debuts = np.searchsorted(centre[ordre], np.arange(nb_centres))
    places = np.empty(len(mod), dtype=np.int64)
    places[ordre] = np.arange(len(mod)) - debuts[centre[ordre]]
    arrondi[mod] = (entiers + (places < a_donner[centre])) * PERSONNE
    return arrondi
