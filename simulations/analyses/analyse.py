"""Ce qu'est une analyse : un nom, des options bornées et un calcul. `registre` les range."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulations.demandes import options
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation

Corps = dict[str, Any]  # la réponse JSON d'une analyse
Donnees = Mapping[str, Any]  # l'adresse d'une page ou de l'API, ou les options d'une commande


@dataclass(frozen=True)
class Option:
    """Une option : lue bornée de la demande, décrite dans l'API.

    `nom` : dans la demande ; `argument` : celui du calcul.
    """

    nom: str
    type: type
    phrase: str
    lire: Callable[[Donnees, Simulation], Any]
    argument: str
    choix: tuple[str, ...] | None = None
    bornes: tuple[float, float] | None = None


def option_entiere(nom: str, phrase: str, *, defaut: int, minimum: int, maximum: int) -> Option:
    def lire(donnees: Donnees, _: Simulation) -> int:
        return options.entier(donnees, nom, defaut=defaut, minimum=minimum, maximum=maximum)

    return Option(nom, int, phrase, lire, nom, bornes=(minimum, maximum))


def option_nombre(nom: str, phrase: str, *, defaut: float, minimum: float, maximum: float) -> Option:
    def lire(donnees: Donnees, _: Simulation) -> float:
        return options.nombre(donnees, nom, defaut=defaut, minimum=minimum, maximum=maximum)

    return Option(nom, float, phrase, lire, nom, bornes=(minimum, maximum))


def option_choix(nom: str, phrase: str, permis: Sequence[str]) -> Option:
    """Le premier des choix permis est celui par défaut."""

    def lire(donnees: Donnees, _: Simulation) -> str:
        return options.choix(donnees, nom, permis, defaut=permis[0])

    return Option(nom, str, phrase, lire, nom, tuple(permis))


def option_booleenne(nom: str, phrase: str, *, defaut: bool, argument: str) -> Option:
    def lire(donnees: Donnees, _: Simulation) -> bool:
        return options.booleen(donnees, nom, defaut=defaut)

    return Option(nom, bool, phrase, lire, argument)


@dataclass(frozen=True)
class Analyse:
    """`code` : dans les adresses, les noms de routes, la commande et le nom du gabarit.

    `libelle` : son onglet ; `phrase` : sa description dans l'API ; `calcul` : (simulation, périmètre, options
    par leur argument) → corps JSON ; `a_niveaux` : ses lignes suivent le niveau demandé.
    """

    code: str
    libelle: str
    phrase: str
    calcul: Callable[..., Corps]
    options: tuple[Option, ...] = ()
    a_niveaux: bool = True

    @property
    def gabarit(self) -> str:
        return f"simulations/analyses/{self.code}.html"

    def analyser(self, donnees: Donnees, simulation: Simulation, perimetre: Perimetre) -> Corps:
        """Le corps de la réponse ; lève ce que lèvent la lecture des options et le calcul."""
        lues = {option.argument: option.lire(donnees, simulation) for option in self.options}
        return self.calcul(simulation, perimetre, **lues)
