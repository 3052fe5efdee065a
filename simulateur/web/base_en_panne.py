"""La base est pleine, verrouillée, en lecture seule ou partie : le service le dit par un 503."""

from django.db import DatabaseError, InterfaceError, OperationalError

REESSAYER_S = 5
RIEN = "rien n'a été enregistré."
PLEIN = f"Le disque de la base est plein : {RIEN} Prévenir un administrateur."
LECTURE_SEULE = f"La base est en lecture seule : {RIEN} Prévenir un administrateur."
# Morceau du message de SQLite ou de PostgreSQL → ce qu'il faut en dire.
PHRASES = {
    "locked": f"La base est occupée par une autre écriture : {RIEN} Réessayer dans un instant.",
    "disk is full": PLEIN,
    "No space left": PLEIN,
    "could not extend file": PLEIN,
    "readonly database": LECTURE_SEULE,
    "read-only transaction": LECTURE_SEULE,
    "disk I/O error": f"Le disque de la base est plein ou ne répond pas : {RIEN} Prévenir un administrateur.",
    "unable to open database": f"La base ne s'ouvre pas : {RIEN} Prévenir un administrateur.",
}
PARTIE = f"La base de données ne répond pas : {RIEN} Réessayer dans un instant."
# Ce que PostgreSQL dit d'une connexion perdue ou refusée.
CONNEXION = ("connection", "server closed", "terminating", "shutting down", "starting up", "recovery mode")


def phrase(erreur: BaseException | None) -> str:
    """Ce que l'utilisateur doit savoir de cette panne ; vide si ce n'en est pas une (un bug)."""
    if not isinstance(erreur, DatabaseError | InterfaceError):
        return ""
    dit = str(erreur)
    connue = next((phrase for morceau, phrase in PHRASES.items() if morceau in dit), "")
    if connue:
        return connue
    perdue = isinstance(erreur, OperationalError | InterfaceError) and any(mot in dit for mot in CONNEXION)
    return PARTIE if perdue else ""
