"""Lecture stricte de l'environnement : une valeur fausse arrête le démarrage avec une phrase claire."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

VRAI = {"1", "true", "vrai", "oui", "on", "yes"}
FAUX = {"0", "false", "faux", "non", "off", "no", ""}


def texte(nom: str, defaut: str | None = None) -> str:
    """Valeur de la variable, ou `defaut` ; ImproperlyConfigured si elle manque et n'a pas de défaut."""
    valeur = os.environ.get(nom, "").strip()
    if valeur:
        return valeur
    if defaut is None:
        raise ImproperlyConfigured(f"La variable {nom} est obligatoire dans ce mode et elle est vide.")
    return defaut


def booleen(nom: str, defaut: bool) -> bool:
    valeur = os.environ.get(nom)
    if valeur is None:
        return defaut
    if valeur.strip().lower() in VRAI:
        return True
    if valeur.strip().lower() in FAUX:
        return False
    raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : écrire 1 ou 0, true ou false, oui ou non.")


def entier(nom: str, defaut: int, *, minimum: int, maximum: int) -> int:
    brut = os.environ.get(nom, "").strip()
    if not brut:
        return defaut
    try:
        valeur = int(brut)
    except ValueError:
        raise ImproperlyConfigured(f"{nom} vaut « {brut} » : un nombre entier est attendu.") from None
    if not minimum <= valeur <= maximum:
        raise ImproperlyConfigured(f"{nom} vaut {valeur} : la valeur doit être entre {minimum} et {maximum}.")
    return valeur


def entier_ou_rien(nom: str, *, minimum: int, maximum: int) -> int | None:
    if not os.environ.get(nom, "").strip():
        return None
    return entier(nom, 0, minimum=minimum, maximum=maximum)


def liste(nom: str, defaut: list[str]) -> list[str]:
    brut = os.environ.get(nom, "").strip()
    return [morceau.strip() for morceau in brut.split(",") if morceau.strip()] if brut else defaut


def choix(nom: str, defaut: str, permis: tuple[str, ...]) -> str:
    valeur = os.environ.get(nom, "").strip() or defaut
    if valeur not in permis:
        raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : choisir parmi {', '.join(permis)}.")
    return valeur


def fuseau(nom: str, defaut: str) -> str:
    valeur = os.environ.get(nom, "").strip() or defaut
    try:
        ZoneInfo(valeur)
    except (KeyError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"{nom} vaut « {valeur} » : ce fuseau horaire n'existe pas (exemple : Europe/Paris)."
        ) from None
    return valeur


def adresse_https(nom: str) -> str:
    """Adresse https:// complète, ou chaîne vide si la variable est vide."""
    valeur = os.environ.get(nom, "").strip()
    if not valeur:
        return ""
    try:
        morceaux = urlsplit(valeur)
        port_lisible = morceaux.port is None or morceaux.port > 0
    except ValueError:
        port_lisible = False
    if not port_lisible or morceaux.scheme != "https" or not morceaux.hostname or morceaux.username:
        # La valeur n'est pas répétée : elle peut porter un mot de passe.
        raise ImproperlyConfigured(
            f"{nom} : une adresse https://hôte/chemin, sans identifiant, est attendue."
        )
    return valeur


def base_de_donnees(url: str) -> dict[str, Any]:
    """Réglage DATABASES pour une adresse `postgres://…` ou `sqlite:///chemin`."""
    schema = url.split(":", 1)[0]
    if schema not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL commence par « {schema} » : seuls postgres:// et sqlite:/// sont servis."
        )
    try:
        _ = urlsplit(url).port
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError:
        raise ImproperlyConfigured(
            "DATABASE_URL est mal formée : postgres://nom:mot@hôte:5432/base."
        ) from None
    if schema == "sqlite":
        if config.get("NAME") in ("", None, ":memory:"):
            raise ImproperlyConfigured(
                "DATABASE_URL sqlite:/// doit donner le chemin du fichier (plusieurs processus l'ouvrent)."
            )
        # WAL + IMMEDIATE + attente : sans cela, des écrivains simultanés se refusent l'un l'autre.
        config["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32000;",
        }
    elif not config.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL ne donne pas le nom de la base (postgres://hôte/base).")
    return config


def cache_redis(url: str) -> str:
    """Vérifie REDIS_URL et la rend ; les alias y ajoutent chacun leur numéro de base."""
    morceaux = urlsplit(url)
    if morceaux.scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(
            f"REDIS_URL commence par « {morceaux.scheme} » : attendu redis://hôte:port, rediss:// ou "
            "unix:///chemin."
        )
    try:
        _ = morceaux.port
    except ValueError:
        raise ImproperlyConfigured("Le port de REDIS_URL doit être un nombre de 1 à 65535.") from None
    if not _base_redis(url).isdecimal():
        raise ImproperlyConfigured(
            f"REDIS_URL désigne la base « {_base_redis(url)} » : un numéro est attendu (redis://hôte:6379/0)."
        )
    return url


def redis_avec_base(url: str, decalage: int) -> str:
    """Même serveur, base décalée de `decalage`.

    Les réserves de connexions de django-redis ont pour seule clé l'adresse : deux alias à la même
    adresse partageraient leurs réglages. Chaque alias reçoit donc une adresse différente. Le numéro
    s'écrit en `db=` : c'est lui que redis-py préfère quand l'adresse en donne deux.
    """
    morceaux = urlsplit(url)
    options = [(nom, valeur) for nom, valeur in parse_qsl(morceaux.query) if nom != "db"]
    requete = urlencode([*options, ("db", int(_base_redis(url)) + decalage)])
    # urlunsplit rendrait « unix:/chemin » : redis-py exige les trois barres.
    chemin = morceaux.path if morceaux.scheme == "unix" else ""
    return f"{morceaux.scheme}://{morceaux.netloc}{chemin}?{requete}"


def _base_redis(url: str) -> str:
    morceaux = urlsplit(url)
    dans_le_chemin = "" if morceaux.scheme == "unix" else morceaux.path.strip("/")
    return dict(parse_qsl(morceaux.query)).get("db") or dans_le_chemin or "0"


def limite(nom: str, defaut: str) -> str:
    """Limite d'appels « nombre/période », la période étant s, min, h ou jour (écrite « day » pour DRF)."""
    brut = os.environ.get(nom, "").strip() or defaut
    trouve = re.fullmatch(r"([1-9]\d*)/(s|sec|min|h|hour|d|day|jour)", brut)
    if trouve is None:
        raise ImproperlyConfigured(f"{nom} vaut « {brut} » : écrire par exemple 60/min, 10/s ou 5000/h.")
    return f"{trouve[1]}/{trouve[2].replace('jour', 'day')}"


def cle_secrete_locale(dossier: Path) -> str:
    """Clé secrète du mode embarqué, tirée au premier démarrage et gardée hors du dépôt (droits 600)."""
    chemin = dossier / "cle_secrete"
    try:
        return chemin.read_text().strip()
    except FileNotFoundError:
        pass
    dossier.mkdir(parents=True, exist_ok=True)
    cle = secrets.token_urlsafe(50)
    try:
        descripteur = os.open(chemin, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return chemin.read_text().strip()
    with os.fdopen(descripteur, "w") as fichier:
        fichier.write(cle)
    return cle
