"""Connections: several shards, a past that is read in order, and ends that end."""

from __future__ import annotations

import asyncio

from adapters.discord.recovery import EARLIER, shard_of
from core.chat import Place
from core.errors import StoreUnavailable
from core.interview.stages import Interview
from tests.adapters.discord.stage import Whole, whole
from tests.fakes.clock import FakeClock
from tests.fakes.discord.server import FakeDiscord

WORDS = "Writes go to a table keyed by order id, because reads are one order at a time."


async def test_a_shard_that_begins_anew_reads_its_past_though_the_other_did_not(fake: FakeDiscord) -> None:
    """The library's `on_ready` does not come then."""
    fake.world.starts.shards = 2
    async with whole(fake) as bot:
        await fake.until(lambda: {each["shard"] for each in bot.says("discord_listens")} == {0, 1}, 5)
        thread, first = await bot.mock()
        heard = len(bot.says("discord_listens"))
        await bot.ada.says(thread, WORDS)
        fake.gateway.invalidate(resumable=False)
        await bot.ada.says(thread, "A stream off the table feeds the other teams.")
        await fake.until(lambda: len(bot.says("discord_listens")) > heard, 5)
        await bot.ada.says(thread, "done")
        await bot.hears(thread, "", after=first.id)


async def test_what_is_said_now_waits_for_what_was_said_before(fake: FakeDiscord, bot: Whole) -> None:
    thread, first = await bot.mock()
    await bot.stop()
    await bot.ada.says(thread, WORDS)
    fake.faults.slow("GET /channels/{channel_id}/messages", 0.3)
    await bot.start()
    await bot.ada.says(thread, "done")
    await bot.hears(thread, "", after=first.id)
    async with bot.store.begin() as unit:
        (interview,) = await unit.find(Interview)
    assert [turn.text for turn in interview.turns if turn.who == "candidate"] == [WORDS], "*done* waited"


async def test_a_place_that_discord_stumbles_over_is_read_again(fake: FakeDiscord, bot: Whole) -> None:
    thread, first = await bot.mock()
    await bot.stop()
    await bot.ada.says(thread, WORDS)
    await bot.ada.says(thread, "done")
    fake.faults.reset("GET /channels/{channel_id}/messages")
    await bot.start()
    await bot.hears(thread, "", after=first.id)


async def test_nothing_is_noted_as_heard_while_nothing_is_heard(fake: FakeDiscord, bot: Whole, clock: FakeClock) -> None:
    recovery = bot.discord.gateway._ears.recovery
    await fake.until(lambda: "discord:alive:0/1" in bot.notes, 5)
    noted = bot.notes["discord:alive:0/1"]
    recovery.deaf(0)
    clock.advance(minutes=10)
    await recovery.note((0,), 1)
    assert bot.notes["discord:alive:0/1"] == noted
    recovery.hears(0)
    await recovery.note((0,), 1)
    assert bot.notes["discord:alive:0/1"] == clock.now().isoformat()
    recovery.begins(0)
    clock.advance(minutes=10)
    await recovery.note((0,), 1)
    assert bot.notes["discord:alive:0/1"] != clock.now().isoformat()
    recovery._behind.clear()
    recovery._idle.set()
    assert EARLIER.total_seconds() > 101, "a dead connection is noticed after a heartbeat and its patience"


async def test_a_store_that_is_away_loses_nothing_that_was_said(fake: FakeDiscord, bot: Whole) -> None:
    thread, first = await bot.mock()
    accept, failing = bot.coach.accept, True

    async def sometimes(message: object) -> bool:
        if failing:
            raise StoreUnavailable("locked")
        return await accept(message)  # type: ignore[arg-type]

    bot.coach.accept = sometimes  # type: ignore[method-assign]
    await bot.ada.says(thread, WORDS)
    await bot.ada.says(thread, "done")
    await fake.until(lambda: bot.says("discord_not_kept"), 5)
    failing = False
    await bot.hears(thread, "", after=first.id)
    assert WORDS not in str(bot.told)


async def test_stopping_while_it_connects_anew_ends(fake: FakeDiscord, bot: Whole) -> None:
    fake.gateway.is_down = True
    fake.gateway.drop()
    await asyncio.sleep(0.05)
    async with asyncio.timeout(8):
        await bot.stop()
    fake.gateway.is_down = False


async def test_an_event_that_breaks_the_library_is_got_over(fake: FakeDiscord, bot: Whole) -> None:
    heard = len(bot.says("discord_listens"))
    client = bot.platform.reach.client
    client._connection.parsers["MESSAGE_CREATE"] = lambda data: 1 / 0  # type: ignore[attr-defined]
    await bot.ada.says(None, "help")
    await fake.until(lambda: len(bot.says("discord_listens")) > heard, 5)
    await bot.ada.says(None, "guide screens")
    await bot.hears(bot.ada.dm, "What Amazon screens for")


async def test_servers_know_nothing_of_each_other(fake: FakeDiscord, bot: Whole) -> None:
    other = fake.guild("Elsewhere")
    channel, eve = other.text("interviews"), other.member("Eve")
    await fake.until(lambda: len([key for key in bot.store.memory.inbox if ":guild:installed:" in key]) == 2, 5)
    thread, _ = await bot.mock("open")
    shown = await (await eve.slash("drill show", channel=channel)).answered()
    assert "Ada" not in shown.text
    assert not eve.sees(thread)


def test_direct_messages_come_to_the_first_shard() -> None:
    assert shard_of(Place.dm("discord", "dm", "1"), 4) == 0
    assert shard_of(Place(platform="discord", space=str(7 << 22), channel="1"), 4) == 3
