"""A small bot on the real discord.py, and one way to point it at the fake."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import discord.asset
import discord.backoff
import discord.gateway
import discord.http
import yarl
from discord import app_commands, ui

from tests.fakes.discord.server import FakeDiscord

Start = Callable[..., Any]


class Again(ui.DynamicItem[ui.Button[Any]], template=r"again:(?P<number>\d+)"):
    """A button that works after a restart: its state is in its custom_id."""

    def __init__(self, number: int) -> None:
        super().__init__(ui.Button(label="Again", custom_id=f"again:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: ui.Item[Any], match: Any) -> Again:
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction) -> Any:
        await interaction.response.edit_message(content=f"{self.number + 1} times", view=again(self.number + 1))


def again(number: int) -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(Again(number))
    return view


class Answer(ui.Modal, title="Your answer"):
    """A form with the modern parts."""

    intro = ui.TextDisplay("The tax service is slow.")
    text = ui.Label(text="Answer", component=ui.TextInput(style=discord.TextStyle.paragraph, custom_id="text", max_length=4000))
    level = ui.Label(
        text="Level",
        component=ui.Select(
            custom_id="level",
            options=[discord.SelectOption(label="SDE I", value="1"), discord.SelectOption(label="SDE II", value="2")],
            required=False,
        ),
    )
    sure = ui.Label(
        text="How sure",
        component=ui.RadioGroup(
            custom_id="sure",
            options=[discord.RadioGroupOption(label="Very", value="very"), discord.RadioGroupOption(label="Not", value="not")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        sure = self.sure.component.value  # type: ignore[attr-defined]
        await interaction.response.send_message(f"Got {len(self.text.component.value)} characters, {sure}", ephemeral=True)  # type: ignore[attr-defined]


class Card(ui.LayoutView):
    """Components V2."""

    def __init__(self, text: str = "# A question") -> None:
        super().__init__(timeout=None)
        row: ui.ActionRow[Any] = ui.ActionRow(ui.Button(label="Answer", custom_id="answer"))
        self.add_item(ui.Container(ui.TextDisplay(text), ui.Separator(), row, accent_colour=0x336699))


class Bot(discord.AutoShardedClient):
    """Remembers what it hears; its commands answer in every way there is."""

    def __init__(self, *, content: bool = True, members: bool = True, shards: int | None = 1, **more: Any) -> None:
        intents = discord.Intents.default()
        intents.message_content, intents.members = content, members
        super().__init__(intents=intents, shard_count=shards, guild_ready_timeout=0.03, **more)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.events: list[tuple[str, Any]] = []
        self.interactions: list[discord.Interaction] = []
        self.readies = 0
        self.ready_now = asyncio.Event()
        self.failed: list[BaseException] = []
        add_commands(self)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord's five seconds are the fake's tenths."""
        if not initial:
            await asyncio.sleep(0.25)

    async def on_ready(self) -> None:
        self.readies += 1
        self.ready_now.set()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.events.append((event, args))
        super().dispatch(event, *args, **kwargs)

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        import sys

        error = sys.exc_info()[1]
        assert error is not None
        self.failed.append(error)

    def names(self, event: str) -> int:
        """How often an event came."""
        return sum(name == event for name, _ in self.events)


def add_commands(bot: Bot) -> None:
    """Every kind of answer."""

    @bot.tree.command(description="Says pong")
    async def ping(interaction: discord.Interaction) -> None:
        bot.interactions.append(interaction)
        await interaction.response.send_message("pong", view=again(0))

    @bot.tree.command(description="Thinks first")
    @app_commands.describe(hidden="Only for you", pause="Seconds")
    async def think(interaction: discord.Interaction, hidden: bool = False, pause: float = 0.0) -> None:
        bot.interactions.append(interaction)
        await interaction.response.defer(ephemeral=hidden, thinking=True)
        await asyncio.sleep(pause)
        await interaction.edit_original_response(content="thought")

    @bot.tree.command(description="Shows a form")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Answer())

    @bot.tree.command(description="A mock interview")
    @app_commands.describe(minutes="How long", topic="About what")
    async def mock(interaction: discord.Interaction, minutes: app_commands.Range[int, 5, 90] = 30, topic: str = "any") -> None:
        bot.interactions.append(interaction)
        await interaction.response.send_message(f"{minutes} minutes on {topic}", ephemeral=True)

    @mock.autocomplete("topic")
    async def topics(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=each, value=each) for each in ("caching", "queues", "cache keys") if current in each]

    @bot.tree.command(description="Says nothing")
    async def silent(interaction: discord.Interaction) -> None:
        bot.interactions.append(interaction)

    @bot.tree.command(description="A card")
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=Card())

    @bot.tree.context_menu(name="Coach me on this")
    async def coach(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"You wrote: {message.content}", ephemeral=True)


def point(fake: FakeDiscord, monkeypatch: Any) -> None:
    """facts/discord.md section 2."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(discord.http.Route, "BASE", fake.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(fake.gateway_url))
    monkeypatch.setattr(discord.asset.Asset, "BASE", fake.cdn_url)
    monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda self: 0.05)


@contextlib.asynccontextmanager
async def running(fake: FakeDiscord, bot: Bot, *, shards: int = 1) -> AsyncIterator[Bot]:
    """The bot, connected and ready; stopped at the end."""
    task = asyncio.create_task(bot.start(fake.token))
    waiter = asyncio.create_task(bot.ready_now.wait())
    done, _ = await asyncio.wait({task, waiter}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    if task in done:
        waiter.cancel()
        task.result()
    assert waiter in done, "not ready"
    try:
        yield bot
    finally:
        await bot.close()
        with contextlib.suppress(BaseException):
            await asyncio.wait_for(task, 2)
