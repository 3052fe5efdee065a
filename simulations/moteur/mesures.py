"""Les six mesures sommables d'un résultat : leurs noms en base, leurs colonnes, leur somme, leur écriture."""

from dataclasses import dataclass, fields
from operator import add, attrgetter
from typing import Any, Self, SupportsInt, TypedDict

import numpy as np
from numpy.typing import NDArray

from simulations.moteur import Resultat
from simulations.moteur.calcul import DECISIONS, PICO, decider, remarque
from simulations.moteur.carte import Entiers
from simulations.moteur.regles import Seuils

SOMMES = (
    "heures_pico",
    "etp_pico",
    "arrondi_dixiemes",
    "actuel_dixiemes",
    "ecart_dixiemes",
    "cout_milliemes",
)


class MesuresEnBref(TypedDict):
    """Ce qu'un résumé dit d'une ligne ou d'un total. Coût : None sans salaire connu."""

    etp_calcule: float
    etp_arrondi: float
    etp_actuel: float
    ecart: float
    cout_mensuel: float | None


class MesuresEnUnites(MesuresEnBref):
    """Toutes les mesures, telles que l'API les écrit."""

    heures: float
    cout_annuel: float | None


class Jugement(TypedDict):
    """La décision d'une ligne ; `remarque` : pourquoi l'écart la contredit, vide sinon."""

    decision: str
    remarque: str


class Difference(TypedDict):
    """Ce qui change d'un mode, ou d'un état, à un autre."""

    difference_etp: float
    difference_ecart: float


@dataclass(frozen=True)
class Sommes:
    """Les mesures d'un poste ou de plusieurs, en entiers exacts.

    `sans_prix` : combien d'écarts n'ont pas de salaire pour les chiffrer ; un seul rend le coût inconnu.
    """

    heures_pico: int = 0
    etp_pico: int = 0
    arrondi_dixiemes: int = 0
    actuel_dixiemes: int = 0
    ecart_dixiemes: int = 0
    cout_milliemes: int = 0
    sans_prix: int = 0

    @classmethod
    def depuis(cls, valeurs: NDArray[np.int64]) -> Self:
        """Une ligne de `colonnes_et_prix`, ou leur somme."""
        return cls(*valeurs.tolist())

    @classmethod
    def de(cls, ligne: Any) -> Self:
        """Une ligne de résultat gardée en base, ou une simulation."""
        return cls(*[*(getattr(ligne, champ) for champ in SOMMES), int(not ligne.cout_connu)])

    @classmethod
    def du_resultat(cls, resultat: Resultat) -> Self:
        """Le total de tous les postes."""
        return cls.depuis(colonnes_et_prix(resultat).sum(axis=0))

    @classmethod
    def du_poste(cls, resultat: Resultat, rang: int) -> Self:
        """Un poste seul : son coût n'est connu que si son salaire l'est, même sans écart."""
        valeurs = (int(colonne[rang]) for colonne in colonnes(resultat))
        return cls(*[*valeurs, int(not resultat.cout_connu[rang])])

    def __add__(self, autre: "Sommes") -> "Sommes":
        return Sommes(*map(add, _VALEURS(self), _VALEURS(autre)))

    @property
    def cout(self) -> int | None:
        """Millièmes par mois ; None quand un salaire manque."""
        return None if self.sans_prix else self.cout_milliemes

    def jugees(self, seuils: Seuils) -> "Jugement":
        """La décision que ces sommes commandent, par la règle même d'un poste."""
        entiers = (self.etp_pico, self.actuel_dixiemes, self.arrondi_dixiemes)
        etp_pico, actuel, arrondi = (np.array([entier], dtype=np.int64) for entier in entiers)
        return self.avec_la_decision(DECISIONS[int(decider(etp_pico, actuel, arrondi, seuils)[0])])

    def avec_la_decision(self, decision: str) -> "Jugement":
        """Cette décision, et la remarque si l'écart la contredit."""
        entiers = (self.etp_pico, self.actuel_dixiemes, self.arrondi_dixiemes)
        return {"decision": decision, "remarque": remarque(decision, *entiers)}

    def en_bref(self) -> MesuresEnBref:
        """En ETP, personnes et unités monétaires."""
        return {
            "etp_calcule": etp(self.etp_pico),
            "etp_arrondi": self.arrondi_dixiemes / 10,
            "etp_actuel": self.actuel_dixiemes / 10,
            "ecart": self.ecart_dixiemes / 10,
            "cout_mensuel": None if self.cout is None else self.cout / 1000,
        }

    def en_unites(self) -> MesuresEnUnites:
        """Les mêmes, et les heures et le coût annuel."""
        return {
            "heures": etp(self.heures_pico),
            **self.en_bref(),
            "cout_annuel": None if self.cout is None else self.cout * 12 / 1000,
        }

    def difference(self, depart: "Sommes") -> Difference:
        """Ce qui change depuis `depart`."""
        return {
            "difference_etp": etp(self.etp_pico - depart.etp_pico),
            "difference_ecart": (self.ecart_dixiemes - depart.ecart_dixiemes) / 10,
        }


NOMBRE = len(fields(Sommes))
_VALEURS = attrgetter(*(champ.name for champ in fields(Sommes)))


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


def colonnes_et_prix(resultat: Resultat) -> NDArray[np.int64]:
    """(postes × NOMBRE) entiers exacts, dans l'ordre des champs de Sommes."""
    return np.column_stack([*colonnes(resultat), resultat.sans_prix]).astype(np.int64)


def etp(pico: SupportsInt) -> float:
    """10⁻¹² h ou ETP → heures ou ETP."""
    return int(pico) / PICO
