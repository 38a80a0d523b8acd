"""A name or a word, typed; compared by its bare letters (accounts.folding), in any language. Pure."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from accounts.folding import cut, folded
from lessons.content.languages import rules
from lessons.content.source import Entry
from quizzes.flaws import Flaw, gettext_noop
from quizzes.kinds.base import Feedback, Parsed, Posted, Version, without, wrong_rows

LONGEST = 80  # characters that are kept of what somebody typed
OTHER = "other"


class Short:
    name = "short"
    is_typed = True

    def parse(self, entry: Entry) -> Parsed:
        accepted = entry.texts("accepted")
        for language in entry.problems.languages:
            if not [form for form in accepted.get(language, []) if answer_key(form)]:
                entry.error(f"“accepted.{language}” names at least one form", "accepted")
        version: Version = {"accepted": accepted, "shuffle": False}
        articles = entry.value("articles", bool, "true or false", None, required=False)
        if articles:
            version["articles"] = True  # not stored where it is false: such a version is as it always was
        for language, forms in accepted.items():
            if articles is None and _wants_article(forms, language):
                entry.warn(
                    f"“{forms[0]}” with an article before it is wrong ({language}): accept that form too, or say "
                    "articles = true where no article matters, articles = false where it does",
                    "accepted",
                )
        return Parsed(version, {OTHER: entry.text("feedback")})

    def pieces(self, version: Version) -> list[str]:
        return []

    def key(self, version: Version) -> str:
        return next(iter(version["accepted"].values()))[0]

    def asked(self, version: Version, answer: str | None) -> tuple[Version, str | None]:
        return without(version, "accepted"), answer

    def show(self, version: Version, order: list[str], answer: str | None, name: str, language: str) -> dict[str, Any]:
        return {"name": name, "value": answer or "", "longest": LONGEST}

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> str | None:
        return re.sub(r"\s+", " ", cut(posted.get(name) or "").replace("\0", "")).strip()[:LONGEST] or None

    def sent(self, version: Version, order: list[str], answer: str | None, name: str) -> dict[str, str]:
        return {name: answer or ""}

    def accepts(self, version: Version, answer: object) -> bool:
        return isinstance(answer, str)

    def mark(self, version: Version, answer: str) -> Fraction:
        accepted = {answer_key(form) for forms in version["accepted"].values() for form in forms}
        answers = {answer_key(answer)}
        if version.get("articles"):
            answers |= {without_article(key, language) for key in answers for language in version["accepted"]}
        return Fraction(not answers.isdisjoint(accepted))

    def guessing(self, version: Version) -> Fraction | None:
        return None

    def gaps(self, version: Version, answer: str | None) -> int:
        return int(answer is None)

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: str | None, language: str
    ) -> dict[str, Any]:
        return {
            "given": answer or "",
            "right": version["accepted"][language][0],
            "feedback": feedback.get(OTHER, {}).get(language, ""),
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        right = {"text": ", ".join(version["accepted"][language]), "is_key": True}
        return [right, *wrong_rows([("…", OTHER)], feedback, language)]

    def paper_key(self, version: Version, language: str) -> str:
        return self.sheet(version, {}, language)[0]["text"]

    def lint(self, version: Version) -> Iterator[Flaw]:
        if any(len(form) > LONGEST for forms in version["accepted"].values() for form in forms):
            yield Flaw(
                gettext_noop("an accepted form is longer than %(most)d characters: accept a shorter one"),
                {"most": LONGEST},
            )


def answer_key(text: str) -> str:
    """Return the text as answers are compared: folded, and its apostrophes are spaces."""
    return " ".join(folded(cut(text)).replace("'", " ").split())


def without_article(key: str, language: str) -> str:
    """Return an answer's key without the article that it begins with in that language, if any."""
    for article in rules(language).articles:
        if key.startswith(f"{answer_key(article)} "):
            return key.removeprefix(f"{answer_key(article)} ")
    return key


def _wants_article(forms: list[str], language: str) -> bool:
    """Return whether people may put an article before the first form, an acronym or a noun, and no form has one."""
    keys = [answer_key(form) for form in forms]
    is_name = not forms or re.match(r"\W*[^\W\d_]", forms[0]) is None or forms[0][:2].istitle()
    return not is_name and all(without_article(key, language) == key for key in keys) and bool(rules(language).articles)
