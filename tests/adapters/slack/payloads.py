"""Payloads in the shapes that Slack sends them: trimmed recordings, with names of our own."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TEAM, BOT, ADA, BOB = "T024BE7LD", "U0BOT0001", "U0ADA0001", "U0BOB0001"
CHANNEL, DM = "C024BE91L", "D024BE91L"


def event(inner: Json, event_id: str = "Ev08MFMKH6", **outer: Any) -> Json:
    return {
        "token": "verification",
        "team_id": TEAM,
        "api_app_id": "A0LOOP001",
        "type": "event_callback",
        "event": inner,
        "event_id": event_id,
        "event_time": 1771000000,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJ",
        **outer,
    }


def message(text: str = "hello", *, channel: str = CHANNEL, ts: str = "1771000000.000100", **more: Any) -> Json:
    kind = "im" if channel.startswith("D") else "channel"
    inner = {
        "client_msg_id": "9e2f5a0e",
        "type": "message",
        "user": ADA,
        "text": text,
        "team": TEAM,
        "channel": channel,
        "ts": ts,
        "event_ts": ts,
        "channel_type": kind,
        "blocks": [{"type": "rich_text", "block_id": "b", "elements": []}],
    }
    return event({**inner, **more})


def mention(text: str, **more: Any) -> Json:
    inner = {"type": "app_mention", "user": ADA, "text": text, "team": TEAM, "channel": CHANNEL, "ts": "1771000000.000100"}
    return event({**inner, "event_ts": "1771000000.000100", **more}, event_id="Ev08MENTION")


def changed(text: str, *, before: str = "hello", edited: bool = True, **more: Any) -> Json:
    new: Json = {"type": "message", "user": ADA, "text": text, "team": TEAM, "ts": "1771000000.000100", "thread_ts": "1770999999.000001"}
    if edited:
        new["edited"] = {"user": ADA, "ts": "1771000060.000000"}
    old = {**new, "text": before}
    inner = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": CHANNEL, "message": {**new, **more}}
    inner |= {"previous_message": old, "ts": "1771000060.000200", "event_ts": "1771000060.000200", "channel_type": "channel"}
    return event(inner, event_id="Ev08CHANGED")


def deleted(**more: Any) -> Json:
    old = {"type": "message", "user": ADA, "text": "hello", "ts": "1771000000.000100", "thread_ts": "1770999999.000001", **more}
    inner = {"type": "message", "subtype": "message_deleted", "hidden": True, "channel": CHANNEL, "deleted_ts": "1771000000.000100"}
    inner |= {"previous_message": old, "ts": "1771000070.000200", "event_ts": "1771000070.000200", "channel_type": "channel"}
    return event(inner, event_id="Ev08DELETED")


def slash(command: str, text: str = "", channel: str = CHANNEL) -> Json:
    return {
        "token": "verification",
        "team_id": TEAM,
        "team_domain": "acme",
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "general",
        "user_id": ADA,
        "user_name": "ada",
        "command": command,
        "text": text,
        "api_app_id": "A0LOOP001",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T024BE7LD/1/abc",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    }


def pressed(value: str, *, channel: str = CHANNEL, ts: str = "1771000000.000200", **more: Any) -> Json:
    body = {
        "type": "block_actions",
        "user": {"id": ADA, "username": "ada", "name": "ada", "team_id": TEAM},
        "api_app_id": "A0LOOP001",
        "token": "verification",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        "team": {"id": TEAM, "domain": "acme"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "general"},
        "message": {"type": "message", "user": BOT, "bot_id": "B0BOT", "text": "…", "ts": ts},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T024BE7LD/2/def",
        "actions": [
            {"action_id": "press-0", "block_id": "x", "type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": value}
        ],
    }
    body["actions"][0]["action_ts"] = "1771000100.123456"  # type: ignore[index]
    return {**body, **more}


def shortcut(text: str, *, user: str = ADA, by: str = ADA, **more: Any) -> Json:
    said = {"type": "message", "user": by, "ts": "1771000000.000100", "text": text, "team": TEAM, **more}
    return {
        "type": "message_action",
        "token": "verification",
        "action_ts": "1771000200.866753",
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": user, "username": "ada", "team_id": TEAM, "name": "ada"},
        "channel": {"id": CHANNEL, "name": "general"},
        "is_enterprise_install": False,
        "callback_id": "coach_me",
        "trigger_id": "13345224609.738474920.shortcut",
        "response_url": "https://hooks.slack.com/app/T024BE7LD/3/ghi",
        "message_ts": "1771000000.000100",
        "message": said,
    }
