"""Les six mesures sommables d'un résultat : leurs noms en base, leurs colonnes, leur écriture."""

from typing import SupportsInt, TypedDict

from simulations.moteur import Resultat
from simulations.moteur.calcul import PICO
from simulations.moteur.carte import Entiers

SOMMES = (
    "heures_pico",
    "etp_pico",
    "arrondi_dixiemes",
    "actuel_dixiemes",
    "ecart_dixiemes",
    "cout_milliemes",
)


class MesuresEnUnites(TypedDict):
    """Les mesures d'une ligne ou d'un total, telles que l'API les écrit. Coûts : None sans salaire connu."""

    heures: float
    etp_calcule: float
    etp_arrondi: float
    etp_actuel: float
    ecart: float
    cout_mensuel: float | None
    cout_annuel: float | None


def colonnes(resultat: Resultat) -> tuple[Entiers, ...]:
    """Les mesures de chaque poste, entières, dans l'ordre de SOMMES."""
    return (
        resultat.heures_pico,
        resultat.etp_pico,
        resultat.arrondi,
        resultat.actuel,
        resultat.ecart,
        resultat.cout_milliemes,
    )


def en_unites(
    heures: int, calcule: int, arrondi: int, actuel: int, ecart: int, cout: int, *, cout_connu: bool
) -> MesuresEnUnites:
    """Sommes entières, dans l'ordre de SOMMES, en heures, ETP, personnes et unités monétaires."""
    return {
        "heures": etp(heures),
        "etp_calcule": etp(calcule),
        "etp_arrondi": arrondi / 10,
        "etp_actuel": actuel / 10,
        "ecart": ecart / 10,
        "cout_mensuel": cout / 1000 if cout_connu else None,
        "cout_annuel": cout * 12 / 1000 if cout_connu else None,
    }


def etp(pico: SupportsInt) -> float:
    """10⁻¹² h ou ETP → heures ou ETP."""
    return int(pico) / PICO
