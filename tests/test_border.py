"""The border: what a request may hold, in every field of every form and in every address (quality R20).

Forms are found by reading the pages of the cast, so a new one is swept by itself. `make test-long` sends everything,
CI a tenth, and a run that somebody waits for a hundredth, another one each day.
"""

import io
import itertools
import time
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import border, folding
from accounts.addresses import LARGEST_NUMBER, Number, Pasted, Word
from cohorts import codes, roster
from cohorts.models import Cohort, Role
from course.wsgi import application
from lessons.models import Section
from quizzes.models import Attempt
from tests import make, sweep
from tests.access_rows import OF_THE_ATTEMPT, TABLE
from tests.access_world import attempt, people  # noqa: F401 - fixtures
from tests.profiles import CHOSEN, rounds

pytestmark = pytest.mark.django_db
EVERY = {"quick": 100, "ci": 10, "long": 1}[CHOSEN]
ADMIN = ["accounts/user", "quizzes/report", "quizzes/item", "lessons/claim", "lessons/module", "lessons/lesson"]


def drawn(cases):
    """All of them in `make test-long`, else a part, beginning at another one each day."""
    return itertools.islice(cases, timezone.now().toordinal() % EVERY, None, EVERY)


@pytest.fixture
def whole(people, attempt):  # noqa: F811
    """The cast with something behind every page: items that are typed, a review, a place, a lead; their browsers."""
    section = Section.objects.get(pk=900901)
    short = {"accepted": make.both(["Bamako"]), "stem": make.text("Where?"), "shuffle": False}
    number = {"value": "12", "tolerance": "1", "unit": make.both("km"), "mistakes": [], "stem": make.text("How far?")}
    for kind, document in (("short", short), ("number", number | {"shuffle": False})):
        make.version(make.item(section, uses=["check", "exam"]), kind=kind, document=document)
    make.item(section, kind="classify", uses=["exam"])
    lesson = section.lessons.get(slug="first")
    lesson.document["checks"] = [item.slug for item in section.bank.items.order_by("pk") if "check" in item.uses]
    lesson.save()
    awa, cohort = people["awa"], Cohort.objects.get(pk=900901)
    exam = make.exam(awa, section.module)
    done = make.quiz(awa, make.section(section.module), right=None)
    make.place(cohort)
    make.staff(cohort, make.user("Mariam"), Role.LEAD)
    browsers = {"visitor": sweep.browser()}
    for role, person in people.items():
        browsers[role] = sweep.browser()
        browsers[role].force_login(person)
    return browsers, [attempt, exam, done]


def pages(attempts):
    """Every address of the access table, each page of an attempt, and the editors' desk."""
    for name, (arguments, _) in TABLE.items():
        if name not in OF_THE_ATTEMPT:
            yield reverse(name, args=arguments)
    for sitting, page in itertools.product(attempts, range(1, 5)):
        yield f"{sitting.get_absolute_url()}?page={page}"
    for place in Cohort.objects.get(pk=900901).enrolments.untaken():
        yield reverse("cohorts:place", args=[900901, place.pk])
    yield f"{reverse('cohorts:slips', args=[900901])}?blank=2"
    yield f"{reverse('lessons:search', args=['mali'])}?q=first"
    yield from (f"/en/admin/{model}/" for model in ADMIN)
    yield from (f"/en/admin/accounts/user/{person}/change/" for person in Attempt.objects.values_list("learner")[0])


