"""How gunicorn serves the site, whoever starts it: gunicorn course.wsgi --config python:course.gunicorn --bind …"""

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
