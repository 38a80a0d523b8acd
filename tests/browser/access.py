"""axe's rules for WCAG 2.2 AA on the page that is open, and whether it scrolls sideways (quality A5)."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# By night only colours differ.
BY_SCHEME = {"dark": ["color-contrast", "link-in-text-block"], "light": RULES}
# Django's admin fades its colours from one scheme to the other: axe looks at the end of it.
RUN = """async rules => {
  document.getAnimations().forEach(each => each.finish());
  return (await axe.run({ runOnly: rules, resultTypes: ['violations'] })).violations;
}"""


def faults(page):
    """Return what axe finds by night and by day, each with the first element that has it. The page is not reloaded.

    A click that led here waits for the answer to begin, not to end.
    """
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme, rules in BY_SCHEME.items():
        page.emulate_media(color_scheme=scheme)
        for fault in page.evaluate(RUN, rules):
            found.append(f"{page.url}, {scheme}: {fault['id']}: {fault['nodes'][0]['html'][:160]}")
    return found


def sideways(page):
    """Return a line about the page if it is wider than the screen."""
    page.wait_for_load_state()
    is_wide = page.locator("html").evaluate("e => e.scrollWidth > e.clientWidth")
    return [f"{page.url}: scrolls sideways"] if is_wide else []
