"""What may be said: the rules for a message's body that the schema lacks. Turns a body into a `Draft`, or raises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.errors import DiscordError, invalid
from tests.fakes.discord.core.ids import iso
from tests.fakes.discord.core.mentions import check as check_mentions
from tests.fakes.discord.core.models import File, Flag, Message
from tests.fakes.discord.core.posting import Draft
from tests.fakes.discord.rules import components, embeds

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World

MOST_CONTENT = 2000
LEGACY = ("content", "embeds", "poll", "sticker_ids")
CREATE = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.VOICE_MESSAGE | Flag.COMPONENTS_V2
"""Flags that an ordinary message may set."""
ANSWER = CREATE | Flag.EPHEMERAL
"""Those that an answer to an interaction may set."""
EDIT = Flag.SUPPRESS_EMBEDS | Flag.COMPONENTS_V2


def draft(world: World, body: dict[str, Any], files: list[File], *, flags: int = CREATE) -> Draft:
    """A new message. `flags`: those that count; others are ignored, as Discord ignores them."""
    wanted = (body.get("flags") or 0) & flags
    v2 = bool(wanted & Flag.COMPONENTS_V2)
    _content(body)
    if v2:
        _no_legacy(body)
    parts, cards = body.get("components") or [], body.get("embeds") or []
    components.check(parts, v2=v2, files={file.name for file in files})
    embeds.check(cards)
    check_mentions(body.get("allowed_mentions"))
    _voice(wanted, body, files)
    content = (body.get("content") or "").strip()
    if not (parts if v2 else content or cards or parts or files or body.get("poll") or body.get("sticker_ids")):
        raise DiscordError(50006)
    return Draft(
        content=content,
        embeds=embeds.shown(cards),
        components=components.shown(parts),
        files=files,
        flags=wanted,
        poll=poll(world, body["poll"]) if body.get("poll") else None,
        allowed=body.get("allowed_mentions"),
        tts=bool(body.get("tts")),
    )


def changes(message: Message, body: dict[str, Any], files: list[File]) -> dict[str, Any]:
    """What an edit of a message sets."""
    if message.flags & Flag.VOICE_MESSAGE:
        raise DiscordError(50035, status=400, message="Voice messages cannot be edited.")
    was_v2 = bool(message.flags & Flag.COMPONENTS_V2)
    v2 = was_v2 or bool((body.get("flags") or 0) & Flag.COMPONENTS_V2)
    _content(body)
    if v2:
        _no_legacy(body)
        if not was_v2:
            _no_legacy({key: body.get(key, getattr(message, key, None)) for key in ("content", "embeds")})
    made: dict[str, Any] = {}
    if "content" in body:
        made["content"] = (body["content"] or "").strip()
    if "embeds" in body:
        embeds.check(body["embeds"] or [])
        made["embeds"] = embeds.shown(body["embeds"] or [])
    kept = _kept(message, body)
    if "attachments" in body or files:
        made["attachments"] = [*kept, *files]
    if "components" in body:
        names = {file.name for file in (*kept, *files)}
        components.check(body["components"] or [], v2=v2, files=names)
        made["components"] = components.shown(body["components"] or [])
    check_mentions(body.get("allowed_mentions"))
    if body.get("flags") is not None:
        made["flags"] = (message.flags & ~Flag.SUPPRESS_EMBEDS) | (body["flags"] & EDIT)
    after = {key: made.get(key, getattr(message, key)) for key in ("content", "embeds", "components", "attachments")}
    if not any(after.values()) and message.poll is None:
        raise DiscordError(50006)
    return made


def _kept(message: Message, body: dict[str, Any]) -> list[File]:
    """Of the attachments there are, those that an edit's `attachments` names; all where it says nothing."""
    if body.get("attachments") is None:
        return [] if "attachments" in body else message.attachments
    named = {int(each["id"]) for each in body["attachments"]}
    return [file for file in message.attachments if file.id in named]


def _content(body: dict[str, Any]) -> None:
    if len(body.get("content") or "") > MOST_CONTENT:
        raise invalid("content", f"Must be {MOST_CONTENT} or fewer in length.", "BASE_TYPE_MAX_LENGTH")


def _no_legacy(body: dict[str, Any]) -> None:
    for key in LEGACY:
        if body.get(key):
            sentence = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            raise invalid(key, sentence, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")


def _voice(flags: int, body: dict[str, Any], files: list[File]) -> None:
    if not flags & Flag.VOICE_MESSAGE:
        return
    if any(body.get(key) for key in ("content", "embeds", "components", "poll")):
        raise DiscordError(50159)
    if len(files) != 1:
        raise DiscordError(50035, message="Voice messages must have a single audio attachment.")


def poll(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """A poll as it comes back: nobody has voted yet."""
    answers = [{"answer_id": index + 1, "poll_media": _media(each["poll_media"])} for index, each in enumerate(asked["answers"])]
    return {
        "question": _media(asked["question"]),
        "answers": answers,
        "expiry": iso(world.clock.now() + timedelta(hours=asked.get("duration") or 24)),
        "allow_multiselect": bool(asked.get("allow_multiselect")),
        "layout_type": asked.get("layout_type") or 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }


def _media(asked: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if value is not None}
