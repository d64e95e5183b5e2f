"""A mock with a model on Slack: the words come as a stream, and end as one message with its buttons."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.questions.bank import load
from tests.core.features.answers import STRONG, WEAK
from tests.e2e.slack.conftest import Slackcoach, said, whole
from tests.fakes.openai.interviewer import Interviewer
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes.slack.server import FakeSlack

pytestmark = [pytest.mark.asyncio, pytest.mark.e2e]


class Modelled(Slackcoach):
    """A Slackcoach that asks a fake OpenAI."""

    def __init__(self, folder: Path, slack: FakeSlack, model: FakeOpenAI) -> None:
        super().__init__(folder, slack, "socket")
        self.model = model

    @property
    def surroundings(self) -> dict[str, str]:
        """With the model's settings."""
        mine = {"OPENAI_BASE_URL": self.model.url, "OPENAI_API_KEY": self.model.key, "OPENAI_MODEL": "gpt-6-luna"}
        return {**super().surroundings, **mine}


async def test_a_mock_with_a_model_streams_its_questions_and_votes_at_the_end(slack: FakeSlack, tmp_path: Path) -> None:
    async with FakeOpenAI(brain=Interviewer(load()), first_token=0.2, between=0.15, chunk=6) as model:
        bot = Modelled(tmp_path, slack, model)
        await bot.connect()
        ada = slack.user("ada")
        assert (await ada.command("/mock", "5 question:order-status-api", "general")).ok
        opening = await said(slack, "@ada", "Ready when you are")
        notice = await said(slack, "@ada", "May a model read what you write?", thread=opening.ts)
        assert (await ada.presses(notice, "Go on with it")).ok
        assert (await ada.presses(opening, "Start")).ok
        first = await said(slack, "@ada", "Ask me what you need to know", thread=opening.ts)
        await ada.says("dm", WEAK, opening.ts)
        await ada.says("dm", "done", opening.ts)
        probe = await said(slack, "@ada", "?", after=first.ts, thread=opening.ts, timeout=15)
        await slack.wait_for(lambda: "Hint" in whole(probe), timeout=15)
        assert probe.stream is not None, "the words did not come as a stream"
        assert probe.stream.state != "streaming"
        mine = [message for message in slack.bot_messages("@ada", opening.ts) if message.ts > first.ts]
        assert len(mine) == 1, [whole(message)[:80] for message in mine]
        await ada.says("dm", STRONG, opening.ts)
        await ada.says("dm", "done", opening.ts)
        await slack.wait_for(
            lambda: len([m for m in slack.bot_messages("@ada", opening.ts) if m.ts > probe.ts and "Hint" in whole(m)]), timeout=15
        )
        await ada.says("dm", "end", opening.ts)
        debrief = await said(slack, "@ada", "Practice vote", thread=opening.ts, timeout=20)
        assert "gpt-6-luna, prompt" in whole(debrief)
        assert not model.violations
        await bot.quit()
        assert "Traceback" not in bot.complained
        assert not slack.complaints
        assert not slack.doubles(), slack.doubles()
