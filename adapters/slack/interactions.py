"""Slack's commands, presses, shortcuts and filled forms → what was meant. Pure functions of payloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.heard import PLATFORM, Heard, Json, moment, place_of, text_id
from adapters.slack.markup import typed
from core.chat import Kind, Place
from core.commands import BY_NAME, Call, parse
from core.errors import CoachError, NotUnderstood

COACH_ME = "coach_me"
"""Callback id of the message shortcut."""
OTHER_VERSION = "That button is from another version of me. Please ask again."
NOT_YOURS = "That is somebody else's message. I coach people on their own words; copy it into /review if it is yours."


def team_of(body: Json) -> str:
    """Whose workspace it was made in. Where an app is installed for a whole organisation `team` may be null."""
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or (body.get("enterprise") or {})["id"])


def command(form: Json, now: datetime) -> Heard:
    """A slash command; CoachError where it means nothing. A prefix before our own name is allowed: `/lc-mock`."""
    team, user, channel = form["team_id"], form["user_id"], form["channel_id"]
    given = form["command"].lstrip("/").lower()
    name = max((known for known, row in BY_NAME.items() if row.shown and given.endswith(known)), key=len, default="")
    text = typed(form.get("text") or "")
    line = f"/{name} {text}".strip()
    call = parse(line) if name else None
    heard = Heard(
        id=f"{PLATFORM}:{team}:{form['trigger_id']}",
        team=team,
        user=user,
        place=place_of(team, channel, user),
        sent_at=now,
        kind=Kind.COMMAND,
        text=line,
        call=call,
        handle=form.get("response_url"),
        name=form.get("user_name", ""),
        trigger=form["trigger_id"],
    )
    if call is None:
        raise NotUnderstood(f"I do not know /{given}. /coach help lists what there is.")
    return heard


def press(body: Json, place: Place | None = None) -> Heard | None:
    """A button, a menu, a rating; None where nothing was meant. `place`: where a dialog belongs to, for a press inside one."""
    action: dict[str, Any] = next(iter(body.get("actions") or ()), {})
    line = (action.get("selected_option") or {}).get("value") or action.get("value")
    if not line:
        return None
    team, user = team_of(body), body["user"]["id"]
    box, carrier = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or box.get("channel_id")
    ts = box.get("message_ts") or carrier.get("ts")
    thread = carrier.get("thread_ts") or box.get("thread_ts")
    direct = channel is None or channel.startswith("D")
    if direct and not box.get("is_ephemeral"):
        thread = thread or ts
    if place is None:
        place = place_of(team, channel or "D", user, thread if thread != ts or direct else None)
    return Heard(
        id=f"{PLATFORM}:{team}:{body.get('trigger_id') or action.get('action_ts')}",
        team=team,
        user=user,
        place=place,
        sent_at=moment(action["action_ts"]),
        kind=Kind.COMMAND,
        text=line,
        call=called(line),
        about=text_id(team, channel, ts) if channel and ts else None,
        handle=None if direct and not box.get("is_ephemeral") else body.get("response_url"),
        name=body["user"].get("name") or body["user"].get("username") or "",
        root=ts if not place.thread else None,
        trigger=body.get("trigger_id"),
        view=(body.get("view") or {}).get("id") if (body.get("view") or {}).get("type") == "modal" else None,
    )


def within(heard: Heard, thread: str) -> Heard:
    """The same, in a thread of its place."""
    return replace(heard, place=heard.place.at(thread), root=None)


def shortcut(body: Json) -> Heard:
    """*Coach me on this*: the message is reviewed; where it has no words, the form opens. CoachError for somebody else's words."""
    team, user, channel = team_of(body), body["user"]["id"], body["channel"]["id"]
    message = body["message"]
    if body.get("callback_id") != COACH_ME:
        raise NotUnderstood(OTHER_VERSION)
    if message.get("user") != user:
        raise CoachError(NOT_YOURS)
    text = typed(message.get("text") or "").strip()
    return Heard(
        id=f"{PLATFORM}:{team}:{body['trigger_id']}",
        team=team,
        user=user,
        place=place_of(team, channel, user, message.get("thread_ts") or (message["ts"] if channel.startswith("D") else None)),
        sent_at=moment(body["action_ts"]),
        kind=Kind.COMMAND,
        text="review",
        call=("review", {"text": text} if text else {}),
        about=text_id(team, channel, message["ts"]),
        handle=body.get("response_url"),
        name=body["user"].get("name", ""),
        trigger=body["trigger_id"],
    )


def submission(
    body: Json, line: str, place: Place, fields: Mapping[str, str], now: datetime, *, about: str | None, handle: str | None
) -> Heard:
    """A filled form: its line, with the fields as they were filled in. It may come twice; the same one has the same id."""
    team, user, view = team_of(body), body["user"]["id"], body["view"]
    name, given = called(line)
    return Heard(
        id=f"{PLATFORM}:{team}:{view['id']}:{view.get('hash', '')}",
        team=team,
        user=user,
        place=place,
        sent_at=now,
        kind=Kind.COMMAND,
        text=line,
        call=(name, {**given, **fields}),
        about=about,
        handle=handle,
        name=body["user"].get("name") or body["user"].get("username") or "",
        trigger=body.get("trigger_id"),
    )


def called(line: str) -> Call:
    """What a line on a button means; NotUnderstood where this version does not know it."""
    call = parse(f"/{line}")
    if call is None:
        raise NotUnderstood(OTHER_VERSION)
    return call
