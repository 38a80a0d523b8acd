"""What is poorly written about an item or a bank, as words that can be translated. Imports nothing."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol


class Flaw(NamedTuple):
    """One flaw of an item, as a sentence that says what to do.

    `words` are English, with %(name)s where a value of `values` stands, which may be words to translate too. `at` names
    the text that has it, "" for the whole.
    """

    words: str
    values: Mapping[str, Any] = {}
    at: str = ""

    def __str__(self) -> str:
        return self.told()

    def told(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence as `translate`, such as gettext, words it; in English without one, as for files."""
        values = {
            name: value.told(translate) if isinstance(value, Flaw) else value for name, value in self.values.items()
        }
        return translate(self.words) % values


class Written(Protocol):
    """An item as its bank is judged: what it is called, its kind, and its version's document."""

    @property
    def slug(self) -> str: ...

    @property
    def kind(self) -> str | None: ...

    @property
    def version(self) -> dict[str, Any]: ...


def gettext_noop(words: str) -> str:
    """Return the words, which the catalogue finds by this name: pure modules import nothing of Django."""
    return words
