"""L'accès à tout un métier : la question que chaque application pose avant la première ligne de ses vues.

Une vue neuve y est soumise sans rien déclarer. L'admin pose ses propres questions, modèle par modèle.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from simulateur.web.intergiciels import Suite

Question = Callable[[Any], bool]
Pourquoi = Callable[[Any], str]
_QUESTIONS: dict[str, tuple[Question, Pourquoi | None]] = {}


def declarer(application: str, question: Question, pourquoi: Pourquoi | None = None) -> None:
    """À appeler dans `AppConfig.ready` : qui n'y répond pas n'entre dans aucune vue de cette application.

    `pourquoi(compte)` : la phrase du refus, vide quand celle de tout refus suffit.
    """
    _QUESTIONS[application] = (question, pourquoi)


def verifier(module: str, compte: Any) -> None:
    """PermissionDenied, avec sa phrase s'il y en a une, si cette vue n'est pas ouverte à ce compte."""
    question, pourquoi = _QUESTIONS.get(module.partition(".")[0], (None, None))
    if question is None or question(compte):
        return
    phrase = pourquoi(compte) if pourquoi is not None else ""
    raise PermissionDenied(*filter(None, [phrase]))


class AccesAuMetier:
    """Les pages ; l'API, qui connaît son compte plus tard, pose la même question dans `VueApi`."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> Any:
        return self.suite(request)

    def process_view(self, request: HttpRequest, vue: Any, _args: Any, _options: Any) -> None:
        du_site = ".admin" not in vue.__module__ and not hasattr(vue, "cls")
        if du_site and request.user.is_authenticated:
            verifier(vue.__module__, request.user)
