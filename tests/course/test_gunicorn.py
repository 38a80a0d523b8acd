"""What a worker of gunicorn does before it serves."""

import subprocess
import sys

WORKER = """
import gc, sys
from course import gunicorn
from course.wsgi import application
before = "course.views.home" in sys.modules, gc.get_freeze_count() > 0
gunicorn.post_worker_init(None)
print(before, "course.views.home" in sys.modules, gc.get_freeze_count() > 10_000)
"""


def test_a_worker_has_loaded_its_pages_and_the_collector_passes_over_them():
    ran = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "(False, False) True True"
