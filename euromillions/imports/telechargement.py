"""Télécharger l'archive de l'opérateur : HTTPS seulement, même hôte, taille et durée bornées."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.conf import settings

from euromillions.imports.service import Fichier
from simulateur.fichiers.limites import FichierRefuse

REDIRECTIONS_MAX = 3
ATTENTE_MAX_S = 15.0
MORCEAU = 64 * 1024
ENTETES = {"Accept-Encoding": "identity", "User-Agent": "Simulateur"}
_REDIRECTIONS = (301, 302, 303, 307, 308)


class TelechargementRefuse(FichierRefuse):
    """L'archive n'a pas pu être prise ; `str()` est la phrase montrée."""


class TelechargementDesactive(TelechargementRefuse):
    """Aucune adresse n'est réglée."""

    def __init__(self) -> None:
        super().__init__("Téléchargement désactivé : TIRAGES_ARCHIVE_URL est vide.")


def telecharger() -> Fichier:
    """L'archive de l'adresse réglée. Lève TelechargementRefuse (désactivé, refus, délai, taille)."""
    if not settings.TIRAGES_ARCHIVE_URL:
        raise TelechargementDesactive
    return prendre(
        settings.TIRAGES_ARCHIVE_URL,
        autorite=settings.TIRAGES_ARCHIVE_CA,
        taille_max=settings.IMPORT_TAILLE_MAX_OCTETS,
        delai_s=settings.TIRAGES_ARCHIVE_DELAI_S,
    )


def prendre(adresse: str, *, autorite: str = "", taille_max: int, delai_s: float) -> Fichier:
    """Suit au plus REDIRECTIONS_MAX redirections, toutes en HTTPS sur le même hôte et le même port."""
    echeance = time.monotonic() + delai_s
    contexte = _contexte(autorite)
    morceaux = _verifier(adresse, None)
    for _ in range(REDIRECTIONS_MAX + 1):
        reponse = _demander(morceaux, contexte, echeance=echeance, taille_max=taille_max)
        if isinstance(reponse, bytes):
            return Fichier(_nom(morceaux), reponse)
        morceaux = _verifier(reponse, morceaux)
    raise TelechargementRefuse(f"Plus de {REDIRECTIONS_MAX} redirections : abandon.")


def _contexte(autorite: str) -> ssl.SSLContext:
    contexte = ssl.create_default_context()
    if not autorite:
        return contexte
    try:
        contexte.load_verify_locations(cafile=autorite)
    except (OSError, ssl.SSLError) as erreur:
        raise TelechargementRefuse("TIRAGES_ARCHIVE_CA n'est pas un fichier PEM lisible.") from erreur
    return contexte


def _verifier(adresse: str, origine: SplitResult | None) -> SplitResult:
    """L'adresse découpée ; relative, elle part de celle qui y renvoie (`origine`)."""
    try:
        morceaux = urlsplit(urljoin(origine.geturl(), adresse) if origine else adresse)
        hote, port = morceaux.hostname, morceaux.port or 443
    except ValueError:
        raise TelechargementRefuse("L'adresse de l'archive est mal écrite.") from None
    if morceaux.scheme != "https" or not hote or morceaux.username:
        raise TelechargementRefuse("L'archive ne se prend qu'en https://, sans identifiant dans l'adresse.")
    if origine is not None and (hote, port) != (origine.hostname, origine.port or 443):
        raise TelechargementRefuse(f"Redirection vers un autre hôte refusée ({hote[:100]}).")
    return morceaux


def _demander(
    morceaux: SplitResult, contexte: ssl.SSLContext, *, echeance: float, taille_max: int
) -> bytes | str:
    """Le contenu, ou l'adresse où le serveur renvoie."""
    connexion = http.client.HTTPSConnection(
        morceaux.hostname or "",
        morceaux.port or 443,
        timeout=max(0.1, min(ATTENTE_MAX_S, echeance - time.monotonic())),
        context=contexte,
    )
    chemin = (morceaux.path or "/") + (f"?{morceaux.query}" if morceaux.query else "")
    try:
        with _coupee_a(connexion, echeance):
            connexion.connect()
            # L'échéance passée avant que la prise n'existe n'a rien coupé : elle se revoit ici.
            if time.monotonic() >= echeance:
                raise TimeoutError
            connexion.request("GET", chemin, headers=ENTETES)
            # Une réponse sans longueur se détache de la connexion : il faut la fermer elle aussi.
            with connexion.getresponse() as reponse:
                if reponse.status in _REDIRECTIONS:
                    return reponse.headers.get("Location", "")
                return _contenu(reponse, echeance=echeance, taille_max=taille_max)
    except ssl.SSLCertVerificationError as erreur:
        raise TelechargementRefuse(
            f"Le certificat du serveur n'est pas reconnu ({erreur.verify_message})."
        ) from erreur
    except (OSError, http.client.HTTPException, ValueError) as erreur:
        if time.monotonic() >= echeance:
            raise TelechargementRefuse("Délai dépassé : le serveur est trop lent.") from erreur
        raise TelechargementRefuse(
            f"Le serveur ne répond pas comme prévu ({type(erreur).__name__})."
        ) from erreur
    finally:
        connexion.close()


@contextmanager
def _coupee_a(connexion: http.client.HTTPSConnection, echeance: float) -> Iterator[None]:
    """Coupe la prise à l'échéance : un serveur qui égrène ses en-têtes ne retient personne.

    Le corps, lui, est surveillé morceau par morceau, chaque attente étant bornée par ATTENTE_MAX_S.
    """

    def couper() -> None:
        with suppress(OSError, TypeError):
            # Celle de `socket`, pas celle de `ssl` qui se désarmerait sous la lecture en cours.
            socket.socket.shutdown(connexion.sock, socket.SHUT_RDWR)

    minuterie = threading.Timer(max(0.0, echeance - time.monotonic()), couper)
    minuterie.daemon = True
    minuterie.start()
    try:
        yield
    finally:
        minuterie.cancel()


def _contenu(reponse: http.client.HTTPResponse, *, echeance: float, taille_max: int) -> bytes:
    if reponse.status != 200:
        raise TelechargementRefuse(f"Le serveur répond {reponse.status} au lieu de 200.")
    if reponse.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise TelechargementRefuse("Le serveur compresse sa réponse sans qu'on le lui demande.")
    annonce = reponse.length
    if annonce is not None and annonce > taille_max:
        raise TelechargementRefuse(f"L'archive annonce {annonce} octets : le maximum est de {taille_max}.")
    contenu = bytearray()
    while morceau := reponse.read1(MORCEAU):
        contenu += morceau
        if len(contenu) > taille_max:
            raise TelechargementRefuse(f"L'archive dépasse {taille_max} octets.")
        if time.monotonic() >= echeance:
            raise TelechargementRefuse("Délai dépassé : le serveur est trop lent.")
    if time.monotonic() >= echeance:
        raise TelechargementRefuse("Délai dépassé : le serveur est trop lent.")
    if annonce is not None and len(contenu) < annonce:
        raise TelechargementRefuse(f"Réponse tronquée : {len(contenu)} octets sur {annonce}.")
    return bytes(contenu)


def _nom(morceaux: SplitResult) -> str:
    return unquote(morceaux.path.rsplit("/", 1)[-1])[-255:] or morceaux.hostname or "archive"