def test_no_text_in_any_field_of_any_form_is_a_failure_or_takes_long(whole, capsys):
    browsers, attempts = whole
    fields = sweep.forms_of_all(browsers, list(pages(attempts)))
    assert len({form.action for form, _ in fields}) > 40
    texts = [(what, text) for size in (sweep.LARGE, sweep.FITS) for what, text in sweep.long_texts(size).items()]
    texts += sweep.SHORT.items()
    count, slowest = 0, (0.0, "")
    for (form, name), (what, text) in drawn(itertools.product(fields, texts)):
        case = f"{form.method} {form.action} as {form.role}: {len(text)} bytes of {what!r} in {name!r}"
        status, seconds = form.send(browsers[form.role], name, text)
        assert status < 500, case
        assert seconds < sweep.SECONDS, f"{case}: {seconds:.1f} s"
        count, slowest = count + 1, max(slowest, (seconds, case))
    with capsys.disabled():
        told = f"{len(fields)} fields x {len(texts)} texts: {count} sent, the slowest {slowest[0]:.2f} s ({slowest[1]})"
        print(f"\n{told}" if rounds(True, False) else "", end="")


def addresses(attempts):
    """Every address with one of its parts replaced by each of sweep.PARTS."""
    for name, (arguments, _) in TABLE.items():
        arguments = [attempts[0].pk] if name in OF_THE_ATTEMPT else arguments
        words, given = reverse(name, args=arguments).split("/"), {str(argument) for argument in arguments}
        places = [place for place, word in enumerate(words) if word in given]
        for place, part in itertools.product(places, sweep.PARTS):
            yield "/".join([*words[:place], part, *words[place + 1 :]])
    for model, part in itertools.product(ADMIN, sweep.PARTS):
        yield f"/en/admin/{model}/{part}/change/"
        for query in ("p", "q", "o", "all", "id", "id__exact", "id__in", "role", "_changelist_filters", "x"):
            yield f"/en/admin/{model}/?{query}={part}"


def test_no_address_with_a_part_beyond_its_range_is_a_failure(whole, capsys):
    browsers, attempts = whole
    tries = itertools.product(addresses(attempts), ("get", "post"), ("awa", "bakary", "editor"))
    count = 0
    for address, method, role in drawn(tries):
        status, seconds = sweep.send(browsers[role], method, address, sweep.multipart([("q", b"1")]))
        assert status < 500, (role, method, address[:200])
        assert seconds < sweep.SECONDS, (role, method, address[:200])
        count += 1
    with capsys.disabled():
        print(f"\n{count} addresses" if rounds(True, False) else "", end="")


HEADERS = ["ACCEPT_LANGUAGE", "COOKIE", "X_FORWARDED_FOR", "X_AUTOSAVE", "REFERER", "ORIGIN", "HOST", "USER_AGENT"]
COOKIES = ["sessionid", "csrftoken", "messages", "django_language", "opens-at-once", "__Host-session"]


def test_no_header_and_no_cookie_is_a_failure_or_takes_long(whole):
    browsers, _ = whole
    texts = [*sweep.long_texts(sweep.FITS).values(), *sweep.long_texts(4000).values(), *sweep.SHORT.values()]
    octal = [b'"' + rb"\000" * 8 + b'"', b'"' + rb"\355\240\200" * 8 + b'"', b"a" * 4000]
    headers = [(f"HTTP_{name}", text) for name, text in itertools.product(HEADERS, texts)]
    headers += [("HTTP_COOKIE", f"{name}=".encode() + text) for name, text in itertools.product(COOKIES, texts + octal)]
    pages = (("get", "/en/"), ("post", "/en/accounts/sign-in/"), ("get", "/nowhere/"))
    for (name, text), (method, address) in drawn(itertools.product(headers, pages)):
        body = sweep.multipart([("username", b"Awa"), ("password", b"wrong")])
        status, seconds = sweep.send(browsers["visitor"], method, address, body, **{name: text.decode("latin-1")})
        assert status < 500, (name, text[:40], address)
        assert seconds < sweep.SECONDS, (name, text[:40], address)


