"""A lesson's Markdown: claim marks, terms, checks and anchors found, then rendered and sanitised. Pure."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.content.typography import typeset

RENDERER = 1  # raised when the same source gives other HTML
LONGEST = 64 * 1024  # bytes; a longer table would take seconds to parse
WORDS_A_MINUTE = 140  # of an attentive reader, in either language, with the cards left closed
CLAIM = re.compile(r"\[\^([A-Z]\d{2,3})\]")
ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*\Z")
PARAMETERS = {"timeline": {"from", "to", "only"}}  # of a figure; every other one has none
MOMENT = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
ALLOWED_TAGS = {
    "p", "h2", "h3", "ul", "ol", "li", "strong", "em", "s", "a", "aside", "span", "br", "hr", "code",
    "table", "thead", "tbody", "tr", "th", "td", "svg", "use",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href", "class", "data-id"},
    "h2": {"id"},
    "h3": {"id"},
    "p": {"class"},
    "aside": {"class"},
    "span": {"class"},
    "svg": {"class", "aria-hidden"},
    "table": {"class"},
    "use": {"href"},
}


@dataclass
class Block:
    """One top-level block of a lesson: a paragraph, a list, a heading … or the slug of an item to try."""

    line: int
    tokens: list
    claims: list = field(default_factory=list)
    check: str = ""
    figure: tuple = ()  # (name, {parameter: value}, caption)

    @property
    def text(self):
        """Its plain text, without marks and items."""
        inline = [token for token in self.tokens if token.type == "inline" and not self.check]
        return " ".join("".join(child.content for child in token.children if child.type == "text") for token in inline)


@dataclass
class Page:
    """One language of a lesson. `headings` is {anchor: heading}; claims and terms stand in the order of first use."""

    source: str
    language: str
    title: str = ""
    blocks: list = field(default_factory=list)
    headings: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    marks: list = field(default_factory=list)
    terms: dict = field(default_factory=dict)
    words: int = 0

    @property
    def claims(self):
        return list(dict.fromkeys(self.marks))

    @property
    def checks(self):
        return [block.check for block in self.blocks if block.check]

    @property
    def figures(self):
        return [block.figure[:2] for block in self.blocks if block.figure]

    def passages(self):
        """[[anchor, plain text]] in order; what stands before the first heading has the anchor ""."""
        found = [["", self.title]]
        for block in self.blocks[1:]:
            if block.tokens[0].type == "heading_open" and block.tokens[0].attrGet("id"):
                found.append([block.tokens[0].attrGet("id"), ""])
            found[-1][1] = f"{found[-1][1]} {block.text}".strip()
        return found

    @property
    def minutes(self):
        return max(1, round(self.words / WORDS_A_MINUTE))


def _claim_rule(state, silent):
    """`[^M038]`: a claim's mark. Stands before `link`, which would take it in front of a parenthesis."""
    found = CLAIM.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("claim", "a", 0).content = found[1]
    state.pos = found.end()
    return True


def _claim_html(renderer, tokens, index, options, env):
    key = tokens[index].content
    label, address = env["labels"][key], env["address"].format(key)
    return (
        f'<a class="mark l-{label}" href="{address}" data-id="{key}"><svg class="i" aria-hidden="true">'
        f'<use href="#i-{label}"></use></svg><span class="visually-hidden"> {env["words"][label]}, {key}</span></a>'
    )


def _parser():
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("reference")
    parser.inline.ruler.before("link", "claim", _claim_rule)
    parser.add_render_rule("claim", lambda self, *args: _claim_html(self, *args))
    return parser


PARSER = _parser()


def read_page(path, source, language, problems):
    """The page that a source describes; what is wrong is noted with its line."""
    page = Page(source=source, language=language)
    if len(source.encode()) > LONGEST:
        problems.error(path, 1, f"a lesson has at most {LONGEST // 1024} KB; split this one")
        return page
    for block in _blocks(PARSER.parse(source)):
        _note(block, page, path, problems)
        page.blocks.append(block)
    if not page.title:
        problems.error(path, 1, "the first line should be “# ” and the lesson's title")
    return page


def _blocks(tokens):
    """The tokens cut into top-level blocks."""
    run = []
    for token in tokens:
        run.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield Block(line=run[0].map[0] + 1 if run[0].map else 1, tokens=run)
            run = []


