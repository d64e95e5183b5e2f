"""Shards: a guild's events go to one of them, direct messages to the first."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw


async def test_two_shards_share_the_guilds(fake: FakeDiscord, start: Any) -> None:
    guilds = [fake.guild(f"Team {index}") for index in range(4)]
    channels = [guild.text() for guild in guilds]
    ada = guilds[0].member("Ada")
    for guild in guilds[1:]:
        guild.join(ada)
    fake.gateway.identify_window = 0.05
    bot = await start(shards=2)
    assert sorted(tuple(each["shard"]) for each in fake.gateway.identifies) == [(0, 2), (1, 2)]

    for channel in channels:
        await ada.says(channel, channel.name)
    await ada.says(None, "directly")
    await fake.until(lambda: len(bot.heard) >= 5)
    assert {each.guild.shard_id for each in bot.heard if each.guild} == {0, 1}
    for each in bot.heard:
        if each.guild:
            assert each.guild.shard_id == (each.guild.id >> 22) % 2
    by_shard = {session.shard[0]: [name for _, name, _ in session.sent] for session in fake.gateway.live}
    assert (by_shard[0].count("MESSAGE_CREATE"), by_shard[1].count("MESSAGE_CREATE")) == (3, 2)
    assert (await ada.slash("ping", channel=channels[0])).text == "pong"
    assert (await ada.slash("ping", channel=channels[1])).text == "pong"
    assert (await ada.slash("ping", channel=ada.dm)).text == "pong"


async def test_the_recommended_number_of_shards_is_taken(fake: FakeDiscord, start: Any) -> None:
    fake.world.starts.shards = 2
    fake.world.starts.max_concurrency = 2
    await start(shards=None)
    await fake.ready(2)
    assert fake.requests("GET /gateway/bot")


async def test_one_shard_resumes_alone(fake: FakeDiscord, start: Any) -> None:
    guilds = [fake.guild("A"), fake.guild("B")]
    fake.world.starts.max_concurrency = 2
    bot = await start(shards=2)
    ada = guilds[0].member("Ada")
    channel = guilds[0].text()
    next(each for each in fake.gateway.connections if each.session and each.session.covers(guilds[0].id)).abort()
    await ada.says(channel, "missed")
    await fake.until(lambda: bot.heard)
    assert (fake.gateway.resumes, [each.content for each in bot.heard]) == (1, ["missed"])


async def test_a_shard_takes_2500_guilds(fake: FakeDiscord, raw: Raw) -> None:
    for index in range(2501):
        fake.guild(str(index))
    assert await (await raw.gateway()).identify(0) == {"closed": 4011}
    assert (await (await raw.gateway()).identify(0, shard=[0, 2]))["t"] == "READY"
