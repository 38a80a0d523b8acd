"""How gunicorn serves the site, whoever starts it: gunicorn course.wsgi --config python:course.gunicorn --bind …"""

import gc
from typing import cast

workers = 2
threads = 4
control_socket_disable = True
loglevel = "warning"
# JSON as the application's, and like it without addresses and paths. No access log is asked for, so none is written.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "course.logs.ServerJson", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}


def post_worker_init(worker: object) -> None:
    """Load all pages before the first is asked for, and let the garbage collector pass over what stays for good.

    The text of their templates too: while a release is being replaced, files of the next one already lie there, which
    know tags that this one has not. And a large page makes so much that the collector comes by again and again; going
    each time over all that was loaded was a sixth of what a board costs.
    """
    # Imported here, by the worker: what the first process imports is still there after a reload, in the next release.
    from django.template import Engine
    from django.urls import get_resolver

    from course.template_loader import Loader

    get_resolver().url_patterns  # noqa: B018 - reading it loads them
    [loader] = Engine.get_default().template_loaders
    cast(Loader, loader).read_all()
    gc.collect()
    gc.freeze()
