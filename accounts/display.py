"""How pages look to whoever reads them: light or dark, and the size of text; and the cookie that holds it. Pure."""

from dataclasses import dataclass
from itertools import product
from typing import Self

AS_THE_SYSTEM, AS_EVER = "system", "normal"
THEMES = (AS_THE_SYSTEM, "light", "dark")
SIZES = (AS_EVER, "large", "larger")


@dataclass(frozen=True)
class Display:
    """What was chosen; where nothing was, a page says nothing of it and the browser decides."""

    theme: str = ""
    size: str = ""

    @classmethod
    def of(cls, theme: str, size: str) -> Self:
        """Return the choice of these two words; a word that is none of ours chooses nothing."""
        return cls(theme if theme in THEMES[1:] else "", size if size in SIZES[1:] else "")

    @property
    def cookie(self) -> str:
        """Return what the cookie holds: nothing where nothing was chosen."""
        return f"{self.theme or AS_THE_SYSTEM}.{self.size or AS_EVER}" if self != Display() else ""


CHOICES = {choice.cookie: choice for choice in (Display.of(*words) for words in product(THEMES, SIZES))}


def read(cookie: str) -> Display:
    """Return what a cookie says; one that is not just as we write it says nothing."""
    return CHOICES.get(cookie, Display())
