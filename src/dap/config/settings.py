"""All settings, from the environment. docs/operations.md lists the variables.

`DAP_DEMO=1` opens the demo login; production needs SECRET_KEY, DATABASE_URL and ALLOWED_HOSTS.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from dap.core.database import OWNER, WEB, django_database, url_for

PACKAGE = Path(__file__).resolve().parents[1]
TESTING = os.environ.get("DAP_TESTING") == "1"
DEMO = TESTING or os.environ.get("DAP_DEMO") == "1"
SECURE = not DEMO
"""Production: over TLS only, with names of cookies that a browser takes over TLS only."""

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is missing. `./dap demo` makes one; production must set it.")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")

# The role that this process has in the database: web, or owner for `./dap migrate`.
DATABASE_ROLE = OWNER if os.environ.get("DAP_DATABASE_ROLE") == "owner" else WEB
DATABASES = {"default": django_database(url_for(DATABASE_ROLE, os.environ))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if not TESTING:
    # A page waits at most 5 seconds for a connection, then says that the service is away.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 2, "max_size": 20, "timeout": 5}

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "dap.core",
    "dap.design",
    "dap.people",
    "dap.access",
    "dap.plan",
    "dap.dialogue",
    "dap.portfolio",
    "dap.record",
    "dap.config",
]
if DEMO:
    INSTALLED_APPS.append("dap.demo")
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # a page of 50 kB travels as 8; pads at random against BREACH
    "dap.config.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Before the visitor, who is read from the database: the page that says it is away can then be sent again.
    "django.middleware.csrf.CsrfViewMiddleware",
    "dap.access.middleware.visitor",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "dap.config.urls"
LOGIN_URL = "/logg-inn"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "dap.config.jinja.environment",
            "context_processors": [],
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        },
    }
]

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = None  # the wheel holds its static files; nothing is collected
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # seconds; an address changes with its file

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60
SESSION_COOKIE_NAME = "__Host-okt" if SECURE else "okt"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict loses the callback of OIDC
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dap.config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# The longest message is 5,000 characters. A megabyte comes back in its form with a sentence;
# more is refused whole.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "dap.config.log.WithoutContent"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"procrastinate": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
