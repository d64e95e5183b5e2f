"""Ctrl-C in the very moment in which everything is built and nothing listens yet: it ends, and nothing keeps it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import signal, bot.wiring
from bot.start import start
from bot.settings import load
build = bot.wiring.build

def interrupted(*given, **named):
    parts = build(*given, **named)
    signal.raise_signal(signal.SIGINT)
    return parts

bot.wiring.build = interrupted
start(load())
"""


@pytest.mark.e2e
def test_an_interrupt_before_anybody_listens_leaves_no_process_behind(tmp_path: Path) -> None:
    settings = {"PORT": "0", "OPEN_BROWSER": "false", "DATABASE_URL": f"sqlite:///{tmp_path}/loop.db", "PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=settings, timeout=30, capture_output=True)
    assert done.returncode in (1, 130, -2)
    assert b"practice page" not in done.stdout
