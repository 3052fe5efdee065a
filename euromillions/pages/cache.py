"""Les pages de statistiques sont gardées sous la révision des tirages.

L'adresse est d'abord réécrite (paramètres connus, ordre fixe, une seule écriture) : deux écritures de la même
demande sont la même page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict

from euromillions.lectures import histoire
from simulateur.pages import gardees

Vue = Callable[..., HttpResponse]


def page_de_statistiques(*parametres: str) -> Callable[[Vue], Vue]:
    """Garde la page de la vue ; seuls ces paramètres d'adresse comptent, les autres sont ignorés.

    La vue reçoit la révision lue dans l'argument nommé `revision`.
    """

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def servir(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            revision = histoire.revision()
            normaliser(request, parametres)
            return gardees.servir(
                request, lambda: [revision], lambda: vue(request, *args, revision=revision, **options)
            )

        return servir

    return decorer


def normaliser(request: HttpRequest, parametres: tuple[str, ...]) -> None:
    """Réécrit la chaîne de requête : paramètres connus et renseignés, dans leur ordre, sans espaces."""
    gardes = [
        (nom, valeur.strip())
        for nom in parametres
        for valeur in request.GET.getlist(nom)[-1:]
        if valeur.strip()
    ]
    chaine = urlencode(gardes)
    request.META["QUERY_STRING"] = chaine
    request.GET = QueryDict(chaine)
