"""The ledger: every claim, reference, term and event that is not right is refused with its file and line."""

import pytest

from tests.content import REFERENCES, TIMELINE, broken, line_of, read_ledger, refused, write_module

M002, O01 = 'id = "M002"', 'id = "O01"'

# (file, what stands there, what a hurried author writes, where it is told, words of the message);
# told on the changed line (""), on the first line with those words, or on the header of the omission (None).
REFUSALS = {
    "a reference without publisher": (
        "references",
        'publisher = "River Gazette"\n',
        "",
        "[[reference]]",
        "“publisher” is missing",
    ),
    "a reference of an unknown kind": ("references", '"press"', '"rumour"', "", "should be one of: official, law"),
    "a reference of no side": ("references", 'side = "elsewhere"\n', "", "[[reference]]", "“side” is missing"),
    "a reference without a title": (
        "references",
        'title = "The bridge is open"\n',
        "",
        "[[reference]]",
        "“title” is missing",
    ),
    "a title of ours in one language": (
        "references",
        'title = "The bridge is open"',
        'title.en = "A page on the bridge"',
        "title.en",
        "“title.fr” is missing",
    ),
    "a reference that does not say how it was read": (
        "references",
        'read = "page"\n',
        "",
        "[[reference]]",
        "“read” is missing",
    ),
    "a reference without the day of reading": (
        "references",
        "opened = 2026-10-01\n",
        "",
        "[[reference]]",
        "“opened” is missing",
    ),
    "a day of reading as a text": (
        "references",
        "opened = 2026-10-01",
        'opened = "2026-10-01"',
        "",
        "a date without quotation marks",
    ),
    "a reference without an address": (
        "references",
        'url = "https://www.river-gazette.net/bridge"\n',
        "",
        "[[reference]]",
        "either “url” or, where it has none, “offline”",
    ),
    "a reference with an address and a reason for none": (
        "references",
        'kind = "press"',
        'kind = "press"\noffline.en = "On paper."\noffline.fr = "Sur papier."',
        "url",
        "either “url” or, where it has none, “offline”",
    ),
    "a reference by another scheme": ("references", "https://", "ftp://", "", "should begin with https://"),
    "a reference by a mirror of documents": (
        "references",
        "www.river-gazette.net",
        "www.scribd.com",
        "",
        "set “link = false”",
    ),
    "a reference of a day in words": ("references", '"2019-10"', '"autumn 2019"', "", "write 2019, 2019-10"),
    "a reference in a language in words": ("references", '"en"', '"English"', "", "no code of a language"),
    "a copy of nowhere": ("references", 'read = "page"', 'read = "page"\ncopy = true', "copy", "says in “via”"),
    "a reference with a wrong id": (
        "references",
        "[[reference]]",
        REFERENCES.replace("gazette-2019", "Gazette 2019") + "\n[[reference]]",
        "Gazette 2019",
        "small letters, digits",
    ),
    "a reference with a key of its own": ("references", "date =", "day =", "", "nothing is known of a key “day”"),
    "a misspelt header": ("glossary", '[[term]]\nid = "ford', '[[trem]]\nid = "ford', "", "is it misspelt"),
    "a term of an unknown kind": ("glossary", '"place"', '"river"', "", "should be one of: person, organisation"),
    "a term without a French name": ("glossary", 'name.fr = "Vieux Gué"\n', "", "Old Ford", "“name.fr” is missing"),
    "a term without its meaning": (
        "glossary",
        'meaning.en = "It counts the boats."\nmeaning.fr = "Il compte les bateaux."\n',
        "",
        "[[term]]",
        "“meaning” is missing",
    ),
    "a term with one alias for a list": ("glossary", '["RO"]', '"RO"', "", "lists of texts in each language"),
    "a place whose latitude is a text": ("glossary", "lat = 14.5", 'lat = "14° N"', "", "degrees, such as 14.5"),
    "a term used twice": ("glossary", 'id = "ford"', 'id = "river-office"', "", "stands already in line 2"),
    "a term with a key of its own": ("glossary", "lon =", "area = 9\nlon =", "", "nothing is known of a key “area”"),
    "a claim with another letter": ("claims", M002, 'id = "X002"', "", "a claim is M and three digits, O or P and two"),
    "a claim with two digits": ("claims", M002, 'id = "M02"', "", "a claim is M and three digits"),
    "an omission with three digits": ("claims", O01, 'id = "O001"', "", "O or P and two"),
    "a claim used twice": ("claims", M002, 'id = "M001"', "", "“M001” stands already in line 2"),
    "a claim of another origin than its letter": (
        "claims",
        O01,
        'id = "P01"',
        '"omission"',
        "a claim P… has the origin “development”",
    ),
    "a claim of an unknown origin": ("claims", '"omission"', '"gap"', "", "article, omission, development"),
    "a claim of the article without its words": (
        "claims",
        'article.en = "A bridge was opened."\narticle.fr = "Un pont a été ouvert."\n',
        "",
        "[[claim]]",
        "“article” is missing",
    ),
    "a claim without the label that the article gives": (
        "claims",
        'presented = "fact"\n',
        "",
        "[[claim]]",
        "“presented” is missing",
    ),
    "a claim without verdict": ("claims", 'verdict = "confirmed"\n', "", "[[claim]]", "“verdict” is missing"),
    "a claim with an unknown verdict": ("claims", '"nuance"', '"half"', "", "should be one of: confirmed, nuance"),
    "a claim without a sayer": ("claims", 'said_by = "authors"\n', "", "[[claim]]", "“said_by” is missing"),
    "a claim with an unknown label": ("claims", 'stands = "fact"', 'stands = "true"', "", "should be one of: fact"),
    "a claim without finding": (
        "claims",
        'finding.en = "Nobody counted the ferries."\nfinding.fr = "Personne n’a compté les bacs."\n',
        "",
        None,
        "“finding” is missing",
    ),
    "a finding whose numbers differ": ("claims", "octobre", "l’an", "The bridge opened", "October"),
    "a claim that does not say whether it can be tested": (
        "claims",
        "testable = false\n",
        "",
        None,
        "“testable” is missing",
    ),
    "a claim with an unknown check": ("claims", 'checked = "page"', 'checked = "web"', "", "page, record, text, none"),
    "a claim without references": (
        "claims",
        'date = "2022"\nstands = "fact"\nreferences = []\n',
        'date = "2022"\nstands = "fact"\n',
        None,
        "“references” is missing",
    ),
    "a claim with a key of its own": (
        "claims",
        "testable = false",
        "testable = false\nweight = 2",
        "weight",
        "nothing is known of a key “weight”",
    ),
    "a date in words": ("claims", 'date = "2022"', 'date = "last year"', "", "write 2019, 2019-10, 2019-10-23"),
    "a date without a space": ("claims", 'date = "2022"', 'date = "2022,2023"', "", "several with “, ”"),
    "a fact that could not be verified": (
        "claims",
        '"confirmed"',
        '"unverifiable"',
        "stands =",
        "does not stand as fact",
    ),
    "a sayer whom nobody knows": (
        "claims",
        '"authors"',
        '"the-mayor"',
        "",
        "neither a term of the glossary nor one of authors",
    ),
    "an estimate of nobody": (
        "claims",
        '"2022"\nstands = "fact"',
        '"2022"\nstands = "estimate"',
        None,
        "says who says it",
    ),
    "a judgement as a fact": ("claims", '"confirmed"', '"judgement"', "stands =", "a judgement does not stand as fact"),
    "an opinion of nobody": (
        "claims",
        '"2022"\nstands = "fact"',
        '"2022"\nstands = "opinion"',
        None,
        "an opinion is somebody’s",
    ),
    "an estimate without its method": (
        "claims",
        '"2022"\nstands = "fact"',
        '"2022"\nsaid_by = "river-office"\nstands = "estimate"',
        None,
        "who counted what, and how",
    ),
    "a method of what is no estimate": (
        "claims",
        'finding.en = "The bridge',
        'method.en = "Counted."\nmethod.fr = "Compté."\nfinding.en = "The bridge',
        "method.en",
        "only an estimate has a method",
    ),
    "what the course says attributed to itself": (
        "claims",
        'said_by = "river-office"',
        'said_by = "course"',
        "",
        "a claim that stands as attributed says who says it",
    ),
    "an allegation of nobody": (
        "claims",
        '"2022"\nstands = "fact"',
        '"2022"\nstands = "allegation"',
        None,
        "a claim that stands as allegation says who says it",
    ),
    "a reference that is not in its file": (
        "claims",
        '"gazette-2019"',
        '"gazette"',
        "",
        "nothing in references.toml is called",
    ),
    "a page without its reference": ("claims", '["gazette-2019"]', "[]", "", "a page was read: name it in references"),
    "a claim with a reason in one language": (
        "claims",
        "testable = false",
        'testable = false\nchange.en = "Corrected."',
        "change.en",
        "“change.fr” is missing",
    ),
    "an event on a day in words": ("timeline", '"2019-10"', '"autumn"', "", "or a range a/b"),
    "an event to the day, of which the month is known": ("timeline", '"month"', '"day"', "", "is exact to the “month”"),
    "an event of a range without its end": ("timeline", '"month"', '"range"', "", "is exact to the “month”"),
    "an event to the month, with a day": ("timeline", '"2019-10"', '"2019-10-23"', "precision", "to the “day”"),
    "an event to the month, with a range": ("timeline", '"2019-10"', '"2019/2020"', "precision", "is a “range”"),
    "an event to the month, with a year": ("timeline", '"2019-10"', '"2019"', "precision", "is exact to the “year”"),
    "a place without a longitude": ("glossary", "lon = -4\n", "", "lat", "“lon” is missing"),
    "a place without a latitude": ("glossary", "lat = 14.5\n", "", "", "“lat” is missing"),
    "an event of an unknown precision": ("timeline", '"month"', '"week"', "", "should be one of: day, month, year"),
    "an event of a claim that is not there": ("timeline", '"M001"', '"M009"', "", "no claim is called “M009”"),
    "an event that nobody did": ("timeline", 'acts = ["mali"]', "acts = []", "acts", "names who acts, one at least"),
    "an event without who acts": ("timeline", 'acts = ["mali"]\n', "", "[[event]]", "“acts” is missing"),
    "an event of an unknown kind": (
        "timeline",
        '["mali"]',
        '["mali", "us"]',
        "acts",
        "of: mali, abroad, bodies, armed",
    ),
    "an event in a place that is not there": (
        "timeline",
        'claims = ["M001"]',
        'places = ["sea"]',
        "places",
        "no place of",
    ),
    "an event in what is no place": (
        "timeline",
        'claims = ["M001"]',
        'places = ["river-office"]',
        "places",
        "no place of the glossary is called “river-office”",
    ),
    "an event of an actor who is not there": (
        "timeline",
        '"river-office"',
        '"mayor"',
        "",
        "no term of the glossary is",
    ),
    "an event without French": ("timeline", 'text.fr = "Le pont ouvre."\n', "", "text.en", "“text.fr” is missing"),
    "an event with a key of its own": ("timeline", "actors =", "who =", "", "nothing is known of a key “who”"),
    "an event with a wrong id": ("timeline", '"opening"', '"The opening"', "", "use small letters"),
}


