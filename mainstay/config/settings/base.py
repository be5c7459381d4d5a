"""Settings, all from the environment and none required; docs/guides/settings.md tells each."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from mainstay.config import environment, logs
from mainstay.config.databases import embedded, postgres
from mainstay.config.secret import secret_key

MAINSTAY_DATA = Path(environment.text("MAINSTAY_DATA") or "var").resolve()
MAINSTAY_DEMO = environment.flag("MAINSTAY_DEMO")
MAINSTAY_DEMO_SIZE = environment.choice("MAINSTAY_DEMO_SIZE", ("full", "small"), "full")
MAINSTAY_BASE_URL = environment.address("MAINSTAY_BASE_URL")
MAINSTAY_LIVE_URL = environment.address("MAINSTAY_LIVE_URL")
MAINSTAY_PROXIES = environment.number("MAINSTAY_PROXIES", 0)
MAINSTAY_RATE_LIMIT = environment.number("MAINSTAY_RATE_LIMIT", 1200)

DEBUG = environment.flag("MAINSTAY_DEBUG")
if DEBUG and not MAINSTAY_DEMO:
    raise ImproperlyConfigured(
        "MAINSTAY_DEBUG shows whoever meets an error what the program knows,"
        " so it is for the demonstration alone: mainstay serve --demo"
    )
SECRET_KEY = secret_key(
    MAINSTAY_DATA, environment.text("MAINSTAY_SECRET_KEY"), may_be_weak=MAINSTAY_DEMO
)
# Keys it took the place of: what was signed under them holds on.
SECRET_KEY_FALLBACKS = environment.text("MAINSTAY_SECRET_KEY_FALLBACKS").replace(",", " ").split()
ALLOWED_HOSTS = environment.text("MAINSTAY_HOSTS").replace(",", " ").split() or ["*"]
CSRF_TRUSTED_ORIGINS = [MAINSTAY_BASE_URL] if MAINSTAY_BASE_URL else []

MAINSTAY_DATABASE_URL = environment.text("MAINSTAY_DATABASE_URL")
DATABASES = {
    "default": postgres(MAINSTAY_DATABASE_URL) if MAINSTAY_DATABASE_URL else embedded(MAINSTAY_DATA)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "directory.User"

# The one list a practice is added to; its record.py goes on the shelf by itself.
INSTALLED_APPS = [
    "mainstay.records",
    "mainstay.records.audit",
    "mainstay.directory",
    "mainstay.capabilities.conversation",
    "mainstay.capabilities.files",
    "mainstay.capabilities.search",
    "mainstay.capabilities.telling",
    "mainstay.practices.catalogue",
    "mainstay.practices.cmdb",
    "mainstay.practices.incidents",
    "mainstay.practices.problems",
    # Behind what they are about, in menus as well.
    "mainstay.capabilities.tasks",
    "mainstay.capabilities.notices",
    "mainstay.capabilities.views",
    "mainstay.config",
]
MIDDLEWARE = [
    "mainstay.config.compressed.Compressed",
    "mainstay.config.middleware.Guard",
    "mainstay.directory.signin.form_token.Check",
]
# What Django would have us ask of its own: our Guard sets the headers, directory/signin/form_token.py
# checks forms by the person, config/secret.py judges the key, and `real_site` in config/apps.py tells
# what these mean by our settings' names.
SILENCED_SYSTEM_CHECKS = [
    f"security.{number}" for number in ("W001", "W002", "W003", "W009", "W016")
]
ROOT_URLCONF = "mainstay.config.urls"
WSGI_APPLICATION = "mainstay.config.wsgi.application"
APPEND_SLASH = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Over TLS all cookies are called as directory/cookies.py calls its own.
CSRF_COOKIE_SECURE = MAINSTAY_BASE_URL.startswith("https://")
CSRF_COOKIE_NAME = "__Host-mainstay_csrf" if CSRF_COOKIE_SECURE else "mainstay_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mainstay.surfaces.web.errors.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / "locale"]
STATIC_URL = "/static/"

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": logs.form(environment.choice("MAINSTAY_LOG_FORMAT", logs.CHOICES, "auto"))}
    },
    "filters": {"refusals": {"()": "mainstay.config.logs.Refusals"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}
    },
    # A wrong address is its caller's mistake and no news for an operator.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {
        "handlers": ["stderr"],
        "level": environment.choice("MAINSTAY_LOG", LEVELS, "WARNING"),
    },
}
