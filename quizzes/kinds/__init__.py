"""The kinds of items: each parses, shows, reads and marks. Imports neither the ORM nor a request.

A kind is a module-level object with
  name                         as authors write it
  parse(entry)                 → (version, feedback): the checked JSON of a version, and the item's feedback by id
  pieces(version)              → ids that an attempt may shuffle
  key(version)                 → the answer that marks 1
  show(version, order, answer, name, language) → what its template needs; positions, never authored ids
  read(version, order, posted, name) → the answer in canonical form, or None where nothing was given;
                                 NotOnOffer where a value is none of those on the page
  accepts(version, answer)     → whether this version can mark that answer
  mark(version, answer)        → Fraction from 0 to 1
  gaps(version, answer)        → how many parts of the item are without an answer
  review(version, feedback, order, answer, language) → what the template of a marked item needs
  sheet(version, feedback, language) → rows of text, key (`is_key`, `choice` or `answer`) and feedback, for teachers
  lint(version)                → warnings as sentences
"""

from quizzes.kinds.base import NotOnOffer
from quizzes.kinds.classify import Classify
from quizzes.kinds.match import Match
from quizzes.kinds.multiple import Multiple
from quizzes.kinds.number import Number
from quizzes.kinds.order import Order
from quizzes.kinds.short import Short
from quizzes.kinds.single import Single

KINDS = {kind.name: kind for kind in (Single(), Multiple(), Classify(), Order(), Match(), Number(), Short())}

__all__ = ["KINDS", "NotOnOffer"]
