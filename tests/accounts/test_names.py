"""Names: no account looks like another's, honest names of every script are welcome (quality R24)."""

import importlib
import unicodedata

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts import names
from accounts.folding import name_key
from accounts.forms import Settings, ShownName, SignUp
from accounts.models import User
from tests import make

# Awa, Bakary, Danso Keita, Ali0, أحمد علي, ߡߎߛߊ and ⵎⵓⵙⴰ are there.
IMITATIONS = [
    *(
        "АWА",
        "аwа",
        "аԝа",
        "АԜА",
        "ΑWΑ",
        "αwα",
        "ɑwɑ",
        "ａｗａ",
        "𝐚𝐰𝐚",
        "𝓐𝔀𝓪",
        "𝚊𝚠𝚊",
        "ⓐⓦⓐ",
        "🄰🅆🄰",
        "🅰🆆🅰",
        "🇦🇼🇦",
        "ᴀᴡᴀ",
        "ᵃʷᵃ",
    ),
    *("ꓮꓪꓮ", "ᎪᎳᎪ", "awа", "ạwa", "a̱wa", "ḁwa", "aw̃a", "awa̸", "a̶w̶a̶", "awa⃝", "awa\u0301\u0301", "awa\u0323"),
    *(
        "awa\u034f",
        "awa\ufe0f",
        "awa\u3164",
        "awa\u2800",
        "awa\u17b4",
        "a\u115fwa",
        "awa\u180b",
        "a\u200dwa",
        "awa\u200c",
    ),
    *(
        "aw\u00ada",
        "awa\u200b",
        "awa\u200f",
        "\u202eawa",
        "awa\u2069",
        "awa\u2060",
        "awa\U000e0061",
        "awa\ufff9",
        "awa\ufeff",
    ),
    *(
        " awa",
        "awa\u00a0",
        "a\u2009wa",
        "a wa",
        "awa.",
        ".awa",
        "a·wa",
        "awa_",
        "a-wa",
        "“awa”",
        "awa’",
        "awaʼ",
        "awa ✓",
        "AWA",
    ),
    *(
        "Bаkary",
        "ВАКАRУ",
        "вакагу",
        "Вakary",
        "baкary",
        "Bakarу",
        "bakary\u115f",
        "ʙᴀᴋᴀʀʏ",
        "b.a.k.a.r.y",
        "Bakarγ",
        "ḅakary",
    ),
    *("Danso  Keita", "Danso\u00a0Keita", "DansoKeita", "Danso Кеitа", "Danso Κeita", "danso.keita", "Danso Kеita"),
    *(
        "Danso Ke1ta",
        "Danso KeIta",
        "Danso Keıta",
        "Danso Keitа",
        "Danso Ｋeita",
        "AliO",
        "AIi0",
        "A1i0",
        "Ali߀",
        "A|i0",
        "alio",
    ),
    *("Avva", "AVVA", "АѵѵА", "Awa\u05c1", "Awa\u06ec", "Bakary\u0e4d", "Bakary\u07eb", "Danso Keita\u093c"),
    *("أحمد على", "أحمد علی", "أحـمد علي", "أحمد عـلـي", "ߡߎߺߛߊ", "ⵎⵓⵙ\u2d7fⴰ"),
]
HONEST = [
    *("ߒߞߏ", "ߡߊ߬ߘߌ", "ⵜⴰⵎⴰⵛⴻⵇ", "ⴰⵎⴰⵣⵉⵖ", "العربية", "محمد علي", "علی\u200cرضا رضایی", "فاطمة ٢", "کوردستان"),
    *("Fɔnɛ", "Ŋolo", "Ɲaman Kulubali", "Ɓiiɗo", "Ƴero Bah", "Kɔ̀nɔ́", "Sɛ́ku", "Ɔlɔgɔ", "Jɛnɛba Kɔne"),
    *("Nguyễn Thị Ánh", "Đặng Văn Lâm", "Trần Đức", "Мария Иванова", "Сергей", "Юрій", "Νίκος Παππάς", "Ελένη"),
    *(
        "田中さくら",
        "张伟",
        "김민준",
        "東京タワー",
        "ラーメン",
        "अमित शर्मा",
        "ශ්\u200dරී ලංකා",
        "สมชาย",
        "சுந்தர்",
        "שָׁלוֹם",
        "ኣበበ",
    ),
    *(
        "გიორგი",
        "Հայկ",
        "𞤀𞤣𞤤𞤢𞤥",
        "N’Diaye",
        "O'Brien",
        "Jean-Paul",
        "J. R. Koné",
        "Awa 2",
        "Mariam_7",
        "Ọláwálé",
        "Ẹ̀kọ́",
    ),
    *(
        "Łukasz",
        "Ævar Þór",
        "Straße",
        "Aïssata",
        "Zoë",
        "river.boat",
        "42",
        "Мария-Анна",
        "ʻOkina",
        "Awa D.",
        "Élodie 🌊",
    ),
    *("مُحَمَّد", "عَائِشَة", "ٱلْحَسَن", "שָׁרָה", "ߛߋߞߎ߬ ߕߎߙߋ", "ⵜⵉⵏ ⵀⵉⵏⴰⵏ", "Mohamed Ag Intalla", "Ahmeḍa Ag Ḥama", "Ɣali"),
    *("Savva", "Пётр Ёлкин", "О’Коннор Анна", "Dr. Koné", "ʿAlī", "Sìdíkì Jabatɛ", "Ɲɛnɛkɔrɔ", "हिन्दी", "Kadi⚕\ufe0f"),
]


