"""When the gateway misbehaves: what discord.py does, and what it hears."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw


async def _resumed(fake: FakeDiscord, times: int = 1) -> None:
    await fake.until(lambda: fake.gateway.resumes >= times and fake.gateway.live, what="a resume")


@pytest.mark.parametrize("how", ["drop", "close", "op 7", "op 9 true"])
async def test_what_was_missed_comes_once_after_a_resume(fake: FakeDiscord, start: Any, how: str) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    if how == "drop":
        fake.gateway.drop()
    elif how == "close":
        fake.gateway.drop(4000)
    elif how == "op 7":
        fake.gateway.reconnect()
    else:
        fake.gateway.invalidate(resumable=True)
    await ada.says(channel, "meanwhile")
    await _resumed(fake)
    await ada.says(channel, "after")
    await fake.until(lambda: len(bot.heard) >= 2)
    assert [each.content for each in bot.heard] == ["meanwhile", "after"]
    assert (bot.readies, len(fake.gateway.identifies)) == (1, 1)


async def test_a_lost_session_loses_what_came_between(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    first = await ada.says(channel, "before")
    await fake.until(lambda: bot.heard)
    fake.gateway.invalidate(resumable=False)
    await ada.says(channel, "between")
    await fake.until(lambda: bot.readies == 2, timeout=8)
    await ada.says(channel, "after")
    await fake.until(lambda: len(bot.heard) >= 2)
    assert [each.content for each in bot.heard] == ["before", "after"]
    missed = [each async for each in bot.get_channel(channel.id).history(after=discord.Object(first.id))]
    assert [each.content for each in missed] == ["between", "after"]


async def test_events_can_get_lost_in_an_outage(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    with fake.gateway.losing():
        await ada.says(channel, "lost")
    fake.gateway.outage()
    await ada.says(channel, "lost too")
    fake.gateway.restore()
    await fake.until(lambda: bot.readies == 2, timeout=8)
    await ada.says(channel, "heard")
    await fake.until(lambda: bot.heard)
    assert [each.content for each in bot.heard] == ["heard"]


async def test_an_event_can_come_twice(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    fake.gateway.duplicate("MESSAGE_CREATE")
    said = await ada.says(channel, "once")
    await fake.until(lambda: len(bot.heard) >= 2)
    assert [each.id for each in bot.heard] == [said.id, said.id]
    fake.gateway.duplicate("INTERACTION_CREATE")
    shown = await ada.slash("ping", channel=channel)
    await fake.until(lambda: len(bot.interactions) >= 2 and bot.names("app_command_completion") + len(bot.failed) >= 1)
    assert shown.text == "pong"
    assert len(fake.messages(channel, by_bot=True)) == 1


async def test_a_refused_intent_ends_connect(fake: FakeDiscord, start: Any) -> None:
    fake.revoke("message_content")
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await start()
    assert (await start(content=False)).readies == 1


async def test_a_reset_token_is_unauthorized(fake: FakeDiscord, start: Any, raw: Raw) -> None:
    channel = fake.guild().text()
    bot = await start()
    old = fake.token
    fake.reset_token()
    refused = await raw("POST", f"/channels/{channel.id}/messages", {"content": "x"}, token=old)
    assert refused == (401, {"message": "401: Unauthorized", "code": 0})
    await fake.until(bot.is_closed)
    assert fake.gateway.closed[0] == 4004


async def test_a_guild_goes_dark_and_comes_back_and_the_bot_is_kicked(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    guild.goes_dark()
    guild.comes_back()
    await fake.until(lambda: bot.names("guild_available"))
    guild.kick_bot()
    await fake.until(lambda: bot.names("guild_remove"))
    await ada.says(channel, "are you there?")
    with pytest.raises(discord.Forbidden) as refused:
        await bot.get_partial_messageable(channel.id).send("no")
    assert refused.value.code == 50001
    guild.invite_bot()
    await fake.until(lambda: bot.names("guild_join"))
    assert bot.heard == []
