"""The nouns of a conversation: who, where, what was said, and what the bot says back.

All of them are frozen and travel as JSON. None of them knows a platform: an adapter turns a payload into a `Message`
and a `Card` into whatever its platform draws.

Texts of cards are Markdown written by us. What a person wrote never stands in such a text: it stands in `quote` fields,
which adapters show letter for letter, or has gone through `literal`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value: immutable, strict about its fields, JSON both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- where and who ---------------------------------------------------------------------------------------------------


class Place(Frozen):
    """Where something is said. `channel` starts with "@" for somebody's direct messages with the bot."""

    platform: str
    space: str
    channel: str
    thread: str | None = None

    def __str__(self) -> str:
        """The one string form: `platform/space/channel` and, in a thread, `/thread`."""
        base = f"{self.platform}/{self.space}/{self.channel}"
        return f"{base}/{self.thread}" if self.thread else base

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `str`; ValueError where the text is not a place."""
        parts = text.split("/")
        if len(parts) not in (3, 4) or not all(parts):
            raise ValueError(f"not a place: {text!r}")
        return cls(platform=parts[0], space=parts[1], channel=parts[2], thread=parts[3] if len(parts) == 4 else None)

    @classmethod
    def dm(cls, platform: str, space: str, person: str) -> Self:
        """A person's direct messages. Adapters know which channel of their platform that is."""
        return cls(platform=platform, space=space, channel=f"@{person}")

    @property
    def direct(self) -> bool:
        """Whether only one person and the bot are there."""
        return self.channel.startswith("@")

    @property
    def outside(self) -> Self:
        """The same place without its thread."""
        return self.model_copy(update={"thread": None}) if self.thread else self

    @property
    def space_key(self) -> str:
        """The space's key: `platform/space`."""
        return f"{self.platform}/{self.space}"

    def at(self, thread: str) -> Self:
        """A thread of this place."""
        return self.model_copy(update={"thread": thread})


class Person(Frozen):
    """Who said it. `key` is unique over all platforms: Slack team and user, Discord user, page session."""

    key: str
    id: str
    """What the platform calls them; the `person` of `Place.dm`."""
    name: str
    zone: str | None = None
    """IANA zone, where the platform tells it."""
    may_manage: bool = False
    """Whether the platform says they administer the space."""


def house(place: Place) -> Person:
    """Whose name stands on what belongs to a channel and to nobody in it."""
    return Person(key=f"{place.space_key}:", id="loopcoach", name="Loopcoach", may_manage=True)


class Kind(StrEnum):
    """What sort of thing came in."""

    COMMAND = "command"
    """A typed command, a pressed button, a submitted form."""
    MENTION = "mention"
    """The bot was addressed in a shared place."""
    DIRECT = "direct"
    """Said to the bot alone."""
    AMBIENT = "ambient"
    """Said in the thread of a live conversation."""
    EDITED = "edited"
    DELETED = "deleted"
    DUE = "due"
    """Something fell due."""
    LIFECYCLE = "lifecycle"
    """Home opened, installed, removed: the word stands in `text`."""


class Attachment(Frozen):
    """A file that came with a message; `Platform.fetch` reads it."""

    name: str
    mime: str
    size: int
    """Bytes."""
    url: str


class Message(Frozen):
    """One thing that came in."""

    id: str
    """Unique over all platforms; the same thing delivered twice has the same id."""
    place: Place
    author: Person
    kind: Kind
    text: str = ""
    command: str | None = None
    """The row of `commands.COMMANDS` it means, where it is a command."""
    fields: Mapping[str, str] = Field(default_factory=dict)
    """The command's arguments; what a form held, never parsed again."""
    about: str | None = None
    """EDITED and DELETED: the id of the first message. A press: the id of the message that carried the button."""
    attachments: tuple[Attachment, ...] = ()
    handle: str | None = None
    """Opaque to us: lets the adapter answer this very event privately."""
    aside: bool = False
    """Whether a thread for the author alone can be opened in this place."""
    sent_at: AwareDatetime

    @property
    def lane(self) -> str:
        """What is said in one lane is handled one after the other: a thread, a DM, else a person in a channel."""
        if self.place.thread or self.place.direct:
            return str(self.place)
        return f"{self.place}#{self.author.key}"


# --- what the bot says -----------------------------------------------------------------------------------------------


class Mark(StrEnum):
    """How a rubric point stands; adapters draw it as a sign."""

    COVERED = "covered"
    MAYBE = "maybe"
    MISSING = "missing"
    NOT_ASKED = "not_asked"
    CLAIMED = "claimed"


class Line(Frozen):
    """One bullet."""

    text: str
    """Markdown, ours."""
    mark: Mark | None = None
    quote: str | None = None
    """What the person wrote, letter for letter."""
    note: str | None = None
    """Markdown, ours; small, after the quote."""


class Fact(Frozen):
    """A label and its value, shown side by side."""

    label: str
    value: str
    """Markdown, ours."""


class Button(Frozen):
    """Pressing it is typing its line."""

    label: str
    line: str = Field(max_length=80)
    style: Literal["plain", "primary", "danger"] = "plain"
    confirm: str | None = None
    """A question to put before it counts."""