def the_omission(folder):
    """The line of the header above the omission."""
    return line_of(folder, "claims", O01) - 1


@pytest.mark.parametrize(("name", "old", "new", "at", "words"), REFUSALS.values(), ids=REFUSALS)
def test_the_ledger_is_refused_with_file_and_line(tmp_path, name, old, new, at, words):
    write_module(tmp_path)
    line = broken(tmp_path, name, old, new)
    if at is None:
        line = the_omission(tmp_path)
    elif at:
        line = line_of(tmp_path, name, at)
    *_, problems = read_ledger(tmp_path)
    refused(problems, tmp_path, name, line, words)


def test_an_omission_has_no_verdict_and_no_words_of_the_article(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "claims", 'origin = "omission"', 'origin = "omission"\nverdict = "wrong"')
    *_, problems = read_ledger(tmp_path)
    refused(problems, tmp_path, "claims", the_omission(tmp_path), "are for the article's own claims")


def test_a_valid_ledger_is_read_without_a_problem(tmp_path):
    references, terms, claims, events, problems = read_ledger(write_module(tmp_path))
    assert problems == []
    gazette = references["gazette-2019"]
    assert gazette.document["publisher"] == {"en": "River Gazette", "fr": "River Gazette"}
    assert (gazette.document["is_printed"], gazette.document["link"], gazette.document["opened"]) == (
        True,
        True,
        "2026-10-01",
    )
    assert (gazette.was_read, gazette.ground) == (True, "press")
    assert terms["river-office"].names("fr") == ["Office du fleuve", "OF"]
    assert terms["ford"].document["lat"] == 14.5
    assert (claims["M002"].stands, claims["M002"].said_by) == ("attributed", "river-office")
    assert (claims["O01"].verdict, claims["O01"].document["article"]) == (None, {})
    assert events["opening"].claims == ["M001"]


