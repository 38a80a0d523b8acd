"""The WSGI application that gunicorn serves."""

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")
site = get_wsgi_application()
CHARSET = re.compile(r";\s*charset\b[^;]*", re.IGNORECASE)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Serve a request as UTF-8, whatever it calls itself.

    Django reads the address by that name before anything could refuse it, and fails at a codec that is no text.
    """
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return site(environ, start_response)
