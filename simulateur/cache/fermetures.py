"""Fermer partout les sessions d'un compte, et ses jetons si on le veut.

La base le dit, lue avec le compte : un cache qui tiendrait encore la session, ou en panne au moment du geste,
n'y change rien. Changer de mot de passe ferme déjà les autres sessions, Django y veille.
Voir docs/metier/effectifs.md#sessions.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from simulateur.models import Fermeture, Jeton
from simulateur.web.intergiciels import Suite

CLE = "fermetures"
FERMETURES = "fermetures_lues"


def avec_fermetures() -> dict[str, Subquery]:
    """Pour `annotate`, sur des comptes dont la clé est celle de la sous-requête."""
    siennes = Fermeture.objects.filter(pk=OuterRef("pk"))
    return {FERMETURES: Subquery(siennes.values("nombre"))}


def tout_fermer(compte: Any, *, jetons: bool) -> int:
    """Ferme toutes les sessions du compte, celle-ci comprise ; rend le nombre de jetons révoqués."""
    with transaction.atomic():
        Fermeture.objects.get_or_create(compte_id=compte.pk)
        Fermeture.objects.filter(pk=compte.pk).update(nombre=F("nombre") + 1)
        siens = Jeton.objects.filter(user_id=compte.pk)
        return siens.delete()[0] if jetons else 0


def _dater(request: HttpRequest, user: Any, **_: Any) -> None:
    """Une session dit après combien de fermetures elle s'est ouverte ; sans rien dire, aucune."""
    if nombre := Fermeture.objects.filter(pk=user.pk).values_list("nombre", flat=True).first():
        request.session[CLE] = nombre


def suivre_les_connexions() -> None:
    user_logged_in.connect(_dater, dispatch_uid=__name__)


class SessionsOuvertes:
    """Une session d'avant la dernière fermeture n'est plus celle de personne.

    Le compte ne se lit que si la page le demande : une sonde répond sans base, témoin de session ou non.
    """

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def __call__(self, request: HttpRequest) -> Any:
        compte: Any = request.user
        request.user = SimpleLazyObject(lambda: _encore_ouverte(request, compte))  # type: ignore[assignment]
        return self.suite(request)


def _encore_ouverte(request: HttpRequest, compte: Any) -> Any:
    fermee = compte.is_authenticated and request.session.get(CLE, 0) != (getattr(compte, FERMETURES, 0) or 0)
    return AnonymousUser() if fermee else compte
