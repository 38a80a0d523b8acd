"""What code, tests and documents cite is in the repository (quality E6)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
LINE = r"[LSATREP][1-9]\d?\b"
QUALITY = re.compile(rf"(?:\bquality\s+|\(){LINE}(?:(?:, | and ){LINE})*")
ARCHITECTURE = re.compile(r"\b(?:architecture|design)\s+(\d+)\b")
DECISION = re.compile(r"\bdecisions?(?:\s+|/)(\d{4})\b")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")
CITED_FILE = re.compile(r"`((?:\.\w|\w)[\w.-]*/[\w./-]+|\w+\.toml)`")
CITED_TARGET = re.compile(r"`make ([\w-]+)`")
ACCEPTED = re.compile(r"\A# \d+\. (.+)\n\n\*Accepted, (\d{4}-\d\d-\d\d)\.\*\n")


def files(*patterns):
    """The files of the repository with such a name, those aside that a machine makes or an author of content writes."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "." and path.name != "var"]
    listed = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return sorted(listed + [path for folder in folders for pattern in patterns for path in folder.rglob(pattern)])


def defined():
    """Every line of quality.md, section of architecture.md and number of a decision, as it is cited."""
    lines = re.findall(rf"^\| ({LINE}) \|", (DOCS / "quality.md").read_text(), re.M)
    sections = re.findall(r"^## (\d+)\.", (DOCS / "architecture.md").read_text(), re.M)
    return {*lines, *sections, *(path.name[:4] for path in DECISIONS.glob("[0-9]*.md"))}


def citations(text):
    lines = [line for cited in QUALITY.findall(text) for line in re.findall(LINE, cited)]
    return {*lines, *ARCHITECTURE.findall(text), *DECISION.findall(text)}


def dead_links(path, text):
    return [link for link in LINK.findall(text) if not (path.parent / link).exists()]


def missing_checks(text):
    """The files and targets of make that a text cites and that there are not."""
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)
    cited = [path for path in CITED_FILE.findall(text) if not (ROOT / path).exists()]
    return cited + [target for target in CITED_TARGET.findall(text) if target not in targets]


def test_every_citation_leads_to_a_line_a_section_or_a_decision():
    sources = [path for path in files("*.py", "*.html", "*.toml", "Makefile") if ROOT / "content" not in path.parents]
    cited = {path: citations(path.read_text()) for path in sources if path != Path(__file__)}
    assert len(set().union(*cited.values())) > 20
    known = defined()
    assert {str(path): missing for path, names in cited.items() if (missing := names - known)} == {}


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Told of few people (quality R99).", {"R99"}),
        ("By its log (quality L5 and L98).", {"L5", "L98"}),
        ("A sweep with one winner (R7, A66)", {"R7", "A66"}),
        ("Health (architecture 9, quality S55)", {"9", "S55"}),
        ("as in design 12", {"12"}),
        ("One file (docs/decisions/9999), see decision 9998", {"9999", "9998"}),
        ("The claims P01 and (M001), a design of its own", set()),
    ],
)
def test_a_citation_is_read_in_each_of_its_shapes(text, cited):
    assert citations(text) == cited
    assert not {"R99", "L98", "A66", "9", "S55", "12", "9999", "9998"} & defined()


def test_every_link_between_documents_leads_to_a_file():
    assert {str(path): dead for path in files("*.md") if (dead := dead_links(path, path.read_text()))} == {}


def test_a_dead_link_is_found():
    text = "[a](quality.md) [b](gone.md) [c](gone.md#there) [d](https://example.org/) [e](term:mali) [f](#here)"
    assert dead_links(DOCS / "architecture.md", text) == ["gone.md", "gone.md"]


@pytest.mark.parametrize(("name", "most"), [("quality.md", 50), ("security.md", 30)])
def test_every_file_and_command_that_checks_a_line_exists(name, most):
    text = (DOCS / name).read_text()
    assert len(set(CITED_FILE.findall(text))) > most
    assert missing_checks(text) == []


def test_the_requirements_of_security_stand_once_and_in_order():
    numbers = re.findall(r"^\| ([\d.]+)(?:–([\d.]+))? \| ", (DOCS / "security.md").read_text(), re.M)
    ends = [tuple(map(int, end.split("."))) for pair in numbers for end in pair if end]
    assert ends == sorted(set(ends))
    assert {chapter for chapter, _, _ in ends} == set(range(1, 18))


def test_a_check_that_there_is_not_is_found():
    text = "`tests/test_gone.py`, `.ci/gone`, `gone.toml`, `make gone`; `tests/test_headers.py`, `.ci/run`, `make lint`"
    assert missing_checks(text) == ["tests/test_gone.py", ".ci/gone", "gone.toml", "gone"]


def test_every_decision_is_dated_and_listed():
    index = (DECISIONS / "README.md").read_text()
    rows = re.findall(r"^\| (\d{4}) \| \[(.+)\]\((.+)\) \| (\S+) \| \w.* \|$", index, re.M)
    dated = []
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        head = ACCEPTED.match(path.read_text())
        assert head, f"{path.name} has no line *Accepted, YYYY-MM-DD.* below its title"
        dated.append((path.name[:4], head[1], path.name, head[2]))
    assert rows == dated
