"""What a worker of gunicorn does before it serves."""

import subprocess
import sys

WORKER = """
import builtins, gc, sys
from course import gunicorn
from course.wsgi import application
before = "course.views.home" in sys.modules, gc.get_freeze_count() > 0
gunicorn.post_worker_init(None)

def refuse(path, *arguments, **options):
    raise AssertionError(f"{path} is read while the files of the next release may lie there")

from django.template.loader import get_template
builtins.open = refuse
get_template("cohorts/board.html"), get_template("errors/404.html")
print(before, "course.views.home" in sys.modules, gc.get_freeze_count() > 10_000)
"""


FIRST_PROCESS = """
import sys
from course import gunicorn
print(*[name for name in sys.modules if name.split(".")[0] == "django"])
"""


def test_a_worker_has_loaded_its_pages_with_their_templates_and_the_collector_passes_over_them():
    ran = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "(False, False) True True"


def test_the_first_process_hands_no_django_on_to_workers_of_the_next_release():
    ran = subprocess.run([sys.executable, "-c", FIRST_PROCESS], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
