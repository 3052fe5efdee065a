"""Réglages uniques du projet, lus dans l'environnement.

Deux modes (`SIMULATEUR_MODE`) :
- `embarque` (défaut) : SQLite en WAL, cache Valkey embarqué, rien à installer ;
- `production` : PostgreSQL et Redis obligatoires, secrets obligatoires, HTTPS supposé.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from simulateur.exploitation import environnement as env

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.choix("SIMULATEUR_MODE", "embarque", ("embarque", "production"))
EN_PRODUCTION = MODE == "production"
DOSSIER_DONNEES = Path(env.texte("DOSSIER_DONNEES", str(BASE_DIR / ".donnees")))

DEBUG = env.booleen("DEBUG", False)
SECRET_KEY = (
    env.texte("SECRET_KEY")
    if EN_PRODUCTION
    else (env.texte("SECRET_KEY", "") or env.cle_secrete_locale(DOSSIER_DONNEES))
)
ALLOWED_HOSTS = env.liste("ALLOWED_HOSTS", [] if EN_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.liste("CSRF_TRUSTED_ORIGINS", [])
if EN_PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS est vide : donner les noms de domaine servis en production.")
if EN_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG est refusé en production : il montrerait les réglages à chaque erreur.")

INSTALLED_APPS = [
    "simulateur",
    "referentiels",
    "simulations",
    "euromillions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_q",
    "axes",
    "csp",
]
# Les bancs d'essai mesurent le site sans en faire partie : absents de la production et de son image.
if not EN_PRODUCTION:
    INSTALLED_APPS.append("bancs")

MIDDLEWARE = [
    "simulateur.web.intergiciels.IdentifiantRequete",
    "simulateur.web.intergiciels.Mesure",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "simulateur.web.intergiciels.BarreFinaleApi",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "simulateur.cache.fermetures.SessionsOuvertes",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "simulateur.web.acces.AccesAuMetier",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simulateur.web.intergiciels.PageDeMethodeRefusee",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "simulateur.urls"
WSGI_APPLICATION = "simulateur.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "simulateur.pages.gardees.contexte",
            ],
            "builtins": ["simulateur.templatetags.formats"],
        },
    }
]

# --- Base de données -------------------------------------------------------------------------------
DATABASE_URL = (
    env.texte("DATABASE_URL")
    if EN_PRODUCTION
    else env.texte("DATABASE_URL", f"sqlite:///{DOSSIER_DONNEES / 'simulateur.sqlite3'}")
)
DATABASES: dict[str, dict[str, Any]] = {"default": env.base_de_donnees(DATABASE_URL)}
SUR_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SUR_SQLITE:
    env.dossier_prive(DOSSIER_DONNEES)
else:
    # Connexions gardées une minute : à 0, la file PostgreSQL tombe de 282 à 49 travaux par seconde.
    DATABASES["default"]["CONN_MAX_AGE"] = env.entier("CONN_MAX_AGE", 60, minimum=0, maximum=3600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache -----------------------------------------------------------------------------------------
PRISE_VALKEY = DOSSIER_DONNEES / "valkey.sock"
REDIS_URL = env.texte("REDIS_URL") if EN_PRODUCTION else env.texte("REDIS_URL", "")
if not REDIS_URL and PRISE_VALKEY.exists():
    # Un lien vers la prise elle-même, dont le chemin doit rester court ; quote : il devient une adresse.
    REDIS_URL = f"unix://{quote(str(PRISE_VALKEY.resolve()))}?db=0"
CACHE_TIMEOUT_SOCKET_S = 0.25


def _cache_redis(decalage: int, serialiseur: str, **options: Any) -> dict[str, Any]:
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": env.redis_avec_base(env.cache_redis(REDIS_URL), decalage),
        "KEY_PREFIX": "sim",
        "TIMEOUT": 3600,
        "OPTIONS": {
            "SERIALIZER": f"django_redis.serializers.{serialiseur}",
            "SOCKET_TIMEOUT": CACHE_TIMEOUT_SOCKET_S,
            "SOCKET_CONNECT_TIMEOUT": CACHE_TIMEOUT_SOCKET_S,
            "IGNORE_EXCEPTIONS": True,
            "REDIS_CLIENT_CLASS": "simulateur.cache.client.RedisProtege",
            **options,
        },
    }


def _cache_en_base(table: str) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": table,
        "KEY_PREFIX": "sim",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }


TABLES_DE_CACHE = {nom: f"cache_{nom}" for nom in ("default", "pages", "calcul")}
# `default` : données en JSON. `pages` : cache_page, en pickle. `calcul` : tableaux compilés (octets).
if REDIS_URL:
    CACHES = {
        "default": _cache_redis(0, "json.JSONSerializer"),
        "pages": _cache_redis(1, "pickle.PickleSerializer"),
        "calcul": _cache_redis(2, "pickle.PickleSerializer"),
    }
else:
    CACHES = {nom: _cache_en_base(table) for nom, table in TABLES_DE_CACHE.items()}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = False

# --- File de travaux (django-q2, courtier ORM partout) ----------------------------------------------
TRAVAUX_OUVRIERS = env.entier("TRAVAUX_OUVRIERS", 2, minimum=1, maximum=64)
TRAVAUX_DELAI_S = env.entier("TRAVAUX_DELAI_S", 900 if EN_PRODUCTION else 600, minimum=10, maximum=86400)
# Secondes laissées au travail en cours quand on arrête la file : plus que le plus long. compose et systemd la
# répètent (stop_grace_period, TimeoutStopSec), sans quoi ils tueraient avant.
TRAVAUX_GRACE_S = env.entier("TRAVAUX_GRACE_S", TRAVAUX_DELAI_S + 30, minimum=1, maximum=90000)
Q_CLUSTER: dict[str, Any] = {
    "name": "simulateur",
    "label": "File de travaux (Django-Q)",
    "orm": "default",
    "broker_class": "simulateur.travaux.courtier.Courtier",
    "workers": TRAVAUX_OUVRIERS,
    "timeout": TRAVAUX_DELAI_S,
    # retry > timeout × (1 + ⌈(queue_limit + bulk) / workers⌉), sinon un travail part deux fois (E001).
    "retry": env.entier("TRAVAUX_REPRISE_S", TRAVAUX_DELAI_S * 4, minimum=11, maximum=864000),
    "queue_limit": 1,
    "bulk": 1,
    "ack_failures": True,
    "max_attempts": 2,
    "save_limit": 250,
    # Par fonction : les canaris, un par dizaine de secondes, ne chassent pas les autres succès de l'admin.
    "save_limit_per": "func",
    "catch_up": False,
    "recycle": 200,
    "cache": "default",
}
# L'identité de cette grappe, posée par son chien de garde : un canari n'est que pour elle.
GRAPPE = env.texte("GRAPPE", "")
# Sans réveil par Valkey, la grappe regarde la file à ce pas ; il reste sous le délai des appels au cache.
FILE_REGARD_S = 0.2
TRAVAUX_BATTEMENT_PERDU_S = env.entier("TRAVAUX_BATTEMENT_PERDU_S", 30, minimum=1, maximum=3600)
# Vide : chaque sorte de travail a son délai entre deux tentatives.
TRAVAUX_DELAI_REPRISE_S = env.entier_ou_rien("TRAVAUX_DELAI_REPRISE_S", minimum=0, maximum=3600)

# --- API ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # Le jeton d'abord : un appel anonyme reçoit ainsi 401 et non 403.
        "simulateur.api.conventions.AuthentificationJeton",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["simulateur.api.conventions.RenduJson"],
    "DEFAULT_PARSER_CLASSES": [
        "simulateur.api.conventions.AnalyseurJson",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "simulateur.api.conventions.ToujoursJson",
    "DEFAULT_PAGINATION_CLASS": "simulateur.api.conventions.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "simulateur.api.documentation.Schema",
    "DEFAULT_THROTTLE_CLASSES": [
        "simulateur.api.conventions.LimiteUtilisateur",
        "simulateur.api.conventions.LimiteAnonyme",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "utilisateur": env.limite("API_LIMITE_UTILISATEUR", "3000/min"),
        "anonyme": env.limite("API_LIMITE_ANONYME", "60/min"),
    },
    "EXCEPTION_HANDLER": "simulateur.api.erreurs.traduire_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "API du Simulateur",
    "DESCRIPTION": "Dimensionnement des effectifs d'un réseau postal et analyse des tirages EuroMillions.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "simulateur.api.documentation.fermer_les_corps",
        "simulateur.api.documentation.nommer_les_choix",
    ],
    # Deux champs « mode » aux choix différents : sans nom donné, le schéma en tirerait un au hasard.
    "ENUM_NAME_OVERRIDES": {
        "ModeUnite": "referentiels.models.UniteMesure.Mode",
        "ModeCalcul": ["actuel", "recommande", "optimise"],
    },
}

RESEAUX_PRIVES = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"

# --- Comptes et sécurité ------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "simulateur.cache.droits.DroitsGardes",
]
# Les jetons d'API sont les nôtres, sur le modèle de knox, dont la table ne sert donc pas.
KNOX_TOKEN_MODEL = "simulateur.Jeton"
MIGRATION_MODULES = {"knox": None}
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/verrouille.html"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "simulateur.web.adresse.adresse_du_client"
# Frontaux devant le site : le dernier ajoute à X-Forwarded-For l'adresse qu'il voit, et ainsi de suite.
PROXYS_DE_CONFIANCE = env.entier("PROXYS_DE_CONFIANCE", 0, minimum=0, maximum=5)
REST_FRAMEWORK["NUM_PROXIES"] = PROXYS_DE_CONFIANCE
# Qui lit /metrics : ces réseaux, ou qui porte ce jeton.
METRICS_RESEAUX = env.reseaux("METRICS_RESEAUX", RESEAUX_PRIVES)
METRICS_JETON = env.texte("METRICS_JETON", "")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{nom}"}
    for nom in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "connexion"
LOGIN_REDIRECT_URL = "accueil"
LOGOUT_REDIRECT_URL = "connexion"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# Session écrite en base, lue du cache : une requête de moins à chaque page, rien de perdu sans cache.
SESSION_ENGINE = "simulateur.cache.sessions"
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
if EN_PRODUCTION:
    SECURE_SSL_REDIRECT = env.booleen("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^vivant$", r"^pret$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.entier("SECURE_HSTS_SECONDS", 31536000, minimum=0, maximum=63072000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # La liste préchargée des navigateurs ne se quitte pas : c'est à qui tient le domaine d'en décider.
    SECURE_HSTS_PRELOAD = env.booleen("SECURE_HSTS_PRELOAD", False)
    SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
IMPORT_TAILLE_MAX_OCTETS = env.entier(
    "IMPORT_TAILLE_MAX_OCTETS", 20 * 1024 * 1024, minimum=1024, maximum=1024**3
)

# --- Exploitation -----------------------------------------------------------------------------------
# Sonde du site, lue chaque minute par le chien de garde ; vide : seul le canari dit la disponibilité.
ADRESSE_PRET = env.texte("ADRESSE_PRET", "")
# Là où arrivent les sauvegardes, pour que le diagnostic dise leur âge ; vide : non contrôlé.
DOSSIER_SAUVEGARDES = env.texte("DOSSIER_SAUVEGARDES", "")
REQUETE_LENTE_MS = env.entier("REQUETE_LENTE_MS", 1000, minimum=1, maximum=600_000)
SQL_LENT_MS = env.entier("SQL_LENT_MS", 250, minimum=1, maximum=600_000)

# Jours pendant lesquels un import appliqué se défait : ses valeurs d'avant sont gardées jusque-là.
IMPORT_DEFAIRE_JOURS = env.entier("IMPORT_DEFAIRE_JOURS", 30, minimum=0, maximum=3650)

# --- Téléchargement des tirages (vide : désactivé) ------------------------------------------------------
TIRAGES_ARCHIVE_URL = env.adresse_https("TIRAGES_ARCHIVE_URL")
# Autorité de certification à croire en plus de celles du système (fichier PEM), pour un relais interne.
TIRAGES_ARCHIVE_CA = env.texte("TIRAGES_ARCHIVE_CA", "")
TIRAGES_ARCHIVE_DELAI_S = env.entier("TIRAGES_ARCHIVE_DELAI_S", 60, minimum=1, maximum=600)

# --- Langue et fichiers -------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = env.fuseau("TIME_ZONE", "Europe/Paris")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Sans collecte en mode embarqué : whitenoise sert les sources, et avertirait d'un dossier absent.
STATIC_ROOT = BASE_DIR / "collecte_statique" if EN_PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if EN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not EN_PRODUCTION

# --- Journal et mesures -------------------------------------------------------------------------------
NIVEAUX = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMAT_JOURNAL = env.choix("FORMAT_JOURNAL", "ligne", ("ligne", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"requete": {"()": "simulateur.web.intergiciels.FiltreIdentifiant"}},
    "formatters": {
        "ligne": {"format": "%(asctime)s %(levelname)s %(name)s [%(requete)s] %(message)s"},
        "json": {"()": "simulateur.exploitation.journal.FormatJson"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": FORMAT_JOURNAL, "filters": ["requete"]}
    },
    "root": {"handlers": ["console"], "level": env.choix("NIVEAU_JOURNAL", "INFO", NIVEAUX)},
    "loggers": {
        "django-q": {"level": env.choix("NIVEAU_JOURNAL_FILE", "WARNING", NIVEAUX), "propagate": True},
        "axes": {"level": "WARNING"},
    },
}
