"""Pages mises en cache entières, par personne et par révision des données.

La clé de `cache_page` est l'adresse brute : elle est donc d'abord réécrite (paramètres connus, ordre fixe,
une seule écriture). Le préfixe porte la révision, le jour et le compte : une page d'avant un changement de
tirage ou de droits ne peut pas être resservie.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.cache import cache_page
from django.views.decorators.vary import vary_on_headers

from euromillions.lectures import histoire
from euromillions.lectures.familles import PREFIXE_PAGES
from simulateur.cache.donnees import disjoncteur

DUREE_S = 15 * 60
Vue = Callable[..., HttpResponse]


def page_de_statistiques(*parametres: str) -> Callable[[Vue], Vue]:
    """Met la vue en cache ; seuls ces paramètres d'adresse comptent, les autres sont ignorés.

    La vue reçoit la révision lue dans l'argument nommé `revision`.
    """

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def servir(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            revision = histoire.revision()
            normaliser(request, parametres)
            suite = wraps(vue)(lambda requete, *a, **o: vue(requete, *a, revision=revision, **o))
            if not _cachable(request):
                return suite(request, *args, **options)
            compte = f"{request.user.pk}-{int(request.user.is_staff)}"
            en_cache = cache_page(
                DUREE_S,
                cache="pages",
                key_prefix=f"{PREFIXE_PAGES}{revision}-{timezone.localdate()}-u{compte}",
            )(vary_on_headers("Cookie", "Authorization", "HX-Request")(suite))
            reponse = en_cache(request, *args, **options)
            # Le navigateur, lui, redemande toujours : il ne connaît pas la révision.
            reponse["Cache-Control"] = "private, no-cache"
            del reponse["Expires"]
            return reponse

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


def _cachable(request: HttpRequest) -> bool:
    """Pas de cache en panne ni de message à montrer une seule fois."""
    return not disjoncteur.ouvert("pages") and not len(messages.get_messages(request))
