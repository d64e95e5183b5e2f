"""Commands, presses, choices and forms: opened at once where they open a form, else kept, and then acknowledged. Nothing slow before it.

How it is acknowledged depends on what comes of it, where that is known within a moment: a press that says nothing in private leaves no
trace. Otherwise a private “thinking…” stands there until the answer takes its place or everything was dealt with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import discord
from discord import ui

from adapters.discord.answers import Told, Way
from adapters.discord.api import ACKNOWLEDGED, GONE_INTERACTION
from adapters.discord.cards import layout, view
from adapters.discord.controls import Press, question
from adapters.discord.drafts import LOST, Draft, Drafts, again, panel
from adapters.discord.forms import filled, made, modal, problems, values_of, whole, with_values
from adapters.discord.heard import Handle, data_of, id_of, parent_of, person_of, place_of
from adapters.discord.inbound import words_of
from adapters.discord.markup import prose
from adapters.discord.platform import DiscordPlatform
from core.chat import Card, Form, Kind, Message
from core.commands import Call, parse
from core.delivery import Log
from core.errors import CoachError, NotUnderstood, StoreUnavailable
from core.ports import Clock, Door

SOON = 2.3
"""Seconds until an answer has to be on its way; after three Discord takes none."""
MOMENT = 0.15
"""Seconds to wait for what comes of a press before it is acknowledged."""
NOT_KEPT = "I could not store that just now. If nothing comes of it within a minute, please do it once more."
STILL_HERE = "I could not store that just now. Your words are still here: open it again and send it in a moment."
TOO_SLOW = "That took me too long. Please do it once more."
BROKEN = "Something went wrong on my side, and it is in my log. Please do it once more."
STARTING = "I am just starting. Please do it once more in a moment."
OTHER_VERSION = "That is from another version of me. Please ask again; if a command looks odd, restart Discord once."
NOT_YOURS = "That is somebody else's message. I coach people on their own words; copy it into /review if it is yours."
NO_WORDS = "There are no words in that message that I could read."
DROPPED = "Nothing was changed."
ASK = "Is that meant?"

Interaction = discord.Interaction[Any]


class Interactions:
    """Takes every interaction."""

    def __init__(self, platform: DiscordPlatform, clock: Clock, log: Log) -> None:
        self._platform = platform
        self._answers = platform.answers
        self._clock = clock
        self._log = log
        self.drafts = Drafts()
        self.door: Door | None = None

    # --- the ways in ---

    async def command(self, interaction: Interaction, name: str, fields: Mapping[str, str]) -> None:
        """A slash command."""
        line = " ".join(("/" + name, *(f"{key}:{value}" for key, value in fields.items())))
        await self._guarded(interaction, lambda door: self._do(interaction, (name, dict(fields)), door, text=line[:200]))

    async def coach_me(self, interaction: Interaction, message: discord.Message) -> None:
        """*Coach me on this*: one's own words are reviewed."""

        async def review(door: Door) -> None:
            if message.author.id != interaction.user.id:
                raise CoachError(NOT_YOURS)
            if not message.content.strip():
                raise CoachError(NO_WORDS)
            words = words_of(message, self._platform.reach.me)
            await self._do(interaction, ("review", {"text": words}), door, text="review", about=id_of(message.id))

        await self._guarded(interaction, review)

    async def pressed(self, interaction: Interaction, line: str, *, instead: bool = False) -> None:
        """A button, or a choice of a menu."""
        await self._guarded(interaction, lambda door: self._do(interaction, called(line), door, text=line, instead=instead))

    async def asked(self, interaction: Interaction, line: str) -> None:
        """A button that asks first: the question, privately, with the button that counts."""
        yes: ui.ActionRow[Any] = ui.ActionRow(Press(line, _label_of(interaction), "danger", kind="!"))
        asking = layout([ui.TextDisplay(prose(question(line) or ASK)), yes])
        await self._guarded(interaction, lambda door: self._respond(interaction.response.send_message(view=asking, ephemeral=True)))

    async def submitted(self, interaction: Interaction) -> None:
        """A filled modal. It says itself what it means, so that it counts after a restart too."""
        data = data_of(interaction)
        name, values = str(data.get("custom_id", "")), filled(data.get("components") or ())
        if name.startswith("lcd:"):
            key, _, act = name.removeprefix("lcd:").partition(":")
            await self._guarded(interaction, lambda door: self._part(interaction, key, act, values, door))
        elif name.startswith("lc:"):
            await self._guarded(interaction, lambda door: self._filled(interaction, name.removeprefix("lc:"), values, door))

    async def drafted(self, interaction: Interaction, key: str, act: str) -> None:
        """A button of a draft."""
        await self._guarded(interaction, lambda door: self._drafted(interaction, key, act, door))

    # --- doing it ---

    async def _do(
        self, interaction: Interaction, call: Call, door: Door, *, text: str, about: str | None = None, instead: bool = False
    ) -> None:
        """Open the form that it opens, else keep it."""
        message = await self._inside(interaction, self._message(interaction, call, text, about), door)
        form = await door.form(message)
        if form is None:
            await self._keep(interaction, message, door, instead=instead)
        elif whole(form):
            self.drafts.keep(Draft(_open_key(message, form.line), form, message))
            await self._respond(interaction.response.send_modal(modal(form)))
        else:
            draft = self.drafts.keep(Draft(str(interaction.id), form, message))
            await self._respond(interaction.response.send_message(view=panel(draft), ephemeral=True))

    async def _filled(self, interaction: Interaction, line: str, values: Mapping[str, str], door: Door) -> None:
        name, given = called(line)
        message = self._message(interaction, (name, {**given, **values}), line, None)
        opened = self.drafts.find(_open_key(message, line), message.author.key)
        form = with_values(opened.form, values) if opened else None
        if errors := door.check(message):
            await self._wrong(interaction, message, form, problems(form, errors))
            return
        try:
            await self._keep(interaction, message, door)
        except (StoreUnavailable, TimeoutError) as error:
            self._log("discord_not_kept", why=str(error) or type(error).__name__)
            await self._wrong(interaction, message, form, STILL_HERE if form else NOT_KEPT)
        else:
            self.drafts.drop(_open_key(message, line))

    async def _wrong(self, interaction: Interaction, message: Message, form: Form | None, sentence: str) -> None:
        """A modal is closed by then: what was wrong, and the way back with everything that was typed."""
        if form is None:
            await self.tell(interaction, Card(text=sentence))
            return
        draft = self.drafts.keep(Draft(str(interaction.id), form, message))
        await self._respond(interaction.response.send_message(view=again(draft, sentence), ephemeral=True))

    # --- long forms ---

    async def _drafted(self, interaction: Interaction, key: str, act: str, door: Door) -> None:
        draft = self.drafts.find(key, person_of(interaction.user).key)
        if draft is None:
            await self.tell(interaction, Card(text=LOST))
        elif act == "again":
            self.drafts.keep(Draft(_open_key(draft.origin, draft.form.line), draft.form, draft.origin))
            await self._respond(interaction.response.send_modal(modal(draft.form)))
        elif act == "drop":
            self.drafts.drop(key)
            await self._respond(interaction.response.edit_message(view=view(Card(text=DROPPED))))
        elif act == "send":
            await self._sent(interaction, draft, door)
        elif act.isdigit() and int(act) < len(draft.parts):
            await self._respond(interaction.response.send_modal(made(draft.form.title, f"lcd:{key}:{act}", "", draft.parts[int(act)])))

    async def _part(self, interaction: Interaction, key: str, act: str, values: Mapping[str, str], door: Door) -> None:
        """A part of a draft was filled in: the whole is shown again, with what follows from it."""
        draft = self.drafts.find(key, person_of(interaction.user).key)
        if draft is None:
            await self.tell(interaction, Card(text=LOST))
            return
        form = with_values(draft.form, values)
        _, given = called(form.line)
        changed = draft.origin.model_copy(update={"fields": {**given, **values_of(form)}, "sent_at": self._clock.now()})
        errors = door.check(changed)
        if not errors and (shown := await door.form(changed)) is not None:
            form = with_values(shown, values_of(form))
        draft = self.drafts.keep(Draft(key, form, draft.origin, problems(form, errors)))
        await self._respond(interaction.response.edit_message(view=panel(draft)))

    async def _sent(self, interaction: Interaction, draft: Draft, door: Door) -> None:
        name, given = called(draft.form.line)
        message = self._message(interaction, (name, {**given, **values_of(draft.form)}), draft.form.line, None)
        if errors := door.check(message):
            draft = self.drafts.keep(Draft(draft.key, draft.form, draft.origin, problems(draft.form, errors)))
            await self._respond(interaction.response.edit_message(view=panel(draft)))
            return
        await self._keep(interaction, message, door, instead=True)
        self.drafts.drop(draft.key)

    # --- keeping and acknowledging ---

    async def _keep(self, interaction: Interaction, message: Message, door: Door, *, instead: bool = False) -> None:
        told = self._answers.open(interaction.id)
        try:
            async with asyncio.timeout(SOON):
                await door.accept(message)
            silent = interaction.type is not discord.InteractionType.application_command and interaction.message is not None
            if silent and not instead and not await self._says_something(told):
                told.way, given = Way.SILENT, interaction.response.defer()
            elif instead:
                told.way, given = Way.INSTEAD, interaction.response.defer()
            else:
                told.way, given = Way.THINKING, interaction.response.defer(ephemeral=True, thinking=True)
            told.over = not await self._respond(given)
        finally:
            told.acked.set()

    async def _says_something(self, told: Told) -> bool:
        """Whether a private answer comes, or may still come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(MOMENT):
                await told.dealt.wait()
        return not told.dealt.is_set() or told.passing or told.kept

    async def _guarded(self, interaction: Interaction, work: Callable[[Door], Awaitable[object]]) -> None:
        """Whatever goes wrong is one plain sentence to whoever did it."""
        try:
            if self.door is None:
                await self.tell(interaction, Card(text=STARTING))
                return
            await work(self.door)
        except CoachError as error:
            await self.tell(interaction, Card(text=str(error)))
        except StoreUnavailable as error:
            self._log("discord_not_kept", why=str(error))
            await self.tell(interaction, Card(text=NOT_KEPT))
        except TimeoutError:
            self._log("discord_too_slow", why="the store took too long")
            await self.tell(interaction, Card(text=NOT_KEPT))
        except Exception as error:
            self._log("discord_interaction_failed", error=error)
            await self.tell(interaction, Card(text=BROKEN))

    async def tell(self, interaction: Interaction, card: Card) -> None:
        """One private sentence as the first answer."""
        with suppress(discord.InteractionResponded):
            await self._respond(interaction.response.send_message(view=view(card), ephemeral=True))

    async def _respond(self, response: Awaitable[Any]) -> bool:
        """The first answer; False where it came too late, so that what follows has to go another way. Given already counts as given."""
        try:
            await response
        except discord.HTTPException as error:
            if error.code in GONE_INTERACTION:
                return False
            if error.code != ACKNOWLEDGED:
                self._log("discord_not_acknowledged", why=f"status {error.status}, code {error.code}")
        except (OSError, TimeoutError) as error:
            self._log("discord_not_acknowledged", why=type(error).__name__)
        return True

    # --- what was meant ---

    async def _inside(self, interaction: Interaction, message: Message, door: Door) -> Message:
        """A press on the message that opened a conversation is made in the conversation."""
        carrier = interaction.message
        if carrier is None or message.place.thread or message.place.direct:
            return message
        inside = message.place.at(str(carrier.id))
        return message.model_copy(update={"place": inside}) if await self._platform.live.has(inside, door) else message

    def _message(self, interaction: Interaction, call: Call, text: str, about: str | None) -> Message:
        name, fields = call
        carrier = interaction.message
        handle = Handle(interaction.application_id, interaction.id, interaction.channel_id or 0, interaction.token)
        parent = parent_of(interaction.channel)
        alone = interaction.context.private_channel or interaction.guild_id is None
        place = place_of(None if alone else interaction.guild_id, interaction.channel_id or 0, parent, interaction.user.id)
        return Message(
            id=id_of(interaction.id),
            place=place,
            author=person_of(interaction.user, may_manage=not alone and interaction.permissions.manage_guild),
            kind=Kind.COMMAND,
            text=text,
            command=name,
            fields=dict(fields),
            about=about or (id_of(carrier.id) if carrier else None),
            handle=handle.packed(),
            aside=_allows_aside(interaction),
            sent_at=self._when(interaction),
        )

    def _when(self, interaction: Interaction) -> datetime:
        return min(interaction.created_at, self._clock.now())


def called(line: str) -> Call:
    """What a line on a button or in a form means; NotUnderstood where this version does not know it."""
    call = parse(f"/{line}")
    if call is None:
        raise NotUnderstood(OTHER_VERSION)
    return call


def _open_key(message: Message, line: str) -> str:
    """An open modal of somebody: what they typed is put into it again where it was wrong."""
    return f"{message.author.id}/{line}"


def _allows_aside(interaction: Interaction) -> bool:
    """Whether a private thread can be opened where it was said."""
    may = interaction.app_permissions
    channel = interaction.channel
    text = isinstance(channel, discord.TextChannel) and not channel.is_news()
    thread = isinstance(channel, discord.Thread)
    return (text or thread) and interaction.is_guild_integration() and may.create_private_threads and may.send_messages_in_threads


def _label_of(interaction: Interaction) -> str:
    """What stands on the pressed button."""
    name = data_of(interaction).get("custom_id")
    waiting: list[Any] = list(interaction.message.components) if interaction.message else []
    while waiting:
        part = waiting.pop()
        if getattr(part, "custom_id", None) == name and getattr(part, "label", None):
            return str(part.label)
        waiting += list(getattr(part, "children", ()) or ())
    return "Yes"
