"""Every kind keeps the protocol of a kind: each method, by the same names of its parameters."""

from inspect import getmembers, isfunction, signature

import pytest

from quizzes.kinds import KINDS, Kind

METHODS = [name for name, _ in getmembers(Kind, isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("method", METHODS)
def test_every_kind_has_each_method_of_the_protocol(kind, method):
    assert list(signature(getattr(type(kind), method)).parameters) == list(signature(getattr(Kind, method)).parameters)


def test_the_protocol_names_all_that_a_kind_does():
    public = {name for kind in KINDS.values() for name, _ in getmembers(type(kind), isfunction) if name[0] != "_"}
    assert public == set(METHODS)
