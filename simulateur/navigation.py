"""Menu du site : les pages dont la route existe, et celle où l'on se trouve."""

from dataclasses import dataclass, replace
from itertools import groupby

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entree:
    """Une page du menu. `adresse` est vide tant que la route `route` n'existe pas.

    Les pages qui se suivent sous un même `groupe` n'ont qu'un onglet au second niveau.
    """

    libelle: str
    route: str
    reservee_au_personnel: bool = False
    groupe: str = ""
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


SECTIONS = (
    Section(
        "Effectifs",
        (
            Entree("Directions", "simulations:directions"),
            Entree("Ensemble du réseau", "simulations:nationale"),
            Entree("Lot de centres", "simulations:lot"),
            Entree("Simulations", "simulations:liste"),
            Entree("Scénarios", "simulations:scenarios"),
            Entree("Comparer", "simulations:comparer"),
            Entree("Couverture", "simulations:couverture"),
            Entree("Imports", "referentiels:imports", reservee_au_personnel=True),
        ),
    ),
    Section(
        "EuroMillions",
        (
            Entree("Vue d'ensemble", "euromillions:accueil"),
            Entree("Tous les tirages", "euromillions:tirages", groupe="Tirages"),
            Entree("Imports", "euromillions-imports:liste", reservee_au_personnel=True, groupe="Tirages"),
            Entree("Fréquences", "euromillions:frequences", groupe="Statistiques"),
            Entree("Écarts", "euromillions:ecarts", groupe="Statistiques"),
            Entree("Combinaisons", "euromillions:combinaisons", groupe="Statistiques"),
            Entree("Répartitions", "euromillions:repartitions", groupe="Statistiques"),
            Entree("Uniformité", "euromillions:uniformite", groupe="Statistiques"),
            Entree("Chances et gains", "euromillions:gains", groupe="Statistiques"),
            Entree("Mes grilles", "euromillions:grilles", groupe="Grilles"),
            Entree("Noter une grille", "euromillions:noter", groupe="Grilles"),
            Entree("Vérificateur", "euromillions:verificateur", groupe="Grilles"),
            Entree("Grilles jugées", "euromillions:precision", groupe="Précision"),
            Entree("Backtest", "euromillions:backtests", groupe="Précision"),
            Entree("Heuristiques", "euromillions:heuristiques", groupe="Précision"),
            Entree("Rapports de la semaine", "euromillions:rapports", groupe="Rapports"),
            Entree("Performance", "euromillions:performance", groupe="Rapports"),
        ),
    ),
    Section("API", (Entree("API", "api-docs"),)),
    Section("Administration", (Entree("Administration", "admin:index", reservee_au_personnel=True),)),
)


def adresse_si_existe(route: str, *arguments: object, **mots: object) -> str:
    """Adresse de la route, ou chaîne vide si elle n'est pas (encore) déclarée."""
    try:
        return reverse(route, args=arguments or None, kwargs=mots or None)
    except NoReverseMatch:
        return ""


def menu(request: HttpRequest) -> tuple[Section, ...]:
    """Sections visibles par l'utilisateur ; la page courante est celle du plus long préfixe."""
    du_personnel = bool(getattr(request.user, "is_staff", False))
    visibles = [
        replace(section, pages=pages)
        for section in SECTIONS
        if (pages := _pages_visibles(section, du_personnel))
    ]
    adresses = [page.adresse for section in visibles for page in section.pages]
    prefixes = [adresse for adresse in adresses if _est_sous(request.path, adresse)]
    active = max(prefixes, key=len, default="")
    return tuple(_situer(section, active, request.path) for section in visibles)


def _pages_visibles(section: Section, du_personnel: bool) -> tuple[Entree, ...]:
    situees = (replace(page, adresse=adresse_si_existe(page.route)) for page in section.pages)
    return tuple(p for p in situees if p.adresse and (du_personnel or not p.reservee_au_personnel))


def _est_sous(chemin: str, adresse: str) -> bool:
    return chemin == adresse or chemin.startswith(adresse.rstrip("/") + "/")


def _situer(section: Section, active: str, chemin: str) -> Section:
    pages = tuple(
        replace(page, courante="page" if chemin == active else "true") if page.adresse == active else page
        for page in section.pages
    )
    return replace(section, pages=pages, ouverte=any(page.courante for page in pages))
