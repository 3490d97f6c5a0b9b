"""The portal's settings: everything that differs between installations comes from the environment.

`.env` beside `manage.py` is read if it exists; real environment variables take precedence. README.md has the table of
all variables; `checks.py` explains what is missing or wrong.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from offorte_portal.http.addresses import parse_networks

# Allows generic classes to name their model, such as ModelAdmin[Proposal].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG: bool = env.bool("DJANGO_DEBUG", default=False)
INSECURE_SECRET_KEY = "insecure-" + "only-for-development"  # checks.py refuses it outside DEBUG
SECRET_KEY: str = env.str("DJANGO_SECRET_KEY", default=INSECURE_SECRET_KEY)
# Megabytes that should be free on the disk; below that, administrators are warned and no files are accepted.
PORTAL_DISK_MEGABYTES: int = env.int("PORTAL_DISK_MEGABYTES", default=500)
# Public base URL of this portal, without a slash at the end. OAuth callbacks and webhooks are built from it.
PORTAL_URL: str = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = PORTAL_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
# The portal's own host and, for health checks on the machine itself, the two names of this machine.
OWN_HOSTS = sorted({urlsplit(PORTAL_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost"})
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=OWN_HOSTS)

# Fernet keys that encrypt Offorte's tokens and secrets in the database, newest first.
PORTAL_ENCRYPTION_KEYS: list[str] = env.list("PORTAL_ENCRYPTION_KEYS", default=[])

# Offorte. "{account}" stands for the account's name, its subdomain at Offorte.
OFFORTE_API_URL: str = env.str("OFFORTE_API_URL", default="https://connect.offorte.com/api/v1/{account}")
OFFORTE_OAUTH_URL: str = env.str("OFFORTE_OAUTH_URL", default="https://{account}.offorte.com/oauth2")
OFFORTE_WEB_URL: str = env.str("OFFORTE_WEB_URL", default="https://{account}.offorte.com")
OFFORTE_REQUESTS_PER_MINUTE: int = env.int("OFFORTE_REQUESTS_PER_MINUTE", default=30)
# Minutes between two scheduled syncs of an account.
OFFORTE_SYNC_INTERVAL: int = env.int("OFFORTE_SYNC_INTERVAL", default=60)

# Private networks that addresses entered by staff may point to; all other addresses have to be public.
try:
    PORTAL_PRIVATE_NETWORKS = parse_networks(env.list("PORTAL_PRIVATE_NETWORKS", default=[]))
except ValueError as error:
    raise ImproperlyConfigured(f"PORTAL_PRIVATE_NETWORKS: {error}. Write networks such as 10.1.0.0/16.") from None

# Whether to read quoting systems whose API is in beta.
PORTAL_BETA_SYSTEMS: bool = env.bool("PORTAL_BETA_SYSTEMS", default=False)

# Seconds that one call to another quoting system may take in total: with the slice before it, far less than a task may.
SOURCE_CALL_SECONDS = 60.0

# Seconds until a request that waits for another server gets a waiting page (`waiting`); 0: never, it just waits.
ANSWER_WITHIN = 0.9

INSTALLED_APPS = [
    "offorte_portal",
    "offorte_portal.runs",
    "offorte_portal.connections",
    "offorte_portal.connections.oauth",
    "offorte_portal.waiting",
    "offorte_portal.changes",
    "offorte_portal.mirror",
    "contacts",
    "catalog",
    "proposals",
    "offorte_portal.staff",
    "offorte_portal.writes",
    "offorte_portal.sync",
    "offorte_portal.webhooks",
    "offorte_portal.tracking",
    "offorte_portal.prices",
    "offorte_portal.jobs",
    "offorte_portal.files",
    "offorte_portal.compose",
    "offorte_portal.activity",
    "offorte_portal.desk",
    "offorte_portal.other_systems",
    "offorte_portal.adminkit",
    "offorte_portal.adminkit.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_q",
    "lucide",
]

MIDDLEWARE = [
    "offorte_portal.webhooks.pages.receiving.WebhookMiddleware",
    "offorte_portal.adminkit.dialogs.DialogMiddleware",
    "offorte_portal.waiting.middleware.WaitingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "offorte_portal.staff.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "offorte_portal.staff.confirmation.ConfirmationMiddleware",
    "offorte_portal.staff.sessions.ActivityMiddleware",
    "offorte_portal.adminkit.presence.PresenceMiddleware",
    "offorte_portal.adminkit.outages.OutageMiddleware",
]

ROOT_URLCONF = "offorte_portal.urls"
WSGI_APPLICATION = "offorte_portal.wsgi.application"

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
                "offorte_portal.adminkit.context.portal",
            ],
            "builtins": ["offorte_portal.adminkit.templatetags.icons"],
        },
    }
]

# Database: SQLite unless DATABASE_URL says otherwise.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'portal.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue for the lock at BEGIN, and wait less than the 5 seconds that Offorte allows a webhook.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 4,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query takes longer than running any of ours; `?options=` in the URL replaces this.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
# For SQLite too: closing the last connection writes the log back into the file, which takes milliseconds.
DATABASES["default"]["CONN_MAX_AGE"] = 60

# Cache: shared between processes, as sign-in rate limits must count in one place.
REDIS_URL = env.str("REDIS_URL", default="")
# Identifies this portal's keys in a Redis shared with others. Web and worker need the same value.
INSTALLATION: str = (
    env.str("PORTAL_INSTALLATION", default="") or sha256(f"{SECRET_KEY} {PORTAL_URL}".encode()).hexdigest()[:12]
)
DATABASE_CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "portal_cache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
CACHES: dict[str, dict[str, Any]] = {"default": DATABASE_CACHE}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "offorte_portal.cache.RedisOrDatabaseCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": INSTALLATION,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        },
        "spare": DATABASE_CACHE,
    }
# Local to each process, for the counts in the navigation, so that they cost no query on every page.
CACHES["local"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "local"}


def bounded(url: str) -> str:
    """Return the URL with timeouts in seconds, as the worker waits for a task for one second at a time."""
    return f"{url}{'&' if '?' in url else '?'}socket_connect_timeout=2&socket_timeout=5"


# Background work. retry > timeout > the longest task, or a task would run twice in parallel.
Q_CLUSTER = {
    "name": f"offorte-portal-{INSTALLATION}" if REDIS_URL else "offorte-portal",
    "workers": env.int("PORTAL_WORKERS", default=2),
    "timeout": 180,
    "retry": 300,
    "queue_limit": 1,  # tasks that wait inside a worker would run again after `retry`
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 500,
    "poll": 0.5,
    "label": "Background tasks",
    **({"redis": bounded(REDIS_URL)} if REDIS_URL else {"orm": "default"}),
}

# Sign-in: allauth, staff only; administrators create the accounts.
AUTHENTICATION_BACKENDS = ["offorte_portal.staff.sign_in.StaffBackend"]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "offorte_portal.staff.pages.expired.form_expired"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "offorte_portal.staff.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "offorte_portal.staff.account_adapter.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "offorte_portal.staff.pages.forms.StaffChangePasswordForm",
    "reset_password": "offorte_portal.staff.pages.forms.StaffResetPasswordForm",
    "reset_password_from_key": "offorte_portal.staff.pages.forms.StaffResetPasswordKeyForm",
    "set_password": "offorte_portal.staff.pages.forms.StaffSetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail
# To change how they sign in, people have to enter their password or use a passkey again.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# The limits on trying passwords, codes and passkeys, and on requesting new passwords, are in `staff/sign_in_limits.py`:
# allauth's limits per person alone would lock the owner out. These are the other limits.
ACCOUNT_RATE_LIMITS = {
    "change_password": None,
    "login_failed": None,
    "reauthenticate": None,
    "reset_password": "20/m/ip",
    "reset_password_from_key": "20/m/ip",
    "login": "30/m/ip",
}
SOCIALACCOUNT_ADAPTER = "offorte_portal.connections.oauth.adapters.OfforteConnectionAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
# A service that does not know these has to ignore them, by the standard. To be switched off if Offorte does not.
OFFORTE_OAUTH_PKCE: bool = env.bool("OFFORTE_OAUTH_PKCE", default=True)
OFFORTE_OAUTH_STATE: bool = env.bool("OFFORTE_OAUTH_STATE", default=True)
MFA_ADAPTER = "offorte_portal.connections.oauth.adapters.EncryptedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "offorte_portal.staff.pages.forms.AuthenticatorAppForm",
    "authenticate": "offorte_portal.staff.pages.forms.SecondFactorForm",
    "add_webauthn": "offorte_portal.staff.pages.forms.PasskeyAddForm",
    "edit_webauthn": "offorte_portal.staff.pages.forms.PasskeyNameForm",
    "login_webauthn": "offorte_portal.staff.pages.forms.PasskeyLoginForm",
    "authenticate_webauthn": "offorte_portal.staff.pages.forms.PasskeySecondFactorForm",
    "reauthenticate_webauthn": "offorte_portal.staff.pages.forms.PasskeyConfirmationForm",
}
MFA_TOTP_ISSUER = "Offorte Portal"
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
MFA_TOTP_TOLERANCE = 1  # accepts a code from half a minute ago, or from a phone whose clock runs ahead
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators enter the addresses
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# If set, the admin is only open to people with a second factor.
PORTAL_REQUIRE_MFA: bool = env.bool("PORTAL_REQUIRE_MFA", default=False)

# Language and time: Dutch and English, Amsterdam.
LANGUAGE_CODE = env.str("DJANGO_LANGUAGE_CODE", default="en")
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("DJANGO_TIME_ZONE", default="Europe/Amsterdam")
# Dates of one form in each language, the day first.
FORMAT_MODULE_PATH = ["offorte_portal.text.formats"]
USE_I18N = True
USE_TZ = True

# Static files, compressed and named by content.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security headers: no inline scripts or styles and no other host. A form may lead to Offorte's consent page.
OFFORTE_CONSENT_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OFFORTE_OAUTH_URL.replace("{account}", "*")))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, OFFORTE_CONSENT_ORIGIN],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("PORTAL_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^webhooks/offorte/", r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
IS_BEHIND_PROXY: bool = env.bool("PORTAL_BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = int(IS_BEHIND_PROXY)  # sign-in limits count the visitor, not the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # unless the person chose to stay signed in
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a selection of 20,000 rows is one form
FILE_UPLOAD_HANDLERS = [
    "offorte_portal.files.upload_limit.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Seconds; without it a mail server that hangs would block a web process.
EMAIL_TIMEOUT = 8
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Offorte Portal <portal@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"format": "{message}", "style": "{"},  # each message is JSON with its own time
    },
    "filters": {"without_codes": {"()": "offorte_portal.connections.oauth.logs.WithoutCodes"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_codes"]},
        "security": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_codes"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "portal.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        # At DEBUG these print tokens and secrets.
        "oauthlib": {"level": "INFO"},
        "requests_oauthlib": {"level": "INFO"},
        "urllib3": {"level": "INFO"},
        "django.server": {
            "handlers": ["console"],
            "level": "INFO",
            "propagate": False,
            "filters": ["without_codes"],
        },
    },
}