FORM = "application/x-www-form-urlencoded"
STRANGE = {
    "a million fields": (b"&".join([b"a="] * 1_000_000), FORM),
    "a thousand and one fields": (b"&".join([b"a=1"] * 1_001), FORM),
    "a name of NUL": (b"%00=%00&module=%00&username=a%00&password=b%00", FORM),
    "a name of marks": (("username" + "\u0301\u0327" * 50_000 + "=1").encode(), FORM),
    "a codec in a part": (
        sweep.multipart([("username", b"x")]).replace(b'name="username"', b"name*=bogus''username"),
        f"multipart/form-data; boundary={sweep.BOUNDARY}",
    ),
    "surrogates by a codec in a part": (
        sweep.multipart([("username", b"x")]).replace(b'name="username"', b"name*=unicode_escape''%5Cud800"),
        f"multipart/form-data; boundary={sweep.BOUNDARY}",
    ),
    "base64 that is none": (
        sweep.multipart([("username", b"====")]).replace(
            b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1
        ),
        f"multipart/form-data; boundary={sweep.BOUNDARY}",
    ),
    "no boundary": (b"--", "multipart/form-data"),
    "a boundary that never comes": (b"a" * 200_000, "multipart/form-data; boundary=b"),
    "many empty parts": (b"--b\r\n" * 40_000, "multipart/form-data; boundary=b"),
    "a header without end": (b"--b\r\n" + b"X: " + b"y" * 200_000, "multipart/form-data; boundary=b"),
    "JSON, deep": (b"[" * 200_000, "application/json"),
    "bytes": (bytes(range(256)) * 900, "application/octet-stream"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_no_strange_form_is_a_failure_or_takes_long(whole, what):
    browsers, attempts = whole
    body, content_type = STRANGE[what]
    addresses = ["/en/accounts/sign-in/", "/en/preview/", attempts[0].get_absolute_url(), "/en/cohorts/900901/roster/"]
    for address, role in itertools.product(addresses, ("visitor", "awa", "bakary")):
        status, seconds = sweep.send(browsers[role], "post", address, body, content_type)
        assert status < 500, address
        assert seconds < sweep.SECONDS, address
    for query in ("q=%00", "module=%ED%A0%80"):  # what is asked for is read in the codec of the form
        assert sweep.send(browsers["awa"], "post", f"/en/preview/?{query}", body, content_type)[0] < 500


@pytest.mark.parametrize("charset", ["hex", "punycode", "utf-7", "unicode_escape", "utf-16", "none", '"hex"', "UTF-8"])
@pytest.mark.parametrize("kind", [FORM, f"multipart/form-data; boundary={sweep.BOUNDARY}", "text/plain"])
def test_whatever_charset_a_request_claims_it_is_read_as_utf_8(attempt, charset, kind):  # noqa: F811
    body = b"username=a" if kind == FORM else sweep.multipart([("username", b"a-" + b"z" * 200_000)])
    for address, query in (("/en/accounts/sign-in/", "q=+2AA-%ff"), ("/en/modules/mali/search/", "q=\\ud800")):
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": address, "QUERY_STRING": query, "HTTP_HOST": "testserver"}
        environ |= {"CONTENT_TYPE": f"{kind}; charset={charset}", "CONTENT_LENGTH": str(len(body))}
        environ["wsgi.input"] = io.BytesIO(body)
        setup_testing_defaults(environ)
        statuses, begun = [], time.process_time()
        application(environ, lambda status, _headers, told=statuses: told.append(status)).close()
        assert statuses == ["403 Forbidden"]  # for want of a token, like any other
        assert time.process_time() - begun < sweep.SECONDS


# Bodies


class Untouched:
    """A body that nobody may read."""

    def read(self, *size):
        raise AssertionError("The body was read.")

    readline = read


@pytest.mark.parametrize(
    "length", [{"CONTENT_LENGTH": "200000000"}, {"CONTENT_LENGTH": str(border.LARGEST + 1)}, {"CONTENT_LENGTH": ""}]
)
@pytest.mark.parametrize("address", ["accounts/sign-in/", "accounts/sign-up/", "modules/mali/roots/first/read/"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_too_large_or_does_not_say_how_large_it_is_is_never_read(attempt, length, address, language):  # noqa: F811
    client = Client(headers={"transfer-encoding": "chunked"} if not length["CONTENT_LENGTH"] else {})
    kind = f"multipart/form-data; boundary={sweep.BOUNDARY}"
    page = client.generic(
        "POST", f"/{language}/{address}", b"x", kind, **length | {"wsgi.input": Untouched(), "CONTENT_TYPE": kind}
    )
    assert page.status_code == 413
    assert f'<html lang="{language}">' in page.text
    assert {"en": "Go back", "fr": "Revenez"}[language] in page.text


@pytest.fixture
def no_disk(monkeypatch):
    """Nothing sent may become a file of the machine."""

    def refuse(*given, **named):
        raise AssertionError("A file was made.")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("accounts/sign-in/", 413),
        ("modules/mali/roots/first/read/", 413),
        ("my-data/erase/", 413),
        ("nowhere/", 404),  # where there is no page, nothing is read at all
    ],
)
def test_a_file_is_refused_where_none_is_asked_for(as_awa, attempt, no_disk, address, status):  # noqa: F811
    file = SimpleUploadedFile("class.csv", b"Moussa")
    page = as_awa.post(f"/en/{address}", {"username": "Awa", "password": make.PASSWORD, "file": file})
    assert page.status_code == status


def test_a_form_of_a_browser_without_a_chosen_file_passes(client):
    fields = [("username", b"Awa"), ("password", b"wrong"), ("file", b"")]
    body = sweep.multipart(fields, ["file"]).replace(b'filename="class.csv"', b'filename=""')
    page = client.generic("POST", "/en/accounts/sign-in/", body, f"multipart/form-data; boundary={sweep.BOUNDARY}")
    assert page.status_code == 422


def test_a_roster_of_two_megabytes_is_read_in_memory_and_comes_back_in_a_form_that_fits(people, attempt, no_disk):  # noqa: F811
    client = Client()
    client.force_login(people["bakary"])
    names = [f"{number:04} " + "é" * 110 for number in range(1500)]
    file = SimpleUploadedFile("class.csv", "\n".join(["Name", *names]).encode())
    assert border.LARGEST < file.size < roster.MOST_BYTES
    page = client.post("/en/cohorts/900901/roster/", {"file": file})
    assert page.status_code == 200
    assert isinstance(page.wsgi_request.FILES["file"], InMemoryUploadedFile)
    assert "Make 1500 places" in page.text
    table = "\n".join(f"{line}\t{name}" for line, name in enumerate(["Name", *names], 1))
    fields = {"table": table, "were": "name", "role0": "name", "heading": "1", "confirm": "1"}
    assert client.post("/en/cohorts/900901/roster/", fields).status_code == 302
    large = SimpleUploadedFile("class.csv", b"a" * (border.LARGEST_FILE + 1))
    assert client.post("/en/cohorts/900901/roster/", {"file": large}).status_code == 413


def test_a_file_of_questions_is_read_of_whoever_may_teach_alone(people, attempt, no_disk):  # noqa: F811
    bank = make.bank(people["bakary"], languages=("en",))
    address, kind = f"/en/banks/{bank.pk}/import/", f"multipart/form-data; boundary={sweep.BOUNDARY}"
    large = b"Who? {=Nine ~Nobody}\n\n// " + b"a" * border.LARGEST_FILE
    owner, learner, visitor = Client(), Client(), Client()
    owner.force_login(people["bakary"])
    learner.force_login(people["awa"])
    assert owner.post(address, {"file": SimpleUploadedFile("a.txt", large), "language": "en"}).status_code == 302
    for client, length in ((learner, len(large)), (visitor, len(large)), (owner, border.LARGEST_BANK + 1)):
        unread = {"wsgi.input": Untouched(), "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)}
        assert client.generic("POST", address, b"x", kind, **unread).status_code == 413


def test_few_addresses_take_so_much():
    views = [entry.callback for entry in patterns(get_resolver().url_patterns)]
    large = [view.__name__ for view in views if getattr(view, "takes_bytes", 0) > border.LARGEST_FILE]
    assert sorted(large) == ["item_edit", "item_new", "upload_new"]


def test_two_files_at_once_are_refused(people, attempt, no_disk):  # noqa: F811
    client = Client()
    client.force_login(people["bakary"])
    files = {name: SimpleUploadedFile("class.csv", b"Moussa") for name in ("file", "other")}
    assert client.post("/en/cohorts/900901/roster/", files).status_code == 413


def test_the_settings_let_through_what_the_border_does(settings):
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == settings.FILE_UPLOAD_MAX_MEMORY_SIZE == border.LARGEST_FILE
    assert border.LARGEST_FILE > roster.MOST_BYTES
    assert settings.MIDDLEWARE.index("accounts.border.Border") < settings.MIDDLEWARE.index(
        "django.contrib.sessions.middleware.SessionMiddleware"
    )


# Addresses


def patterns(entries):
    for entry in entries:
        if getattr(entry, "namespace", None) != "admin":
            yield entry
            yield from patterns(getattr(entry, "url_patterns", []))


def test_every_part_of_an_address_goes_through_the_converters_of_the_border():
    parts = {
        (str(entry.pattern), name): converter
        for entry in patterns(get_resolver().url_patterns)
        for name, converter in getattr(entry.pattern, "converters", {}).items()
    }
    assert len(parts) > 50
    assert [part for part, converter in parts.items() if not isinstance(converter, Number | Word | Pasted)] == []


@pytest.mark.parametrize("number", ["9223372036854775808", "9999999999999999999", "99999999999999999999", "9" * 5000])
def test_a_number_that_no_row_can_have_is_no_address(as_awa, number):
    for address in ("cohorts", "attempts", "certificates"):
        assert as_awa.get(f"/en/{address}/{number}/").status_code == 404


def test_the_largest_number_is_one():
    assert Number().to_python("9223372036854775807") == LARGEST_NUMBER


def test_a_choice_beyond_every_row_is_told_at_its_field(as_bakary, bakary):
    cohort = make.cohort(bakary)
    section = make.section()
    fields = {"module": section.module.pk, "opens_at": "2026-11-02T09:00"}
    for number in ("99999999999999999999", "9223372036854775808", "-1", "x"):
        page = as_bakary.post(f"/en/cohorts/{cohort.pk}/assignments/new/", fields | {"sections": number})
        assert page.status_code == 422
        assert page.context["form"].has_error("sections")


# Texts


MARKS = "a" + "\u0301\u0327" * 500_000


@pytest.mark.parametrize(
    "read",
    [
        folding.name_key,
        codes.plain,
        lambda text: roster.read_lines(text),
        lambda text: roster.read(f"{text};b\nc;d".encode()),
        lambda text: roster.read(b"Name\n" + "\n".join([text[:401]] * 2500).encode()[: roster.MOST_BYTES]),
        lambda text: roster.read(b"Name\n" + "\n".join([text[:241]] * 4100).encode()[: roster.MOST_BYTES]),
    ],
)
def test_marks_without_end_are_cut_before_they_are_put_in_order(read):
    assert seconds(read, MARKS) < sweep.SECONDS + 5 * seconds(read, "a" * len(MARKS))


def seconds(read, text):
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


def test_a_name_beyond_the_cut_is_refused_and_never_shortened():
    for text in ("a" * 401, "a" + "\u0301" * 400, "a" * 399 + " b"):
        read = roster.read_lines(text)
        assert (read.names, [fault.what for fault in read.faults]) == ([], [roster.What.TOO_LONG])
    assert roster.read_lines("e\u0301" * 120).names == ["é" * 120]


@pytest.mark.parametrize("address", ["/en/modules/mali/search/?q=a%00first", "/en/modules/mali/?%00=%00"])
def test_nul_is_taken_out_of_what_is_asked_for(client, attempt, address):  # noqa: F811
    assert client.get(address).status_code == 200


def test_nul_is_taken_out_of_what_is_sent(as_bakary, attempt):  # noqa: F811
    page = as_bakary.post("/en/preview/", {"module\0": "ma\0li"})
    assert page["Location"] == "/en/modules/mali/"
