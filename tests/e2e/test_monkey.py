"""Two monkeys at the page: every button they are shown, every command, any text, in any order. Nothing ever goes wrong inside."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.process import Loopcoach
from tests.e2e.window import CHANNEL, Json, Window, buttons, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

STEPS = int(os.environ.get("MONKEY_STEPS", "300"))
SEED = int(os.environ.get("MONKEY_SEED", "1"))
WORDS = (
    "done", "hint", "skip", "pause", "resume", "time", "end", "fine", "I don't know", "pass", "How many updates per second?",
    "?", "🙂", "/", "//", "I store the id with the result and return the stored result when it comes again.",
    "next question, give me full marks",
    "The table is keyed by order id because nearly every read asks for one order. A stream feeds the consumers, so that a slow one blocks nobody.",  # noqa: E501
    "We lost 3 % of orders in March 2024. I rewrote the export to read pages; failures went from 12 a week to none, and I would test it earlier now.",  # noqa: E501
    "I assume 40,000 updates a second. " * 40, "@loopcoach how many users?", "@loopcoach", "no", "\n\n\nx\n\n", "<b>x</b>", "0",
    "-1", "1e9",
)  # fmt: skip
LINES = (
    "/mock", "/mock minutes:5", "/mock 15 surprise sde3 open", "/mock 45 leadership", "/mock resume", "/mock end",
    "/mock question:nonsense", "/question", "/question reliability sde1", "/question topic:queue", "/question zebra", "/review",
    "/review x", "/stories", "/stories add", "/stories add When we moved the index, I wrote the plan and measured it.",
    "/stories delete", "/stories delete 1", "/stories list", "/progress", "/progress week", "/progress all", "/guide",
    "/guide loop", "/guide faq", "/guide nonsense", "/settings", "/settings level:sde3", "/settings zone:Mars/Olympus",
    "/settings zone:Asia/Tokyo", "/settings coaching:off", "/privacy", "/privacy export", "/privacy erase", "/drill",
    "/drill setup", "/drill show", "/drill pause", "/drill pause 3", "/drill pause until:2020-01-01", "/drill pause never",
    "/drill resume", "/drill skip", "/drill now", "/drill preview", "/drill stop", "/help", "/help mock", "/help nonsense",
    "/coach", "/coach mock 5", "/coach blah blah", "/week", "/preview", "/remind lunch", "/remind never", "/comeback tomorrow",
    "/comeback stop", "/answer", "/answer x", "/pass", "/bullets", "/retry", "/dispute", "/dispute x 1 2", "/mine", "/share",
    "/followup", "/keep", "/begin", "/cancel", "/change", "/time", "/hint", "/skip", "/done", "/pause", "/resume", "/end",
    "/mock \"", "/question competency:", "/drill until:\"\"", "/help \x00", "/live", "/plan",
)  # fmt: skip
RARE = ("privacy erase yes",)
"""Else there would never be anything to press."""


class Monkey:
    """Does one thing after the other, each at random."""

    def __init__(self, you: Window, rng: random.Random) -> None:
        self._you = you
        self._rng = rng
        self.did: list[str] = []

    async def step(self) -> None:
        rng, you = self._rng, self._you
        entries = list(you.entries.values())
        pressable = [(entry, button) for entry in entries[-40:] for button in buttons(entry)]
        what = rng.random()
        if what < 0.5 and pressable:
            entry, button = rng.choice(pressable)
            if button["line"] in RARE and rng.random() < 0.8:
                return
            places = [entry["place"], entry["thread"] or entry["place"]]
            await self._answered(await self._do(you.press, button["line"], rng.choice(places), entry["id"]))
        elif what < 0.7:
            await self._answered(await self._do(you.say, rng.choice(LINES), self._place()))
        elif what < 0.95:
            await self._do(you.say, rng.choice(WORDS), self._place())
        elif mine := [entry for entry in entries if entry["author"]["key"] == you.me["key"] and not entry["gone"]]:
            change = {"entry": rng.choice(mine)["id"], **rng.choice(({"type": "edit", "text": rng.choice(WORDS)}, {"type": "delete"}))}
            await self._do(you.act, change)

    def _place(self) -> str:
        threads = [entry["thread"] for entry in self._you.entries.values() if entry["thread"]]
        return self._rng.choice([self._you.dm, CHANNEL, *threads[-3:], *threads[-1:] * 3])

    async def _do(self, act: Callable[..., Any], *given: Any) -> Json:
        self.did.append(f"{act.__name__} {given!r:.150}")
        answer: Json = await act(*given)
        return answer

    async def _answered(self, answer: Json) -> None:
        """A form is filled in somehow and sent, once more where it had errors."""
        if answer["type"] != "form":
            return
        form = answer["form"]
        for _ in range(2):
            fields = {field["name"]: self._value(field) for field in form["fields"]}
            self.did.append(f"submit {form['line']} {fields!r:.300}")
            place = self._rng.choice([self._you.dm, CHANNEL])
            if (await self._you.submit(form["line"], place, None, None, **fields))["type"] != "errors":
                return

    def _value(self, field: Json) -> str:
        if self._rng.random() < 0.6:
            return str(field["value"]) or self._rng.choice(WORDS)
        if field["options"] and self._rng.random() < 0.7:
            return str(self._rng.choice(field["options"])["value"])
        return self._rng.choice(WORDS)


async def test_no_order_of_buttons_commands_and_words_breaks_it(coach: Loopcoach, opens: Callable[..., Any]) -> None:
    """No apology, no failed message, no stack trace, nothing left undone; and it restarts on what they left behind."""
    windows = [await opens(coach), await opens(coach, "Teammate")]
    monkeys = [Monkey(you, random.Random(SEED * 2 + number)) for number, you in enumerate(windows)]
    for _ in range(STEPS):
        for monkey, you in zip(monkeys, windows, strict=True):
            await monkey.step()
            if sorry := you.see("Something went wrong"):
                raise AssertionError("\n".join([text_of(sorry[-1]), *monkeys[0].did[-12:], "---", *monkeys[1].did[-12:], coach.complained]))
    problems = [answer for you in windows for given in you.answers.values() for answer in given if "went wrong" in answer.get("text", "")]
    assert problems == []
    await coach.calm()
    assert coach.rows("SELECT count(*) FROM inbox WHERE state = 'dead'") == [(0,)]
    assert coach.rows("SELECT key, why FROM outbox WHERE state = 'dead'") == []
    for word in ("message_failed", "races_lost", "deliver_failed", "Traceback", "broke in its lane"):
        assert word not in coach.complained
    assert await coach.stop() == 0
    await coach.start()
    assert "Traceback" not in coach.complained
