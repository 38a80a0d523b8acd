"""Texts of questions made plain, since an item's texts have no marks: HTML, Markdown, languages, pictures. Pure."""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import unquote

from markdown_it import MarkdownIt

from quizzes.formats.base import LONGEST, TITLE, Files, Loss, Losses, Picture, Piece, Question, Refusal, Refused, Texts

MARKDOWN = MarkdownIt("commonmark", {"html": True})
MARKED = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:#\w+|[a-zA-Z]\w*);")
# The standard library's parser takes the square, and more, of what is not closed; this looks at each sign a few times.
TOKEN = re.compile(
    r"""<!--(?:.*?-->|.*)|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*|[^<>]*)>|[^<]+|<""", re.S
)
ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]{1,30})\s{0,5}=\s{0,5}("[^"]*"|'[^']*'|[^\s"'>]+)""")
MATHS = re.compile(r"\$\$.{1,300}?\$\$|\\\(.{1,300}?\\\)|\\\[.{1,300}?\\\]", re.S)
BLANK = re.compile(r"[ \t\r\n\f]+")  # not the narrow and hard spaces that French typography sets
BROKEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "figure", "figcaption", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"}
    | {"table", "tbody", "tfoot", "thead", "tr", "ul"}
)
PLAIN = BLOCKS | {"span", "font", "html", "body", "head", "title", "nolink", "bdi", "bdo", "wbr", "td", "th", "a"}
FORMATS = frozenset(
    {"abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "dir", "em", "form", "i", "input", "ins", "kbd"}
    | {"label", "mark", "q", "s", "samp", "select", "small", "strike", "strong", "tt", "u", "var"}
)
SPANS = frozenset({"span", "lang"})  # the second is how Moodle marked languages before 1.8
DROPPED = frozenset({"script", "style"})
MEDIA = frozenset({"audio", "video", "iframe", "object", "embed", "svg", "canvas", "applet"})
RAISED = {"sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"), "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")}
STORED = "@@PLUGINFILE@@/"
INLINE = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)")  # a picture in the address itself
# Another way in which Moodle's users mark languages: {mlang fr}…{mlang}
MLANG = re.compile(r"\{\s*mlang\s+([a-z_-]{2,10})\s*\}(.*?)\{\s*mlang\s*\}", re.S | re.I)


