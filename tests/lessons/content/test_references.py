"""References of the ledger: which may be links, which have no address, and on what a claim rests."""

import pytest

from lessons.content.ledger import ground_of
from tests.content import REFERENCES, broken, read_ledger, write_module


def described(folder, **changes):
    """The folder with lines of its one reference changed, or left out (None)."""
    for key, value in changes.items():
        (line,) = [line for line in REFERENCES.splitlines() if line.startswith(f"{key} =")] or [""]
        old, new = (f"{line}\n", "" if value is None else f"{key} = {value}\n") if line else ("[[reference]]\n", None)
        broken(folder, "references", old, new if new is not None else f"[[reference]]\n{key} = {value}\n")
    return folder


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({}, True),
        ({"url": '"http://www.river-gazette.net/bridge"'}, False),
        ({"link": "false"}, False),
        ({"url": '"https://www.scribd.com/document/1/Bridge"', "link": "false"}, False),
    ],
)
def test_an_address_is_a_link_or_stands_as_text(tmp_path, changes, opens):
    references, *_, problems = read_ledger(described(write_module(tmp_path), **changes))
    assert problems == []
    assert references["gazette-2019"].document["link"] is opens


def test_a_publisher_may_be_a_phrase_in_each_language(tmp_path):
    write_module(tmp_path)
    broken(
        tmp_path,
        "references",
        'publisher = "River Gazette"',
        'publisher.en = "Office of the river"\npublisher.fr = "Office du fleuve"',
    )
    references, *_, problems = read_ledger(tmp_path)
    assert problems == []
    assert references["gazette-2019"].document["publisher"]["fr"] == "Office du fleuve"


def offline(number):
    return REFERENCES.replace("gazette-2019", f"book-{number}").replace(
        'url = "https://www.river-gazette.net/bridge"',
        'offline.en = "In the town\'s library."\noffline.fr = "À la bibliothèque de la ville."',
    )


@pytest.mark.parametrize(("books", "told"), [(12, 0), (13, 1)])
def test_at_most_twelve_references_have_no_address(tmp_path, books, told):
    write_module(tmp_path, references="\n".join([REFERENCES, *(offline(number) for number in range(books))]))
    *_, problems = read_ledger(tmp_path)
    assert len(problems.errors) == told
    assert all("more than 12 references have no address" in problem.text for problem in problems.errors)


def test_a_reference_on_which_no_claim_rests_is_told(tmp_path):
    write_module(tmp_path, references=REFERENCES + "\n" + REFERENCES.replace("gazette-2019", "gazette-2020"))
    *_, problems = read_ledger(tmp_path)
    assert [problem.text for problem in problems.warnings] == ["no claim rests on “gazette-2020”"]


@pytest.mark.parametrize(
    ("kinds", "ground"),
    [
        ([], "none"),
        (["press"], "press"),
        (["press", "study"], "study"),
        (["press", "study", "law"], "primary"),
        (["advocacy"], "press"),
    ],
)
def test_a_claim_rests_on_the_best_of_its_sources(tmp_path, kinds, ground):
    text = "\n".join(
        REFERENCES.replace("gazette-2019", f"source-{kind}").replace('"press"', f'"{kind}"') for kind in kinds
    )
    write_module(tmp_path, references=text + "\n" + REFERENCES)
    broken(tmp_path, "claims", "references = []", f"references = {[f'source-{kind}' for kind in kinds]}")
    references, _, claims, _, problems = read_ledger(tmp_path)
    assert problems.errors == []
    assert ground_of(claims["M002"], references) == ground


def test_a_copy_carries_less_than_any_original(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "references", 'kind = "press"', 'kind = "law"\nvia = "A mirror"\ncopy = true')
    references, _, claims, _, problems = read_ledger(tmp_path)
    assert problems == []
    assert ground_of(claims["M001"], references) == "copy"
    assert not references["gazette-2019"].was_read
