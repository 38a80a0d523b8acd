"""Parts of an item: a label on offer, and what is said of it beside what was answered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lessons.rendered import Rendered
from lessons.templatetags.content_tags import icon, label, once, points
from quizzes.explanations import explanation_of
from quizzes.models import ItemVersion, Response
from quizzes.templatetags.checks import basis

register = template.Library()
MOST = 2 * 1024 * 1024  # bytes of cards that one process keeps


@dataclass(frozen=True)
class Cards:
    """The documents of a version as they are shown in one language."""

    html: SafeString

    @property
    def size(self) -> int:
        return 2 * len(self.html)


CARDS: Rendered[Cards] = Rendered(MOST)


@register.simple_tag
def documents(version: ItemVersion, on_paper: bool = False) -> SafeString:
    """Return the pictures and documents that a version shows under its stem; on paper all at once."""
    parts = [_documents(version)] if "documents" in version.document else []
    if "pictures" in version.document:
        context = {"pictures": version.pictures, "lang": version.language, "on_paper": on_paper}
        parts.insert(0, SafeString(render_to_string("quizzes/_pictures.html", context)))
    return SafeString("".join(parts))


@register.simple_tag(takes_context=True)
def open_item(context: Context, response: Response, count: int, copy: str) -> SafeString:
    """Return an item to be answered, the one of its position among `count`: what is asked, shown, and to be filled in.

    The page `copy` carries with it what it is based on.
    """
    version = response.shown_version
    kicker = once("quizzes/_kicker.html", number=response.position, count=count, kind=version.kind)
    asked = f'<legend><span class="kicker">{kicker}</span> {escape(version.stem)}</legend>{documents(version)}'
    return mark_safe(  # noqa: S308 - each text is escaped
        f"{asked}{fields(context, version.kind, response.show())}{basis(response, copy)}"
    )


@register.simple_tag
def marked_head(response: Response) -> SafeString:
    """Return the number of a marked item, and its stem."""
    number = once("quizzes/_item_number.html", number=response.position)
    stem = f'<h2 class="stem" id="{response.name}">{escape(response.version.stem)}</h2>'
    return mark_safe(f'<p class="kicker">{number}</p>{stem}')  # noqa: S308 - escaped, and the name is our own


@register.simple_tag
def marked_documents(response: Response) -> SafeString:
    """Return the documents that a marked item showed, folded: they were looked at before. Nothing where it has none."""
    cards = documents(response.version)
    return SafeString(render_to_string("quizzes/_marked_documents.html", {"cards": cards})) if cards else cards


def _documents(version: ItemVersion) -> SafeString:
    """Return the documents of a version, as this process has drawn them: it never changes."""
    shown = version.document["documents"]
    key = (version.checksum, get_language())
    cards = CARDS.get(key)
    if cards is None:
        cards = Cards(SafeString("".join(_card(document) for document in shown)))
        CARDS.put(key, cards)
    return cards.html


def _card(document: Mapping[str, object]) -> str:
    return render_to_string("lessons/_document.html", {"document": document})


@register.simple_tag
def explanation(response: Response, leads_back: bool = False) -> SafeString:
    """Return the explanation of the response's item with its claims, and its passage.

    The passage `leads_back` for whoever the attempt is of, where it has a page. An own item need name none.
    """
    said = explanation_of(response)
    if not said.address:
        return said.html
    address = said.address_from(response) if leads_back else said.address
    words = _("Read the passage: %(heading)s") % {"heading": said.heading}
    passage = f'<p><a href="{escape(address)}">{escape(words)}</a>{said.report}</p>'
    return mark_safe(said.html + passage)  # noqa: S308 - each text is escaped


@register.simple_tag
def item_address(response: Response) -> str:
    """Return the address of the response's item with its key, for those who may teach."""
    return explanation_of(response).item_address


@register.simple_tag
def outcome(response: Response, is_told: bool = False) -> SafeString:
    """Return how a marked response turned out: what is right in part with its points, the others say it by the word."""
    shown = points(response.score) if response.outcome == "partly" and response.score is not None else None
    return once(
        "quizzes/_outcome.html",
        outcome=response.outcome,
        is_blank=response.answer is None,
        points=shown,
        is_told=bool(is_told),
    )


