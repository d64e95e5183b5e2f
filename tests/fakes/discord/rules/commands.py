"""What Discord asks of application commands beyond its schema, and the form in which it keeps them."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord.core.errors import DiscordError, invalid

NAME = re.compile(r"^[-_'\w]{1,32}$")
SUB, GROUP = 1, 2
LIMITS = {1: 100, 2: 15, 3: 15}
"""Commands of each type, per guild and globally (user and message commands: 15 since 2025)."""


def check_all(commands: list[dict[str, Any]]) -> None:
    """A bulk overwrite: names are unique per type, and not too many."""
    for kind, most in LIMITS.items():
        names = [each["name"] for each in commands if (each.get("type") or 1) == kind]
        if len(names) != len(set(names)):
            raise invalid("", "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME")
        if len(names) > most:
            raise DiscordError(30032)
    for index, command in enumerate(commands):
        check(command, str(index))


def check(command: dict[str, Any], path: str = "") -> None:
    """One command."""
    kind = command.get("type") or 1
    if kind != 1:
        if command.get("description"):
            raise invalid(_at(path, "description"), "Context menu commands cannot have description", "APPLICATION_COMMAND_CONTEXT_MENU")
        if command.get("options"):
            raise invalid(_at(path, "options"), "Context menu commands cannot have options", "APPLICATION_COMMAND_CONTEXT_MENU")
        return
    _name(command, path)
    if not command.get("description"):
        raise invalid(_at(path, "description"), "This field is required", "BASE_TYPE_REQUIRED")
    _options(command.get("options") or [], path)
    if _size(command) > 8000:
        raise invalid(_at(path, ""), "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")


def _options(options: list[dict[str, Any]], path: str) -> None:
    optional_seen = False
    names = [each["name"] for each in options]
    if len(names) != len(set(names)):
        raise invalid(_at(path, "options"), "Option names must be unique", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID")
    for index, option in enumerate(options):
        place = _at(path, f"options.{index}")
        _name(option, place)
        if option["type"] in (SUB, GROUP):
            _options(option.get("options") or [], place)
            continue
        if option.get("required") and optional_seen:
            sentence = "Required options must be placed before non-required options"
            raise invalid(place, sentence, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
        optional_seen = optional_seen or not option.get("required")
        if option.get("choices") and option.get("autocomplete"):
            raise invalid(_at(place, "autocomplete"), "Choices and autocomplete exclude one another", "APPLICATION_COMMAND_AUTOCOMPLETE")


def _name(one: dict[str, Any], path: str) -> None:
    name = one["name"]
    if not NAME.match(name) or name != name.lower():
        raise invalid(_at(path, "name"), "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")


def _size(one: dict[str, Any]) -> int:
    """Names, descriptions and values, as the docs count them (the longest localization counts)."""
    size = max(map(len, [one["name"], *(one.get("name_localizations") or {}).values()]))
    size += max(map(len, [one.get("description") or "", *(one.get("description_localizations") or {}).values()]))
    size += sum(len(each["name"]) + len(str(each["value"])) for each in one.get("choices") or [])
    return size + sum(_size(each) for each in one.get("options") or [])


def _at(path: str, more: str) -> str:
    return ".".join(filter(None, [path, more]))


def kept(command: dict[str, Any], *, command_id: int, version: int, application_id: int, guild_id: int | None) -> dict[str, Any]:
    """As Discord stores and returns it."""
    permissions = command.get("default_member_permissions")
    body: dict[str, Any] = {
        "id": str(command_id),
        "application_id": str(application_id),
        "version": str(version),
        "type": command.get("type") or 1,
        "name": command["name"],
        "description": command.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(command.get("nsfw")),
        **_localized(command),
    }
    if command.get("options"):
        body["options"] = [_option(each) for each in command["options"]]
    if guild_id is not None:
        body["guild_id"] = str(guild_id)
    else:
        body["contexts"] = command.get("contexts")
        body["integration_types"] = command.get("integration_types") or [0]
        body["dm_permission"] = command.get("dm_permission") is not False
    return body


KEPT = ("required", "autocomplete", "channel_types", "min_value", "max_value", "min_length", "max_length")


def _option(option: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"type": option["type"], "name": option["name"], "description": option["description"], **_localized(option)}
    for key in KEPT:
        value = option.get(key)
        if value is not None and (value or key not in ("required", "autocomplete")):
            body[key] = value
    if option.get("choices"):
        body["choices"] = [{"name": each["name"], "value": each["value"], **_localized(each)} for each in option["choices"]]
    if option["type"] in (SUB, GROUP):
        body["options"] = [_option(each) for each in option.get("options") or []]
    return body


def _localized(one: dict[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in ("name_localizations", "description_localizations") if one.get(key)}


def without_localizations(command: dict[str, Any]) -> dict[str, Any]:
    """As GET lists them unless `with_localizations` is asked for."""

    def strip(part: Any) -> Any:
        if isinstance(part, list):
            return [strip(each) for each in part]
        if isinstance(part, dict):
            return {key: strip(value) for key, value in part.items() if not key.endswith("_localizations")}
        return part

    stripped: dict[str, Any] = strip(command)
    return stripped
