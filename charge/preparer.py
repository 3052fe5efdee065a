"""Ce que trouvent les gens à leur arrivée : des comptes ouverts, un réseau, des simulations finies.

Lancé par `charge.__main__` avec les réglages de production ; écrit en JSON ce que le scénario doit savoir.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from referentiels.models import Centre, Direction, Perimetre  # noqa: E402
from simulateur.models import Jeton  # noqa: E402
from simulateur.travaux import machine  # noqa: E402
from simulations.calculs.lancement import lancer  # noqa: E402
from simulations.demandes.demande import lire_demande  # noqa: E402

GROUPES = ("Planificateur", "Lecteur des coûts")


def comptes(nombre: int) -> list[dict[str, str]]:
    """Une personne par utilisateur simulé, déjà connectée, avec son jeton d'API."""
    modele = get_user_model()
    sans_mot_de_passe = make_password(None)
    groupes = Group.objects.filter(name__in=GROUPES)
    ouverts = []
    for rang in range(nombre):
        compte, _ = modele.objects.get_or_create(
            username=f"charge-{rang}", defaults={"password": sans_mot_de_passe}
        )
        compte.groups.set(groupes)
        Perimetre.objects.get_or_create(compte=compte, direction=None)
        Jeton.objects.de(compte).delete()
        _, secret = Jeton.objects.emettre(compte, nom="charge", portee="ecriture", duree_jours=1)
        ouverts.append({"session": _session(compte), "jeton": secret, **_csrf()})
    return ouverts


def _session(compte: Any) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(compte.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
    session["_auth_user_hash"] = compte.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _csrf() -> dict[str, str]:
    demande = RequestFactory().get("/")
    masque = get_token(demande)
    return {"csrf": demande.META["CSRF_COOKIE"], "csrf_masque": masque}


def simulations(demandeur: Any) -> dict[str, list[str]]:
    """Une simulation finie du pays, une de chaque direction."""
    cibles: list[dict[str, Any]] = [{"niveau": "national"}]
    cibles += [{"niveau": "direction", "direction": d} for d in _directions()]
    finies = [_calculer(demandeur, cible) for cible in cibles]
    return {"nationales": finies[:1], "de_direction": finies[1:]}


def _calculer(demandeur: Any, cible: dict[str, Any]) -> str:
    lancee = lancer(demande=lire_demande({}), demandeur=demandeur, **cible)
    etat = machine.executer(lancee._meta.label, str(lancee.pk))
    if etat != "terminee":
        raise SystemExit(f"{lancee} : {etat}")
    return str(lancee.pk)


def _directions() -> list[Direction]:
    return list(Direction.objects.filter(centres__isnull=False).distinct())


def preparer(nombre: int) -> dict[str, Any]:
    ouverts = comptes(nombre)
    demandeur = get_user_model().objects.get(username="charge-0")
    return {
        "comptes": ouverts,
        "directions": [direction.pk for direction in _directions()],
        "centres": list(Centre.objects.order_by("pk").values_list("pk", flat=True)),
        **simulations(demandeur),
    }


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(preparer(int(sys.argv[1]))), encoding="utf-8")