@register.simple_tag(takes_context=True)
def fields(context: Context, kind: str, shown: Mapping[str, Any]) -> SafeString:
    """Return the fields of an open item of that kind, with what was answered.

    What is typed is not completed by a browser, unless the page says that its device `is_shared` by nobody. All of it
    is drawn in Python, as what is marked is: a node of a template for each name, value and text of each option was half
    of what a page of ten items cost.
    """
    if kind in TYPED:
        return mark_safe(_typed(kind, shown, context.get("is_shared") is not False))  # noqa: S308 - each text is escaped
    return mark_safe(FIELDS[kind](shown))  # noqa: S308 - each text is escaped, names and values are our own


def _options(options: Iterable[Mapping[str, Any]], kind: str = "radio") -> str:
    """Return the options of an item, each a button of that kind before its text."""
    rows = (
        f'<label class="opt"><input type="{kind}" name="{option["name"]}" value="{option.get("value", "1")}"'
        f"{' checked' if option['chosen'] else ''}><span>{escape(option['text'])}</span></label>"
        for option in options
    )
    return "".join(rows)


def _multiple(shown: Mapping[str, Any]) -> str:
    """Return boxes behind an empty field, which says that the item was on the page: without ticks they send nothing."""
    return f'<input type="hidden" name="{shown["name"]}" value="">{_options(shown["options"], "checkbox")}'


def _classify(shown: Mapping[str, Any]) -> str:
    """Return the statements of an item, each with the labels that it may be given, which stand above once more."""
    labels = shown["labels"]
    return (
        f'<div class="classify cols-{len(labels)}"><div class="head" aria-hidden="true"><p></p>'
        f"{''.join(map(label_of, labels))}</div>{''.join(map(_statement, shown['statements']))}</div>"
    )


def _statement(row: Mapping[str, Any]) -> str:
    name = row["name"]
    cells = (
        f'<label><input type="radio" name="{name}" value="{cell["value"]}"'
        f"{' checked' if cell['chosen'] else ''}>{label_of(cell)}</label>"
        for cell in row["cells"]
    )
    return (
        f'<div role="radiogroup" aria-labelledby="st-{name}"><p id="st-{name}">{escape(row["text"])}</p>'
        f'<div class="cells">{"".join(cells)}</div></div>'
    )


def _pairs(shown: Mapping[str, Any]) -> str:
    """Return the entries of an item, each with the list from which its partner is chosen."""
    nothing = escape(_("– choose –"))
    lines = (
        f'<li class="pair-row"><label for="{row["name"]}">{escape(row["text"])}</label>'
        f'<select class="form-select" id="{row["name"]}" name="{row["name"]}">'
        f'<option value="">{nothing}</option>{_entries(row["choices"], "text")}</select></li>'
        for row in shown["pairs"]
    )
    return f'<ol class="order">{"".join(lines)}</ol>'


def _places(shown: Mapping[str, Any]) -> str:
    """Return the list of an item's entries, which the script moves, each with the list of places to choose from."""
    said, up, down = _("Place of: %(text)s"), escape(_("Move up")), escape(_("Move down"))
    lines = (
        f'<li><select class="form-select num" name="{row["name"]}" aria-label="{escape(said % row)}">'
        f'<option value="">–</option>{_entries(row["places"], "number")}</select>'
        f"<span>{escape(row['text'])}</span></li>"
        for row in shown["entries"]
    )
    return f'<ol class="order" data-up="{up}" data-down="{down}">{"".join(lines)}</ol>'


def _typed(kind: str, shown: Mapping[str, Any], without_completion: bool) -> str:
    """Return the field into which a number, with its unit, or a short answer is typed."""
    off = ' autocomplete="off"' if without_completion else ""
    field = f'name="{shown["name"]}" value="{escape(shown["value"])}"{off}'
    if kind == "short":
        said = escape(_("Your answer"))
        longest = shown["longest"]
        return f'<p><input class="form-control" {field} size="24" maxlength="{longest}" aria-label="{said}"></p>'
    said = escape(_("Your number"))
    unit = f" <span>{escape(shown['unit'])}</span>" if shown["unit"] else ""
    return (
        f'<p class="row"><input class="form-control num" {field} inputmode="decimal" size="10" maxlength="20" '
        f'aria-label="{said}">{unit}</p>'
    )


TYPED = ("number", "short")
FIELDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "single": lambda shown: _options(shown["options"]),
    "multiple": _multiple,
    "classify": _classify,
    "match": _pairs,
    "order": _places,
}


