"""The kinds of items: each parses, shows, reads and marks, as `Kind` says. Imports neither the ORM nor a request."""

from quizzes.kinds.base import Answer, Feedback, Kind, NotOnOffer, Parsed, Posted, Version
from quizzes.kinds.classify import Classify
from quizzes.kinds.match import Match
from quizzes.kinds.multiple import Multiple
from quizzes.kinds.number import Number
from quizzes.kinds.order import Order
from quizzes.kinds.short import Short
from quizzes.kinds.single import Single

_ALL: tuple[Kind, ...] = (Single(), Multiple(), Classify(), Order(), Match(), Number(), Short())
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
TYPED = [name for name, kind in KINDS.items() if kind.is_typed]

__all__ = ["KINDS", "TYPED", "Answer", "Feedback", "Kind", "NotOnOffer", "Parsed", "Posted", "Version"]
