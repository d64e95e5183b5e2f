"""What holds for every suite."""

from __future__ import annotations

import gc
import os
import signal

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where E2E_REQUIRED is 1, as in `.ci/run`, a skipped test is a failure: everything it needs is there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("E2E_REQUIRED") == "1":
        for report in skipped:
            reporter.write_line(f"skipped, where nothing may be: {report.nodeid}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell starts what runs in its background deaf; the processes of the tests are not
    signal.signal(signal.SIGINT, signal.default_int_handler)

gc.set_threshold(50_000, 20, 50)  # thousands of collected tests are looked through again and again otherwise
