"""What people do and see, with the real discord.py in between."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.discord.people.options import Impossible
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.bots import Card


async def test_a_message_arrives_and_is_answered(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text("interviews"), guild.member("Ada")
    bot = await start()

    said = await ada.says(channel, "hello")
    await fake.until(lambda: bot.heard)
    await bot.heard[0].reply("hi", nonce="a-nonce")

    answer = (await fake.said(channel, "hi"))[0]
    assert answer.replied_to is said
    assert ada.was_pinged_by(answer)
    assert bot.heard[0].content == "hello"
    assert bot.heard[0].author.display_name == "Ada"


async def test_a_command_is_answered_and_its_button_counts(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    await start()

    shown = await ada.slash("ping", channel=channel)
    assert (shown.text, shown.ephemeral) == ("pong", False)
    pressed = await ada.presses(shown.message, "Again")
    assert pressed.message is shown.message
    assert shown.text == "1 times"
    await ada.presses(shown.message, "again:1")
    assert shown.text == "2 times"


async def test_thinking_is_seen_before_the_answer(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada, bob = guild.text(), guild.member("Ada"), guild.member("Bob")
    await start()

    shown = await ada.slash("think", {"hidden": True, "pause": 0.1}, channel)
    assert (shown.thinking, shown.ephemeral, shown.text) == (True, True, "")
    await shown.answered()
    assert (shown.thinking, shown.text, shown.edits) == (False, "thought", 0)
    assert fake.visible_to(ada, channel) == [shown.message]
    assert fake.visible_to(bob, channel) == fake.messages(channel) == []


async def test_options_are_checked_as_the_client_checks_them(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    await start()

    assert (await ada.slash("mock", {"minutes": 5}, channel)).text == "5 minutes on any"
    offered = await ada.types_option("mock", "topic", "cach", channel)
    assert [each["value"] for each in offered or []] == ["caching", "cache keys"]
    for options in ({"minutes": 4}, {"minutes": "5"}, {"colour": "red"}):
        with pytest.raises(Impossible):
            await ada.slash("mock", options, channel)
    with pytest.raises(Impossible, match="no command"):
        await ada.slash("mokc", channel=channel)


async def test_a_form_opens_and_is_submitted(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada, bob = guild.text(), guild.member("Ada"), guild.member("Bob")
    await start()

    shown = await ada.slash("form", channel=channel)
    assert shown.modal is not None
    assert (shown.modal.title, list(shown.modal.fields)) == ("Your answer", ["Answer", "Level", "How sure"])
    assert shown.modal.text == "The tax service is slow."
    for wrong in ({"Answer": ""}, {"Answer": "x" * 4001}, {"Answer": "x", "How sure": "perhaps"}, {"Nothing": "x"}):
        with pytest.raises(Impossible):
            await ada.submits(shown, {"How sure": "Very", **wrong})
    with pytest.raises(Impossible, match="somebody else"):
        await bob.submits(shown, {})
    done = await ada.submits(shown, {"Answer": "I would bound the wait.", "Level": ["SDE II"], "How sure": "Very"})
    assert (done.text, done.ephemeral) == ("Got 23 characters, very", True)


async def test_a_context_menu_brings_the_message_whole(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    await start(content=False)

    said = await ada.says(channel, "I led the migration")
    assert (await ada.context_menu("Coach me on this", said)).text == "You wrote: I led the migration"


async def test_silence_is_seen_as_no_response(fake: FakeDiscord, start: Any, clock: FakeClock) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()

    shown = await ada.slash("silent", channel=channel, wait=False)
    await fake.until(lambda: bot.interactions)
    assert not shown.failed
    clock.advance(seconds=3.1)
    assert shown.failed
    with pytest.raises(discord.NotFound) as late:
        await bot.interactions[0].response.send_message("late")
    assert late.value.code == 10062


async def test_a_direct_message_needs_no_intent(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    ada = guild.member("Ada")
    bot = await start(content=False)

    await ada.says(None, "just us")
    await fake.until(lambda: bot.heard)
    assert bot.heard[0].content == "just us"
    assert isinstance(bot.heard[0].channel, discord.DMChannel)
    await bot.heard[0].channel.send("yes")
    assert [each.text for each in fake.visible_to(ada)] == ["just us", "yes"]


async def test_closed_and_strange_direct_messages_are_refused(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    ada, stranger = guild.member("Ada"), fake.person("Zoe")
    bot = await start()

    for person, close, code in ((ada, ada.closes_dms, 50007), (ada, ada.blocks_the_bot, 50007), (stranger, stranger.opens_dms, 50278)):
        close()
        with pytest.raises(discord.Forbidden) as refused:
            await bot.get_partial_messageable((await (await bot.fetch_user(person.id)).create_dm()).id).send("hello")
        assert refused.value.code == code
    ada.opens_dms()
    await (await bot.fetch_user(ada.id)).send("hello")
    assert [each.text for each in fake.visible_to(ada)] == ["hello"]


async def test_a_card_of_components_with_a_described_picture(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()

    shown = await (await ada.slash("card", channel=channel)).answered()
    assert shown.text == "# A question"
    view = Card("a chart")
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description="Five weeks")))
    file = discord.File(__file__, "chart.png", description="Five weeks, rising")
    sent = await bot.get_channel(channel.id).send(view=view, file=file)
    stored = fake.messages(channel)[-1]
    assert stored.attachments[0].description == "Five weeks, rising"
    gallery = sent.components[-1]
    assert gallery.items[0].media.url.startswith(fake.cdn_url)
    assert await sent.attachments[0].read() == stored.attachments[0].content


async def test_edits_deletions_reactions_and_typing_are_heard(fake: FakeDiscord, start: Any) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()

    said = await ada.says(channel, "helo")
    await ada.edits(said, "hello")
    await ada.reacts(said, "👍")
    await ada.types(channel)
    await fake.until(lambda: bot.names("typing"))
    await bot.heard[0].add_reaction("✅")
    async with bot.heard[0].channel.typing():
        pass
    await ada.unreacts(said, "👍")
    await ada.deletes(said)
    await fake.until(lambda: bot.names("message_delete"))
    assert (bot.names("message_edit"), bot.names("reaction_add"), bot.names("reaction_remove")) == (1, 2, 1)
    assert fake.world.typing[-1][1] is fake.bot
