"""The front door's pages become HTML once, on load, around the parts that the site puts in when it shows them."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import override

from course.front import addresses
from course.front.reading import Front
from lessons.content import VERDICTS
from lessons.content.module import Module
from lessons.content.page import Page
from lessons.models import Part
from lessons.rendering import plain_renderer


def front_documents(front: Front, module: Module, labels: Mapping[str, str]) -> dict[Part, dict[str, Any]]:
    """Return {part: document} of all that a module says on the front door.

    `labels` is {key of a claim: its label}.
    """
    address = _addresses(module)
    documents: dict[Part, dict[str, Any]] = {
        Part(name): {
            language: {"title": page.title, "parts": _parts(page, labels, module.slug, address)}
            for language, page in pages.items()
        }
        for name, pages in front.pages.items()
    }
    documents[Part.HOME] = front.home and {**front.home, "counts": _counts(module)}
    documents[Part.LOG] = {"entries": front.log} if front.log else {}
    if front.compare:
        documents[Part.HOME]["compare"] = front.compare
    return documents


def _addresses(module: Module) -> Callable[[str], str]:
    section = module.sections[0]
    return addresses.addresses(module.slug, section.slug, section.lessons[0].slug)


def _parts(page: Page, labels: Mapping[str, str], module: str, address: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the parts of a page, neighbours of a kind joined; its links are made to lead to the site's pages.

    {"html"}; {"topics": [[of what the operator speaks, under which words]]}; {"show", "said"} what the site draws.
    """
    parts: list[dict[str, Any]] = []
    with override(page.language):
        html_of = plain_renderer(labels, module)
        for block in page.blocks[1:]:
            kind, _, name = block.slot.partition(":")
            if kind == "show":
                parts.append({"show": name, "said": block.said})
            elif kind:
                _join(parts, "topics", [[name, block.said]])
            else:
                addresses.lead(block, address)
                html = _stacked(html_of(block))
                _join(parts, "html", html if parts else html.replace("<p>", '<p class="lead">', 1))
    return parts


def _join(parts: list[dict[str, Any]], kind: str, more: Any) -> None:
    """Add to the last part if it is of that kind, else begin one."""
    if parts and kind in parts[-1]:
        parts[-1][kind] += more
    else:
        parts.append({kind: more})


def _stacked(html: str) -> str:
    """Return a table of three columns as one whose first cell stands above the two others on a phone."""
    return html.replace('class="table"', 'class="table stack marked"', 1) if html.count("</th>") == 3 else html


def _counts(module: Module) -> list[list[Any]]:
    """Return [[verdict, how many statements of the article]], in the order of the list."""
    counted = Counter(claim.verdict for claim in module.claims.values() if claim.verdict)
    return [[verdict, counted[verdict]] for verdict in VERDICTS if counted[verdict]]
