"""French."""

import re
from decimal import Decimal

from accounts.folding import folded
from lessons.content.languages import Language

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
SPACE = r"[ \u00a0\u202f]"
# Endings that no other form has, but for these nouns and presents. Few words have them, so they are looked at first.
IMPERFECT_SUBJUNCTIVE = (
    r"\b(?=[^\W\d_]*(?:[âîû]t|ssent)\b)(?:"
    r"(?!(?:dég|m|app|b|rab)âts?\b)[^\W\d_]+ât\b"
    r"|(?!\w*(?:naît|connaît|paraît|plaît|croît|raît)\b|gît\b|ci-gît\b)[^\W\d_]+ît\b"
    r"|(?!(?:ao|co|surco|go|dégo|rago|aff|mo|arrière-go)ût\b)[^\W\d_]*ût\b"
    r"|[^\W\d_]+(?:ussent|inssent|âssent)\b)"
)
FUNCTION_WORDS = """
a afin ai ainsi alors apres au aucun aucune aussi autre autres aux avait avant avec avoir c car ce ceci cela celle
celles celui ces cet cette ceux chacun chacune chaque chez comme comment contre d dans de depuis des donc dont du
elle elles en encore entre est et etait etaient ete etre eu eux fait faire fut il ils j je jusqu l la laquelle le
lequel les lesquelles lesquels leur leurs lors lui m ma mais me meme memes mes moins mon n ne ni nos notre nous on
ont ou oui par parce pas pendant peut peuvent plus pour pourquoi puis qu quand que quel quelle quelles quels qui
quoi s sa sans se selon sera ses si soit son sont sous sur t ta te tel telle tes ton tous tout toute toutes tres tu
un une vers vos votre vous y
"""
LIST = r"[A-H](?:, [A-H])* (?:et|ou|ni) [A-H]"
PLACES = re.compile(
    rf"^(?i:(?:seulement|à la fois|ni|soit) )?{LIST}[.]?$"
    r"|\b(?i:réponses?|propositions?|options?) (?:[A-H]\b(?!['’])|[1-8]\b)"
    r"|\b(?i:les) (?:deux|trois|quatre) (?:premi[èe]re?s|derni[èe]re?s|autres)"
    r"(?= *$| *[.,;]| (?:sont|seulement|ensemble|réponses|propositions|options)\b)"
    r"|\b(?i:la|les) (?:premières?|dernières?|autres?) (?:réponses?|propositions?|options?)\b"
    r"|\b(?i:réponses?|propositions?|options?) (?:précédentes?|suivantes?)\b|\b(?i:ci-des(?:sus|sous))\b"
)
# What opens a clause that says of which thing it speaks; after a preposition or in "est-ce qui" it asks.
OPENER = (
    r"(?<=\w )(?<!\bà )(?<!\b(?:de|en|et) )(?<!\b(?:par|sur) )(?<!-ce )(?<!\b(?:pour|avec|chez) )"
    r"(?:(?:qui|que|dont|où)\b|qu['’])"
)
UNELIDED = re.compile(r"[hy]|onz|oui\b|uns?\b|ou?\b", re.I)
FEMININE = re.compile(r"(?!bastion|silence)\w{2,}(?:tion|sion|xion|ance|ence)\b", re.I)
MASCULINE = re.compile(r"(?!jument)\w{2,}(?:isme|ment|eau|teur)\b", re.I)
THIN, HARD = "\u202f", "\u00a0"
# The signs beside which a space is to be a no-break one; most short texts have none of them.
SPACED = re.compile("[;!?:«»%]")
SPACES = (
    (";!?", re.compile(rf"{SPACE}+([;!?])"), THIN + r"\1"),
    (":", re.compile(rf"{SPACE}+(:)(?=[\s»]|$)"), HARD + r"\1"),
    ("«", re.compile(rf"«{SPACE}*"), "«" + HARD),
    ("»", re.compile(rf"{SPACE}*»"), HARD + "»"),
    ("%", re.compile(rf"(?<=\d){SPACE}%"), THIN + "%"),
)
THOUSANDS = re.compile(rf"\d(?<![\d.,].)\d{{0,2}}(?:{SPACE}\d{{3}})+(?!\d)")  # a digit is looked for first


