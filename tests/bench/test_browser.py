"""Forms as a page holds them, and as somebody sends them who answers all of it."""

from bench.browser import forms
from bench.sitting import _belongs, _counted

PAGE = """
<form action="/en/language/"><button name="language" value="fr">Français</button></form>
<form method="post" id="attempt" action="/en/attempts/7/answers/?page=1&amp;copy=x">
  <input type="hidden" name="as-of-0" disabled>
  <input type="hidden" name="csrfmiddlewaretoken" value="t">
  <input type="hidden" name="page" value="1">
  <input type="radio" name="q1" value="0"><input type="radio" name="q1" value="1" checked>
  <input type="hidden" name="q1-was" value="0.0.x.">
  <input type="hidden" name="q2" value=""><input type="checkbox" name="q2-0" value="1">
  <select name="q3-0"><option value="">–</option><option value="0">1</option><option value="1">2</option></select>
  <input name="q4" inputmode="decimal"><input name="q5" value="">
  <button name="next" value="1">Save and go on</button>
</form>
"""


def attempt():
    return list(forms(PAGE))[1]


def test_a_form_is_read_with_what_it_holds_and_offers():
    form = attempt()
    assert (form.id, form.action) == ("attempt", "/en/attempts/7/answers/?page=1&copy=x")
    assert form.offers == {"q1": ["0", "1"], "q2-0": ["1"], "q3-0": ["0", "1"]}


def test_what_is_disabled_is_not_sent():
    assert "as-of-0" not in dict(attempt().filled(0))


def test_every_field_is_answered_and_hidden_ones_go_along():
    assert dict(attempt().filled(0)) == {
        "csrfmiddlewaretoken": "t",
        "page": "1",
        "q1-was": "0.0.x.",
        "q1": "0",
        "q2": "",
        "q2-0": "1",
        "q3-0": "0",
        "q4": "1200",
        "q5": "Bamako",
    }


def test_another_turn_answers_otherwise():
    one, other = dict(attempt().filled(0)), dict(attempt().filled(1))
    assert {name for name in one if one[name] != other[name]} == {"q1", "q3-0", "q4", "q5"}


def test_the_script_sends_the_fields_of_one_item_alone():
    sent = {name for name, _ in attempt().filled(0) if _belongs(name, "q1")}
    assert sent == {"csrfmiddlewaretoken", "page", "q1", "q1-was"}


def test_a_change_is_counted_in_the_second_part_of_what_the_page_carries():
    assert _counted("3.19.copy.0,1.5") == "3.20.copy.0,1.5"