class Menu(Frozen):
    """A button that opens a short list of lines."""

    label: str
    buttons: tuple[Button, ...]


class Series(Frozen):
    """One named row of numbers of a chart."""

    name: str
    values: tuple[float, ...]


class Chart(Frozen):
    """A picture of numbers, drawn by `adapters.charts`."""

    shape: Literal["bars", "stacked", "line"]
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    """What it shows, in words."""


class Card(Frozen):
    """What is meant, not how it looks. Order of drawing: eyebrow, title, quote, text, facts, bullets, after, chart, buttons, footer."""

    title: str = ""
    eyebrow: str = ""
    quote: str | None = None
    """What the person wrote, letter for letter; drawn as "You said: …"."""
    text: str = ""
    facts: tuple[Fact, ...] = ()
    bullets: tuple[Line, ...] = ()
    after: str = ""
    """Markdown below the bullets."""
    chart: Chart | None = None
    buttons: tuple[Button | Menu, ...] = ()
    footer: str = ""
    file: File | None = None
    rates: str | None = None
    """What it reviews: platforms with feedback buttons of their own offer them here, with the lines `rate <id> yes` and `rate <id> no`."""


class File(Frozen):
    """A text file to hand over."""

    name: str
    mime: str
    text: str


class Option(Frozen):
    """One choice of a field."""

    value: str
    label: str


class Input(Frozen):
    """One question of a form."""

    name: str
    label: str
    kind: Literal["text", "paragraph", "choice", "choices", "date", "time"] = "text"
    value: str = ""
    """What stands there when it opens; choices are joined with commas."""
    options: tuple[Option, ...] = ()
    required: bool = True
    max_length: int | None = None
    hint: str = ""


class Form(Frozen):
    """A dialog. Submitting it is the command `line` with the fields as its arguments."""

    title: str
    line: str
    text: str = ""
    fields: tuple[Input, ...] = ()
    submit: str = "Send"
    way_out: Button | None = None
    """Another way to do the same, such as *Rather type it in a DM*."""


class Audience(Frozen):
    """Who sees a post. *Passing* is ephemeral; *kept* is a direct message, or a private stub where that is closed."""

    kind: Literal["everyone", "passing", "kept"] = "everyone"
    person: Person | None = None


EVERYONE = Audience()


class Post(Frozen):
    """One platform message that the bot owes somebody."""

    key: str
    """Names the effect: the same key is never sent twice."""
    into: Place
    """Where it goes; for a kept post the place it is about, for a conversation the place its thread opens in."""
    conversation: str | None = None
    """Goes into this conversation's thread, which may not exist yet: then it waits."""
    opens: bool = False
    """Its receipt becomes the conversation's thread."""
    aside: Place | None = None
    """Opens in a thread for its person alone in this place, rather than in their direct messages, where the platform can."""
    thread_name: str = ""
    """What a platform that names threads calls it."""
    card: Card
    audience: Audience = EVERYONE
    about: str | None = None
    """Key of the person whose text or progress it shows; erasing them takes it along."""
    handle: str | None = None
    replaces: str | None = None
    """Key of the post that this one is the new text of; the newest edit wins."""
    not_before: AwareDatetime | None = None
    """Not to be sent earlier."""
    until: AwareDatetime | None = None
    """Not worth sending after this."""
    if_unsure: Literal["resend", "skip"] = "resend"
    """Which is worse where nobody can say whether it arrived: `resend` may double, `skip` may lose."""
    bulk: bool = False
    """Waits behind interactive posts."""
    growing: bool = False
    """The beginning of a text that is still being written: `Platform.grow` shows more of it, and a post that replaces it ends it."""

    @property
    def queue(self) -> str:
        """Posts of one queue keep their order: a conversation, a person's direct messages, else the place."""
        if self.conversation:
            return self.conversation
        return str(self.into) if self.channel == self.into.outside else str(self.channel)

    @property
    def channel(self) -> Place:
        """Where it lands, without a thread: what platforms count their limits by."""
        if self.audience.kind == "kept" and self.audience.person and not self.into.direct:
            return Place.dm(self.into.platform, self.into.space, self.audience.person.id)
        return self.into.outside


class Receipt(Frozen):
    """Where a post landed."""

    place: Place
    """With the thread that a following message belongs in, where the post opened one."""
    id: str
    """What the platform calls the message."""


# --- words -----------------------------------------------------------------------------------------------------------

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@/\"'$%^=?,;])")


def literal(text: str) -> str:
    """Somebody's words inside a Markdown text: every sign escaped, line breaks folded."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def when(at: datetime, style: Literal["time", "date", "datetime", "relative"] = "time") -> str:
    """A moment inside a text. Adapters draw it in the reader's own zone."""
    return f"{{when:{at.isoformat()}|{style}}}"


WHEN = re.compile(r"\{when:(?P<at>[^|}]+)\|(?P<style>[a-z]+)\}")
"""Finds what `when` wrote."""

Card.model_rebuild()
