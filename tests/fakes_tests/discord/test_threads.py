"""Threads and forums: made, archived, locked, joined, listed."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import Kind
from tests.fakes.discord.core.permissions import USUAL
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.people.options import Impossible
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw


async def test_a_thread_from_a_message(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    sent = await bot.get_channel(channel.id).send("question")
    thread = await sent.create_thread(name="Mock", auto_archive_duration=60)
    assert (thread.id, thread.parent_id, thread.owner_id) == (sent.id, channel.id, fake.bot.id)
    await ada.says(fake.world.channels[thread.id], "answer")
    await fake.until(lambda: bot.heard)
    assert isinstance(bot.heard[0].channel, discord.Thread)
    await thread.send(f"thanks <@{ada.id}>")
    assert set(fake.world.channels[thread.id].thread_members) == {fake.bot.id, ada.id}
    history = [each async for each in thread.history(oldest_first=True)]
    assert history[0].type is discord.MessageType.thread_starter_message
    assert history[0].reference is not None
    assert (await bot.get_channel(channel.id).fetch_message(sent.id)).thread == thread
    assert bot.names("thread_create") == 1


async def test_a_private_thread_is_for_its_members(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada, bob = guild.text(), guild.member("Ada"), guild.member("Bob")
    bot = await start()
    thread = await bot.get_channel(channel.id).create_thread(name="Mock", type=discord.ChannelType.private_thread, invitable=False)
    place = fake.world.channels[thread.id]
    assert (place.invitable, ada.sees(place)) == (False, False)
    await thread.add_user(discord.Object(ada.id))
    assert (ada.sees(place), bob.sees(place), fake.messages(channel)) == (True, False, [])
    with pytest.raises(Impossible):
        await bob.says(place, "let me in")
    await ada.says(place, f"come <@{bob.id}>")
    assert not bob.sees(place)
    await thread.send(f"come <@{bob.id}>")
    assert bob.sees(place)
    await thread.remove_user(discord.Object(bob.id))
    assert not bob.sees(place)
    assert [each.kind for each in place.messages.values()][:1] == [Kind.RECIPIENT_ADD]
    assert {each.id for each in await thread.fetch_members()} == {ada.id, fake.bot.id}


async def test_a_thread_in_the_open_is_announced(fake: FakeDiscord, raw: Raw) -> None:
    channel = fake.guild().text()
    made = (await raw("POST", f"/channels/{channel.id}/threads", {"name": "Open", "type": 11}))[1]
    told = list(channel.messages.values())[-1]
    assert (told.kind, told.content, told.reference["channel_id"]) == (Kind.THREAD_CREATED, "Open", made["id"])  # type: ignore[index]
    assert (await raw("POST", f"/channels/{channel.id}/threads", {"name": "Hidden"}))[1]["type"] == 12


async def test_an_archived_thread(fake: FakeDiscord, start: Any, clock: FakeClock) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    sent = await bot.get_channel(channel.id).send("question")
    thread = await sent.create_thread(name="Mock")
    place = fake.world.channels[thread.id]
    first = await thread.send("one")
    await thread.edit(archived=True)
    assert place.archived
    with pytest.raises(discord.HTTPException) as refused:
        await first.edit(content="two")
    assert refused.value.code == 50083
    guest = discord.Object(ada.id)
    for act in (lambda: first.add_reaction("👍"), lambda: thread.add_user(guest), thread.join, lambda: thread.edit(name="x")):
        with pytest.raises(discord.HTTPException) as refused:
            await act()
        assert refused.value.code == 50083
    with pytest.raises(Impossible, match="archived"):
        await ada.slash("ping", channel=place)
    assert await thread.guild.active_threads() == []
    assert [each.id async for each in bot.get_channel(channel.id).archived_threads()] == [thread.id]
    await thread.send("two")
    assert not place.archived
    await first.edit(content="one, edited")
    await fake.until(lambda: bot.names("thread_update") == 1 and bot.names("thread_join") >= 1)


async def test_a_locked_thread(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    message = (await raw("POST", f"/channels/{channel.id}/messages", {"content": "q"}))[1]
    await raw("POST", f"/channels/{channel.id}/messages/{message['id']}/threads", {"name": "Mock"})
    thread = fake.world.channels[int(message["id"])]
    path = f"/channels/{thread.id}"
    for archived in (True, False):
        thread.locked = thread.archived = False
        mine = (await raw("POST", f"{path}/messages", {"content": "one"}))[1]
        thread.locked, thread.archived = True, archived
        assert await raw.code("POST", f"{path}/messages", {"content": "two"}) == 160005
        assert await raw.code("PATCH", f"{path}/messages/{mine['id']}", {"content": "x"}) == (50083 if archived else 160005)
        with pytest.raises(Impossible, match="locked"):
            await ada.says(thread, "x")
    guild.permit(guild.bot_role, int(USUAL | P.MANAGE_THREADS))
    assert await raw.code("POST", f"{path}/messages", {"content": "two"}) == 0


async def test_a_forum_takes_posts(fake: FakeDiscord, start: Any, raw: Raw) -> None:
    guild = fake.guild()
    forum, ada = guild.forum(tags=("design", "api"), tag_required=True), guild.member("Ada")
    bot = await start()
    place = bot.get_channel(forum.id)
    with pytest.raises(discord.HTTPException) as refused:
        await place.create_thread(name="Cache", content="question")
    assert refused.value.code == 40067
    made = await place.create_thread(name="Cache", content="question", applied_tags=[place.available_tags[0]])
    assert made.message.id == made.thread.id
    assert [each.name for each in made.thread.applied_tags] == ["design"]
    assert await raw.code("POST", f"/channels/{forum.id}/messages", {"content": "x"}) == 40058
    thread = fake.world.channels[made.thread.id]
    await ada.says(thread, "answer")
    assert thread.message_count == 1
    post = await ada.starts_thread(forum, "Mine", text="hello")
    await fake.until(lambda: bot.names("thread_create") == 2)
    assert [each.text for each in fake.messages(post)] == ["hello"]
    bad = {"name": "x", "message": {"content": "x"}, "applied_tags": ["1"]}
    assert await raw.code("POST", f"/channels/{forum.id}/threads", bad) == 10087


async def test_lists_of_archived_threads(fake: FakeDiscord, raw: Raw, clock: FakeClock) -> None:
    guild = fake.guild()
    channel = guild.text()
    ids = []
    for index in range(3):
        kind = {"name": str(index), "type": 12 if index == 2 else 11}
        ids.append((await raw("POST", f"/channels/{channel.id}/threads", kind))[1]["id"])
        clock.advance(minutes=1)
        await raw("PATCH", f"/channels/{ids[-1]}", {"archived": True})
    base = f"/channels/{channel.id}"
    page = (await raw("GET", f"{base}/threads/archived/public?limit=2"))[1]
    assert [each["id"] for each in page["threads"]] == [ids[1], ids[0]]
    assert (len(page["members"]), page["has_more"]) == (2, False)
    before = page["threads"][0]["thread_metadata"]["archive_timestamp"].replace("+", "%2B")
    assert [each["id"] for each in (await raw("GET", f"{base}/threads/archived/public?before={before}"))[1]["threads"]] == [ids[0]]
    assert [each["id"] for each in (await raw("GET", f"{base}/users/@me/threads/archived/private"))[1]["threads"]] == [ids[2]]
    assert await raw.code("GET", f"{base}/threads/archived/private") == 50013
    assert await raw.code("PATCH", f"/channels/{ids[0]}", {"archived": False}) == 0
    active = (await raw("GET", f"/guilds/{guild.id}/threads/active"))[1]
    assert [each["id"] for each in active["threads"]] == [ids[0]]


async def test_a_deleted_channel_and_its_threads(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel = guild.text()
    bot = await start()
    sent = await bot.get_channel(channel.id).send("question")
    thread = await sent.create_thread(name="Mock")
    guild.delete(channel)
    await fake.until(lambda: bot.names("guild_channel_delete"))
    for place in (channel.id, thread.id):
        with pytest.raises(discord.NotFound) as refused:
            await bot.get_partial_messageable(place).send("x")
        assert refused.value.code == 10003


async def test_names_and_rights_of_editing(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    hers = await ada.starts_thread(await ada.says(channel, "q"), "Hers")
    assert await raw.code("PATCH", f"/channels/{hers.id}", {"name": "Mine"}) == 50013
    assert await raw.code("DELETE", f"/channels/{hers.id}") == 50013
    mine = (await raw("POST", f"/channels/{channel.id}/threads", {"name": "x" * 100}))[1]
    assert await raw.code("PATCH", f"/channels/{mine['id']}", {"name": "New"}) == 0
    assert await raw.code("POST", f"/channels/{channel.id}/threads", {"name": "x" * 101}) == 50035
    assert await raw.code("POST", f"/channels/{channel.id}/threads", {"name": ""}) == 50035
    assert await raw.code("POST", f"/channels/{channel.id}/threads", {"name": "x", "auto_archive_duration": 61}) == 50035
    assert len(fake.verdicts.take()) == 3


async def test_threads_of_a_channel_that_is_gained(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    guild.deny(channel, guild.bot_role, P.VIEW_CHANNEL)
    thread = await ada.starts_thread(await ada.says(channel, "q"), "Hers")
    bot = await start()
    assert bot.get_channel(thread.id) is None
    guild.allow(channel, guild.bot_role, P.VIEW_CHANNEL)
    await fake.until(lambda: bot.get_channel(thread.id))
    assert bot.heard == []


async def test_idle_threads_are_archived(fake: FakeDiscord, raw: Raw, clock: FakeClock) -> None:
    channel = fake.guild().text()
    made = (await raw("POST", f"/channels/{channel.id}/threads", {"name": "x", "auto_archive_duration": 60}))[1]
    thread = fake.world.channels[int(made["id"])]
    clock.advance(minutes=59)
    await raw("POST", f"/channels/{thread.id}/messages", {"content": "x"})
    clock.advance(minutes=59)
    assert fake.archive_idle_threads() == []
    clock.advance(minutes=1)
    assert fake.archive_idle_threads() == [thread]
    assert await raw.code("POST", f"/channels/{thread.id}/messages", {"content": "x"}) == 0
    assert not thread.archived
