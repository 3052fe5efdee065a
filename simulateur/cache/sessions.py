"""Les sessions : écrites en base, lues du cache à travers le disjoncteur.

Un cache pendu ne se paie ainsi qu'une fois toutes les quelques secondes, et non à chaque page.
"""

from django.conf import settings
from django.contrib.sessions.backends import cached_db

from simulateur.cache.donnees import CacheProtege


class SessionStore(cached_db.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = CacheProtege(settings.SESSION_CACHE_ALIAS)
