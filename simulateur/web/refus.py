"""Une demande refusée : le domaine le dit, chaque façade le traduit en un seul endroit.

L'API : son traducteur d'erreurs (`statut`, phrases). Les pages : `refus_en_message`. Les commandes :
`refus_de_commande`. Le domaine ne connaît ainsi ni l'API, ni les pages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.management.base import CommandError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

SANS_CHAMP = "detail"  # la faute n'est celle d'aucun champ

Page = Callable[..., HttpResponse]


class Refus(Exception):
    """L'état des données interdit ce qui est demandé. `str()` est la phrase montrée à l'utilisateur."""

    statut = 409

    @property
    def phrases(self) -> list[str]:
        """Ce qui est montré, une phrase par faute."""
        return [str(self)]


class SaisieRefusee(Refus):
    """Des champs de la demande sont fautifs.

    `champs` : {nom du champ : ses phrases}, par exemple {"annee": ["« x » n'est pas un nombre entier."]} ;
    sous la clé `SANS_CHAMP`, ce qui n'est la faute d'aucun champ.
    """

    statut = 400

    def __init__(self, champs: Mapping[str, Sequence[str]]) -> None:
        self.champs: dict[str, list[str]] = {champ: list(phrases) for champ, phrases in champs.items()}
        super().__init__(" ; ".join(self.phrases))

    @property
    def phrases(self) -> list[str]:
        """« champ : phrase » de chaque champ fautif, la première de chacun."""
        return [
            phrases[0] if champ == SANS_CHAMP else f"{champ} : {phrases[0]}"
            for champ, phrases in self.champs.items()
        ]


class DejaPris(SaisieRefusee):
    """Une autre ligne porte déjà cette valeur, qui doit être unique."""

    statut = 409


def refus_en_message(vers: str) -> Callable[[Page], Page]:
    """Page qui agit puis renvoie ailleurs : refusée, elle dit pourquoi et renvoie à la route `vers`.

    `vers` attend les mêmes arguments que la page. Une saisie fautive est une erreur, le reste une mise en
    garde.
    """

    def decorer(page: Page) -> Page:
        @wraps(page)
        def decoree(request: HttpRequest, *args: Any, **arguments: Any) -> HttpResponse:
            try:
                return page(request, *args, **arguments)
            except Refus as refus:
                niveau = messages.ERROR if isinstance(refus, SaisieRefusee) else messages.WARNING
                messages.add_message(request, niveau, " ".join(refus.phrases))
                return redirect(vers, *args, **arguments)

        return decoree

    return decorer


@contextmanager
def refus_de_commande() -> Iterator[None]:
    """CommandError à la place d'un refus, une faute par ligne."""
    try:
        yield
    except Refus as refus:
        raise CommandError("\n".join(refus.phrases)) from None