def _entries(offered: Iterable[Mapping[str, Any]], text: str) -> str:
    """Return what a list offers to be chosen, by what each calls its `text`."""
    return "".join(
        f'<option value="{entry["value"]}"{" selected" if entry["chosen"] else ""}>{escape(entry[text])}</option>'
        for entry in offered
    )


def marked_row(row: Mapping[str, Any], answer: str, key: str, is_number: bool = False) -> SafeString:
    """Return a line of a marked table: its text with the feedback on a wrong answer, the answer, and the key."""
    cell, text, said = '<td class="num">' if is_number else "<td>", escape(row["text"]), conditional_escape(answer)
    if row["is_right"]:
        right = once("quizzes/kinds/_right.html", number=key if is_number else None)
        return mark_safe(f"<tr><td>{text}</td>{cell}{said}</td>{right}</tr>")  # noqa: S308 - each text is escaped
    text += f'<p class="small">{escape(row["feedback"])}</p>'
    line = f'<tr class="off"><td>{text}</td>{cell}{said}</td>{cell}{conditional_escape(key)}</td></tr>'
    return mark_safe(line)  # noqa: S308 - each text is escaped


@register.simple_tag
def marked_labels(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the lines of marked statements, each with the label that it was given."""
    lines = (
        marked_row(row, label_of(row["given"]) if row["given"] else _("No answer"), label_of(row["key"]))
        for row in rows
    )
    return SafeString("".join(lines))


@register.simple_tag
def marked_pairs(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the lines of marked pairs, each with the partner that was chosen."""
    return SafeString("".join(marked_row(row, row["given"] or "–", row["key"]) for row in rows))


@register.simple_tag
def marked_places(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the lines of a marked order, each with the place that it was given."""
    return SafeString("".join(marked_row(row, row["given"] or "–", row["place"], is_number=True) for row in rows))


@register.simple_tag
def marked_choice(marked: Mapping[str, str], outcome: str, is_of_learner: bool = False) -> SafeString:
    """Return the option that was chosen beside the right one, or the two in one."""
    if outcome == "right":
        said = _("The learner’s answer, and the right one") if is_of_learner else _("Your answer, and the right one")
        return _answer(True, said, marked["right"], marked["feedback"])
    right = _answer(True, _("Right answer"), marked["right"])
    if not marked["given"]:
        return right
    said = _("The learner’s answer") if is_of_learner else _("Your answer")
    return _answer(False, said, marked["given"], marked["feedback"]) + right


@register.simple_tag
def marked_choices(rows: Iterable[Mapping[str, Any]], outcome: str, is_of_learner: bool = False) -> SafeString:
    """Return the options that were chosen or are right, with feedback on what is wrong, or on all where nothing is."""
    shown = (
        _answer(
            row["is_key"],
            _said_of(row, is_of_learner),
            row["text"],
            row["feedback"] if outcome == "right" or not row["is_right"] else None,
        )
        for row in rows
        if row["chosen"] or row["is_key"]
    )
    return SafeString("".join(shown))


def _said_of(row: Mapping[str, Any], is_of_learner: bool) -> str:
    """Return who chose an option, and whether rightly."""
    if not row["chosen"]:
        return _("Right, and not chosen")
    if is_of_learner:
        return _("The learner chose this, rightly") if row["is_key"] else _("The learner chose this, wrongly")
    return _("You chose this, rightly") if row["is_key"] else _("You chose this, wrongly")


def _answer(is_right: bool, said: str, text: str, feedback: str | None = None) -> SafeString:
    """Return an option of a marked item: what is said of it, its text, and the feedback that it brings."""
    sign = "right" if is_right else "wrong"
    small = "" if feedback is None else f'<p class="small">{escape(feedback)}</p>'
    return mark_safe(  # noqa: S308 - each text is escaped
        f'<div class="ans is-{sign}">{icon(sign)}'
        f"<div><small>{escape(said)}</small><p>{escape(text)}</p>{small}</div></div>"
    )


@register.simple_tag
def label_of(choice: Mapping[str, str]) -> SafeString:
    """Return one of the labels of an item: its own text, or the label of a claim with that id."""
    text = choice["text"]
    return mark_safe(f'<span class="label">{escape(text)}</span>') if text else label(choice["id"])  # noqa: S308
