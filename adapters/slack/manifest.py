"""The app as Slack is told of it, made from the command table: commands, permissions, events, the home and the agent's view."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from adapters.slack.interactions import COACH_ME
from core.commands import COMMANDS, Command

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "hear that it is addressed in a channel",
    "assistant:write": "show that it is thinking, and suggest what to ask",
    "channels:history": "read answers in the thread of a mock in a public channel; other talk is dropped unread",
    "channels:read": "know of a public channel whether it is in it, and that it was archived",
    "chat:write": "write",
    "commands": "offer /mock and the others",
    "files:read": "read a file that somebody sends it",
    "files:write": "send charts and your own export",
    "groups:history": "read answers likewise in private channels it was invited to",
    "groups:read": "know that likewise of private channels",
    "im:history": "read what you write to it",
    "im:read": "know your direct messages with it",
    "im:write": "open direct messages with whoever pressed something",
    "users:read": "know your name, time zone, and whether you are an admin",
}
"""Permission → what it is for."""
EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "group_archive",
    "group_deleted",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "tokens_revoked",
)
BUILT_IN = ("help",)
"""Slack has a command of this name already; `/coach help` is ours."""
PROMPTS = (
    {"title": "One question now", "message": "question"},
    {"title": "A mock of five minutes", "message": "mock minutes:5"},
    {"title": "What the loop looks for", "message": "guide screens"},
    {"title": "My progress", "message": "progress"},
)
DESCRIPTION = "Gets backend engineers ready for an Amazon interview loop: a daily question, mock interviews, private coaching."
AGENT = (
    "Ask for a question, hold a mock interview in a thread, or paste an answer: I review it point by point with your own sentences as "
    "evidence. Answers go only to you. Practice signal, not Amazon's scoring; independent of Amazon."
)
LONG = (
    "Loopcoach posts one practice question a day in a channel, holds mock interviews in a thread, and coaches in direct messages: what "
    "an answer missed comes back the next morning. Reviews are checklists with your own sentences as evidence. Answers and progress reach "
    "only their author; nobody, admins included, has a command that shows another's answers. Independent of Amazon and not affiliated "
    "with it; everything it says is a practice signal, not Amazon's scoring."
)
HTTP_PATH = "/slack/events"
CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="


def manifest(prefix: str = "", url: str | None = None, *, rotation: bool = False) -> dict[str, Any]:
    """The whole of it. `url`: our public address; without one Slack speaks to us over Socket Mode. `prefix`: before every command."""
    here = f"{url.rstrip('/')}{HTTP_PATH}" if url else None
    at = {"request_url": here} if here else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": "Loopcoach", "description": DESCRIPTION, "long_description": LONG, "background_color": "#12685c"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Loopcoach", "always_online": True},
            "shortcuts": [
                {
                    "name": "Coach me on this",
                    "type": "message",
                    "callback_id": COACH_ME,
                    "description": "Have your own message reviewed, only for you",
                }
            ],
            "slash_commands": [_command(row, prefix, here) for row in COMMANDS if row.shown and row.name not in BUILT_IN],
            "agent_view": {"agent_description": AGENT, "suggested_prompts": list(PROMPTS)},
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [f"{url.rstrip('/')}/slack/oauth_redirect"]} if url else {}),
        },
        "settings": {
            "event_subscriptions": {**at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": rotation,
        },
    }


def _command(row: Command, prefix: str, here: str | None) -> dict[str, Any]:
    hint = row.usage.removeprefix(f"/{row.name}").strip()
    return {
        "command": f"/{prefix}{row.name}",
        "description": row.summary,
        **({"usage_hint": hint} if hint else {}),
        **({"url": here} if here else {}),
    }


def create_link(made: Mapping[str, Any]) -> str:
    """Opens Slack's *create an app from a manifest*, filled in."""
    return CREATE + quote(json.dumps(made, separators=(",", ":"), ensure_ascii=False), safe="{}[]:,/")
