"""A command as a person fills it in: the client offers what is registered, and takes no value that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.models import Channel, File, Role, User
from tests.fakes.discord.payloads.channels import partial
from tests.fakes.discord.payloads.people import resolved_member, role, short_user

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World

SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)


class Impossible(AssertionError):
    """Discord's client does not let a person do this."""


def fill(command: dict[str, Any], path: list[str], values: dict[str, Any], *, focused: str | None = None) -> list[dict[str, Any]]:
    """`options` of the interaction. `path`: subcommand group and subcommand; `focused`: the one being typed."""
    options = command.get("options") or []
    for depth, name in enumerate(path):
        found = next((each for each in options if each["type"] in (SUB, GROUP) and each["name"] == name), None)
        if found is None:
            raise Impossible(f"/{command['name']} has no {name}")
        inner = fill({**found, "name": f"{command['name']} {name}"}, path[depth + 1 :], values, focused=focused)
        return [{"name": name, "type": found["type"], "options": inner}]
    if any(each["type"] in (SUB, GROUP) for each in options):
        raise Impossible(f"/{command['name']} needs a subcommand")
    known = {each["name"]: each for each in options}
    for name in values:
        if name not in known:
            raise Impossible(f"/{command['name']} has no option {name}; it has {sorted(known)}")
    missing = [each["name"] for each in options if each.get("required") and each["name"] not in values]
    if missing and focused is None:
        raise Impossible(f"/{command['name']} needs {missing}")
    return [_one(known[name], value, focused=name == focused) for name, value in values.items()]


def _one(option: dict[str, Any], value: Any, *, focused: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"name": option["name"], "type": option["type"], "value": _wire(value)}
    if focused:
        return {**body, "value": str(value), "focused": True}
    _fits(option, value)
    return body


def _wire(value: Any) -> Any:
    return str(value.id) if isinstance(value, User | Channel | Role | File) else value


def _fits(option: dict[str, Any], value: Any) -> None:
    kind, name = option["type"], option["name"]
    wanted: dict[int, tuple[type, ...]] = {
        STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), USER: (User,), CHANNEL: (Channel,), ROLE: (Role,),
        MENTIONABLE: (User, Role), NUMBER: (int, float), ATTACHMENT: (File,),
    }  # fmt: skip
    if not isinstance(value, wanted[kind]) or (kind in (INTEGER, NUMBER) and isinstance(value, bool)):
        raise Impossible(f"{name} takes {wanted[kind]}, not {value!r}")
    if option.get("choices") and value not in [each["value"] for each in option["choices"]]:
        raise Impossible(f"{name} offers {[each['value'] for each in option['choices']]}, not {value!r}")
    if kind in (INTEGER, NUMBER):
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and value < least) or (most is not None and value > most):
            raise Impossible(f"{name} is from {least} to {most}, not {value}")
    if kind == STRING and not (option.get("min_length") or 0) <= len(value) <= (option.get("max_length") or 6000):
        raise Impossible(f"{name} is too short or too long")
    if kind == CHANNEL and option.get("channel_types") and value.kind not in option["channel_types"]:
        raise Impossible(f"{name} takes channels of the kinds {option['channel_types']}")


def resolved(world: World, channel: Channel, values: list[Any], permissions: int) -> dict[str, Any]:
    """`resolved`: the objects behind the ids."""
    body: dict[str, dict[str, Any]] = {}
    guild = channel.guild
    for value in values:
        if isinstance(value, User):
            body.setdefault("users", {})[str(value.id)] = short_user(value)
            if guild is not None and value.id in guild.members:
                member = resolved_member(guild.members[value.id])
                body.setdefault("members", {})[str(value.id)] = {**member, "permissions": str(int(permissions))}
        elif isinstance(value, Channel):
            body.setdefault("channels", {})[str(value.id)] = partial(value, world.bot.id, permissions)
        elif isinstance(value, Role):
            body.setdefault("roles", {})[str(value.id)] = role(value)
        elif isinstance(value, File):
            url = f"{world.cdn_url}/ephemeral-attachments/{world.application.id}/{value.id}/{value.name}"
            file = {"id": str(value.id), "filename": value.name, "size": len(value.content), "url": url, "proxy_url": url}
            body.setdefault("attachments", {})[str(value.id)] = {**file, "content_type": value.content_type, "ephemeral": True}
            world.uploads[value.id] = value
    return body
