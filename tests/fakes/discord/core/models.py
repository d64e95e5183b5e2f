"""The nouns of Discord as the fake keeps them. Ids are integers here and strings on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT = 0, 1, 2, 4, 5
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 10, 11, 12, 15
THREADS = (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)


class Flag:
    """Message flags."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    VOICE_MESSAGE = 1 << 13
    COMPONENTS_V2 = 1 << 15


class Kind:
    """Message types."""

    DEFAULT, RECIPIENT_ADD, RECIPIENT_REMOVE, NAME_CHANGE, PINNED = 0, 1, 2, 4, 6
    THREAD_CREATED, REPLY, COMMAND, THREAD_STARTER, CONTEXT_MENU = 18, 19, 20, 21, 23
    WRITTEN = (DEFAULT, REPLY, COMMAND, CONTEXT_MENU)
    """Not system messages."""


@dataclass
class User:
    """An account, a person's or the bot's."""

    id: int
    name: str
    display: str | None = None
    bot: bool = False
    locale: str = "en-US"
    dms_open: bool = True
    """Takes direct messages from members of the same servers."""
    blocked_bot: bool = False
    installed: bool = False
    """Has the app as a user install."""


@dataclass
class Role:
    """A role; the one with the guild's id is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 0
    mentionable: bool = False
    bot_id: int | None = None
    """Managed: made for a bot when it joined."""


@dataclass
class Member:
    """A user in a guild."""

    user: User
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass
class Overwrite:
    """Permissions of one role (kind 0) or member (kind 1) in one channel."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass
class Guild:
    """A server."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    available: bool = True
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    """Channels and threads, archived ones too."""


@dataclass
class ThreadMember:
    """Somebody in a thread."""

    user_id: int
    joined_at: datetime


@dataclass(eq=False)
class Channel:
    """A channel, a direct message, or a thread."""

    id: int
    kind: int
    guild: Guild | None = None
    name: str = ""
    topic: str | None = None
    parent: Channel | None = None
    position: int = 0
    slowmode: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: dict[int, User] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    hidden: dict[int, Message] = field(default_factory=dict)
    """Ephemeral messages: each for one person's eyes."""
    pins: dict[int, datetime] = field(default_factory=dict)
    last_message_id: int | None = None
    flags: int = 0
    tags: list[dict[str, Any]] = field(default_factory=list)
    """A forum's."""
    # What only a thread has.
    owner_id: int = 0
    created_at: datetime | None = None
    archived: bool = False
    locked: bool = False
    archived_at: datetime | None = None
    auto_archive: int = 1440
    invitable: bool = True
    thread_members: dict[int, ThreadMember] = field(default_factory=dict)
    applied_tags: list[int] = field(default_factory=list)
    message_count: int = 0
    total_sent: int = 0

    @property
    def is_thread(self) -> bool:
        """One of the three kinds."""
        return self.kind in THREADS

    @property
    def is_private_thread(self) -> bool:
        """Seen by its members and moderators only."""
        return self.kind == PRIVATE_THREAD

    @property
    def guild_id(self) -> int | None:
        """None in a direct message."""
        return self.guild.id if self.guild else None

    @property
    def mention(self) -> str:
        """As one types it."""
        return f"<#{self.id}>"


@dataclass
class File:
    """An attachment, with its bytes."""

    id: int
    name: str
    content: bytes
    content_type: str
    description: str | None = None
    duration: float | None = None
    waveform: str | None = None
    ephemeral: bool = False


@dataclass(eq=False)
class Message:
    """A message as it stands now. `versions` are the contents that people saw before, oldest first."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    kind: int = Kind.DEFAULT
    flags: int = 0
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[File] = field(default_factory=list)
    poll: dict[str, Any] | None = None
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reference: dict[str, Any] | None = None
    replied_to: Message | None = None
    nonce: str | int | None = None
    edited_at: datetime | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    """Emoji -> user ids, in order."""
    position: int | None = None
    thread: Channel | None = None
    interaction: Interaction | None = None
    """The one that it answers."""
    for_user: int | None = None
    """Ephemeral: who sees it."""
    deleted: bool = False
    versions: list[str] = field(default_factory=list)
    tts: bool = False

    @property
    def text(self) -> str:
        """All words a person reads in it: content, embeds, text displays and button labels left out."""
        return "\n".join(filter(None, [self.content, *_embed_texts(self.embeds), *_component_texts(self.components)]))

    @property
    def ephemeral(self) -> bool:
        """Only one person sees it."""
        return self.for_user is not None

    @property
    def thinking(self) -> bool:
        """A deferred answer that has not come yet."""
        return bool(self.flags & Flag.LOADING)

    @property
    def pinned(self) -> bool:
        return self.id in self.channel.pins

    def __repr__(self) -> str:
        return f"<{self.author.name}: {self.text[:60]!r} in {self.channel.name or 'a DM'}>"


@dataclass(eq=False)
class Interaction:
    """Something a person did with the app, and what became of it."""

    id: int
    token: str
    kind: int
    """2 command, 3 component, 4 autocomplete, 5 modal."""
    user: User
    channel: Channel
    created_at: datetime
    data: dict[str, Any]
    owners: dict[str, str]
    """`authorizing_integration_owners`: install kind -> whose."""
    message: Message | None = None
    """The one the component is on."""
    parent: Interaction | None = None
    """What opened the modal."""
    command: dict[str, Any] | None = None
    target: Message | User | None = None
    answer: int | None = None
    """Callback type, once there was one."""
    original: Message | None = None
    """What `@original` means."""
    followups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    thinking_open: bool = False
    """After a deferral, until the first followup or edit."""

    @property
    def guild(self) -> Guild | None:
        return self.channel.guild


def _embed_texts(embeds: list[dict[str, Any]]) -> list[str]:
    found = []
    for embed in embeds:
        found += [embed.get("title"), embed.get("description")]
        for part in embed.get("fields") or []:
            found += [part["name"], part["value"]]
        found.append((embed.get("footer") or {}).get("text"))
    return [text for text in found if text]


def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component of a tree, parents first: children, a section's accessory, a label's component."""
    found = []
    for part in components:
        found.append(part)
        found += walk(part.get("components") or [])
        found += walk([part[key] for key in ("accessory", "component") if part.get(key)])
    return found


def _component_texts(components: list[dict[str, Any]]) -> list[str]:
    return [part["content"] for part in walk(components) if part.get("type") == 10]
