"""Menu du site : les pages dont la route existe, et celle où l'on se trouve."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from simulateur.perms import peut_entrer_dans_l_admin, peut_lire_l_etat


def tout_compte(_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Entree:
    """Une page du menu. `adresse` est vide tant que la route `route` n'existe pas.

    Les pages qui se suivent sous un même `groupe` n'ont qu'un onglet au second niveau. `rang` : les plus
    petits d'abord dans la section. `pour` : la question de `perms` dont dépend la page.
    """

    libelle: str
    route: str
    pour: Callable[[Any], bool] = tout_compte
    groupe: str = ""
    rang: int = 0
    adresse: str = ""
    courante: str = ""


@dataclass(frozen=True)
class Groupe:
    """Un onglet du second niveau ; ses pages forment le troisième quand on y est et qu'il en a plusieurs."""

    libelle: str
    pages: tuple[Entree, ...]

    @property
    def adresse(self) -> str:
        return self.pages[0].adresse

    @property
    def courant(self) -> str:
        """La valeur d'aria-current : « page », « true » (on est plus bas) ou vide."""
        courantes = [page.courante for page in self.pages if page.courante]
        return "true" if courantes and len(self.pages) > 1 else "".join(courantes)


@dataclass(frozen=True)
class Section:
    """Une entrée du premier niveau ; ses groupes forment le second niveau quand on y est."""

    libelle: str
    pages: tuple[Entree, ...]
    ouverte: bool = False

    @property
    def adresse(self) -> str:
        return self.pages[0].adresse

    @property
    def groupes(self) -> tuple[Groupe, ...]:
        suites = groupby(self.pages, key=lambda page: page.groupe or page.libelle)
        return tuple(Groupe(libelle, tuple(pages)) for libelle, pages in suites)

    @property
    def groupe_ouvert(self) -> Groupe | None:
        return next((groupe for groupe in self.groupes if groupe.courant), None)


# Celles du noyau viennent après celles que les applications déclarent.
DU_NOYAU = (
    Section("API", (Entree("API", "api-docs"), Entree("Mes jetons", "mes-jetons"))),
    Section(
        "Administration",
        (
            Entree("Administration", "admin:index", pour=peut_entrer_dans_l_admin),
            Entree("Diagnostic", "exploitation-diagnostic", pour=peut_lire_l_etat),
            Entree("Cache", "exploitation-cache", pour=peut_lire_l_etat),
        ),
    ),
)
_DECLAREES: dict[str, list[Entree]] = {}


def declarer(section: str, *entrees: Entree) -> None:
    """Ajoute ces pages à une section du menu ; à appeler dans `AppConfig.ready`.

    Une section paraît à la place de sa première déclaration, ses pages par rang puis dans l'ordre déclaré.
    """
    pages = _DECLAREES.setdefault(section, [])
    pages.extend(entree for entree in entrees if entree not in pages)


def sections() -> tuple[Section, ...]:
    """Toutes les sections, sans regarder qui demande."""
    declarees = (
        Section(libelle, tuple(sorted(pages, key=lambda page: page.rang)))
        for libelle, pages in _DECLAREES.items()
    )
    return (*declarees, *DU_NOYAU)


def adresse_si_existe(route: str, *arguments: object, **mots: object) -> str:
    """Adresse de la route, ou chaîne vide si elle n'est pas (encore) déclarée."""
    try:
        return reverse(route, args=arguments or None, kwargs=mots or None)
    except NoReverseMatch:
        return ""


def menu(request: HttpRequest) -> tuple[Section, ...]:
    """Sections visibles par l'utilisateur ; la page courante est celle du plus long préfixe."""
    visibles = [
        replace(section, pages=pages)
        for section in sections()
        if (pages := _pages_visibles(section, request.user))
    ]
    adresses = [page.adresse for section in visibles for page in section.pages]
    prefixes = [adresse for adresse in adresses if _est_sous(request.path, adresse)]
    active = max(prefixes, key=len, default="")
    return tuple(_situer(section, active, request.path) for section in visibles)


def _pages_visibles(section: Section, compte: Any) -> tuple[Entree, ...]:
    situees = (replace(page, adresse=adresse_si_existe(page.route)) for page in section.pages)
    return tuple(p for p in situees if p.adresse and p.pour(compte))


def _est_sous(chemin: str, adresse: str) -> bool:
    return chemin == adresse or chemin.startswith(adresse.rstrip("/") + "/")


def _situer(section: Section, active: str, chemin: str) -> Section:
    pages = tuple(
        replace(page, courante="page" if chemin == active else "true") if page.adresse == active else page
        for page in section.pages
    )
    return replace(section, pages=pages, ouverte=any(page.courante for page in pages))
