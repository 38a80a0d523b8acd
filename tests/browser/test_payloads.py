"""A hundred payloads in every text that a page shows: none runs, even without the policy of contents (R10)."""

import itertools

import pytest

from accounts.models import User
from lessons.content.markdown import block_html, read_page
from lessons.content.source import Problems
from lessons.models import Annex, Claim, Event, Lesson, LessonText, Module, Part, Reference, Section, Term
from quizzes.kinds import KINDS
from quizzes.models import Item, ItemVersion
from tests import make
from tests.browser.test_walk import answer
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
RUN = ["alert(1)", "alert`1`", "top['al'+'ert'](1)", "window.ran=1;alert(1)"]
SHAPES = [
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<body onload={}>",
    "<details open ontoggle={}>x</details>",
    "<input autofocus onfocus={}>",
    '"><script>{}</script>',
    "'><img src=x onerror={}>",
    '" autofocus onfocus={} x="',
    "' onmouseover={} x='",
    "</title><script>{}</script>",
    "</textarea><script>{}</script>",
    "<a href=javascript:{}>x</a>",
    "[x](javascript:{})",
    "[x](JaVaScRiPt:{})",
    "![x](javascript:{})",
    "<javascript:{}>",
    "[x](data:text/html,<script>{}</script>)",
    '<iframe srcdoc="<script>{}</script>"></iframe>',
    "<math><mtext></mtext><script>{}</script></math>",
    "{{% debug %}}{{{{ '<script>{}</script>'|safe }}}}",
    "<!--><script>{}</script>-->",
    "&lt;script&gt;{}&lt;/script&gt;<script>{}</script>",
]
PAYLOADS = [shape.replace("{}", run) for shape, run in itertools.product(SHAPES, RUN)]
ALL = " ".join(PAYLOADS)


def both(text):
    return {"en": text, "fr": text}


def html(source):
    """Markdown with the payloads in it, as a load would render it."""
    page = read_page("x.md", source, "en", Problems())
    return "".join(block_html(block, {}, {}) for block in page.blocks if not block.check)


@pytest.fixture
def poisoned(live_server, transactional_db, loaded):
    """The site with the payloads in every text of every row."""
    rendered = html("# x\n\n" + "\n\n".join([*PAYLOADS, f"> {ALL}", f"- {ALL}", f"## {PAYLOADS[0]} {{#a}}"]))
    for row in [*Module.objects.all(), *Section.objects.all()]:
        row.document["title"] = both(ALL)
        row.save()
    for row in Annex.objects.filter(part=Part.ARTICLE):
        for paragraph in row.document["paragraphs"]:
            paragraph |= {"summary": both(ALL), "opening": ALL}
        row.save()
    for row in LessonText.objects.filter(language="en"):
        row.parts.insert(0, {"html": rendered})
        row.save()
    for row in Lesson.objects.all():
        row.document["title"] = both(ALL)
        row.document["headings"] = both(dict.fromkeys(row.document["headings"]["en"], ALL))
        row.save()
    for row in Claim.objects.all():
        row.document = {name: both(ALL) for name in row.document}
        row.save()
    for row in Reference.objects.all():
        row.document |= {"publisher": both(ALL), "title": both(ALL), "via": both(ALL), "author": ALL}
        row.save()
    for row in [*Term.objects.all(), *Event.objects.all()]:
        row.document |= {name: both(ALL) for name in ("name", "meaning", "text")}
        row.save()
    for row in Item.objects.all():
        feedback = {key: both(ALL) for key in row.document["feedback"]}
        row.document = {"explanation": both(ALL), "feedback": feedback}
        row.save()
    for row in ItemVersion.objects.all():
        row.document["stem"] = both(ALL)
        for piece in row.document.get("options", []) + row.document.get("statements", []):
            piece["text"] = both(ALL)
        ItemVersion.objects.filter(pk=row.pk).update(document=row.document)
    return live_server.url


def test_none_of_a_hundred_payloads_runs(poisoned, browser):
    assert len(PAYLOADS) == 100
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    ran = []
    page.on("dialog", lambda dialog: (ran.append(page.url), dialog.dismiss()))
    section = f"{poisoned}/en/modules/mali/who-is-speaking/"
    for path in [
        "",
        "modules/mali/",
        "modules/mali/claims/M061/",
        "modules/mali/glossary/",
        "modules/mali/timeline/",
        "modules/mali/article/",
        "modules/mali/sources/",
        "modules/mali/sources/hrf-mali-2023/",
    ]:
        page.goto(f"{poisoned}/en/{path}")
    page.goto(f"{section}five-labels/")
    page.locator("section.check label").first.click(force=True)
    page.locator("section.check button").first.click()
    page.goto(section)
    page.locator("section[aria-labelledby=quiz] button").click()
    answer(page, right=False)
    assert page.locator("section.item").count() == 8
    user = User.objects.get()
    user.become_named(PAYLOADS[0], "three bridges over")
    page.goto(f"{poisoned}/en/accounts/settings/")
    assert ran == []
    context.close()


def test_none_runs_on_the_pages_of_an_own_question(browser, live_server, transactional_db):
    bakary = make.user("Bakary", may_teach_at=make.NOW)
    bank = make.bank(bakary, ALL[:200])
    items = [make.own_item(bank, kind) for kind in KINDS]
    for item in items:
        item.source, item.document = poison(item.source), poison(item.document)
        item.save()
        version = item.current_version
        ItemVersion.objects.filter(pk=version.pk).update(document=poison(version.document))
    context = browser.new_context(bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": session_of(bakary), "url": live_server.url}])
    page = context.new_page()
    ran = []
    page.on("dialog", lambda dialog: (ran.append(page.url), dialog.dismiss()))
    base = f"{live_server.url}/en/banks/"
    for path in ["", "search/?q=alert", f"{bank.pk}/", f"{bank.pk}/edit/", f"{bank.pk}/paper/?sheet=feedback"]:
        page.goto(base + path)
    for item in items:
        for path in ("", "edit/", "try/"):
            assert page.goto(f"{base}{bank.pk}/items/{item.pk}/{path}").status == 200
        page.locator("main button").last.click()
        assert "Nothing of this was kept" in page.locator("main").inner_text()
    assert ran == []
    context.close()


def poison(document):
    """The document with the payloads in each of its texts, of which each is in both languages."""
    if isinstance(document, dict) and set(document) == {"en", "fr"}:
        return both(ALL) if isinstance(document["en"], str) else {language: [ALL] for language in document}
    if isinstance(document, dict):
        return {name: poison(part) for name, part in document.items()}
    return [poison(part) for part in document] if isinstance(document, list) else document


def session_of(user):
    return browser_of(user).cookies["sessionid"].value


def test_the_net_catches_what_does_run(browser, live_server):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    ran = []
    page.on("dialog", lambda dialog: (ran.append(1), dialog.dismiss()))
    page.set_content("<img src=x onerror=alert(1)>")
    page.wait_for_timeout(500)
    assert ran == [1]
    context.close()
