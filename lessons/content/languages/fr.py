"""French."""

import re
from decimal import Decimal

from lessons.content.languages import Language

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
SPACE = r"[ \u00a0\u202f]"
# Endings that no other form has, but for these nouns and presents.
IMPERFECT_SUBJUNCTIVE = (
    r"\b(?!(?:dég|m|app|b|rab)âts?\b)[^\W\d_]+ât\b"
    r"|\b(?!\w*(?:naît|connaît|paraît|plaît|croît|raît)\b|gît\b|ci-gît\b)[^\W\d_]+ît\b"
    r"|\b(?!(?:ao|co|surco|go|dégo|rago|aff|mo|arrière-go)ût\b)[^\W\d_]*ût\b"
    r"|\b[^\W\d_]+(?:ussent|inssent|âssent)\b"
)
THIN, HARD = "\u202f", "\u00a0"


def _decimal(text: str) -> Decimal:
    return Decimal(re.sub(SPACE, "", text).replace(",", ".")).normalize()


def typeset(text: str) -> str:
    """Return the text with its no-break spaces; setting it twice changes nothing more.

    A narrow one before ; ! ? and between thousands, a full one before : and inside « » (Imprimerie nationale).
    """
    text = re.sub(rf"{SPACE}+([;!?])", THIN + r"\1", text)
    text = re.sub(rf"{SPACE}+(:)(?=[\s»]|$)", HARD + r"\1", text)
    text = re.sub(rf"«{SPACE}*", "«" + HARD, text)
    text = re.sub(rf"{SPACE}*»", HARD + "»", text)
    text = re.sub(rf"(?<=\d){SPACE}%", THIN + "%", text)
    return re.sub(rf"(?<![\d.,])\d{{1,3}}(?:{SPACE}\d{{3}})+(?!\d)", _thousands, text)


def _thousands(number: re.Match[str]) -> str:
    return re.sub(r"\s", THIN, number[0])


LANGUAGE = Language(
    name="French",
    numbers=re.compile(rf"(?<![\d,])\d{{1,3}}(?:{SPACE}\d{{3}})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?"),
    decimal=_decimal,
    months=MONTHS,
    finds_months=re.compile(
        rf"\b({'|'.join(MONTHS)})(?={SPACE}\d{{4}})|\d{{1,2}}(?:er)?{SPACE}({'|'.join(MONTHS)})\b", re.I
    ),
    romans=re.compile(r"\b([IVX]+)(?=e\b|es\b|ᵉ)"),
    articles=("la", "le", "les", "l’", "une", "un", "des", "du"),
    typeset=typeset,
    authors=("l’article", "le texte"),
    absolute=re.compile(r"\b(toujours|jamais|tous|toutes|seulement|uniquement|aucune?|personne|rien)\b", re.I),
    all_of=re.compile(r"\b(toutes?|tous|aucune?) (les|des) (réponses|propositions)|ci-dessus\b", re.I),
    bare_not=re.compile(r"\bne\b[^.?]*\bpas\b|\bn’[^.?]*\bpas\b"),
    hedge=re.compile(
        r"\b(peut|peuvent|pourrai(t|ent)|certaine?s|souvent|en partie|peut-être|probablement|environ|presque|au moins"
        r"|selon|d’après|rapporte(nt)?|dit|disent|affirme(nt)?|revendiqu\w+|semble(nt)?|laissent? ouvert"
        r"|n’(est|a|ont) pas (établi|connu|prouvé|montré|vérifié)\w*)\b",
        re.I,
    ),
    reason=re.compile(r"\b(parce que?|puisque?|car|donc|comme|ainsi|alors)\b|\b(puisqu|parce qu)’", re.I),
    because=re.compile(r"\b(parce que?|puisque?|car)\b|\b(puisqu|parce qu)’", re.I),
    avoid=re.compile(rf"\(?\b(?:notre traduction|nous traduisons)\b\)?|{IMPERFECT_SUBJUNCTIVE}", re.I),
    instead="say it otherwise; of translations the page speaks once, and the imperfect subjunctive is for scholars",
    longest_sentence=28,
    acronyms=frozenset({"ONU", "ONG", "BBC", "CIA", "RT", "USA", "URSS"}),
    names_are_small=True,
    decimal_mark=",",
    first_of_month="1er",
    short_months=SHORT_MONTHS,
    clock="H\u00a0\\h\u00a0i",
    quotes=("«" + HARD, HARD + "»"),
    truth=("Vrai", "Faux"),
)
