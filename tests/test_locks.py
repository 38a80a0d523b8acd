"""The locks pin, with hashes, just what the requirements ask for."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
ASKED = {
    "requirements.lock": ["requirements.txt"],
    "requirements-dev.lock": ["requirements.txt", "requirements-dev.txt"],
}


def asked(names):
    """Return the requirements of these files."""
    lines = [line.split("#")[0].strip() for name in names for line in (ROOT / name).read_text().splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-r ")]


def pinned(lock):
    """Return {name of a package: (version, number of its hashes)} of the text of a lock."""
    packages = re.split(r"\n(?=[a-z0-9])", lock.strip())
    heads = (re.match(r"([\w.-]+)(?:\[[^]]*\])?==(\S+)", package) for package in packages)
    return {
        canonicalize_name(head[1]): (head[2], package.count("--hash=sha256:"))
        for head, package in zip(heads, packages, strict=True)
    }


def missing(requirements, pins):
    """Return the names of requirements that no pin meets."""
    versions = {name: version for name, (version, _) in pins.items()}
    names = [(row.name, versions.get(canonicalize_name(row.name)), row.specifier) for row in requirements]
    return [name for name, version, specifier in names if version is None or not specifier.contains(version)]


@pytest.mark.parametrize("name", ASKED)
def test_a_lock_meets_what_is_asked_and_hashes_all(name):
    pins = pinned((ROOT / name).read_text())
    assert len(pins) >= len(asked(ASKED[name])) > 10
    assert missing(asked(ASKED[name]), pins) == [], "make lock"
    assert [package for package, (_, hashes) in pins.items() if not hashes] == []


def test_a_requirement_that_the_lock_does_not_meet_is_named():
    pins = pinned("django==5.2.1 \\\n    --hash=sha256:00\nnh3==0.3.8 ; python_version > '3'\n")
    assert pins == {"django": ("5.2.1", 1), "nh3": ("0.3.8", 0)}
    rows = [Requirement("Django>=5.2.19,<5.3"), Requirement("NH3>=0.3"), Requirement("polib")]
    assert missing(rows, pins) == ["Django", "polib"]


def test_both_locks_pin_the_same():
    site, dev = (pinned((ROOT / name).read_text()) for name in ASKED)
    assert {name: dev.get(name) for name in site} == site


@pytest.mark.parametrize("name", ASKED)
def test_a_lock_names_no_host_and_no_folder(name):
    assert re.findall(r"https?:|file:|index-url|(?<!\w)/\w+", (ROOT / name).read_text()) == []
