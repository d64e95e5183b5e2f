"""kill -9 loses nothing that was acknowledged and leaves nothing half done."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KILLS", "20"))


@pytest.mark.e2e
async def test_kill_nine(path: Path) -> None:
    """After every kill of a working process the next one opens the file at once; in the end every acknowledged turn is there, whole."""
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    program = Path(__file__).with_name("crashing.py")
    child = await asyncio.create_subprocess_exec(sys.executable, str(program), str(path), str(KILLS), "11", stdout=-1, env=surroundings)
    out, _ = await child.communicate()
    assert child.returncode == 0
    rounds: list[list[str]] = json.loads(out)
    acknowledged = {turn for said in rounds for turn in said}
    assert len(rounds) == KILLS
    assert sum(map(bool, rounds)) > KILLS * 0.8, "most victims were killed before they did anything: the test proves nothing"
    with closing(sqlite3.connect(path)) as database:
        posts = {key for (key,) in database.execute("SELECT key FROM outbox")}
        done = {id for (id,) in database.execute("SELECT id FROM inbox WHERE state = 'done'")}
        saved = dict(database.execute("SELECT substr(key, 5), json_extract(body, '$.title') FROM story"))
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert acknowledged <= posts
    assert posts == done == {f"{lane}.{turn}" for lane, last in saved.items() for turn in range(1, int(last) + 1)}
