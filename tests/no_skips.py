"""With NO_SKIPS=1 (as in CI) a skipped test fails the session: what was not run was not shown to work."""

import os

import pytest

SKIPPED = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        SKIPPED.append(report.nodeid)


def pytest_collectreport(report):
    if report.skipped:
        SKIPPED.append(report.nodeid)


def counts(config):
    """Whether this process judges: not where it is one of xdist's workers, whose reports reach the first process."""
    return SKIPPED and os.environ.get("NO_SKIPS") == "1" and not hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    if counts(session.config) and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if counts(config):
        for test in SKIPPED:
            terminalreporter.write_line(f"NO_SKIPS=1, and this test was skipped: {test}", red=True)
