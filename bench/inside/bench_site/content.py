"""The tree's settings, with the content of the bench: the same text, in which each quiz draws ten items."""

import os
from pathlib import Path

from course.settings import *  # noqa: F403 - settings over settings

CONTENT_DIR = Path(os.environ["BENCH_CONTENT"])
