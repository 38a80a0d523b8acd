"""Settings of the tests: plain static files, a fast hasher, keys closed; nothing else differs."""

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
