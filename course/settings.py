"""Settings: one file, only the environment differs (docs/decisions/0002).

No SECRET_KEY means a laptop: a key made once in var/, SQLite, localhost only. With one it is a real machine:
ALLOWED_HOSTS is required and cookies are secure. Half-configured refuses to start.
"""

import contextlib
import secrets
import tempfile
from pathlib import Path

import environ  # type: ignore[import-untyped] # it ships no types
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from course.mail_settings import first_address, read_mail, what_mail_lacks
from course.operator import read_operator

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def listed(name: str, default: str = "") -> list[str]:
    """Return what stands between the commas of a setting, without spaces and empty parts."""
    return [part for part in map(str.strip, env(name, default=default).split(",")) if part]


def laptop_key() -> str:
    """Return the key of this laptop, made on first use. It appears under its name whole, and the first to come wins."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=VAR_DIR) as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(file.name)
    return path.read_text()


def keep_to_owner(database: Path) -> None:
    """Let nobody else of this machine read a database in a file, nor the logs that SQLite makes with its rights."""
    if database.parent.is_dir():
        database.touch(mode=0o600)
        database.chmod(0o600)


SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = listed("ALLOWED_HOSTS")
REAL_MACHINE = bool(SECRET_KEY)
if REAL_MACHINE:
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("SECRET_KEY is set, so this is a real machine: set ALLOWED_HOSTS too.")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a longer one.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG=1 shows secrets in error pages: unset it where SECRET_KEY is set.")
else:
    if ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is set, so this is a real machine: set SECRET_KEY too.")
    SECRET_KEY = laptop_key()
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# Keys and sheets open to every account where OPEN_TEACHING is set (architecture: the laptop).
OPEN_TEACHING = env.bool("OPEN_TEACHING", default=not REAL_MACHINE)
SITE_NAME = env("SITE_NAME", default="")
# Whoever runs this site, as its pages name them; contact and privacy line may hold addresses. A file can say more.
OPERATOR = read_operator(
    Path(env("OPERATOR_FILE")) if env("OPERATOR_FILE", default="") else None,
    {
        "name": env("ORGANISATION_NAME", default=""),
        "contact": env("ORGANISATION_CONTACT", default=""),
        "privacy": env("ORGANISATION_PRIVACY", default=""),
    },
)
# Where "Leave quickly" leads: a page that anybody might be looking at.
LEAVE_URL = env("LEAVE_URL", default="https://www.wikipedia.org/")
if not LEAVE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("LEAVE_URL must be an address that begins with https://")
# Where a link to a source could harm whoever follows it: addresses of sources stand as text, to be typed elsewhere.
ADDRESSES_AS_TEXT = env.bool("ADDRESSES_AS_TEXT", default=False)
# Staff of cohorts turn on the second step before they see names and marks; editors do on every real machine.
SECOND_STEP_FOR_STAFF = env.bool("SECOND_STEP_FOR_STAFF", default=False)
# How many proxies of ours stand in front: their word on where a request comes from is taken, for limits alone.
PROXIES = env.int("PROXIES", default=1 if REAL_MACHINE else 0)
# How many guests one network may make in an hour: a class comes at once, behind one address.
GUESTS_PER_NETWORK = env.int("GUESTS_PER_NETWORK", default=300)
# Mail goes out by EMAIL_URL, to people who asked for it; without it none does, and no page offers any.
SENDS_MAIL = bool(env("EMAIL_URL", default=""))
MAIL_FROM = env("MAIL_FROM", default="")
# How addresses in a mail begin, where there is no request that says it.
SITE_URL = env("SITE_URL", default=first_address(ALLOWED_HOSTS, REAL_MACHINE)).rstrip("/")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds
if SENDS_MAIL:
    globals().update(read_mail(env.email_url("EMAIL_URL")))
if fault := what_mail_lacks(SENDS_MAIL, MAIL_FROM, SITE_URL):
    raise ImproperlyConfigured(fault)
# Where manage.py watch tells what is late: an address that takes {"text": …}, an address for mail, both or neither.
OPERATOR_WEBHOOK = env("OPERATOR_WEBHOOK", default="")
if OPERATOR_WEBHOOK and not OPERATOR_WEBHOOK.startswith(("https://", "http://")):
    raise ImproperlyConfigured("OPERATOR_WEBHOOK must be an address that begins with https://")
OPERATOR_MAIL = env("OPERATOR_MAIL", default="")
if OPERATOR_MAIL and not SENDS_MAIL:
    raise ImproperlyConfigured("OPERATOR_MAIL is set, so mail is to be sent: set EMAIL_URL too.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "accounts",
    "lessons",
    "quizzes",
    "cohorts",
    "course",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "course.robots.noindex",
    "accounts.border.Border",
    "accounts.middleware.keep_nothing",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.origins.csrf_cookie_once",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LeftMiddleware",
    "accounts.middleware.TypedByMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.second_step.SecondStepMiddleware",
    "accounts.middleware.keep_session",
    "accounts.middleware.remember_device",
    "accounts.middleware.local_time",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "course.errors.tell_of_method",
    "course.errors.LimitedMiddleware",
    "course.errors.GoneMiddleware",
]
# The most that any page takes; most take less, and no file (accounts/border.py, decision 0021).
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["accounts.border.NoFile"]

ROOT_URLCONF = "course.urls"
WSGI_APPLICATION = "course.wsgi.application"
CSRF_FAILURE_VIEW = "course.errors.csrf_failure"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "course.template_loader.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "course.context.site",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'course.sqlite3'}")}
# A connection is kept, and tried before each request: none fails once a restarted database is back, or goes on with a
# file of SQLite in whose place another has come.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if DATABASES["default"]["NAME"] != ":memory:":
        keep_to_owner(Path(DATABASES["default"]["NAME"]))
    # Django's own, whose writers wait in line (docs/decisions/0030).
    DATABASES["default"]["ENGINE"] = "course.sqlite3"
    # Measured: of 800 parallel writes none is "locked" with IMMEDIATE and WAL, 600 are with Django's defaults.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
            "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000; "
            # What is erased is overwritten in the file: not every build of SQLite does so by itself.
            "PRAGMA secure_delete=ON;"
        ),
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "course.postgresql"  # Django's own, which makes moments at once
    # Seconds; without it a thread waits two minutes for a database that does not answer, and so would all of them.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
# What lessons asks of an app that it may not import, to say who sees a module (docs/decisions/0016).
TEACHERS_OF = "cohorts.teachers.teachers_of"
# Which exams show no keys yet is for cohorts to say too (docs/decisions/0024).
KEYS_HELD_BACK = "cohorts.exams.held_back"
# Which banks are shared with whom is for cohorts to say (docs/decisions/0056).
BANKS_SHARED_WITH = "cohorts.teachers.banks_shared_with"
# So is whose attempts at own questions staff are shown (docs/decisions/0060).
ATTEMPTS_SHOWN_TO = "cohorts.teachers.attempts_shown_to"
# What accounts asks of cohorts: whether a page opens to somebody as staff of a cohort (docs/decisions/0029).
OPENS_AS_STAFF = "cohorts.teachers.opens_as_staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["accounts.hashers.SmallArgon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name"]},
    },
]
OTP_TOTP_ISSUER = SITE_NAME or "Critical reading"  # what an app on a phone calls this site
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 180 * 24 * 3600
DEVICE_COOKIE_NAME = "device"  # that somebody signed in here before (accounts/devices.py)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# The device's own word that others use it too: it holds nothing else, and signing out leaves it.
SHARED_COOKIE_NAME = "shared"
DISPLAY_COOKIE_NAME = "display"  # light or dark, and the size of text (accounts/display.py)
if REAL_MACHINE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    DEVICE_COOKIE_NAME, SHARED_COOKIE_NAME = "__Host-device", "__Host-shared"
    DISPLAY_COOKIE_NAME = "__Host-display"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked by the machine itself, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": SECURE_CSP}


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    if code not in LANG_INFO:
        raise ImproperlyConfigured(f"LANGUAGES names “{code}”, which is no code of a language: such as en, fr or ar.")
    name: str = LANG_INFO[code]["name_local"]
    return name[0].upper() + name[1:]


# The languages of the interface, the first for whoever asks for none of them. A module says in its file which it is in.
codes = dict.fromkeys(listed("LANGUAGES", "en,fr"))
if not codes:
    raise ImproperlyConfigured("LANGUAGES names no language: write one or more, such as LANGUAGES=fr,en.")
LANGUAGES = [(code, language_name(code)) for code in codes]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # The list of all files lies beside what is served, not in it.
        "OPTIONS": {"manifest_storage": FileSystemStorage(location=VAR_DIR)},
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no other; half as many to pack, and for each worker to know
CONTENT_DIR = BASE_DIR / "content"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# A line of the log carries what failed and where, never who, what they wrote, or from which address:
# Django's own records hold the request, so only named fields are written.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "course.logs.PlainJson",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