def sign_up_form(name):
    return SignUp({"name": name, "password": make.PASSWORD})


def is_taken_up(form):
    """Whether the form is right and the name free, as the page asks it."""
    return form.is_valid() and form.is_free(make.NOW.date())


@pytest.fixture
def known(awa, bakary):
    make.user("Danso Keita")
    make.user("Ali0")
    for name in ("أحمد علي", "ߡߎߛߊ", "ⵎⵓⵙⴰ"):
        make.user(name)


@pytest.mark.parametrize("name", IMITATIONS)
def test_an_imitation_is_refused_with_what_to_do(name, known):
    form = sign_up_form(name)
    assert not is_taken_up(form)
    assert any(colon in form.errors["name"][0] for colon in ":")


def test_there_are_sixty_and_more():
    assert len(set(IMITATIONS)) >= 80
    assert len(set(HONEST)) >= 50


def test_honest_names_are_all_welcome_side_by_side(known):
    for name in HONEST:
        form = sign_up_form(name)
        assert is_taken_up(form), (name, form.errors)
        user = User.objects.create_user(form.cleaned_data["name"], make.PASSWORD)
        assert User.objects.get_by_natural_key(name) == user


@pytest.mark.parametrize("name", ["\u3164", "\u2800\u2800", ".", "—", "🌊", "\u0301", "’", "🏴", "ـ", "ʼ", "ˈˈ"])
def test_a_name_has_something_to_read(name, db):
    assert "name" in sign_up_form(name).errors


@pytest.mark.parametrize(
    "name",
    [
        *("admin", "Admin", "АDMIN", "ADMlN", "adm1n", "Administrator", "root", "r00t", "staff", "STAFF 2", "admin3"),
        *("guest-wedh", "Guest 12ab", "guest", "Invité a1b2", "invitée", "administratrice", "Équipe", "equipe"),
        *("Moderator", "modératrice", "Instructor Awa", "Enseignant", "Nobody", "anonyme", "No name yet", "Ｒoot"),
    ],
)
def test_nobody_speaks_for_the_site(name, db):
    form = sign_up_form(name)
    assert not is_taken_up(form)
    assert "choose another" in form.errors["name"][0] or "two alphabets" in form.errors["name"][0]


def test_nor_in_the_name_of_the_site(settings, db):
    settings.SITE_NAME = "River School"
    assert not is_taken_up(sign_up_form("river school"))
    assert is_taken_up(sign_up_form("River"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Aw\u202ea", "After “Aw” stands a sign that cannot be seen (U+202E)"),
        ("\u2800Awa", "The name begins with a sign that cannot be seen (U+2800)"),
        ("Awa Мaria", "“Мaria” mixes letters of two alphabets"),
        ("Awa\u0338\u0338", "“Awa\u0338\u0338” has more accents than a letter can bear"),
    ],
)
def test_where_the_fault_is_and_what_to_do_is_said_in_both_languages(name, words, db):
    said = {}
    for language in ("en", "fr"):
        with override(language):
            said[language] = sign_up_form(name).errors["name"][0]
    assert words in said["en"]
    assert said["fr"] != said["en"]


@pytest.mark.parametrize("sign", ["\ufdfa", "\ufdfb", "\u2177", "\ufb03", "\u33a2"])
def test_a_sign_that_stands_for_a_word_is_counted_by_its_letters(sign):
    assert "at most 60 characters" in str(sign_up_form("a" + sign * 25).errors.get("name"))
    assert "at most 60 characters" not in str(sign_up_form("a" + sign * 2).errors.get("name"))


