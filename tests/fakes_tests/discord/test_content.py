"""What is left of messages without the message content intent: over the gateway and over REST."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.gateway import intents
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw


async def _heard(fake: FakeDiscord, bot: Any, count: int) -> list[str]:
    await fake.until(lambda: len(bot.heard) >= count)
    return [each.content for each in bot.heard]


async def test_without_the_intent_only_what_concerns_the_bot(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start(content=False)
    question = await bot.get_channel(channel.id).send("question")
    answer = (await ada.slash("ping", channel=channel)).message
    asked = fake.world.channels[channel.id].messages[question.id]
    thread = await ada.starts_thread(asked, "Mock")

    await ada.says(channel, "chatter", files=[fake.file("a.txt", b"x")])
    await ada.says(channel, f"<@{fake.bot.id}> look")
    await ada.says(channel, "with ping", reply_to=asked)
    await ada.says(channel, "without ping", reply_to=asked, ping=False)
    await ada.says(channel, "to an interaction's answer", reply_to=answer)
    await ada.says(thread, "in a thread")
    await ada.says(None, "directly")
    assert await _heard(fake, bot, 7) == ["", f"<@{fake.bot.id}> look", "with ping", "", "", "", "directly"]
    assert bot.heard[0].attachments == []


async def test_with_the_intent_everything(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    said = await ada.says(channel, "chatter", files=[fake.file("a.txt", b"x", description="letters")])
    assert await _heard(fake, bot, 1) == ["chatter"]
    assert await bot.heard[0].attachments[0].read() == b"x"
    voice = fake.file("voice-message.ogg", b"OggS", "audio/ogg", duration=3.2, waveform="AAAA")
    await ada.says(channel, files=[voice], voice=True)
    await fake.until(lambda: len(bot.heard) == 2)
    assert bot.heard[1].attachments[0].is_voice_message()
    await ada.edits(said, "more")
    await fake.until(lambda: bot.names("message_edit"))


async def test_rest_goes_by_what_is_granted_not_by_what_was_asked(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    said = await ada.says(channel, "chatter")
    mine = (await raw("POST", f"/channels/{channel.id}/messages", {"content": "mine"}))[1]
    await ada.says(channel, "see", reply_to=fake.messages(channel)[-1], ping=False)
    path = f"/channels/{channel.id}/messages"
    wire = await raw.gateway()
    await wire.identify(intents.GUILDS | intents.GUILD_MESSAGES)
    assert [each["content"] for each in (await raw("GET", path))[1]] == ["see", "mine", "chatter"]
    fake.revoke("message_content")
    listed = (await raw("GET", path))[1]
    assert [each["content"] for each in listed] == ["", "mine", ""]
    assert listed[0]["referenced_message"]["content"] == "mine"
    assert (await raw("GET", f"{path}/{said.id}"))[1]["content"] == ""
    assert mine["content"] == "mine"


@pytest.mark.parametrize("granted", [True, False])
async def test_the_application_says_what_is_granted(fake: FakeDiscord, start: Any, granted: bool) -> None:
    if not granted:
        fake.revoke("message_content")
    bot = await start(content=False)
    flags = (await bot.application_info()).flags
    assert flags.gateway_message_content_limited is granted
    assert flags.gateway_guild_members_limited