class _Plain:
    """HTML as (language or "", words) in turn; what is lost is told to `losses`, pictures to `picture`."""

    def __init__(self, losses: Losses, picture: Callable[[str, str], str]) -> None:
        self.losses, self.picture = losses, picture
        self.parts: list[tuple[str, str]] = []
        self.languages: list[str] = []  # one for each open span
        self.dropped = 0
        self.links: list[str] = []
        self.raised = ""

    def feed(self, raw: str) -> None:
        for token in TOKEN.finditer(raw):
            if token[2] is None:
                if not token[0].startswith("<!--"):
                    self._words(html.unescape(token[0]))
            elif token[1]:
                self._end(token[2].lower())
            else:
                self._start(token[2].lower(), token[3], token[0])

    def _start(self, tag: str, attributes: str, raw: str) -> None:
        pairs = ATTRIBUTE.findall(attributes) if tag in SPANS | {"img", "a"} else []
        values = {name.lower(): html.unescape(_unquoted(value)) for name, value in pairs}
        if tag in DROPPED and not attributes.endswith("/"):
            self.dropped += 1
        if tag in DROPPED | MEDIA:
            self.losses.add(Loss.MEDIA, tag)
        elif tag == "img":
            self._say(self.picture(values.get("src", ""), values.get("alt", "")))
        elif tag in SPANS:
            is_marked = tag == "lang" or "multilang" in values.get("class", "").split()
            self.languages.append(values.get("lang", "").lower().replace("_", "-").split("-")[0] if is_marked else "")
        elif tag == "a":
            self.links.append(values.get("href", ""))
        elif tag in RAISED:
            self.raised = tag
        elif tag == "table":
            self.losses.add(Loss.TABLE)
        elif tag in FORMATS:
            self.losses.add(Loss.FORMATTING, tag)
        elif tag not in PLAIN:
            self._say(raw)  # an unknown word in angle brackets is a word
        if tag in BLOCKS:
            self._say("\n– " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self._say(" · " if self.parts and not self.parts[-1][1].endswith("\n") else "")

    def _end(self, tag: str) -> None:
        if tag in DROPPED:
            self.dropped = max(0, self.dropped - 1)
        elif tag in SPANS and self.languages:
            self.languages.pop()
        elif tag == "a" and self.links:
            self._leave(self.links.pop())
        elif tag == self.raised:
            self.raised = ""
        if tag in BLOCKS:
            self._say("\n")

    def _leave(self, address: str) -> None:
        """Keep an address behind the words that led there; a file that came with the question is lost."""
        if address.startswith(STORED):
            self.losses.add(Loss.MEDIA, address.removeprefix(STORED))
        elif address.startswith(("https://", "http://")) and not "".join(w for _, w in self.parts).endswith(address):
            self._say(f" ({address})")

    def _words(self, data: str) -> None:
        if self.dropped:
            return
        words = BLANK.sub(" ", data)
        if self.raised and words.strip():
            if not words.strip().strip("0123456789+-"):
                words = words.translate(RAISED[self.raised])
            else:
                self.losses.add(Loss.FORMATTING, self.raised)
        self._say(words)

    def _say(self, words: str) -> None:
        if words:
            self.parts.append((next((code for code in reversed(self.languages) if code), ""), words))


def _unquoted(value: str) -> str:
    """Return the value of an attribute without the signs around it, which may stand in it too."""
    return value[1:-1] if value[0] in "\"'" else value


def tidy(text: str) -> str:
    """Return the text as items have it: no control signs, single spaces, no empty lines."""
    lines = BROKEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    kept = (BLANK.sub(" ", line).strip(" ") for line in lines)
    return "\n".join(line for line in kept if line and line != "–")


class Reader:
    """Reads the texts of one question: `losses` fills with what they lose, `pictures` with what they show.

    `files` are those that came with the question, by name.
    """

    def __init__(self, losses: Losses, files: Files) -> None:
        self.losses, self.files = losses, files
        self.shown: dict[bytes, tuple[str, str]] = {}  # what stands for it, and its name
        self.is_stem = False

    def text(self, raw: str, markup: str = "html", is_stem: bool = False) -> Texts:
        """Return a text in each language that it marks, {"": text} where it marks none, {} where it is empty.

        `markup` is html, markdown, plain, or moodle, in which a line's end is one.
        """
        raw = INLINE.sub(self._inline, raw)
        if len(raw) > LONGEST:
            raise Refused(Refusal.TOO_LONG, raw)
        self.is_stem = is_stem
        raw = MLANG.sub(lambda part: f'<lang lang="{part[1]}">{part[2]}</lang>', raw) if markup != "plain" else raw
        if markup == "markdown":
            raw = MARKDOWN.render(raw)
        elif markup == "plain" or not MARKED.search(raw):
            return self._checked({"": tidy(raw if markup != "html" else BLANK.sub(" ", raw))})
        elif markup == "moodle":
            raw = raw.strip(" \t\n").replace("\n", "<br>")
        parser = _Plain(self.losses, self._picture)
        parser.feed(raw)
        languages = dict.fromkeys(language for language, _ in parser.parts if language)
        return self._checked(
            {
                code: tidy("".join(words for language, words in parser.parts if language in ("", code)))
                for code in (languages or [""])
            }
        )

    def _checked(self, texts: Texts) -> Texts:
        texts = {code: text for code, text in texts.items() if text}
        if any(MATHS.search(text) for text in texts.values()):
            self.losses.add(Loss.MATHS)
        return texts

    def words(self, raw: str) -> str:
        """Return a text in one line, without marks or languages."""
        return next(iter(self.text(raw).values()), "").replace("\n", " ")

    def _picture(self, address: str, alternative: str) -> str:
        """Remember a picture; return what stands for it in the text."""
        alternative = " ".join(alternative.split())
        name = file_name(unquote(html.unescape(address.removeprefix(STORED).split("?")[0])))
        if address.startswith(("http:", "https:", "//", "data:")):
            self.losses.add(Loss.PICTURE_AWAY, "" if address.startswith("data:") else address)
        elif name not in self.files:
            self.losses.add(Loss.PICTURE_MISSING, name)
        elif not is_picture(self.files[name]):
            self.losses.add(Loss.PICTURE_BAD, name)
        else:
            if not alternative:
                self.losses.add(Loss.PICTURE_SILENT, name)
            self.shown[self.files[name]] = (alternative, name)
            if self.is_stem:
                return ""
        return f"[{alternative}]" if alternative else ""

    def _inline(self, address: re.Match[str]) -> str:
        """Put a picture that an address holds beside the files; return its address there."""
        name = f"inline-{len(self.files) + 1}"
        self.files = {**self.files, name: unpacked(address[1])}
        return STORED + name

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(
            Picture(name, {"": alternative} if alternative else {}, data)
            for data, (alternative, name) in self.shown.items()
        )


def unpacked(coded: str) -> bytes:
    """Return what base64 holds; nothing where it cannot be read."""
    try:
        return base64.b64decode("".join(coded.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def file_name(name: str) -> str:
    """Return the name of a file by which it is found, whichever way a machine writes an accent."""
    return unicodedata.normalize("NFC", name).lstrip("/")


def is_picture(data: bytes) -> bool:
    """Return whether it begins as PNG, JPEG, GIF or WebP does."""
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp or data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"))


def settled(question: Question, language: str) -> Question:
    """Return the question with every text in each of its languages; `language` where it marks none."""
    texts = [question.stem, question.explanation, question.unit, question.other, *question.spares]
    for piece in question.pieces:
        texts += [piece.text, piece.feedback, piece.partner]
    marked = dict.fromkeys(code for text in texts for code in text if code)
    languages = tuple(marked) or (language,)

    def spread(text: Texts) -> Texts:
        return {code: text.get(code) or text[""] for code in languages if text.get(code) or text.get("")}

    def forms(accepted: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {code: accepted.get(code) or accepted[""] for code in languages if accepted.get(code) or "" in accepted}

    return replace(
        question,
        stem=spread(question.stem),
        explanation=spread(question.explanation),
        unit=spread(question.unit),
        other=spread(question.other),
        spares=tuple(map(spread, question.spares)),
        accepted=forms(question.accepted),
        pieces=tuple(
            Piece(spread(piece.text), piece.weight, spread(piece.feedback), spread(piece.partner))
            for piece in question.pieces
        ),
        pictures=tuple(replace(picture, alternative=spread(picture.alternative)) for picture in question.pictures),
    )


def name_of(text: str) -> str:
    """Return a name of one line."""
    return " ".join(BROKEN.sub("", text).split())[:TITLE].strip()


def title_of(text: str) -> str:
    """Return the beginning of a raw text for the report."""
    return " ".join(re.sub(r"<[^<>]*>", " ", html.unescape(text[:2000])).split())[:TITLE]


def in_html(texts: Texts, languages: Sequence[str]) -> str:
    """Return a text as HTML; where a question has several languages, each in a span that Moodle's filter reads."""
    kept = {code: _escaped(texts[code]) for code in languages if texts.get(code)}
    if len(languages) < 2:
        return "".join(kept.values())
    return "".join(f'<span lang="{code}" class="multilang">{text}</span>' for code, text in kept.items())


def _escaped(text: str) -> str:
    return html.escape(tidy(text), quote=False).replace("\n", "<br>")