def test_a_module_without_a_timeline_has_no_events(tmp_path):
    *_, events, problems = read_ledger(write_module(tmp_path, timeline=None))
    assert (events, problems) == ({}, [])


@pytest.mark.parametrize("date", ["2019", "2019-10", "2019-10-23", "2014/2023", "/2023", "2014/", "2014-03, 2022-02"])
def test_a_date_may_be_a_moment_a_range_or_several(tmp_path, date):
    write_module(tmp_path)
    broken(tmp_path, "claims", 'date = "2022"', f'date = "{date}"')
    assert read_ledger(tmp_path)[-1] == []


@pytest.mark.parametrize(
    ("date", "precision"),
    [("2019", "year"), ("2019-10", "month"), ("2019-10-23", "day"), ("2012/2013-07", "range")],
)
def test_an_event_may_last(tmp_path, date, precision):
    write_module(tmp_path, timeline=TIMELINE.replace("2019-10", date).replace("month", precision))
    assert read_ledger(tmp_path)[-1] == []


@pytest.mark.parametrize("sayer", ["authors", "unnamed", "course", "river-office"])
def test_a_claim_is_said_by_a_term_the_authors_somebody_unnamed_or_us(tmp_path, sayer):
    write_module(tmp_path)
    broken(tmp_path, "claims", 'said_by = "authors"', f'said_by = "{sayer}"')
    assert read_ledger(tmp_path)[-1] == []


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ('finding.en = "The bridge opened', 'finding.en = "The new bridge opened', True),
        ('stands = "fact"', 'stands = "opinion"', True),
        ('verdict = "confirmed"', 'verdict = "nuance"', True),
        ('references = ["gazette-2019"]\nchecked = "page"', 'references = []\nchecked = "record"', True),
        ("testable = true", "testable = false", False),
        ('date = "2019-10"', 'date = "2019"', False),
    ],
)
def test_a_claims_checksum_is_of_all_that_a_reader_is_told(tmp_path, old, new, changes):
    before = read_ledger(write_module(tmp_path))[2]["M001"].checksum
    broken(tmp_path, "claims", old, new)
    assert (read_ledger(tmp_path)[2]["M001"].checksum != before) is changes
