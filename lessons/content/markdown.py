"""A lesson's Markdown: claim marks, terms, checks, documents and anchors found, then rendered and sanitised. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from lessons.content.languages import rules
from lessons.content.page import CODE, ELSEWHERE, PAGE, SAYING, Block, Page, said
from lessons.content.source import LONGEST_ANCHOR, MOMENT, Problems, impossible
from lessons.content.wording import HTML, LEFT_OVER, NO_CLAIM, WORD, may_have_marks

RENDERER = 6  # raised when the same source gives other HTML
LONGEST = 64 * 1024  # bytes; a longer table would take seconds to parse
CLAIM = re.compile(r"\[\^([A-Z]\d{2,3})\]")
# As LEFT_OVER, where a line begins: a box to tick, a link's definition, a table without its rule, a heading or an item
# without its space, a bullet of another program.
BEGUN = re.compile(
    r"\[[ xX]\](?= )|\[[^]^][^]]*\]:|\[!|\|(?!\s*:?-)|#+(?=[^\W\d])|#{7,}|[-+](?=[^\W\d])"
    r"|[•·▪‣◦](?=\s)|\d+[.)](?=[^\W\d])"
)
TAG = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*) ?/?>')
ATTRIBUTE = re.compile(r' ([a-z-]+)(?:="[^"]*")?')
ALIGNED = {"text-align:right": "end", "text-align:center": "middle", "text-align:left": "", "": ""}
OWN = ("check-", "document-", "figure-", "lesson-", "stem-", "term-", "use-")  # how the page's own ids begin
ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*\Z")
PARAMETERS = {"timeline": {"from", "to", "only"}}  # of a figure; every other one has none
BOUND = re.compile(rf"{MOMENT}\Z")
ALLOWED_TAGS = {
    "p", "h2", "h3", "ul", "ol", "li", "strong", "em", "s", "a", "aside", "span", "br", "hr", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td", "svg", "use",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href", "class", "id", "data-id"},
    "h2": {"id"},
    "h3": {"id"},
    "code": {"class"},
    "ol": {"start"},
    "th": {"class"},
    "td": {"class"},
    "p": {"class"},
    "aside": {"class"},
    "span": {"class"},
    "svg": {"class", "aria-hidden"},
    "table": {"class"},
    "use": {"href"},
}
CLEANER = nh3.Cleaner(tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None, url_schemes={"https"})


def _claim_rule(state: StateInline, silent: bool) -> bool:
    """Read `[^M038]`, a claim's mark. Stands before `link`, which would take it in front of a parenthesis."""
    mark = CLAIM.match(state.src, state.pos)
    if not mark:
        return False
    if not silent:
        state.push("claim", "a", 0).content = mark[1]
    state.pos = mark.end()
    return True


