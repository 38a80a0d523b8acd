"""The tree's settings with the base page, which always keeps its connection to the database: the unit of all ratios."""

from course.settings import *  # noqa: F403 - settings over settings
from course.settings import DATABASES

ROOT_URLCONF = "bench_site.urls"
DATABASES["default"]["CONN_MAX_AGE"] = 600