def _note(block, page, path, problems):
    """Read one block's marks into its page."""
    for token in block.tokens:
        if token.type != "inline":
            continue
        line = token.map[0] + 1
        _typeset(token, page.language)
        if block.tokens[0].type == "heading_open":
            _heading(block, token, page, path, problems)
        for child in token.children:
            if child.type == "claim":
                page.marks.append(child.content)
                page.lines.setdefault(child.content, line)
                block.claims.append(child.content)
            elif child.type == "link_open":
                _link(child, token, block, page, path, line, problems)
            elif child.type == "image":
                _figure(child, token, block, path, line, problems)
            elif child.type == "text":
                page.words += len(re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", child.content))
                if re.search(r"</?[a-zA-Z][^>]*>", child.content):
                    problems.error(path, line, "HTML is off: use Markdown")
        token.children = _kept_together(token.children)


def _typeset(token, language):
    """French spaces in every run of text; in code they would be wrong."""
    for child in token.children:
        if child.type == "text":
            child.content = typeset(child.content, language)


def _heading(block, token, page, path, problems):
    opening, line = block.tokens[0], token.map[0] + 1
    last = token.children[-1] if token.children else None
    found = ANCHOR.search(last.content) if last is not None and last.type == "text" else None
    if opening.tag == "h1":
        if page.title or line != 1:
            problems.error(path, line, "one title only, on the first line; use ## below it")
        page.title = token.content
        page.title = typeset(page.title, page.language)
        return
    if not found:
        problems.error(path, line, "a heading ends in its anchor: ## Heading {#anchor}")
        return
    last.content = ANCHOR.sub("", last.content)
    anchor = found[1]
    if anchor in page.headings:
        problems.error(path, line, f"the anchor “{anchor}” stands twice")
    page.headings[anchor] = "".join(child.content for child in token.children)
    page.lines["#" + anchor] = line
    opening.attrSet("id", anchor)


def _link(child, token, block, page, path, line, problems):
    href = child.attrGet("href") or ""
    if href.startswith("term:"):
        slug = href[5:]
        page.terms.setdefault(slug, line)
        child.attrSet("href", f"#term-{slug}")
        child.attrSet("class", "term")
    elif href.startswith("item:"):
        if block.tokens[0].type != "paragraph_open" or len(token.children) != 3:
            problems.error(path, line, "an item to try stands on a line of its own: [check](item:slug)")
        block.check = href[5:]
    elif not href.startswith(("https://", "#")):
        problems.error(path, line, f"“{href}”: a link goes to https://…, #anchor, term:… or item:…")


def _figure(child, token, block, path, line, problems):
    """`![caption](figure:timeline?from=2012&to=2013)` on a line of its own: a picture that the server draws.

    Whether the module has a picture of that name is for whoever knows the module.
    """
    source = child.attrGet("src") or ""
    name, _, query = source.removeprefix("figure:").partition("?")
    parameters = dict(parse_qsl(query))
    moments = [value for key, value in parameters.items() if key != "only"]
    if not source.startswith("figure:"):
        problems.error(path, line, "pictures are drawn by the server: ![caption](figure:…)")
    elif len(token.children) != 1:
        problems.error(path, line, "a figure stands on a line of its own")
    elif unknown := set(parameters) - PARAMETERS.get(name, set()):
        problems.error(path, line, f"the figure {name} knows no “{', '.join(sorted(unknown))}”")
    elif not all(MOMENT.match(value) for value in moments):
        problems.error(path, line, "from and to are written 2012, 2012-03 or 2012-03-22")
    elif not child.content.strip():
        problems.error(path, line, "a figure has a caption: ![caption](figure:…)")
    else:
        block.figure = (name, parameters, child.content)


def _kept_together(children):
    """The last word before a mark and its marks in one `.nb`, so that a mark never starts a line."""
    kept, opened = [], False
    for child in children:
        if child.type == "claim" and not opened and kept and kept[-1].type == "text":
            before, space, word = kept.pop().content.rpartition(" ")
            opening = Token("nb_open", "span", 1, attrs={"class": "nb"})
            kept += [Token("text", "", 0, content=before + space), opening, Token("text", "", 0, content=word)]
            opened = True
        elif child.type != "claim" and opened:
            kept.append(Token("nb_close", "span", -1))
            opened = False
        kept.append(child)
    return kept + [Token("nb_close", "span", -1)] if opened else kept


def _table_class(block):
    """Four columns or more do not fit a phone: their cells stand under the first one there."""
    columns = sum(token.type == "th_open" for token in block.tokens)
    return {4: "table stack three"}.get(columns, "table" if columns < 4 else "table stack")


def block_html(block, labels, words, address="#{}"):
    """The sanitised HTML of a block. `labels` is {claim key: how it stands}, `words` {label: its word}, `address` where
    a mark leads: the card on the page, or another page that has `{}` for the claim's key."""
    for token, following in zip(block.tokens, [*block.tokens[1:], None], strict=True):
        if token.type == "table_open":
            token.attrSet("class", _table_class(block))
        elif token.type == "th_open" and not following.content:
            token.tag = block.tokens[block.tokens.index(token) + 2].tag = "td"  # an empty corner is no heading
        elif token.type.startswith("blockquote"):
            token.tag = "aside"
            if token.nesting == 1:
                token.attrSet("class", "note")
    html = PARSER.renderer.render(block.tokens, PARSER.options, {"labels": labels, "words": words, "address": address})
    return nh3.clean(html, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None, url_schemes={"https"})
