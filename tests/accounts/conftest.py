"""What the tests of the second step share."""

import pytest
from django.utils import timezone

from accounts import second_step
from tests.accounts.second_step import CODE, SECRET, Clock, sign_in


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def codes(awa):
    """Awa's second step is on; her backup codes."""
    return second_step.turn_on(awa, SECRET, -1, None, timezone.now())


@pytest.fixture
def waiting(client, codes):
    """A browser in which Awa's password was given."""
    assert sign_in(client)["Location"] == CODE
    return client
