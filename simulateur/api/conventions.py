"""Conventions communes des API : authentification, pagination, limites, corps lus."""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import exceptions, pagination, parsers, renderers, throttling
from rest_framework.authentication import TokenAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS

from simulateur.cache import droits, echecs, usages
from simulateur.cache.donnees import compter
from simulateur.langue.citation import citer
from simulateur.models import Jeton
from simulateur.web.adresse import adresse_du_client

JETONS_MANQUES_MAX = 30  # d'une adresse, par quart d'heure
SANS_CHAMP = "non_field_errors"  # la clé de DRF pour une faute qui n'est celle d'aucun champ


class JetonInconnu(exceptions.AuthenticationFailed):
    """Personne ne l'a reçu : un oubli, ou quelqu'un qui devine."""


class AuthentificationJeton(TokenAuthentication):
    """`Authorization: Token …` ou `Bearer …` ; la base n'en garde que l'empreinte.

    Ni la lecture ni la forme de l'en-tête n'ont changé : seul le jeton cherché est un autre.
    """

    model = Jeton

    def authenticate(self, request: Any) -> Any:
        entete = request.META.get("HTTP_AUTHORIZATION", "")
        self.keyword = "Bearer" if entete.lower().startswith("bearer ") else "Token"
        try:
            lu = super().authenticate(request)
        except JetonInconnu:
            # Un bon jeton passe toujours : qui partage l'adresse d'un curieux n'y perd rien.
            if echecs.noter("jetons", adresse_du_client(request)) > JETONS_MANQUES_MAX:
                raise exceptions.Throttled(echecs.FENETRE_S) from None
            raise
        if lu is not None:
            self._verifier_la_portee(lu[1], request)
            usages.noter(lu[1])
        return lu

    def _verifier_la_portee(self, jeton: Jeton, request: Any) -> None:
        """Ici, avant toute vue : aucune ne peut l'oublier."""
        if jeton.lecture_seule and request.method not in SAFE_METHODS:
            raise exceptions.PermissionDenied(
                f"Ce jeton est en lecture seule : {request.method} demande un jeton en lecture et écriture."
            )

    def authenticate_credentials(self, key: str) -> Any:
        """Comme DRF ; ce qui décide des droits du compte est lu de la même requête."""
        jetons = Jeton.objects.du_secret(key).select_related("user").annotate(**droits.avec_revision())
        jeton = jetons.first()
        if jeton is None:
            raise JetonInconnu("Jeton inconnu.")
        if jeton.expire:
            raise exceptions.AuthenticationFailed("Ce jeton a expiré : en créer un autre.")
        if not jeton.user.is_active:
            raise exceptions.AuthenticationFailed("Ce compte est désactivé.")
        setattr(jeton.user, droits.REVISION, getattr(jeton, droits.REVISION))
        return jeton.user, jeton

    def authenticate_header(self, request: Any) -> str:
        return "Token"


class RenduEchappe(renderers.JSONRenderer):
    ensure_ascii = True


class RenduJson(renderers.JSONRenderer):
    """Un demi-caractère reçu et cité dans un refus se rend échappé, comme il est venu."""

    def render(self, *arguments: Any, **options: Any) -> bytes:
        try:
            rendu: bytes = super().render(*arguments, **options)
        except UnicodeEncodeError:
            rendu = RenduEchappe().render(*arguments, **options)
        return rendu


class ToujoursJson(DefaultContentNegotiation):
    """L'API répond en JSON, quoi que dise `Accept` ; `?format=` est un paramètre comme un autre."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Pagination(pagination.PageNumberPagination):
    """`{count, next, previous, results}` ; `?page=` et `?page_size=` (500 au plus, plus vaut 500)."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_size(self, request: Any) -> int:
        """Lève ValidationError là où DRF prendrait sa taille par défaut sans le dire."""
        for brut in request.query_params.getlist(self.page_size_query_param):
            if brut and not (brut.isascii() and brut.isdecimal() and brut.strip("0")):
                phrase = f"« {citer(brut)} » n'est pas un nombre de lignes : de 1 à {self.max_page_size}."
                raise exceptions.ValidationError({self.page_size_query_param: [phrase]})
        return super().get_page_size(request) or self.page_size

    def get_schema_operation_parameters(self, view: Any) -> Any:
        parametres = super().get_schema_operation_parameters(view)
        for parametre in parametres:
            parametre["schema"]["minimum"] = 1
        return parametres


