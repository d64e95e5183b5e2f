"""A mock with a model on Discord: the words come as edits, within its limits, and end as one message with its buttons."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.questions.bank import load
from tests.core.features.answers import STRONG, WEAK
from tests.e2e.discord.conftest import Discordcoach
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.openai.interviewer import Interviewer
from tests.fakes.openai.server import FakeOpenAI

pytestmark = [pytest.mark.asyncio, pytest.mark.e2e]


class Modelled(Discordcoach):
    """A Discordcoach that asks a fake OpenAI."""

    model: FakeOpenAI

    @property
    def surroundings(self) -> dict[str, str]:
        """With the model's settings."""
        mine = {"OPENAI_BASE_URL": self.model.url, "OPENAI_API_KEY": self.model.key, "OPENAI_MODEL": "gpt-6-luna"}
        return {**super().surroundings, **mine}


async def test_a_mock_with_a_model_grows_its_questions_and_votes_at_the_end(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, FakeOpenAI(brain=Interviewer(load()), first_token=0.2, between=0.2, chunk=6) as model:
        bot = Modelled(tmp_path, fake)
        bot.model = model
        await bot.connect()
        ada, channel = bot.ada, bot.channel
        await ada.slash("mock", {"minutes": 5, "question": "order-status-api"}, channel)
        thread = await bot.thread(channel)
        opening = await bot.hears(thread, "Ready when you are")
        notice = await bot.hears(thread, "May a model read what you write?")
        await ada.presses(notice, "Go on with it")
        await ada.presses(opening, "Start")
        first = await bot.hears(thread, "Ask me what you need to know")
        await ada.says(thread, WEAK)
        await ada.says(thread, "done")
        begun = await bot.hears(thread, "", after=first.id, timeout=15)
        seen = {begun.text}

        def whole() -> bool:
            seen.add(begun.text)
            return "Hint" in str(begun.components)

        await fake.until(whole, 15, "its buttons")
        assert len(seen) >= 3, seen
        assert len([message for message in fake.messages(thread, by_bot=True) if message.id > first.id]) == 1
        await ada.says(thread, STRONG)
        await ada.says(thread, "done")
        await bot.hears(thread, "?", after=begun.id, timeout=15)
        await ada.says(thread, "end")
        debrief = await bot.hears(thread, "Practice vote", timeout=20)
        assert "gpt-6-luna, prompt" in debrief.text
        assert not model.violations
        await bot.quit()
        assert "Traceback" not in bot.complained
        assert not fake.verdicts, list(map(str, fake.verdicts))
