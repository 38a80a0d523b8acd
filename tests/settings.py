"""Settings of the tests: plain static files, a fast hasher, keys closed; nothing else differs."""

import os
import tempfile

from course.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = tempfile.mkdtemp(prefix="static-")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# As on a real machine: keys open to those who were granted them. The tests of a laptop say so.
OPEN_TEACHING = False

# In memory, which pytest-django looks for under the name of Django's own backend alone. A browser's requests come side
# by side: there SQLite in memory answers the second "table is locked" at once, while in a file it waits, as on a real
# machine. make test-browser asks for one.
if "sqlite3" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    in_a_file = os.environ.get("DATABASE_IN_A_FILE")
    DATABASES["default"]["TEST"] = {"NAME": f"{STATIC_ROOT}/test.sqlite3" if in_a_file else ":memory:"}  # noqa: F405