def _claim_html(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    key = tokens[index].content
    label, address, name = env["labels"][key], env["address"].format(key), tokens[index].attrGet("id")
    return (
        f'<a class="mark l-{label}" href="{address}" id="{name}" data-id="{key}"><svg class="i" aria-hidden="true">'
        f'<use href="#i-{label}"></use></svg><span class="visually-hidden"> {env["words"][label]}, {key}</span></a>'
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("reference")
    parser.inline.ruler.before("link", "claim", _claim_rule)
    parser.add_render_rule("claim", _claim_html)
    return parser


PARSER = _parser()


def read_page(path: Path | str, source: str, language: str, problems: Problems) -> Page:
    """Return the page that a source describes, and note what is wrong with its line."""
    page = Page(source=source, language=language)
    if len(source.encode()) > LONGEST:
        problems.error(path, 1, f"a lesson has at most {LONGEST // 1024} KB; split this one")
        return page
    lines = re.split(r"\r\n?|\n", source)  # as the parser counts them
    for block in _blocks(PARSER.parse(source)):
        before = len(problems)
        _check_block(block, lines, path, problems)
        _read(block, page, path, problems)
        if len(problems) == before:
            _check_html(block, path, problems)
        page.blocks.append(block)
    for anchor, line in page.leads_to.items():
        if anchor not in page.headings:
            problems.error(path, line, f"no heading of this text has the anchor “{anchor}”")
    if not page.title:
        problems.error(path, 1, "the first line should be “# ” and the lesson's title")
    return page


def _blocks(tokens: Iterable[Token]) -> Iterator[Block]:
    """Cut the tokens into top-level blocks."""
    run: list[Token] = []
    for token in tokens:
        run.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield Block(line=_line(run[0]), tokens=run)
            run = []


def _line(token: Token) -> int:
    """Return the line, from 1, on which a token begins."""
    return token.map[0] + 1 if token.map else 1


def _check_block(block: Block, lines: Sequence[str], path: Path | str, problems: Problems) -> None:
    """Refuse what a lesson has no form for, and cells that a table has no column for; set the columns' alignment."""
    columns = 0
    for token in block.tokens:
        if token.type == "heading_open" and token.tag not in ("h1", "h2", "h3"):
            problems.error(path, _line(token), "a heading is ## or, below one, ###; there are no smaller ones")
        elif token.type == "heading_open" and token.level:
            problems.error(path, _line(token), "a heading stands alone, not in a list or a note")
        elif token.type == "fence" and not _is_closed(token, lines):
            problems.error(path, _line(token), f"this block of code has no end: write {token.markup} below it")
        elif token.type == "table_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns and (cells := _cells(lines[_line(token) - 1])) > columns:
            problems.error(path, _line(token), f"this row has {cells} cells, and its table {columns} columns")
        if token.type in ("th_open", "td_open") and (side := ALIGNED[str(token.attrs.pop("style", ""))]):
            token.attrSet("class", side)


def _is_closed(fence: Token, lines: Sequence[str]) -> bool:
    """Return whether a block of code ends by its own mark, and not where the text or what is around it does."""
    start, end = fence.map or (0, 0)
    return end - start > 1 and lines[end - 1].strip(" \t>").startswith(fence.markup)


def _cells(line: str) -> int:
    """Return how many cells a row of a table has, in a quotation or a list too."""
    row = re.sub(r"^(?:[\s>]|[-*+] |\d+[.)] )+", "", line).strip()
    cells = escapedSplit(row)
    return len(cells) - (not cells[0].strip()) - (len(cells) > 1 and not cells[-1].strip())


def _check_html(block: Block, path: Path | str, problems: Problems) -> None:
    """Refuse a block of which the sanitiser leaves out what the parser made."""
    if block.is_named or block.figure or block.tokens[0].tag == "h1":
        return
    made = _html(block, defaultdict(str), defaultdict(str))
    kept = CLEANER.clean(made).replace("&nbsp;", "\u00a0")  # which the sanitiser writes for it, and nothing is lost
    if kept != made and (lost := _pieces(made) - _pieces(kept)):
        names = ", ".join(sorted(f"{tag} {name}".strip() for tag, name in lost))
        problems.error(path, block.line, f"this cannot be shown and would be lost: {names}")


def _pieces(html: str) -> Counter[tuple[str, str]]:
    """Return how often each (tag, "") and (tag, attribute) stands in HTML."""
    pieces: Counter[tuple[str, str]] = Counter()
    for tag, attributes in TAG.findall(html):
        pieces[tag, ""] += 1
        pieces.update((tag, name) for name in ATTRIBUTE.findall(attributes))
    return pieces


def _read(block: Block, page: Page, path: Path | str, problems: Problems) -> None:
    """Read one block's marks into its page."""
    for token in block.tokens:
        if token.type in CODE:
            _check_code(token, path, _line(token), problems)
        if token.type != "inline" or token.children is None:
            continue
        line, is_alone = _line(token), block.tokens[0].type == "paragraph_open"
        _typeset(token.children, page.language)
        if block.tokens[0].type == "heading_open":
            _heading(block, token, page, path, problems)
        for before, child in zip([None, *token.children], token.children, strict=False):
            if child.type == "claim":
                page.marks.append(child.content)
                page.lines.setdefault(child.content, line)
                block.claims.append(child.content)
                _name(child, child.content, block, page)
            elif child.type == "link_open":
                _link(child, is_alone and len(token.children) == 3, block, page, path, line, problems)
                if child.attrGet("href") == "write:":
                    block.box = "".join(map(said, token.children))
                elif block.slot:
                    block.said = "".join(map(said, token.children))
            elif child.type == "image":
                _figure(child, is_alone and len(token.children) == 1, block, path, line, problems)
            elif child.type == "code_inline":
                _check_code(child, path, line, problems)
            elif child.type == "link_close" and before and before.type == "link_open":
                problems.error(path, line, "a link has words to press: [words](https://…)")
            elif child.type == "text":
                page.words += 0 if block.is_named else len(WORD.findall(child.content))
                is_linked = before is not None and before.type == "link_open"
                begins = before is None or before.type in ("softbreak", "hardbreak")
                _check_text(f"[{child.content}" if is_linked else child.content, begins, path, line, problems)
            elif child.type in ("softbreak", "hardbreak"):
                line += 1
        token.children = _together(token.children)


def _check_text(text: str, begins: bool, path: Path | str, line: int, problems: Problems) -> None:
    """Refuse what was meant as HTML or as a claim's mark; warn of signs that were meant as another mark."""
    left_over: list[str] = []
    if may_have_marks(text):
        if HTML.search(text):
            problems.error(path, line, "HTML is off: use Markdown")
        for mark in NO_CLAIM.findall(text):
            problems.error(path, line, f"“{mark}” is no claim's mark: it is written [^M008]; there are no footnotes")
        left_over = LEFT_OVER.findall(HTML.sub("", text))
    begun = BEGUN.match(text) if begins else None
    for mark in dict.fromkeys([*([begun[0]] if begun else []), *left_over]):
        problems.warn(path, line, f"“{mark.strip()}” is shown as it stands: the mark that was meant could not be read")


def _check_code(token: Token, path: Path | str, line: int, problems: Problems) -> None:
    """Warn of a claim's mark in code, as four spaces before a paragraph make it."""
    if mark := CLAIM.search(token.content):
        problems.warn(path, line, f"“{mark[0]}” is shown as it stands: in code, and four spaces in, nothing is a mark")


def _typeset(children: Iterable[Token], language: str) -> None:
    """Set French spaces in every run of text and every caption; in code they would be wrong."""
    for child in children:
        if child.type in ("text", "image"):
            child.content = rules(language).typeset(child.content)


def _heading(block: Block, token: Token, page: Page, path: Path | str, problems: Problems) -> None:
    opening, line, children = block.tokens[0], _line(token), token.children or []
    last = children[-1] if children else None
    if opening.tag == "h1":
        if page.title or line != 1:
            problems.error(path, line, "one title only, on the first line; use ## below it")
        if any(child.type not in SAYING for child in children):
            problems.error(path, line, "a title is plain words, without marks")
        page.title = "".join(map(said, children))
        return
    mark = ANCHOR.search(last.content) if last and last.type == "text" else None
    if not last or not mark:
        problems.error(path, line, "a heading ends in its anchor: ## Heading {#anchor}")
        return
    last.content = ANCHOR.sub("", last.content)
    anchor = mark[1]
    if len(anchor) > LONGEST_ANCHOR:
        problems.error(path, line, f"an anchor has at most {LONGEST_ANCHOR} characters; this one has {len(anchor)}")
    if anchor.startswith(OWN) or anchor in ("checks", "main"):
        problems.error(path, line, f"the anchor “{anchor}” is taken by the page itself; choose another")
    if anchor in page.headings:
        problems.error(path, line, f"the anchor “{anchor}” stands twice")
    page.headings[anchor] = "".join(map(said, children))
    if not page.headings[anchor].strip():
        problems.error(path, line, "a heading has words")
    page.lines["#" + anchor] = line
    opening.attrSet("id", anchor)
    block.step = anchor if opening.tag == "h2" else ""


def _name(link: Token, key: str, block: Block, page: Page) -> None:
    """Count that a link names a claim or a term, and give it the id to which one comes back."""
    page.named[key] += 1
    block.named.append((key, f"use-{key}-{page.named[key]}"))
    link.attrSet("id", block.named[-1][1])


def _link(
    child: Token, is_alone: bool, block: Block, page: Page, path: Path | str, line: int, problems: Problems
) -> None:
    href = str(child.attrGet("href") or "")
    if href.startswith("term:"):
        slug = href[5:]
        page.terms.setdefault(slug, line)
        _name(child, slug, block, page)
        child.attrSet("href", f"#term-{slug}")
        child.attrSet("class", "term")
    elif href.startswith("item:"):
        if not is_alone:
            problems.error(path, line, "an item to try stands on a line of its own: [check](item:slug)")
        block.check = href[5:]
    elif href.startswith("document:"):
        if not is_alone:
            problems.error(path, line, "a document stands on a line of its own: [document](document:slug)")
        block.document = href.removeprefix("document:")
    elif href == "write:":
        if not is_alone:
            problems.error(path, line, "a box to write in stands on a line of its own: [Your line](write:)")
    elif href.startswith(("show:", "operator:")):
        if not is_alone:
            problems.error(path, line, "what the site puts there stands on a line of its own: [words](show:name)")
        block.slot = href
    elif href.startswith("page:"):
        page.pages.setdefault(href.removeprefix("page:"), line)
        child.attrSet("href", href.replace("page:", PAGE, 1))
    elif href in ELSEWHERE:
        page.leads_elsewhere.setdefault(href, line)
        child.attrSet("href", ELSEWHERE[href])
    elif href.startswith("#"):
        page.leads_to.setdefault(href[1:], line)
    elif not href.startswith("https://"):
        problems.error(
            path,
            line,
            f"“{href}”: a link goes to https://…, #anchor, term:…, item:…, document:…, quiz:, quotes: or write:",
        )


def _figure(child: Token, is_alone: bool, block: Block, path: Path | str, line: int, problems: Problems) -> None:
    """Read `![caption](figure:timeline?from=2012&to=2013)` on a line of its own: a picture that the server draws.

    Whether the module has a picture of that name is for whoever knows the module.
    """
    source = str(child.attrGet("src") or "")
    name, _, query = source.removeprefix("figure:").partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    parameters = dict(pairs)
    moments = [value for key, value in parameters.items() if key != "only"]
    if not source.startswith("figure:"):
        problems.error(path, line, "pictures are drawn by the server: ![caption](figure:…)")
    elif not is_alone:
        problems.error(path, line, "a figure stands on a line of its own")
    elif unknown := set(parameters) - PARAMETERS.get(name, set()):
        problems.error(path, line, f"the figure {name} knows no “{', '.join(sorted(unknown))}”")
    elif not all(BOUND.match(value) for value in moments):
        problems.error(path, line, "from and to are written 2012, 2012-03 or 2012-03-22")
    elif wrong := impossible(f"{parameters.get('from', '')}/{parameters.get('to', '')}"):
        problems.error(path, line, f"from and to: {wrong}")
    elif len(parameters) < len(pairs) or not all(parameters.values()):
        problems.error(path, line, "each parameter of a figure stands once, with its value")
    elif not child.content.strip():
        problems.error(path, line, "a figure has a caption: ![caption](figure:…)")
    elif child.attrGet("title") or any(part.type != "text" for part in child.children or []):
        problems.error(path, line, "a caption is plain words, without marks, and all that a figure says")
    else:
        _check_text(child.content, True, path, line, problems)
        block.figure = (name, parameters, child.content)


def _together(children: Sequence[Token]) -> list[Token]:
    """Put the last word before a mark and its marks in one `.nb`, so that a mark never starts a line."""
    tokens: list[Token] = []
    opened = False
    for child in children:
        if child.type == "claim" and not opened and tokens and tokens[-1].type == "text":
            before, space, word = tokens.pop().content.rpartition(" ")
            opening = Token("nb_open", "span", 1, attrs={"class": "nb"})
            tokens += [Token("text", "", 0, content=before + space), opening, Token("text", "", 0, content=word)]
            opened = True
        elif child.type != "claim" and opened:
            tokens.append(Token("nb_close", "span", -1))
            opened = False
        tokens.append(child)
    return [*tokens, Token("nb_close", "span", -1)] if opened else tokens


def _table_class(block: Block) -> str:
    """Return the class of a table: four columns or more do not fit a phone, where cells stand under the first one."""
    columns = sum(token.type == "th_open" for token in block.tokens)
    return {4: "table stack three"}.get(columns, "table" if columns < 4 else "table stack")


def block_html(block: Block, labels: Mapping[str, str], words: Mapping[str, str], address: str = "#{}") -> str:
    """Return the sanitised HTML of a block.

    `labels` is {claim key: how it stands}, `words` {label: its word}, `address` where a mark leads: the card on the
    page, or another page that has `{}` for the claim's key.
    """
    return CLEANER.clean(_html(block, labels, words, address))


def _html(block: Block, labels: Mapping[str, str], words: Mapping[str, str], address: str = "#{}") -> str:
    """Return the HTML of a block as the parser makes it."""
    for index, token in enumerate(block.tokens):
        if token.type == "table_open":
            token.attrSet("class", _table_class(block))
        elif token.type == "th_open" and not block.tokens[index + 1].content:
            token.tag = block.tokens[index + 2].tag = "td"  # an empty corner is no heading
        elif token.type.startswith("blockquote"):
            token.tag = "aside"
            if token.nesting == 1:
                token.attrSet("class", "note")
    return PARSER.renderer.render(block.tokens, PARSER.options, {"labels": labels, "words": words, "address": address})
