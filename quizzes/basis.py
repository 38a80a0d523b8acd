"""What a page of an attempt was made on, and which of its fields a write from it may change. Pure.

Each write raises an item's revision. A page carries, for each of its items, the revision that it shows, a mark of its
own (`copy`), the number of its changes so far (`count`) and the values that it shows. A write from a page that is
behind changes only what the person changed on that page; what was saved elsewhere meanwhile stays (quality R19).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from quizzes.kinds import Answer

LENGTH = 12  # characters of a page's mark, at most
TEXT = re.compile(rf"(\d{{1,9}})\.(\d{{1,9}})\.([A-Za-z0-9_-]{{1,{LENGTH}}})\.(.*)", re.ASCII | re.DOTALL)
Values = dict[str, str]  # {field: what a form sends for it}


def field(name: str) -> str:
    """Return the name of the field that carries the basis of the answer `name`."""
    return f"{name}-was"


@dataclass(frozen=True)
class Basis:
    """What a page showed of one item. Without a revision it does not say: it is taken to have shown nothing."""

    revision: int | None = None
    count: int = 0
    copy: str = ""
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as a field of a form carries it."""
        return f"{self.revision}.{self.count}.{self.copy}.{','.join(quote(value) for value in self.values)}"


def read(text: str | None) -> Basis:
    """Return the Basis that a page sent; one that says nothing where there is none, or none that can be read."""
    match = TEXT.fullmatch(text or "")
    if not match:
        return Basis()
    return Basis(int(match[1]), int(match[2]), match[3], tuple(unquote(value) for value in match[4].split(",")))


@dataclass(frozen=True)
class Sent:
    """What a page sent for one item: the answer, all its `values`, those of `fields` that stood in the form."""

    answer: Answer
    values: Values
    fields: Values
    basis: Basis


@dataclass(frozen=True)
class Merged:
    """What becomes of an item: its values, what of the page they lack or hold beyond it."""

    values: Values
    is_unseen: bool  # they hold something newer that the page does not show
    is_contested: bool  # the page and somebody else changed the same field, differently


def merge(was: Mapping[str, str], sent: Mapping[str, str], now: Mapping[str, str]) -> Merged:
    """Return `now` with the fields that the page changed since `was`. A field that was not sent is not changed."""
    mine = {name: sent.get(name, was[name]) for name in now}
    changed = {name for name in now if mine[name] != was[name]}
    values = {name: mine[name] if name in changed else now[name] for name in now}
    return Merged(values, values != mine, any(now[name] not in (was[name], mine[name]) for name in changed))
