"""What a worker of gunicorn does before it serves."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.tree import Tree

ROOT = Path(__file__).parents[2]

WORKER = """
import builtins, gc, io, sys
from course import gunicorn
from course.wsgi import application
before = "course.views.home" in sys.modules, gc.get_freeze_count() > 0
gunicorn.post_worker_init(None)

def refuse(path, *arguments, **options):
    raise AssertionError(f"{path} is read while the files of the next release may lie there")

from django.conf import settings
from django.template import engines
from django.template.loader import get_template
templates = settings.BASE_DIR / "templates"
names = [str(path.relative_to(templates)) for path in templates.rglob("*.html")]
builtins.open = io.open = refuse
modules = set(sys.modules)
[loader] = engines["django"].engine.template_loaders
compiled = len(loader.get_template_cache)
for name in names:
    get_template(name)
print(compiled, len(loader.get_template_cache) == len(names) > 100, modules == set(sys.modules))
print(before, "course.views.home" in sys.modules, gc.get_freeze_count() > 10_000)
"""


FIRST_PROCESS = """
import sys
from course import gunicorn
print(*[name for name in sys.modules if name.split(".")[0] == "django"])
"""


def test_a_worker_has_loaded_its_pages_and_read_their_templates_and_the_collector_passes_over_them():
    ran = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["0 True True", "(False, False) True True"]


def test_the_first_process_hands_no_django_on_to_workers_of_the_next_release():
    ran = subprocess.run([sys.executable, "-c", FIRST_PROCESS], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


@pytest.mark.parametrize("file", ["Makefile", "Containerfile", "docs/deploying.md"])
def test_whoever_starts_it_lets_its_threads_share_one_pool_of_memory(file, tmp_path):
    said = re.findall(r"MALLOC_ARENA_MAX ?= ?(\d)", (ROOT / file).read_text())
    assert set(said) == {Tree(ROOT, tmp_path).environment("sqlite://")["MALLOC_ARENA_MAX"]} == {"1"}
