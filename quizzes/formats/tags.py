"""What an item says of itself, as the tags and the category of a question. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from lessons.content import LEVELS
from quizzes.formats.base import Question

PREFIX = re.compile(r"(level|objective|claim|rests-on|passage):\s*(\S+)\Z")
STANDARD = re.compile(r"\$(?:course|module|system|cat[a-z]*)\d*\$\Z|top\Z")  # what stands above every category
LONGEST = 80
ORDER_AS_OURS = "RELATIVE_ALL_PREVIOUS_AND_NEXT"  # how Moodle calls the share of pairs in right order
CLASSIFY = "kind:classify"
ARTICLES = "articles:any"


def tags_of(question: Question) -> list[str]:
    """Return what the question says of itself as tags, and its other tags behind it."""
    tags = [f"level:{question.level}"] if question.level else []
    tags += [f"objective:{question.objective}"] if question.objective else []
    tags += [f"claim:{claim}" for claim in question.claims]
    tags += [f"rests-on:{claim}" for claim in question.rests_on]
    tags += [f"passage:{question.passage}"] if question.passage else []
    tags += [CLASSIFY] if question.kind == "classify" else []
    tags += [ARTICLES] if question.articles else []
    return [*tags, *question.tags]


def from_tags(tags: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a Question that tags tell; what they do not know stays a tag."""
    fields: dict[str, Any] = {"claims": (), "rests_on": (), "tags": ()}
    for tag in (" ".join(tag.split())[:LONGEST] for tag in tags):
        known = PREFIX.match(tag)
        key, value = known.groups() if known else ("", "")
        if key == "level" and value in LEVELS:
            fields["level"] = value
        elif key == "objective" and value.isascii() and value.isdigit() and 0 < int(value[:4]) < 100:
            fields["objective"] = int(value[:4])
        elif key in ("claim", "rests-on"):
            field = "claims" if key == "claim" else "rests_on"
            fields[field] = tuple(dict.fromkeys([*fields[field], value]))
        elif key == "passage":
            fields["passage"] = value
        elif tag == ARTICLES:
            fields["articles"] = True
        elif tag and tag != CLASSIFY and tag not in fields["tags"]:
            fields["tags"] = (*fields["tags"], tag)
    return fields


def path_of(text: str) -> tuple[str, ...]:
    """Return the names of a category and those above it; a slash in a name is written twice."""
    names = [" ".join(name.replace("\0", "/").split()) for name in text.replace("//", "\0").split("/")]
    return tuple(name[:LONGEST] for name in names if name and not STANDARD.match(name))


def path_in_words(category: Sequence[str]) -> str:
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in category)])
