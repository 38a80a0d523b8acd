"""Which rows of a list are nobody: titles, sums, rows of marks, learners made up for testing. Pure."""

import re
from enum import StrEnum

from accounts.folding import cut, folded


class Nobody(StrEnum):
    """Why a row is taken for nobody."""

    TITLE = "title"
    HEADING = "heading"
    SUM = "sum"
    MARKS = "marks"
    TEST = "test"
    NOTHING = "nothing"


SUMS = re.compile(
    r"(?:sous )?(?:totaux|total|moyenne|average|overall average|effectif|somme|sum|mean|mediane|median|ecart type|"
    r"standard deviation|nombre d\S*|number of|count)(?: (?:generale?|general|totale?|de la classe|etudiants|inscrits|"
    r"eleves|students|learners|presents?|overall|of|de|des|the|class|score|note|points|participants|"
    r"apprenants))*(?: \d\S*)*\Z"
)
MARKS = re.compile(
    r"points possible|points possibles|points|date|max points|bareme|note sur \d+|due date|coefficient\Z"
)
HINT = re.compile(
    r"tota|moyen|averag|effecti|som|sum|mean|dian|cart|standard|nomb|number|count|point|date|bar|not|coef|test|list|"
    r"facul|univ|ann|acad|part|minist|publi|arr|page|sign|visa|abs|pres|group|clas|\bt[dp]\b",
    re.I,
)  # one of these is in whatever the patterns above and below take for nobody; it is found at once
TESTS = {"test", "student", "user", "etudiant", "utilisateur", "learner", "participant", "apprenant", "de", "demo"}
TITLES = re.compile(
    r"(?:liste? (?:des|de|du|of|provisoire|definitive|nominative)|class list|faculte|universite|university|faculty of|"
    r"annee (?:academique|universitaire|scolaire)|academic year|departement de|ministere|republique d|"
    r"arrete la presente|page \d|signature|visa (?:du|de|des)\b|absents?\Z|presents?\Z)"
)
GROUP = re.compile(r"(?:(?:groupe|group|classe|class)(?: n| no)? [a-z0-9]{1,3}|t[dp] \d{1,2})\Z")


def nobody(name: str) -> Nobody | None:
    """Return whether a name is that of nobody, and why."""
    if not HINT.search(name):
        return None
    text = folded(cut(name))
    if SUMS.match(text):
        return Nobody.SUM
    if MARKS.fullmatch(text):
        return Nobody.MARKS
    words = text.split()
    if "test" in words and len(words) > 1 and set(words) <= TESTS:
        return Nobody.TEST
    return Nobody.TITLE if TITLES.match(text) or GROUP.match(text) else None


def group_in(text: str) -> str:
    """Return the name of the group over whose members a title stands, else an empty string."""
    text = text.replace(" ; ", " ")
    return text.strip(" :;,.-–—") if HINT.search(text) and GROUP.match(folded(cut(text))) else ""