def fits(last: str, text: str) -> bool:
    """Return False where an article surely cannot stand before a text: by elision, gender or number of its first word.

    Only endings that leave no doubt tell the gender.
    """
    word = text.lstrip(f' «“"({THIN}{HARD}')
    if not word[:1].isalpha() or word[:2].isupper():
        return True
    is_elided = folded(word[:1]) in tuple("aeiou") and not UNELIDED.match(word)
    if last == "l’":
        return is_elided or word[:1].casefold() in "hy"
    if last in ("le", "la") and is_elided:
        return False
    if last in ("les", "des"):
        return re.match(r"[\w-]*[sxz]\b", word) is not None
    if last in ("le", "un"):
        return not FEMININE.match(word)
    return last not in ("la", "une") or not MASCULINE.match(word)


def _decimal(text: str) -> Decimal:
    return Decimal(re.sub(SPACE, "", text).replace(",", ".")).normalize()


def typeset(text: str) -> str:
    """Return the text with its no-break spaces; setting it twice changes nothing more.

    A narrow one before ; ! ? and between thousands, a full one before : and inside « » (Imprimerie nationale).
    """
    signs_there = set(SPACED.findall(text))
    for signs, pattern, set_as in SPACES:
        if not signs_there.isdisjoint(signs):
            text = pattern.sub(set_as, text)
    return THOUSANDS.sub(_thousands, text)


def _thousands(number: re.Match[str]) -> str:
    return re.sub(r"\s", THIN, number[0])


LANGUAGE = Language(
    name="French",
    numbers=re.compile(  # a digit is looked for first
        rf"\d(?:(?<![\d,].)\d{{0,2}}(?:{SPACE}\d{{3}})+(?:,\d+)?(?!\d)|\d*(?:,\d+)?)"
    ),
    decimal=_decimal,
    months=MONTHS,
    finds_months=re.compile(  # what it begins with is looked at first
        rf"(?=[adfjmnos\d])(?:\b({'|'.join(MONTHS)})(?={SPACE}\d{{4}})|\d{{1,2}}(?:er)?{SPACE}({'|'.join(MONTHS)})\b)",
        re.I,
    ),
    romans=re.compile(r"([IVX](?<=\b.)[IVX]*)(?=e\b|es\b|ᵉ)"),  # what it begins with is looked at first
    articles=("la", "le", "les", "l’", "une", "un", "des", "du"),
    typeset=typeset,
    authors=("l’article", "le texte"),
    absolute=re.compile(
        r"(?!\A\w+\W*\Z)\b(toujours|jamais|tous|toutes|seulement|uniquement|aucune?|rien"
        r"|(?<!\bla )(?<!\bune )(?<!\bcette )(?<!\bchaque )personne)\b",
        re.I,
    ),
    all_of=re.compile(r"\b(toutes?|tous|aucune?) (les|des) (réponses|propositions)|ci-dessus\b", re.I),
    bare_not=re.compile(rf"(?:\A|[.?!:;]\s)(?:(?!{OPENER}|[.?!:;]\s).)*?\bn(?:e\b|['’])[^.?]*\bpas\b", re.I | re.S),
    hedge=re.compile(
        r"\b(peut|peuvent|pourrai(t|ent)|certaine?s|souvent|parfois|généralement|en général|en partie|peut-être"
        r"|probablement|environ|presque|au moins|selon|d['’]après|rapporte(nt)?"
        r"|(?:dit|disent)(?= qu(?:e\b|['’])| avoir\b| être\b|-(?:il|elle|on)\b)"
        r"|affirme(nt)?|revendiqu\w+"
        r"|semble(nt)?|laissent? ouvert|n['’](est|a|ont) pas (établi|connu|prouvé|montré|vérifié)\w*)\b",
        re.I,
    ),
    reason=re.compile(r"\b(parce que?|puisque?|car|donc|comme|ainsi|alors)\b|\b(puisqu|parce qu)['’]", re.I),
    because=re.compile(r"\b(parce que?|puisque?|car)\b|\b(puisqu|parce qu)['’]", re.I),
    places=PLACES,
    fits=fits,
    function_words=frozenset(FUNCTION_WORDS.split()),
    avoid=re.compile(rf"\(?\b(?:notre traduction|nous traduisons)\b\)?|{IMPERFECT_SUBJUNCTIVE}", re.I),
    parts_to_avoid=("traduction", "traduisons", "ât", "ît", "ût", "ssent"),
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
