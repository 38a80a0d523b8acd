"""How much the tests draw: little while somebody waits, more in CI, everything in `make test-long`."""

import os

from hypothesis import settings

EXAMPLES = {"quick": 25, "ci": 100, "long": 1000}
CHOSEN = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "quick")


def load():
    """Let hypothesis draw as many examples as the environment asks for; HYPOTHESIS_PROFILE names a profile."""
    for name, examples in EXAMPLES.items():
        # A busy machine is no fault, and times are never asserted. The examples are new ones each time, in CI too.
        settings.register_profile(name, deadline=None, max_examples=examples, derandomize=False, print_blob=True)
    settings.load_profile(CHOSEN)


def rounds(every, drawn):
    """Return how many rounds a test plays: `every` one in `make test-long`, else those that are `drawn`."""
    return every if CHOSEN == "long" else drawn