class LignesComptees:
    """Des lignes à paginer dont le nombre se compte à part : sans leurs jointures, ou lu d'un cache."""

    def __init__(self, lignes: "QuerySet[Any]", compter: Callable[[], int]) -> None:
        self._lignes, self._compter = lignes, compter

    def count(self) -> int:
        return self._compter()

    def __getitem__(self, tranche: slice) -> "QuerySet[Any]":
        return self._lignes[tranche]


class LimiteParFenetre(throttling.SimpleRateThrottle):
    """N appels par fenêtre d'horloge (minute, heure…) : un compteur exact, un aller-retour du cache.

    2N appels peuvent se suivre autour d'un changement de fenêtre. Cache en panne : l'appel passe.
    """

    num_requests: int
    duration: int
    reste_s = 0.0

    def allow_request(self, request: Any, view: Any) -> bool:
        cle = None if self.rate is None else self.get_cache_key(request, view)
        if cle is None:
            return True
        fenetre, ecoule = divmod(self.timer(), self.duration)
        self.reste_s = self.duration - ecoule
        appels = compter(f"{cle}:{int(fenetre)}", duree_s=self.duration)
        return appels is None or appels <= self.num_requests

    def wait(self) -> float:
        """Secondes avant la fenêtre suivante (l'en-tête Retry-After d'un 429)."""
        return self.reste_s


class LimiteUtilisateur(LimiteParFenetre, throttling.UserRateThrottle):
    scope = "utilisateur"


class LimiteAnonyme(LimiteParFenetre, throttling.AnonRateThrottle):
    scope = "anonyme"


class AnalyseurJson(parsers.JSONParser):
    """Du JSON strict ; des niveaux imbriqués par milliers sont un mauvais corps, pas une panne."""

    def parse(self, *args: Any, **options: Any) -> Any:
        try:
            return super().parse(*args, **options)
        except RecursionError:
            raise exceptions.ParseError("Corps JSON trop imbriqué.") from None
        except exceptions.ParseError as erreur:
            raise exceptions.ParseError(_phrase_json(erreur.__cause__ or erreur.__context__)) from None


def _phrase_json(cause: BaseException | None) -> str:
    """Où le JSON est illisible, en français."""
    if isinstance(cause, json.JSONDecodeError):
        return f"Corps JSON illisible à la ligne {cause.lineno}, colonne {cause.colno}."
    if isinstance(cause, UnicodeDecodeError):
        return "Corps illisible : du JSON en UTF-8 est attendu."
    if "Out of range float" in str(cause):
        return "Corps JSON illisible : NaN et Infinity ne sont pas des nombres."
    return "Corps JSON illisible."


class Conflit(exceptions.APIException):
    status_code = 409
    default_detail = "La demande contredit l'état actuel."
    default_code = "conflit"


def phrase_de_validation(detail: Any) -> str:
    """Une erreur de validation en une phrase : « champ : raison ; champ : raison »."""
    if not isinstance(detail, dict):
        return _premiere_phrase(detail)
    return " ; ".join(
        _premiere_phrase(messages) if champ == SANS_CHAMP else f"{champ} : {_premiere_phrase(messages)}"
        for champ, messages in detail.items()
    )


def _premiere_phrase(messages: Any) -> str:
    while isinstance(messages, list | dict) and messages:
        messages = next(iter(messages.values())) if isinstance(messages, dict) else messages[0]
    return str(messages)
