"""Les sept mesures sommables d'un résultat : leurs noms en base, leurs colonnes, leur somme, leurs unités."""

from dataclasses import dataclass, fields
from operator import add, attrgetter
from typing import Any, Self, SupportsInt, TypedDict, overload

import numpy as np
from numpy.typing import NDArray

from simulations.moteur import Resultat
from simulations.moteur.arrondis import PERSONNE, PICO
from simulations.moteur.calcul import DECISIONS, decider, remarque
from simulations.moteur.carte import Entiers
from simulations.moteur.regles import Seuils

CENTIEME = PICO // PERSONNE  # 10⁻¹² ETP
UNITE_MONETAIRE = 10_000  # centièmes de personne × centimes
SOMMES = (
    "heures_pico",
    "etp_pico",
    "arrondi_centiemes",
    "actuel_centiemes",
    "ecart_centiemes",
    "a_pourvoir_centiemes",
    "cout_dix_milliemes",
)


class MesuresEnBref(TypedDict):
    """Ce qu'un résumé dit d'une ligne ou d'un total, pont compris (docs/metier/effectifs.md#pont).

    présent + `besoin_calcule` + `effet_arrondi` = arrondi, et `a_pourvoir` + `en_trop` (≤ 0) = `ecart`.
    Coût : None sans salaire connu.
    """

    etp_calcule: float
    etp_arrondi: float
    etp_actuel: float
    besoin_calcule: float
    effet_arrondi: float
    ecart: float
    a_pourvoir: float
    en_trop: float
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
    arrondi_centiemes: int = 0
    actuel_centiemes: int = 0
    ecart_centiemes: int = 0
    a_pourvoir_centiemes: int = 0
    cout_dix_milliemes: int = 0
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
        """Dix-millièmes par mois ; None quand un salaire manque."""
        return None if self.sans_prix else self.cout_dix_milliemes

    def jugees(self, seuils: Seuils) -> "Jugement":
        """La décision que ces sommes commandent, par la règle même d'un poste."""
        entiers = (self.etp_pico, self.actuel_centiemes, self.arrondi_centiemes)
        etp_pico, actuel, arrondi = (np.array([entier], dtype=np.int64) for entier in entiers)
        return self.avec_la_decision(DECISIONS[int(decider(etp_pico, actuel, arrondi, seuils)[0])])

    def avec_la_decision(self, decision: str) -> "Jugement":
        """Cette décision, et la remarque si l'écart la contredit."""
        entiers = (self.etp_pico, self.actuel_centiemes, self.arrondi_centiemes)
        return {"decision": decision, "remarque": remarque(decision, *entiers)}

    def en_bref(self) -> MesuresEnBref:
        """En ETP, personnes et unités monétaires."""
        return {
            "etp_calcule": etp(self.etp_pico),
            "etp_arrondi": en_personnes(self.arrondi_centiemes),
            "etp_actuel": en_personnes(self.actuel_centiemes),
            "besoin_calcule": etp(self.etp_pico - self.actuel_centiemes * CENTIEME),
            "effet_arrondi": etp(self.arrondi_centiemes * CENTIEME - self.etp_pico),
            "ecart": en_personnes(self.ecart_centiemes),
            "a_pourvoir": en_personnes(self.a_pourvoir_centiemes),
            "en_trop": en_personnes(self.ecart_centiemes - self.a_pourvoir_centiemes),
            "cout_mensuel": en_monnaie(self.cout),
        }

    def en_unites(self) -> MesuresEnUnites:
        """Les mêmes, et les heures et le coût annuel."""
        return {
            "heures": etp(self.heures_pico),
            **self.en_bref(),
            "cout_annuel": en_monnaie(None if self.cout is None else self.cout * 12),
        }

    def difference(self, depart: "Sommes") -> Difference:
        """Ce qui change depuis `depart`."""
        return {
            "difference_etp": etp(self.etp_pico - depart.etp_pico),
            "difference_ecart": en_personnes(self.ecart_centiemes - depart.ecart_centiemes),
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
        resultat.a_pourvoir,
        resultat.cout_dix_milliemes,
    )


def colonnes_et_prix(resultat: Resultat) -> NDArray[np.int64]:
    """(postes × NOMBRE) entiers exacts, dans l'ordre des champs de Sommes."""
    return np.column_stack([*colonnes(resultat), resultat.sans_prix]).astype(np.int64)


def en_personnes(centiemes: SupportsInt) -> float:
    """Centièmes de personne → personnes."""
    return int(centiemes) / PERSONNE


@overload
def en_monnaie(dix_milliemes: int) -> float: ...
@overload
def en_monnaie(dix_milliemes: int | None) -> float | None: ...
def en_monnaie(dix_milliemes: int | None) -> float | None:
    """Dix-millièmes d'unité monétaire → unités ; None reste inconnu."""
    return None if dix_milliemes is None else dix_milliemes / UNITE_MONETAIRE


def etp(pico: SupportsInt) -> float:
    """10⁻¹² h ou ETP → heures ou ETP."""
    return int(pico) / PICO
