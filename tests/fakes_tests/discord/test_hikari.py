"""A second library as a check on the fake: hikari connects, writes, answers. `make e2e` installs hikari."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.discord.server import FakeDiscord

pytestmark = pytest.mark.e2e
hikari = pytest.importorskip("hikari")


class Bot(hikari.GatewayBot):  # type: ignore[name-defined,misc]
    """Remembers what it hears."""

    def __init__(self, fake: FakeDiscord, *, content: bool) -> None:
        intents = hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.GUILD_MEMBERS
        if content:
            intents |= hikari.Intents.MESSAGE_CONTENT
        super().__init__(fake.token, intents=intents, rest_url=fake.api_url, banner=None, suppress_optimization_warning=True, logs=None)
        self.heard: list[Any] = []
        self.interactions: list[Any] = []
        self.subscribe(hikari.MessageCreateEvent, self._message)
        self.subscribe(hikari.InteractionCreateEvent, self._interaction)

    async def _message(self, event: Any) -> None:
        if event.is_human:
            self.heard.append(event.message)

    async def _interaction(self, event: Any) -> None:
        self.interactions.append(event.interaction)


@contextlib.asynccontextmanager
async def running(fake: FakeDiscord, *, content: bool = True) -> AsyncIterator[Any]:
    bot = Bot(fake, content=content)
    await asyncio.wait_for(bot.start(check_for_updates=False), 10)
    try:
        yield bot
    finally:
        await bot.close()


async def _commands(bot: Any) -> None:
    application = await bot.rest.fetch_application()
    build = bot.rest.slash_command_builder("mock", "A mock interview")
    build.add_option(hikari.CommandOption(type=hikari.OptionType.INTEGER, name="minutes", description="How long", min_value=5))
    menu = bot.rest.context_menu_command_builder(hikari.CommandType.MESSAGE, "Coach me on this")
    made = await bot.rest.set_application_commands(application, [build, menu])
    assert [each.name for each in made] == ["mock", "Coach me on this"]
    assert len(await bot.rest.fetch_application_commands(application)) == 2


async def test_hikari_hears_and_answers(fake: FakeDiscord) -> None:
    guild = fake.guild()
    channel, ada = guild.text("interviews"), guild.member("Ada")
    async with running(fake) as bot:
        await fake.until(lambda: bot.cache.get_guild(guild.id))
        said = await ada.says(channel, "hello", files=[fake.file("a.txt", b"x")])
        await fake.until(lambda: bot.heard)
        assert (bot.heard[0].content, bot.heard[0].attachments[0].filename) == ("hello", "a.txt")
        sent = await bot.rest.create_message(channel.id, "hi", reply=said.id, nonce="n", mentions_reply=True)
        assert sent.nonce == "n"
        await sent.edit("hi there")
        await sent.add_reaction("👍")
        await bot.rest.trigger_typing(channel.id)
        assert [each.content for each in await bot.rest.fetch_messages(channel.id)] == ["hi there", "hello"]
        thread = await bot.rest.create_message_thread(channel.id, sent, "Mock")
        await bot.rest.add_thread_member(thread, ada.id)
        hidden = await bot.rest.create_thread(channel.id, hikari.ChannelType.GUILD_PRIVATE_THREAD, "Private")
        await bot.rest.edit_channel(hidden, archived=True)
        assert [each.id for each in await bot.rest.fetch_active_threads(guild.id)] == [thread.id]
        direct = await bot.rest.create_dm_channel(ada.id)
        await direct.send("directly")
        await bot.rest.fetch_my_user()
        await bot.rest.fetch_guild(guild.id)
        assert len([each async for each in bot.rest.fetch_members(guild.id)]) == 3
    assert [each.text for each in fake.visible_to(ada)] == ["directly"]


async def test_hikari_answers_commands_buttons_and_forms(fake: FakeDiscord) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    async with running(fake) as bot:
        await _commands(bot)
        shown = await ada.slash("mock", {"minutes": 5}, channel, wait=False)
        await fake.until(lambda: bot.interactions)
        got = bot.interactions[0]
        assert (got.command_name, got.options[0].value, got.user.id) == ("mock", 5, ada.id)
        await got.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
        assert shown.thinking
        row = bot.rest.build_message_action_row()
        row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "go", label="Go")
        await got.edit_initial_response("ready", component=row)
        assert shown.text == "ready"
        await got.execute("more", flags=hikari.MessageFlag.EPHEMERAL)
        assert [each.text for each in shown.followups] == ["more"]

        pressed = await ada.presses(shown.message, "Go", wait=False)
        await fake.until(lambda: len(bot.interactions) == 2)
        form = bot.rest.build_modal_action_row().add_text_input("text", "Answer")
        await bot.interactions[1].create_modal_response("Your answer", "form", component=form)
        assert pressed.modal is not None
        sent = await ada.submits(pressed, {"Answer": "words"}, wait=False)
        await fake.until(lambda: len(bot.interactions) == 3)
        assert bot.interactions[2].components[0][0].value == "words"
        await bot.interactions[2].create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "thanks", flags=hikari.MessageFlag.EPHEMERAL)
        assert (sent.text, sent.ephemeral) == ("thanks", True)

        said = await ada.says(channel, "my story")
        await ada.context_menu("Coach me on this", said)
        await fake.until(lambda: len(bot.interactions) == 4)
        assert bot.interactions[3].resolved.messages[said.id].content == "my story"


async def test_hikari_sends_components_v2_and_files(fake: FakeDiscord) -> None:
    channel = fake.guild().text()
    async with running(fake) as bot:
        card = bot.rest.build_container if hasattr(bot.rest, "build_container") else hikari.impl.ContainerComponentBuilder
        box = card(accent_color=hikari.Color(0x336699)).add_text_display("# A question").add_separator()
        await bot.rest.create_message(channel.id, component=box, flags=hikari.MessageFlag.IS_COMPONENTS_V2)
        await bot.rest.create_message(channel.id, attachment=hikari.Bytes(b"x", "a.txt"))
        with pytest.raises(hikari.BadRequestError):
            await bot.rest.create_message(channel.id, "x" * 2001)
    assert [each.text for each in fake.messages(channel)] == ["# A question", ""]
    assert fake.messages(channel)[1].attachments[0].content == b"x"
    assert len(fake.verdicts.take()) == 1


async def test_hikari_resumes(fake: FakeDiscord) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    async with running(fake) as bot:
        fake.gateway.reconnect()
        await ada.says(channel, "meanwhile")
        await fake.until(lambda: bot.heard, timeout=10)
        assert [each.content for each in bot.heard] == ["meanwhile"]
    assert fake.gateway.resumes == 1


async def test_hikari_without_the_intent(fake: FakeDiscord) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    fake.revoke("message_content")
    async with running(fake, content=False) as bot:
        await ada.says(channel, "chatter")
        await ada.says(channel, f"<@{fake.bot.id}> look")
        await fake.until(lambda: len(bot.heard) == 2)
        assert [each.content for each in bot.heard] == [None, f"<@{fake.bot.id}> look"]
