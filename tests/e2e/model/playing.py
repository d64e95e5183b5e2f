"""A Loopcoach with a model, and a mock on its page as somebody plays it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.core.features.answers import STRONG
from tests.e2e.process import Loopcoach
from tests.e2e.window import Json, Window, text_of
from tests.e2e.words import POOR
from tests.fakes.openai.server import FakeOpenAI

MODEL = "gpt-6-luna"
KEY = "sk-e2e-7f3a9c"
MARKED = "the violet turnstile keeps a ledger of its own"
"""Stands in each first answer, to be looked for where it must not be."""
FIRST = f"{POOR} In my design {MARKED}."
SECOND = STRONG
BEGINS, LISTENS = "A shopper opens", "and why do they lie where they lie?"
"""How the model's first question begins and ends; text match would ask another."""


class Seated(Loopcoach):
    """A Loopcoach that asks a fake OpenAI."""

    def __init__(self, folder: Path, server: FakeOpenAI, profile: str = "openai") -> None:
        super().__init__(folder)
        self.server = server
        self.profile = profile

    @property
    def surroundings(self) -> dict[str, str]:
        """With the model's address, key and name."""
        mine = {"OPENAI_BASE_URL": self.server.url, "OPENAI_API_KEY": self.server.key, "OPENAI_MODEL": MODEL}
        return {**super().surroundings, **mine, "OPENAI_PROFILE": self.profile, "LOG_LEVEL": "DEBUG"}

    @property
    def logs(self) -> list[str]:
        """All that it ever printed."""
        return [file.read_text() for kind in ("out", "err") for file in self.folder.glob(f"*.{kind}")]

    @property
    def interview(self) -> dict[str, Any]:
        """The one mock there is."""
        ((body,),) = self.rows("SELECT body FROM interview")
        found: dict[str, Any] = json.loads(body)
        return found

    @property
    def turns(self) -> list[tuple[str, str]]:
        """Who said what."""
        return [(turn["who"], turn["text"]) for turn in self.interview["turns"]]

    @property
    def speakers(self) -> list[str]:
        """Who spoke, in order."""
        return [who for who, _ in self.turns]


async def begun(you: Window, *, agreed: bool = True) -> Json:
    """A mock whose question was put; its opening entry."""
    if agreed:
        await you.press("model on")
        await you.find("reads what you write")
    await you.press("mock minutes:5 question:order-status-api")
    opening = await you.find("Ready when you are")
    await you.push("Start", opening, opening["thread"])
    await you.find("couriers&#x27; phones", after=opening["seq"])
    return opening


async def answered(you: Window, opening: Json, text: str) -> None:
    """Written and sent off; not waited for."""
    assert (await you.say(text, opening["thread"]))["type"] == "heard"
    assert (await you.say("done", opening["thread"]))["type"] == "heard"


def said(you: Window, opening: Json) -> list[Json]:
    """What the interviewer said in the mock's thread, oldest first."""
    there = [entry for entry in you.entries.values() if entry["place"] == opening["thread"] and not entry["gone"]]
    found = [entry for entry in there if entry["author"]["bot"] and entry["id"].endswith((">said", ">words"))]
    return sorted(found, key=lambda entry: entry["seq"])


def plain(entry: Json) -> str:
    """The words of an entry, apostrophes as typed."""
    return text_of(entry).replace("&#x27;", "'").replace("&quot;", '"')
