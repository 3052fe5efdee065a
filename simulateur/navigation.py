"""Menu du site : les pages dont la route existe, et celle où l'on se trouve."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entree:
    """Une page du menu. `adresse` est vide tant que la route `route` n'existe pas."""

    libelle: str
    route: str
    reservee_au_personnel: bool = False
    adresse: str = ""
    courante: str = ""


@dataclass(frozen=True)
class Section:
    """Une entrée du premier niveau ; ses pages forment le second niveau quand on y est."""

    libelle: str
    pages: tuple[Entree, ...]
    ouverte: bool = False

    @property
    def adresse(self) -> str:
        return self.pages[0].adresse


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
            Entree("Tirages", "euromillions:tirages"),
            Entree("Fréquences", "euromillions:frequences"),
            Entree("Écarts", "euromillions:ecarts"),
            Entree("Combinaisons", "euromillions:combinaisons"),
            Entree("Répartitions", "euromillions:repartitions"),
            Entree("Uniformité", "euromillions:uniformite"),
            Entree("Chances et gains", "euromillions:gains"),
            Entree("Mes grilles", "euromillions:grilles"),
            Entree("Précision", "euromillions:precision"),
            Entree("Backtest", "euromillions:backtests"),
            Entree("Heuristiques", "euromillions:heuristiques"),
            Entree("Noter une grille", "euromillions:noter"),
            Entree("Vérificateur", "euromillions:verificateur"),
            Entree("Rapports", "euromillions:rapports"),
            Entree("Performance", "euromillions:performance"),
            Entree("Imports", "euromillions-imports:liste", reservee_au_personnel=True),
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
