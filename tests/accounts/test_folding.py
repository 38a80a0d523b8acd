"""One folding for search, short answers, the glossary and recovery words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.folding import folded


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Élève  ÉLÈVE", "eleve eleve"),
        ("œuvre Ægidius Straße Øystein Đặng ısı", "oeuvre aegidius strasse oystein dang isi"),
        ("Ɛ ɔ Ŋolo Ɲaman Ɓiiɗo Ƴero", "e o nolo naman biido yero"),
        ("lʼor l‘or l’or l`or l'or l´or l＇or", " ".join(["l'or"] * 7)),
        ("« Wagner » “Wagner” \"Wagner\" ‘Wagner’ 'Wagner'", " ".join(["wagner"] * 5)),
        ("sous‑lieutenant sous–lieutenant", "sous lieutenant sous lieutenant"),
        ("M.I.N.U.S.M.A. et l’O.N.U, U.S.", "minusma et l'onu us"),
        ("A.Traoré M.T.Cissé", "a traore m t cisse"),
        ("3,5 1.277 12:30 Gao,Kidal", "3,5 1.277 12:30 gao kidal"),
        ("ﬁn Ｆin fi\u00adn f\u200bi\ufeffn f\u034fin", "fin fin fin fin fin"),
        ("k%ta ke_ta 40 %", "k%ta ke_ta 40"),
        ("أحمد ـمحمـد", "احمد محمد"),
        ("?! ' ’ … –", ""),
    ],
)
def test_a_text_is_its_bare_words(text, bare):
    assert folded(text) == bare


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text) == " ".join(folded(text).split())


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
@example("the U.N.`s 3.5 %")
def test_plain_signs_are_folded_as_the_same_signs_in_full_width(text):
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert folded(text) == folded(wide)
