"""What exists in a Slack: workspaces, people, conversations, messages, files, views, apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
Kind = Literal["public", "private", "im"]


@dataclass
class User:
    id: str
    team_id: str
    name: str
    real_name: str
    tz: str = "Europe/London"
    tz_label: str = "Greenwich Mean Time"
    tz_offset: int = 0
    locale: str = "en-GB"
    email: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    app_id: str = ""
    bot_id: str = ""
    deleted: bool = False
    updated: int = 0
    refuses_dm: str = ""
    """Error code that opening or writing a direct message to this person answers."""


@dataclass
class Reaction:
    name: str
    users: list[str] = field(default_factory=list)


@dataclass
class File:
    id: str
    team_id: str
    user: str
    name: str
    title: str
    mimetype: str
    content: bytes
    created: int
    bot: bool = False
    uploaded: bool = False
    complete: bool = False
    length: int = 0
    alt_txt: str = ""
    deleted: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)
    """channel id → timestamps of the messages that show it."""


@dataclass
class Stream:
    """A message that is still being written with chat.startStream."""

    started: float
    mode: str = ""
    state: Literal["streaming", "stopped", "stopped_by_user"] = "streaming"
    text: str = ""
    tasks: dict[str, JSON] = field(default_factory=dict)
    plan: str = ""
    blocks: list[JSON] = field(default_factory=list)
    recipient: str = ""


@dataclass
class Message:
    ts: str
    channel: str
    team_id: str
    user: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    sent_blocks: list[JSON] = field(default_factory=list)
    """The blocks as the app sent them, before Slack filled in and rendered."""
    attachments: list[JSON] = field(default_factory=list)
    thread_ts: str = ""
    subtype: str = ""
    broadcast: bool = False
    client_msg_id: str = ""
    app_id: str = ""
    bot_id: str = ""
    username: str = ""
    icons: JSON = field(default_factory=dict)
    metadata: JSON | None = None
    files: list[File] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    edited: JSON | None = None
    edits: int = 0
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    markdown: str = ""
    """What was given as `markdown_text`."""
    stream: Stream | None = None
    readable_at: float = 0.0
    """When history begins to show it."""
    tombstone: bool = False
    inviter: str = ""
    visible_to: str = ""
    """The one person who sees an ephemeral message."""
    state: dict[str, dict[str, JSON]] = field(default_factory=dict)
    """What people chose in its inputs: block_id → action_id → value."""

    @property
    def ephemeral(self) -> bool:
        return bool(self.visible_to)

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass
class Channel:
    id: str
    team_id: str
    name: str
    kind: Kind = "public"
    creator: str = ""
    created: int = 0
    members: list[str] = field(default_factory=list)
    archived: bool = False
    deleted: bool = False
    read_only: bool = False
    restricted: bool = False
    general: bool = False
    topic: str = ""
    purpose: str = ""
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def event_type(self) -> str:
        """`channel_type` in message events."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]

    def replies(self, root: str) -> list[Message]:
        return [m for m in self.messages.values() if m.thread_ts == root and m.ts != root]


@dataclass
class View:
    id: str
    team_id: str
    app_id: str
    user: str
    body: JSON
    hash: str = ""
    external_id: str = ""
    root: str = ""
    previous: str | None = None
    state: dict[str, dict[str, JSON]] = field(default_factory=dict)
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return str(self.body.get("type", "modal"))

    @property
    def blocks(self) -> list[JSON]:
        return list(self.body.get("blocks", []))


@dataclass
class Session:
    """An agent session: one thread in one conversation."""

    channel: str
    thread_ts: str
    status: str
    title: str = ""
    initiator: str = ""
    changed: float = 0.0


@dataclass
class Token:
    value: str
    kind: Literal["bot", "app", "user"]
    app_id: str
    team_id: str = ""
    user_id: str = ""
    scopes: tuple[str, ...] = ()
    expires_at: float | None = None
    revoked: bool = False
    inactive: bool = False


@dataclass
class Install:
    """One app in one workspace."""

    app_id: str
    team_id: str
    bot_user: str
    bot_id: str
    scopes: tuple[str, ...]
    token: str
    installer: str
    active: bool = True
    refresh_token: str = ""


@dataclass
class Team:
    id: str
    name: str
    domain: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
