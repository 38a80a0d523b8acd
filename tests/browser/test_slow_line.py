"""A line of 400 kbit/s and 400 ms, as a report (quality A2). Times are printed and never asserted; shifts are."""

import pytest

pytestmark = pytest.mark.browser
LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
  const first = list.getEntriesByName('first-contentful-paint')[0];
  if (first) done(first.startTime);
}).observe({ type: 'paint', buffered: true }))"""
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe(
    { type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 300);
})"""


@pytest.fixture
def slow(browser):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    page.forget = lambda: session.send("Network.clearBrowserCache")
    yield page
    context.close()


def test_pages_on_a_slow_line_do_not_jump(site, slow, language):
    for path in ["", "modules/mali/", "modules/mali/who-is-speaking/five-labels/"]:
        slow.forget()
        slow.goto(f"{site}/{language}/{path}", wait_until="load")
        cold = slow.evaluate(PAINTED)
        shift = slow.evaluate(SHIFTS)
        slow.goto(f"{site}/{language}/{path}", wait_until="load")
        warm = slow.evaluate(PAINTED)
        seen = f"text seen after {cold / 1000:.1f} s, again after {warm / 1000:.1f} s"
        print(f"{language} /{path}: {seen}; shift {shift:.3f}")
        assert shift <= 0.05
