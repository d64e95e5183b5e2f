"""What a person sees of what they did: nothing yet, "thinking", an answer, a form, a list of choices, or "did not respond"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.fakes.discord.core.answering import FIRST
from tests.fakes.discord.core.models import Interaction, Message, walk
from tests.fakes.discord.core.world import World
from tests.fakes.discord.people.options import Impossible

Wait = Callable[..., Awaitable[Any]]


class Modal:
    """A form that opened."""

    def __init__(self, interaction: Interaction, body: dict[str, Any]) -> None:
        self.interaction = interaction
        self.body = body
        self.title: str = body["title"]
        self.custom_id: str = body["custom_id"]

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """Label -> input, in order."""
        found = {}
        for part in self.body["components"]:
            if part["type"] == 18:
                found[part["label"]] = part["component"]
            elif part["type"] == 1:
                found.update({inner["label"]: inner for inner in part["components"]})
        return found

    @property
    def text(self) -> str:
        """What it says besides its inputs."""
        return "\n".join(part["content"] for part in walk(self.body["components"]) if part["type"] == 10)

    def field(self, name: str) -> dict[str, Any]:
        """By label or custom_id."""
        for label, part in self.fields.items():
            if name in (label, part["custom_id"]):
                return part
        raise Impossible(f"{self.title!r} has no field {name!r}; it has {list(self.fields)}")

    def __repr__(self) -> str:
        return f"<form {self.title!r}: {list(self.fields)}>"


class Shown:
    """One deed of one person, and what came of it so far. Everything is read from the fake's state: it changes as the bot goes on."""

    def __init__(self, world: World, interaction: Interaction, wait: Wait) -> None:
        self._world = world
        self._wait = wait
        self.interaction = interaction

    @property
    def acked(self) -> bool:
        """The bot has answered in some way."""
        return self.interaction.answer is not None

    @property
    def failed(self) -> bool:
        """The person reads "The application did not respond"."""
        return not self.acked and self._world.clock.now() - self.interaction.created_at > FIRST

    @property
    def deferred(self) -> bool:
        """It was acknowledged with an answer to come (5) or silently (6)."""
        return self.interaction.answer in (5, 6)

    @property
    def thinking(self) -> bool:
        """It says that the bot is thinking, now."""
        return self.message is not None and self.message.thinking

    @property
    def message(self) -> Message | None:
        """The first answer, or the message that was updated; None where there is none or it was deleted."""
        original = self.interaction.original
        return None if original is None or original.deleted else original

    @property
    def text(self) -> str:
        """All words of it."""
        return self.message.text if self.message is not None else ""

    @property
    def ephemeral(self) -> bool:
        """Only this person sees it."""
        return self.message is not None and self.message.ephemeral

    @property
    def edits(self) -> int:
        """How often it changed after it could be read."""
        return len(self.message.versions) if self.message is not None else 0

    @property
    def modal(self) -> Modal | None:
        """The form that opened."""
        body = self.interaction.modal
        return Modal(self.interaction, body) if body is not None else None

    @property
    def followups(self) -> list[Message]:
        """Messages after the first, still there."""
        return [each for each in self.interaction.followups if not each.deleted]

    @property
    def messages(self) -> list[Message]:
        """All messages that it brought."""
        mine = self.message if self.interaction.answer in (4, 5) else None
        return [each for each in (mine, *self.followups) if each is not None]

    @property
    def choices(self) -> list[dict[str, Any]] | None:
        """What autocompletion offers."""
        return self.interaction.choices

    async def acknowledged(self, timeout: float = 5.0) -> Shown:
        """Wait until the bot has answered in some way."""
        await self._wait(lambda: self.acked or self.failed, timeout=timeout, what="an acknowledgement")
        return self

    async def answered(self, timeout: float = 5.0) -> Shown:
        """Wait until there is something to read, fill in, or choose from."""

        def there() -> bool:
            if self.failed or self.modal or self.choices is not None:
                return True
            return self.acked and (self.interaction.answer == 6 or (self.message is not None and not self.thinking))

        await self._wait(there, timeout=timeout, what="an answer")
        return self

    def __repr__(self) -> str:
        if self.failed:
            return "<did not respond>"
        if self.modal:
            return repr(self.modal)
        return f"<{'thinking' if self.thinking else self.text!r}{', only for you' if self.ephemeral else ''}>"
