"""Pictures can be read: no label lies on another or on a dot that is not its own, and none leaves its frame (A11)."""

import pytest

from lessons.models import Lesson
from tests.browser.access import sideways

pytestmark = pytest.mark.browser
SCREEN, PAPER = [("screen", "light"), ("screen", "dark")], [("print", "light")]
LOOKS = {320: SCREEN, 360: SCREEN, 1280: SCREEN, 673: PAPER}  # px; the last is A4 between its margins
PAGES = ["modules/mali/timeline/", "modules/mali/map/", "modules/mali/sources/"]
# A run of text is as wide as its box, and as high as from its tallest letters to the box's foot: above them a box is
# empty. A number in a dot has its middle there, and is no wider; every other text keeps off every dot.
UNREADABLE = """() => {
  const EMPTY = .14, SLACK = 1, found = [];
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;
  const middle = box => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  for (const svg of document.querySelectorAll('svg.fig, svg.map')) {
    const frame = svg.getBoundingClientRect(), texts = [];
    if (!frame.width) continue;
    for (const text of svg.querySelectorAll('text')) {
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) {
        if (box.width > .5) {
          const words = text.textContent.trim().replace(/\\s+/g, ' ');
          const { left, right, bottom } = box;
          texts.push({ words, text, left, right, bottom, top: box.top + EMPTY * box.height });
        }
      }
    }
    const dots = [...svg.querySelectorAll('circle')].map(dot => dot.getBoundingClientRect()).filter(box => box.width);
    texts.forEach((one, number) => {
      const outside = Math.max(
        frame.left - one.left, one.right - frame.right, frame.top - one.top, one.bottom - frame.bottom);
      if (outside > SLACK) found.push(`“${one.words}” leaves the frame by ${outside.toFixed(0)} px`);
      for (const other of texts.slice(number + 1)) {
        if (other.text !== one.text && meet(one, other)) found.push(`“${one.words}” on “${other.words}”`);
      }
      for (const dot of dots) {
        const [x, y] = middle(one), [u, v] = middle(dot), isItsOwn = Math.hypot(x - u, y - v) < 4;
        if (isItsOwn ? one.right - one.left > dot.width : meet(one, dot)) found.push(`“${one.words}” on a dot`);
      }
    });
  }
  return [...new Set(found)];
}"""
OVER_EACH_OTHER = """<svg class="fig" width="300" height="100">
<text x="10" y="20">Bamako</text><text x="30" y="22">Kati</text>
<text x="10" y="60">Gao</text><circle cx="20" cy="56" r="4"/>
<text x="260" y="90">Tinzaouaten</text>
<circle cx="150" cy="50" r="12"/><text x="150" y="55" text-anchor="middle">7</text>
<circle cx="220" cy="50" r="6"/><text x="220" y="55" text-anchor="middle">2013</text>
</svg>"""


@pytest.fixture
def page(browser):
    """A page whose width changes; no script of the site's own is needed."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def unreadable(page):
    """What cannot be read in the pictures of the page that is open, at each width, by day, by night and on paper."""
    found = []
    for width, looks in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 640})
        for media, scheme in looks:
            page.emulate_media(media=media, color_scheme=scheme)
            faults = [*page.evaluate(UNREADABLE), *(sideways(page) if media == "screen" else [])]
            found += [f"{page.url}, {width} px, {media}, {scheme}: {fault}" for fault in faults]
    return found


def test_every_label_of_every_picture_can_be_read(site, page, language):
    lessons = [lesson.get_absolute_url()[4:] for lesson in Lesson.objects.select_related("section__module")]
    found, pictures = [], 0
    for path in [*PAGES, *lessons]:
        page.goto(f"{site}/{language}/{path}")
        pictures += page.locator("svg.fig, svg.map").count()
        found += unreadable(page)
    assert pictures >= len(PAGES)
    assert found == []


def test_labels_that_cannot_be_read_are_found(page):
    """The control: it shows that the test above can fail."""
    page.set_content(OVER_EACH_OTHER)
    faults = page.evaluate(UNREADABLE)
    assert [fault.split(" leaves")[0] for fault in faults] == [
        "“Bamako” on “Kati”",
        "“Gao” on a dot",
        "“Tinzaouaten”",
        "“2013” on a dot",
    ]
