"""What a person does with an app: commands, autocompletion, context menus, buttons, selects, forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakes.discord.core.models import Channel, Interaction, Message, User, walk
from tests.fakes.discord.core.permissions import in_channel, sees
from tests.fakes.discord.core.world import World
from tests.fakes.discord.payloads.messages import message as message_payload
from tests.fakes.discord.people import forms, interacting
from tests.fakes.discord.people.options import Impossible, fill, resolved
from tests.fakes.discord.people.shown import Modal, Shown, Wait

BUTTON, STRING = 2, 3
SELECTS = (3, 5, 6, 7, 8)


class Commanding:
    """The interacting half of a person. Every deed waits until the app has acknowledged it, at most `patience` seconds."""

    patience = 3.0

    def __init__(self, world: World, user: User, wait: Wait) -> None:
        self._world = world
        self._user = user
        self._wait = wait
        self.place: Channel | None = None

    async def slash(self, name: str, options: dict[str, Any] | None = None, channel: Channel | None = None, *, wait: bool = True) -> Shown:
        """`/name` (with subcommand: "drill setup"). Values: str, int, float, bool, Person, User, Channel, Role, File."""
        place = self._at(channel)
        head, *path = name.split()
        command, owners = interacting.offered(self._world, self._user, place, head, 1)
        values = {key: _plain(value) for key, value in (options or {}).items()}
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": 1, "options": fill(command, path, values)}
        self._complete(data, command, place, list(values.values()))
        if not data["options"]:
            del data["options"]
        return await self._send(place, 2, data, owners, wait=wait, command=command)

    async def types_option(
        self, name: str, option: str, text: str, channel: Channel | None = None, *, others: dict[str, Any] | None = None
    ) -> list[dict[str, Any]] | None:
        """What is offered while typing `text` into an option; None: "Loading options failed"."""
        place = self._at(channel)
        head, *path = name.split()
        command, owners = interacting.offered(self._world, self._user, place, head, 1)
        values = {**{key: _plain(value) for key, value in (others or {}).items()}, option: text}
        options = fill(command, path, values, focused=option)
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        self._complete(data, command, place, [])
        shown = await self._send(place, 4, data, owners, command=command)
        return shown.choices

    async def context_menu(self, name: str, target: Message | User | Any, channel: Channel | None = None) -> Shown:
        """A command from the menu of a message or of a person."""
        on_message = isinstance(target, Message)
        target = target if on_message else _plain(target)
        place = target.channel if isinstance(target, Message) else self._at(channel)
        kind = 3 if on_message else 2
        command, owners = interacting.offered(self._world, self._user, place, name, kind)
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": kind, "target_id": str(target.id)}
        if isinstance(target, Message):
            # The target comes whole, with no intent.
            data["resolved"] = {"messages": {str(target.id): message_payload(self._world, target)}}
        else:
            data["resolved"] = resolved(self._world, place, [target], in_channel(place, target.id))
        return await self._send(place, 2, data, owners, command=command, target=target)

    async def presses(self, message: Message, what: str, *, wait: bool = True) -> Shown:
        """A button, by its label or custom_id."""
        part = self._part(message, what, (BUTTON,))
        if part["style"] == 5:
            raise Impossible(f"{what!r} is a link")
        data = {"custom_id": part["custom_id"], "component_type": BUTTON, "id": part["id"]}
        return await self._touch(message, data, wait=wait)

    async def selects(self, message: Message, values: Sequence[Any] | Any, what: str | None = None) -> Shown:
        """Options of a select (by label or value; for entities: persons, roles, channels), by its custom_id or placeholder."""
        part = self._part(message, what, SELECTS)
        chosen = list(values) if isinstance(values, list | tuple) else [values]
        if not part["min_values"] <= len(chosen) <= part["max_values"]:
            raise Impossible(f"takes {part['min_values']} to {part['max_values']} values")
        data: dict[str, Any] = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part["id"]}
        if part["type"] == STRING:
            known = {name: each["value"] for each in part["options"] for name in (each["value"], each["label"])}
            if not set(chosen) <= known.keys():
                raise Impossible(f"offers {sorted(known)}, not {chosen}")
            data["values"] = [known[each] for each in chosen]
        else:
            plain = [_plain(each) for each in chosen]
            data["values"] = [str(each.id) for each in plain]
            data["resolved"] = resolved(self._world, message.channel, plain, in_channel(message.channel, self._user.id))
        return await self._touch(message, data)

    async def submits(self, modal: Modal | Shown, values: dict[str, Any] | None = None, *, wait: bool = True) -> Shown:
        """A form that opened for this person, by label or custom_id of its fields. It may be submitted again if that failed."""
        form = modal.modal if isinstance(modal, Shown) else modal
        if form is None:
            raise Impossible("no form opened")
        if form.interaction.user is not self._user:
            raise Impossible("that form opened for somebody else")
        opener = form.interaction
        given = {key: _plain(value) for key, value in (values or {}).items()}
        components, needed = forms.filled(form, given)
        data: dict[str, Any] = {"custom_id": form.custom_id, "components": components}
        if needed:
            data["resolved"] = resolved(self._world, opener.channel, needed, in_channel(opener.channel, self._user.id))
        return await self._send(opener.channel, 5, data, opener.owners, wait=wait, message=opener.message, parent=opener)

    # How -----------------------------------------------------------------------------------------------------------------

    def _at(self, channel: Channel | None) -> Channel:
        place = channel or self.place or self._world.direct(self._user)
        if not sees(place, self._user.id):
            raise Impossible(f"{self._user.name} does not see {place.name!r}")
        return place

    def _complete(self, data: dict[str, Any], command: dict[str, Any], place: Channel, values: list[Any]) -> None:
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        found = resolved(self._world, place, values, in_channel(place, self._user.id))
        if found:
            data["resolved"] = found

    async def _send(
        self, place: Channel, kind: int, data: dict[str, Any], owners: dict[str, str], *, wait: bool = True, **more: Any
    ) -> Shown:
        self.place = place
        made: Interaction = interacting.send(self._world, self._user, place, kind, data, owners, **more)
        shown = Shown(self._world, made, self._wait)
        if wait:
            await self._wait(lambda: shown.acked or shown.failed, timeout=self.patience, quiet=True)
        return shown

    async def _touch(self, message: Message, data: dict[str, Any], *, wait: bool = True) -> Shown:
        owners = interacting.owners_on(self._world, message, self._user)
        if not owners:
            raise Impossible("the app is not here any more")
        return await self._send(message.channel, 3, data, owners, wait=wait, message=message)

    def _part(self, message: Message, what: str | None, kinds: tuple[int, ...]) -> dict[str, Any]:
        if message.deleted:
            raise Impossible("the message is gone")
        if (message.for_user or self._user.id) != self._user.id or not sees(message.channel, self._user.id):
            raise Impossible(f"{self._user.name} does not see that message")
        found = [part for part in walk(message.components) if part["type"] in kinds]
        for part in found:
            if what in (None, part.get("label"), part.get("custom_id"), part.get("placeholder")):
                if part.get("disabled"):
                    raise Impossible(f"{what!r} is disabled")
                return part
        raise Impossible(f"there is no {what!r}; there are {[part.get('label') or part.get('custom_id') for part in found]}")


def _plain(value: Any) -> Any:
    """A person's account; anything else as it is."""
    return getattr(value, "user", value)