def test_what_is_kept_of_the_longest_name_fits_its_column():
    for sign in map(chr, [*range(0x21, 0xD800), *range(0xE000, 0x20000)]):
        plain = unicodedata.normalize("NFKC", sign)
        if len(plain) > 1 or len(sign.casefold()) > 1 or sign in "mMwW":
            longest = sign * (60 // len(plain))
            assert max(len(names.look(longest)), len(name_key(longest))) <= 200, sign


@pytest.mark.parametrize("name", ["aWA", "ａｗａ", "Awa ", "awa"])
def test_signing_in_stays_tolerant(client, awa, name):
    page = client.post("/en/accounts/sign-in/", {"username": name, "password": make.PASSWORD})
    assert page.status_code == 302


# Accounts that were there before


def as_before(*people):
    """Users of these names as the first release made them: without the key for looks."""
    return User.objects.bulk_create([User(name=name, name_key=names.name_key(name)) for name in people])


def fill():
    module = importlib.import_module("accounts.migrations.0003_names_that_look_alike")
    with connection.schema_editor() as editor:
        module.fill(apps, editor)


@pytest.mark.django_db(transaction=True)
def test_whoever_had_a_name_like_anothers_keeps_it_and_signs_in(client):
    first, second, hidden, admin = as_before("Awa", "аwa", "awa\u3164", "admin")
    User.objects.filter(pk=second.pk).update(password=make.user("Password").password)
    fill()
    keys = dict(User.objects.values_list("name", "look_key"))
    assert keys == {"Awa": "awa", "аwa": None, "awa\u3164": None, "admin": "adrnln", "Password": "password"}
    assert client.post("/en/accounts/sign-in/", {"username": "аwa", "password": make.PASSWORD}).status_code == 302
    for user in User.objects.all():
        user.save()  # nobody loses a key, nobody gets one that is another's
    assert dict(User.objects.values_list("name", "look_key")) == keys
    assert not is_taken_up(sign_up_form("ａwа"))


def test_a_name_that_could_not_be_taken_today_stays_in_the_settings(db):
    (user,) = as_before("admin")
    values = {"name": "admin", "language": "fr", "time_zone": "UTC"}
    form = Settings(user, values)
    assert is_taken_up(form), form.errors
    form.save(make.NOW.date())
    assert User.objects.get().language == "fr"


def test_a_new_name_brings_its_key_and_frees_the_old_one(awa):
    awa.name = "Mariam"
    awa.save(update_fields=["name"])
    awa.refresh_from_db()
    assert (awa.name_key, awa.look_key) == ("mariam", names.look("Mariam"))
    assert is_taken_up(sign_up_form("awa"))


def test_two_at_once_cannot_take_names_that_look_alike(awa):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.user("ＡԜA")


def test_a_guest_holds_no_look_and_gets_it_with_the_name(guest):
    assert guest.look_key is None
    guest.become_named("Mariam", make.PASSWORD)
    assert User.objects.get().look_key == names.look("mariam")


# Names that only have to be read: of places, certificates, cohorts


@given(st.text(max_size=40))
def test_a_tidy_name_stays_as_it_is_and_its_keys_hold(name):
    tidy = names.tidy(name)
    assert names.tidy(tidy) == tidy == " ".join(tidy.split())
    assert names.key(tidy) == names.key(name)
    assert len(names.look(name)) <= 3 * len(unicodedata.normalize("NFKC", name))


@given(st.text(st.sampled_from("aаɛ\u0301\u202e\u200d\u200c\u3164 .1lI0O"), max_size=8))
def test_a_name_that_is_taken_can_be_seen_and_has_a_look(name):
    if names.fault(name) is None:
        assert names.look(name)
        assert names.unseen(name) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u200fعلي محمد\u200f", "علي محمد"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("👩\u200d⚕\ufe0f Sira", "👩\u200d⚕\ufe0f Sira"),
        ("👩🏽\u200d🌾 Awa", "👩🏽\u200d🌾 Awa"),
        ("Tra\u00adoré \ufeffFanta\u200b", "Traoré Fanta"),
        ("A\u200dwa\u200c Koné\u200d", "Awa Koné"),
        ("Traore\u0301", "Traoré"),
        ("Awa \u00a0\u2009 Koné", "Awa Koné"),
    ],
)
def test_a_form_makes_a_name_tidy(typed, kept):
    assert ShownName(max_length=120).clean(typed) == kept


@pytest.mark.parametrize("typed", ["\u202eAwa", "A\u2066wa", "\u3164", "Aw\u034fa", "A\U000e0061wa", "…", "Awa\ufe0f"])
def test_a_form_refuses_what_cannot_be_seen(typed):
    with pytest.raises(Exception, match=":"):
        ShownName(max_length=120).clean(typed)


def test_a_list_is_sorted_by_letters_before_accents_and_case():
    people = ["Zoé", "Élodie", "elie", "Emma", "Aïssata", "Awa", "N’Diaye", "Ndao", "Elie", "Ñanco", "Ɛlie"]
    ordered = ["Aïssata", "Awa", "elie", "Elie", "Ɛlie", "Élodie", "Emma", "Ñanco", "Ndao", "N’Diaye", "Zoé"]
    assert sorted(people, key=names.sort_key) == ordered
