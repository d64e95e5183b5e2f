"""Promise: a second start reaches a ready page in 3 s; the idle process stays small. Control: a bare Python with aiohttp."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.measure import report, summary

ROOT = Path(__file__).parents[1]
RUNS = 5
BARE = "import aiohttp.web as w; a=w.Application(); a.router.add_get('/readyz', lambda r: w.Response(text='ok')); w.run_app(a, host='127.0.0.1', port={port}, print=None)"


def main() -> None:
    """First start on an empty folder, then further ones on its database."""
    with tempfile.TemporaryDirectory() as folder:
        first, memory = start([sys.executable, "-m", "bot", "run", "--no-browser", "--port", "8517"], folder)
        again = [start([sys.executable, "-m", "bot", "run", "--no-browser", "--port", "8517"], folder)[0] for _ in range(RUNS)]
        bare = [start([sys.executable, "-c", BARE.format(port=8517)], folder) for _ in range(RUNS)]
    rows = {
        "first start, seconds": summary([first]),
        "second start, seconds": summary(again),
        "control: bare aiohttp, seconds": summary([seconds for seconds, _ in bare]),
        "idle memory, MB": {"p50": memory},
        "control: bare aiohttp, MB": {"p50": bare[0][1]},
    }
    report("Start to ready page (goal 3 s) and idle memory", rows)


def start(command: list[str], folder: str) -> tuple[float, float]:
    """Seconds until /readyz answers, and resident megabytes two seconds later."""
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()} | {"PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not ready():
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit("it did not start")
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        time.sleep(2)
        status = Path(f"/proc/{process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return seconds, int(found[1]) / 1024 if found else 0.0
    finally:
        process.terminate()
        process.wait(timeout=30)


def ready() -> bool:
    """Whether the page says that it is."""
    try:
        with urllib.request.urlopen("http://127.0.0.1:8517/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


main()
