"""One Slack app as its settings pages, or its manifest, describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BOT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
)

EVENTS = {
    # what an app can subscribe to here → scopes of which it needs one (none: no scope needed)
    "agent_session_stopped": ("chat:write",),
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}


@dataclass
class App:
    """Settings and secrets. By default everything that this fake knows is switched on, over Socket Mode."""

    id: str
    name: str
    client_id: str
    client_secret: str
    signing_secret: str
    verification_token: str
    scopes: tuple[str, ...] = BOT_SCOPES
    events: set[str] = field(default_factory=lambda: set(EVENTS))
    commands: dict[str, str] | None = None
    """Slash command → its request URL; None: any command is this app's."""
    shortcuts: dict[str, str] | None = None
    """callback_id → "message" or "global"; None: any is this app's."""
    escape_commands: bool = False
    """`should_escape`: mentions and channels in command texts arrive as ids."""
    interactivity: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    agent: bool = True
    """`features.agent_view`: may keep agent sessions and set suggested prompts."""
    assistant: bool = False
    """The legacy `features.assistant_view`."""
    description: str = ""
    suggested_prompts: list[dict[str, str]] = field(default_factory=list)
    socket_mode: bool = True
    token_rotation: bool = False
    redirect_urls: list[str] = field(default_factory=list)
    events_url: str = ""
    interactivity_url: str = ""
    options_url: str = ""
    commands_url: str = ""
    verified: bool = True

    def apply(self, manifest: Mapping[str, Any]) -> None:
        """Switch on exactly what a manifest (its JSON, loaded) switches on."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        oauth = manifest.get("oauth_config", {})
        home = features.get("app_home", {})
        self.name = str(manifest.get("display_information", {}).get("name", self.name))
        self.scopes = tuple(oauth.get("scopes", {}).get("bot", ()))
        self.redirect_urls = list(oauth.get("redirect_urls", ()))
        subscriptions = settings.get("event_subscriptions", {})
        self.events = set(subscriptions.get("bot_events", ()))
        self.events_url = str(subscriptions.get("request_url", ""))
        commands = features.get("slash_commands", [])
        self.commands = {str(one["command"]): str(one.get("url", "")) for one in commands}
        self.escape_commands = any(one.get("should_escape") for one in commands)
        self.shortcuts = {str(one["callback_id"]): str(one["type"]) for one in features.get("shortcuts", [])}
        interactivity = settings.get("interactivity", {})
        self.interactivity = bool(interactivity.get("is_enabled"))
        self.interactivity_url = str(interactivity.get("request_url", ""))
        self.options_url = str(interactivity.get("message_menu_options_url", ""))
        self.home_tab = bool(home.get("home_tab_enabled"))
        self.messages_tab = bool(home.get("messages_tab_enabled", True))
        self.agent = "agent_view" in features
        self.assistant = "assistant_view" in features
        view = features.get("agent_view") or features.get("assistant_view") or {}
        self.description = str(view.get("agent_description") or view.get("assistant_description") or "")
        self.suggested_prompts = list(view.get("suggested_prompts", ()))
        self.socket_mode = bool(settings.get("socket_mode_enabled"))
        self.token_rotation = bool(settings.get("token_rotation_enabled"))

    def over_http(self, url: str) -> None:
        """Send everything to this one address, as Bolt's `/slack/events` takes it."""
        self.socket_mode = False
        self.events_url = self.interactivity_url = self.options_url = self.commands_url = url

    def owns_command(self, command: str) -> bool:
        return self.commands is None or command in self.commands

    def command_url(self, command: str) -> str:
        return (self.commands or {}).get(command) or self.commands_url
