"""What an author is warned of in one item, in both languages, and what comes near and is no flaw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content.languages import rules
from quizzes.flaws import Flaw
from quizzes.kinds import KINDS
from quizzes.lint import item_flaws
from tests.lessons.content.test_readability import HEAVY, PLAIN

# In each language a stem and a key with distractors of one form, which are warned of nothing.
SOUND = {
    "en": ("Who counted the boats at the bridge?", ["the river office", "the ferry owners", "the village school"]),
    "fr": ("Qui a compté les bateaux au pont ?", ["la mairie du bourg", "la société du bac", "la classe du village"]),
}


def choosing(language, stem, texts, keys=(0,), shuffle=True):
    """(kind, version) of an item in one language alone; the texts of `keys` are right."""
    options = [{"id": letter, "text": {language: text}} for letter, text in zip("abcdefgh", texts, strict=False)]
    ids = ["abcdefgh"[key] for key in keys]
    version = {"stem": {language: stem}, "options": options, "shuffle": shuffle}
    return ("single", version | {"key": ids[0]}) if len(ids) == 1 else ("multiple", version | {"keys": ids})


def told(kind, version):
    return [str(flaw) for flaw in item_flaws(kind, version)]


def with_option(language, text, **more):
    """What the sound item of that language is told where its last option reads so."""
    stem, (key, other, _last) = SOUND[language]
    return told(*choosing(language, stem, [key, other, text], **more))


@pytest.mark.parametrize("language", SOUND)
def test_a_sound_item_is_warned_of_nothing(language):
    stem, texts = SOUND[language]
    assert told(*choosing(language, stem, texts)) == []


# Words of one language


@pytest.mark.parametrize(
    ("language", "stem", "is_told"),
    [
        ("en", "Which isn't a source?", True),
        ("en", "Which of these is not a source?", True),
        ("en", "Who did not sign?", True),
        ("en", "In which year did the army not march?", True),
        ("en", "Of these, which was not signed?", True),
        ("en", "The text says that they met. Who was not there?", True),
        ("en", "What did the army say that the report did not say?", False),
        ("en", "What holds for those who didn't sign?", False),
        ("fr", "Quelle phrase n'est pas une opinion ?", True),
        ("fr", "Lequel de ces textes ne parle pas du fleuve ?", True),
        ("fr", "Qu’est-ce qui n’est pas établi ?", True),
        ("fr", "À qui la loi ne s’applique-t-elle pas ?", True),
        ("fr", "Que dit le rapport qui n’a pas été publié ?", False),
        ("fr", "Que fait l'armée de ce qu'elle n'a pas vendu ?", False),
    ],
)
def test_a_negative_is_bare_in_the_main_clause_alone(language, stem, is_told):
    assert bool(rules(language).bare_not.search(stem)) == is_told


@pytest.mark.parametrize(
    ("language", "text", "is_careful"),
    [
        ("en", "about 300 people", True),
        ("en", "around twenty villages", True),
        ("en", "A trial about gold", False),
        ("en", "It can rise", True),
        ("en", "Can of oil", False),
        ("fr", "Le maire dit qu'il pleut", True),
        ("fr", "Le maire dit avoir vu le bac", True),
        ("fr", "De ce que dit un maire", False),
        ("fr", "d'après le maire", True),
        ("fr", "Cela n'est pas établi", True),
    ],
)
def test_what_makes_an_option_careful(language, text, is_careful):
    assert bool(rules(language).hedge.search(text)) == is_careful


@pytest.mark.parametrize(
    ("language", "text", "is_absolute"),
    [
        ("en", "Nothing", False),
        ("en", "Never.", False),
        ("en", "Nothing was said", True),
        ("en", "It never was", True),
        ("fr", "Jamais", False),
        ("fr", "Rien.", False),
        ("fr", "Il ne dit rien", True),
        ("fr", "Une personne", False),
        ("fr", "Personne ne vient", True),
    ],
)
def test_an_answer_of_one_word_is_no_absolute_word(language, text, is_absolute):
    assert bool(rules(language).absolute.search(text)) == is_absolute


# Places


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A and C"),
        ("en", "Both A and B"),
        ("en", "A, B and D."),
        ("en", "Answer C"),
        ("en", "Options 1 and 3"),
        ("en", "the first two"),
        ("en", "The first two are right"),
        ("en", "the other three together"),
        ("en", "The previous answer"),
        ("en", "the options above"),
        ("fr", "A et C"),
        ("fr", "A ou B"),
        ("fr", "La réponse B"),
        ("fr", "Les réponses A et C"),
        ("fr", "les deux premières"),
        ("fr", "Les deux dernières sont justes"),
        ("fr", "la première proposition"),
        ("fr", "La réponse précédente"),
        ("fr", "ce qui est dit ci-dessous"),
    ],
)
def test_an_option_that_speaks_of_places_is_wrong_once_options_are_shuffled(language, text):
    expected = (
        f"“{text}” speaks of where other options stand, and they are shuffled: write what it stands for ({language})"
    )
    assert expected in with_option(language, text)
    assert expected not in with_option(language, text, shuffle=False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the first two mandates"),
        ("en", "the other three towns"),
        ("en", "above 50 boats"),
        ("en", "A boat and C"),
        ("en", "Vitamin A and iron"),
        ("en", "a choice of the village"),
        ("en", "the answer of the office"),
        ("fr", "les deux premières années"),
        ("fr", "les trois autres villes"),
        ("fr", "A et la suite"),
        ("fr", "la réponse du bureau"),
        ("fr", "la première fois"),
        ("fr", "au-dessus de 50 bacs"),
    ],
)
def test_what_only_sounds_like_a_place_is_none(language, text):
    assert not [words for words in with_option(language, text) if "speaks of" in words]


def test_all_of_the_above_is_told_once():
    (words,) = [words for words in with_option("en", "all of the above") if "above" in words]
    assert words == "an option says all or none of the above: write what it stands for (en)"


# Words that give the key away


@pytest.mark.parametrize(
    ("language", "stem", "texts", "word"),
    [
        (
            "en",
            "When did Mali and the Soviet Union sign?",
            ["on a Soviet credit", "on a bank’s loan", "on a state visit"],
            "Soviet",
        ),
        (
            "fr",
            "Quand fut votée la loi sur la sûreté ?",
            ["avec les sûretés", "avant la saison", "après la crue"],
            "sûreté",
        ),
    ],
)
def test_a_rare_word_that_the_stem_and_the_key_alone_share_is_told(language, stem, texts, word):
    assert told(*choosing(language, stem, texts)) == [
        f"“{word}” stands in the stem and in the key alone: use it in a distractor too, or another word in the key "
        f"({language})"
    ]


@pytest.mark.parametrize(
    ("language", "stem", "texts"),
    [
        ("en", "When did Mali and the Soviet Union sign?", ["with Soviet credit", "with Soviet loans", "on a visit"]),
        ("en", "When did the Soviet Union sign with Mali’s union?", ["with Soviet aid", "at the union", "on a visit"]),
        ("en", "Which of them did they sign with?", ["with which of them", "on the day", "on a visit"]),
        (
            "en",
            "Who counted the nine boats?",
            ["crews of boats", "the village", "the offices"],
        ),  # short words are common
        ("en", "What does the article count?", ["boats, in the article", "boats and people", "boats and bags"]),
        ("fr", "Que compte l’article ?", ["des bacs, dans l’article", "des bacs, des gens", "des bacs, des sacs"]),
        ("fr", "Quand l’accord fut-il signé avec le pays ?", ["après un accord", "avant tout accord", "au début"]),
    ],
)
def test_a_word_that_some_distractor_has_too_tells_nothing(language, stem, texts):
    assert not [words for words in told(*choosing(language, stem, texts)) if "in the key alone" in words]


def test_a_word_that_points_to_a_distractor_as_well_tells_nothing():
    texts = ["the Soviet credit", "the Malian union", "on a visit"]
    assert told(*choosing("en", "What did the Soviet and the Malian side sign?", texts)) == []


@pytest.mark.parametrize(
    ("language", "stem", "texts"),
    [
        ("en", "The bridge at the old ford was opened by whom?", ["The old ford", "The office", "The village"]),
        ("en", "The office counted nine boats at noon. Who counted?", ["nine boats counted at noon", "bags", "people"]),
        ("fr", "Au vieux gué, le pont fut ouvert par qui ?", ["le vieux gué", "le bureau", "le village"]),
        ("fr", "Le bureau compta neuf bacs à midi. Et alors ?", ["neuf bacs du bureau à midi", "des sacs", "des gens"]),
    ],
)
def test_a_stem_that_carries_the_key_is_told_on_the_stem(language, stem, texts):
    (flaw,) = [flaw for flaw in item_flaws(*choosing(language, stem, texts)) if flaw.at == "stem"]
    assert str(flaw) == f"the stem carries the key: ask without its words ({language})"


@pytest.mark.parametrize(
    ("language", "stem", "texts"),
    [
        ("en", "The ford, the pier or the gate: which came first?", ["the ford", "the pier", "the gate"]),
        ("fr", "Le gué, le ponton ou la porte : lequel d’abord ?", ["le gué", "le ponton", "la porte"]),
        ("en", "The affordable boats: who counted them?", ["the ford", "the pier", "the gate"]),
        ("en", "What is it?", ["is it", "it is", "what is"]),
        ("en", "Who warned the group?", ["What it could do to the group", "What it was", "Who wrote it"]),
    ],
)
def test_a_stem_that_names_every_option_or_only_its_letters_carries_none(language, stem, texts):
    assert not [words for words in told(*choosing(language, stem, texts)) if "carries the key" in words]


def test_a_stem_that_says_an_accepted_form_is_told():
    version = {
        "stem": {"en": "The Segou ford is where?", "fr": "Où est ce gué ?"},
        "accepted": {"en": ["Ségou"], "fr": []},
    }
    assert told("short", version) == ["the stem carries the key: ask without its words (en)"]


# Grammar


@pytest.mark.parametrize(
    ("language", "stem", "texts", "word", "fit"),
    [
        ("en", "What was opened at the ford is an …", ["arch", "pier", "bridge"], "an", 1),
        ("en", "What was opened at the ford is a:", ["bridge", "arch", "pier"], "a", 2),
        ("fr", "Ce qui fut ouvert au gué est le …", ["pont", "arc", "bac"], "le", 2),
        ("fr", "Ce qui fut ouvert au gué est l’…", ["arche", "pont", "bac"], "l’", 1),
        ("fr", "Ce qui fut ouvert au gué est une", ["arche", "monument", "gare"], "une", 2),
        ("fr", "Ce qui fut ouvert au gué est un :", ["pont", "station", "bac"], "un", 2),
        ("fr", "On ouvrit au gué les …", ["arches", "pont", "bacs"], "les", 2),
    ],
)
def test_an_article_at_the_end_of_the_stem_that_fits_some_options_only_is_told(language, stem, texts, word, fit):
    assert (
        f"the stem ends with “{word}”, which fits {fit} of 3 options: begin each option with its own article "
        f"({language})"
    ) in told(*choosing(language, stem, texts))


@pytest.mark.parametrize(
    ("language", "stem", "texts"),
    [
        ("en", "What was opened at the ford is a …", ["bridge", "pier", "gate"]),
        ("en", "It was signed after an …", ["hour", "UN vote", "MP’s visit"]),  # read by ear, or by letters
        ("en", "It was asked of a …", ["union", "European", "one-day court"]),
        ("en", "Was it an A or a B? Which is plan A?", ["arch", "pier", "bridge"]),
        ("fr", "Ce qui fut ouvert au gué est le …", ["pont", "hameau", "onzième bac"]),
        ("fr", "Celui qui parla est un …", ["député", "comité", "traité"]),
        ("fr", "Qui est là ?", ["arche", "pont", "bac"]),
        ("fr", "Ce qui fut ouvert au gué est l’…", ["pont", "bac", "quai"]),  # wrong before all, so it tells none apart
    ],
)
def test_an_article_that_may_fit_every_option_tells_nothing(language, stem, texts):
    assert not [words for words in told(*choosing(language, stem, texts)) if "which fits" in words]


# Reading


@pytest.mark.parametrize("language", HEAVY)
def test_a_stem_that_is_very_hard_to_read_is_told_and_a_plain_one_is_not(language):
    _, texts = SOUND[language]
    (flaw,) = item_flaws(*choosing(language, HEAVY[language], texts))
    assert (str(flaw), flaw.at) == (
        f"the stem is very hard to read: make two sentences of it, of shorter words ({language})",
        "stem",
    )
    assert item_flaws(*choosing(language, PLAIN[language], texts)) == []


# All of them

TEXTS = st.text(max_size=40) | st.sampled_from(
    [text for _, texts in SOUND.values() for text in texts]
    + ["A and C", "le arc", "peut-être", "because; 9", "all of the above", "la réponse B", "%(word)s %d %", "l’"]
)


@st.composite
def choosings(draw):
    """(kind, version) of any words, in both languages."""
    texts = draw(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=6))
    stems = draw(st.tuples(TEXTS, TEXTS))
    options = [
        {"id": letter, "text": dict(zip(("en", "fr"), pair, strict=True))}
        for letter, pair in zip("abcdef", texts, strict=False)
    ]
    keys = draw(st.lists(st.sampled_from([option["id"] for option in options]), min_size=1, unique=True))
    version = {"stem": dict(zip(("en", "fr"), stems, strict=True)), "options": options, "shuffle": draw(st.booleans())}
    return ("single", version | {"key": keys[0]}) if len(keys) == 1 else ("multiple", version | {"keys": keys})


def test_two_options_that_speak_of_places_are_told_in_one_order():
    texts = ["the river office", "the first two", "A and C"]
    back = [*texts[:1], *reversed(texts[1:])]
    assert told(*choosing("en", "Who counted?", texts)) == told(*choosing("en", "Who counted?", back))


@given(asked=choosings(), data=st.data())
def test_the_order_of_options_changes_nothing_that_is_told(asked, data):
    kind, version = asked
    shuffled = version | {"options": data.draw(st.permutations(version["options"]))}
    assert told(kind, shuffled) == told(kind, version)


@given(
    stem=st.tuples(TEXTS, TEXTS),
    kind=st.sampled_from(["classify", "match", "order", "number", "short"]),
    texts=st.lists(TEXTS, min_size=2, max_size=4),
)
def test_an_item_of_any_kind_and_any_words_can_be_judged(stem, kind, texts):
    pieces = [{"id": letter, "text": {"en": text, "fr": text}} for letter, text in zip("abcd", texts, strict=False)]
    ids = [piece["id"] for piece in pieces]
    parts = {
        "classify": {"statements": pieces, "labels": [{"id": "fact"}], "key": dict.fromkeys(ids, "fact")},
        "match": {"pairs": pieces, "choices": pieces},
        "order": {"entries": pieces, "key": {letter: place for place, letter in enumerate(ids)}},
        "number": {"value": "3", "tolerance": "0", "unit": {}, "mistakes": []},
        "short": {"accepted": {"en": texts, "fr": texts}},
    }
    version = {"stem": {"en": stem[0], "fr": stem[1]}, "shuffle": True, **parts[kind]}
    assert all(words.strip() for words in told(kind, version))


def test_every_kind_is_judged():
    assert set(KINDS) == {"single", "multiple", "classify", "match", "order", "number", "short"}


# Their words


def test_a_flaw_can_be_told_in_another_language_with_its_values():
    words = {
        "%(count)d boats of %(whom)s": "%(count)d bacs de %(whom)s",
        "the “%(town)s” office": "l’office « %(town)s »",
    }
    flaw = Flaw("%(count)d boats of %(whom)s", {"count": 9, "whom": Flaw("the “%(town)s” office", {"town": "100 %"})})
    assert str(flaw) == "9 boats of the “100 %” office"
    assert flaw.told(words.__getitem__) == "9 bacs de l’office « 100 % »"
