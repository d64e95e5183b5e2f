"""Slack's events → what was meant. Pure functions of payloads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from adapters.slack.heard import PLATFORM, WORKSPACE, Heard, HomeOpened, Json, Me, Stopped, moment, person_key, place_of, text_id
from adapters.slack.markup import typed
from core.chat import Attachment, Kind, Person, Place, house
from core.commands import parse

SPOKEN = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes of `message` in which a person says something."""
OVER = ("channel_archive", "channel_deleted", "group_archive", "group_deleted", "member_left_channel")


def event(body: Json, me: Me) -> Heard | HomeOpened | Stopped | None:
    """An `event_callback`; None where it does not concern us, whatever it is."""
    inner = body.get("event") or {}
    match inner.get("type"):
        case "message" | "app_mention":
            return _message(body, inner, me)
        case "app_home_opened":
            at = moment(inner.get("event_ts") or str(body.get("event_time", 0)))
            return HomeOpened(me.team, inner["user"], inner.get("channel", ""), inner.get("tab", "home"), at)
        case "agent_session_stopped":
            return _stopped(body, inner, me)
        case "app_uninstalled":
            return _lifecycle(body, me, WORKSPACE, "removed")
        case "tokens_revoked" if (inner.get("tokens") or {}).get("bot"):
            return _lifecycle(body, me, WORKSPACE, "removed")
        case "member_joined_channel" if inner.get("user") == me.user:
            return _lifecycle(body, me, inner["channel"], "joined")
        case kind if kind in OVER and (kind != "member_left_channel" or inner.get("user") == me.user):
            return _lifecycle(body, me, inner["channel"], "closed")
    return None


def _message(body: Json, inner: Json, me: Me) -> Heard | None:
    subtype = inner.get("subtype")
    if subtype == "message_changed":
        new, old = inner.get("message") or {}, inner.get("previous_message") or {}
        if new.get("subtype") == "tombstone":  # the root of a thread, taken back
            return _changed(body, inner, {**old, "ts": new.get("ts")}, me, Kind.DELETED)
        if not new.get("edited") or new.get("text") == old.get("text"):
            return None
        return _changed(body, inner, new, me, Kind.EDITED)
    if subtype == "message_deleted":
        return _changed(body, inner, {**(inner.get("previous_message") or {}), "ts": inner.get("deleted_ts")}, me, Kind.DELETED)
    if subtype not in SPOKEN or _by_a_bot(inner, me) or not inner.get("ts"):
        return None
    channel, ts, user = inner["channel"], inner["ts"], inner["user"]
    direct = channel.startswith("D")
    thread = inner.get("thread_ts") or (ts if direct else None)
    raw = inner.get("text") or ""
    return Heard(
        id=text_id(me.team, channel, ts),
        team=me.team,
        user=user,
        place=place_of(me.team, channel, user, thread),
        sent_at=moment(ts),
        kind=Kind.DIRECT if direct else Kind.MENTION if _addressed(inner, raw, me) else Kind.AMBIENT,
        text=typed(raw, me.user),
        attachments=tuple(_attachment(me.team, file) for file in inner.get("files") or () if file.get("id")),
        parent=inner.get("parent_user_id"),
    )


def _addressed(inner: Json, raw: str, me: Me) -> bool:
    return inner["type"] == "app_mention" or f"<@{me.user}" in raw


def _by_a_bot(message: Json, me: Me) -> bool:
    return bool(message.get("bot_id")) or not message.get("user") or message["user"] in (me.user, "USLACKBOT")


def _changed(body: Json, inner: Json, message: Json, me: Me, kind: Kind) -> Heard | None:
    if _by_a_bot(message, me) or not message.get("ts"):
        return None
    channel, user, ts = inner["channel"], message["user"], message["ts"]
    thread = message.get("thread_ts") or (ts if channel.startswith("D") else None)
    return Heard(
        id=_event_id(body, me),
        team=me.team,
        user=user,
        place=place_of(me.team, channel, user, thread),
        sent_at=moment(inner.get("event_ts") or inner["ts"]),
        kind=kind,
        text=typed(message.get("text") or "", me.user) if kind is Kind.EDITED else "",
        about=text_id(me.team, channel, ts),
    )


def _stopped(body: Json, inner: Json, me: Me) -> Stopped:
    channel, thread, user = inner["channel"], inner.get("thread_ts"), inner["user"]
    heard = Heard(
        id=_event_id(body, me),
        team=me.team,
        user=user,
        place=place_of(me.team, channel, user, thread),
        sent_at=moment(inner["event_ts"]),
        kind=Kind.COMMAND,
        text="pause",
        call=("pause", {}),
    )
    return Stopped(me.team, user, channel, thread, heard)


def _lifecycle(body: Json, me: Me, channel: str, word: str) -> Heard:
    place = Place(platform=PLATFORM, space=me.team, channel=channel)
    at = datetime.fromtimestamp(body.get("event_time") or 0, UTC)
    return Heard(id=_event_id(body, me), team=me.team, user="", place=place, sent_at=at, kind=Kind.LIFECYCLE, text=word)


def _attachment(team: str, file: Json) -> Attachment:
    """Its address names the file; where its bytes are is asked when they are wanted, of Slack and nobody else."""
    return Attachment(
        name=file.get("name") or file["id"], mime=file.get("mimetype") or "", size=file.get("size") or 0, url=f"slack://{team}/{file['id']}"
    )


def _event_id(body: Json, me: Me) -> str:
    return f"{PLATFORM}:{me.team}:{body['event_id']}"


# --- what words mean -------------------------------------------------------------------------------------------------


def meant(heard: Heard, live: bool) -> Heard | None:
    """A text where it concerns us; `live`: a conversation is going on in its thread. Channel chatter is None."""
    if heard.kind in (Kind.EDITED, Kind.DELETED):
        return heard if live else None
    if heard.kind not in (Kind.DIRECT, Kind.MENTION, Kind.AMBIENT):
        return heard
    words = heard.text.replace("@loopcoach", " ").strip() if live else heard.text
    if call := parse(words, lone=True) if live else parse(heard.text, bare=True) if heard.place.direct else None:
        return replace(heard, kind=Kind.COMMAND, call=call)
    if live and heard.kind is not Kind.MENTION:
        return replace(heard, kind=Kind.AMBIENT)
    return heard if heard.kind is not Kind.AMBIENT else None


def author(heard: Heard, name: str, zone: str | None, may_manage: bool) -> Person:
    """Who said it; what concerns a whole channel is said by nobody in it."""
    if not heard.user:
        return house(heard.place)
    key = person_key(heard.team, heard.user)
    return Person(key=key, id=heard.user, name=name or heard.name or heard.user, zone=zone, may_manage=may_manage)
