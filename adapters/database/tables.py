"""What the database holds: typed columns for what is asked of a value, and its JSON in `body` for the rest.

The classes say the schema and nothing more; statements are built on their `__table__`. Every question that is asked often has an
index here. Moments are UTC and aware; words from a fixed list are kept as text.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, MetaData, Text, text
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

WAITING = "state IN ('pending', 'sending')"
"""The outbox rows that are still owed. Partial indexes hold only these, and questions must say it letter for letter."""
UNENDED = "ended_at IS NULL"
"""The same rows, said in the words of one index alone, so that PostgreSQL cannot take another one for it."""


class Base(SQLModel):
    """Gives every table one set of names for its constraints, so that migrations can name them too."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


def only_where(name: str, *columns: str, where: str, sqlite: str | None = None) -> Index:
    """An index of the rows that meet a condition; `sqlite` where SQLite has other words for it."""
    return Index(name, *columns, sqlite_where=text(sqlite or where), postgresql_where=text(where))


class Kept(Base):
    """What the row of every record has."""

    key: str = Field(primary_key=True)
    version: int
    body: str = Field(sa_type=Text)


class ProfileRow(Kept, table=True):
    """`core.records.Profile`; its key is the person."""

    __tablename__ = "profile"


class SpaceRow(Kept, table=True):
    """`core.records.SpaceRecord`."""

    __tablename__ = "space"


class ConversationRow(Kept, table=True):
    """`core.records.Conversation`: found by its place, by its person, and all that are live."""

    __tablename__ = "conversation"
    __table_args__: Any = (only_where("ix_conversation_live", "place", where="live", sqlite="live = 1"),)

    person: str = Field(index=True)
    place: str | None = Field(default=None, index=True)
    live: bool


class InterviewRow(Kept, table=True):
    """`core.interview.stages.Interview`."""

    __tablename__ = "interview"

    person: str = Field(index=True)
    space: str
    stage: str


class LoopRow(Kept, table=True):
    """`core.interview.loop.Loop`."""

    __tablename__ = "loop"

    person: str = Field(index=True)


class CoinedRow(Kept, table=True):
    """`core.records.Coined`: by its id, and a person's."""

    __tablename__ = "coined"

    person: str = Field(index=True)


class BackgroundRow(Kept, table=True):
    """`core.records.Background`; its key is the person."""

    __tablename__ = "background"


class AttemptRow(Kept, table=True):
    """`core.records.Attempt`: a person's newest, a person's at one question, everybody's at one daily question."""

    __tablename__ = "attempt"
    __table_args__: Any = (
        Index(None, "person", "at"),
        Index(None, "person", "question"),
        only_where("ix_attempt_occurrence", "occurrence", "source", "person", where="occurrence IS NOT NULL"),
    )

    person: str
    space: str
    question: str
    source: str
    occurrence: str | None = None
    at: datetime


class WeaknessRow(Kept, table=True):
    """`core.records.Weakness`: a person's by status and due date, at one question, and those that were asked lately."""

    __tablename__ = "weakness"
    __table_args__: Any = (
        Index(None, "person", "status", "due_at"),
        Index(None, "person", "question"),
        only_where("ix_weakness_asked_at", "person", "asked_at", where="asked_at IS NOT NULL"),
    )

    person: str
    question: str
    status: str
    due_at: datetime
    asked_at: datetime | None = None


class StoryRow(Kept, table=True):
    """`core.records.Story`: a person's, newest first."""

    __tablename__ = "story"
    __table_args__: Any = (Index(None, "person", "at"),)

    person: str
    at: datetime


class TimerRow(Kept, table=True):
    """`core.records.Timer`: what is due."""

    __tablename__ = "timer"

    person: str = Field(index=True)
    due_at: datetime = Field(index=True)


class DrillRow(Kept, table=True):
    """`core.records.Drill`: what is due, what somebody set, what a space has."""

    __tablename__ = "drill"
    __table_args__: Any = (only_where("ix_drill_next_due_at", "next_due_at", where="next_due_at IS NOT NULL"),)

    owner_key: str = Field(index=True)
    next_due_at: datetime | None = None
    space: str | None = Field(default=None, index=True)


class OccurrenceRow(Kept, table=True):
    """`core.records.Occurrence`: a drill's, newest first."""

    __tablename__ = "occurrence"
    __table_args__: Any = (Index(None, "drill", "due_at"),)

    drill: str
    due_at: datetime
    status: str


class ReckonedRow(Kept, table=True):
    """`core.records.Reckoned`."""

    __tablename__ = "reckoned"


class SpendingRow(Base, table=True):
    """What a model cost on one day: a person, a space (as `platform/space`), or everybody."""

    __tablename__ = "spending"

    key: str = Field(primary_key=True)
    """Day and who, as `2026-11-24 web:ada`."""
    day: date = Field(index=True)
    who: str = Field(index=True)
    calls: int = 0
    tokens: int = 0
    dollars: float = 0.0
    estimated: bool = False


class InboxRow(Base, table=True):
    """A message that came in. Done or erased, only its id stays, against redelivery."""

    __tablename__ = "inbox"
    __table_args__: Any = (
        only_where("ix_inbox_waiting", "seq", where="state = 'waiting'"),
        only_where("ix_inbox_lane", "lane", "seq", where="state = 'waiting'"),
        only_where("ix_inbox_person", "person", where="person IS NOT NULL"),
    )

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    state: str = "waiting"
    """waiting | done | dead."""
    lane: str = ""
    """Messages of one lane are handled one after the other, in whatever process."""
    person: str | None = None
    attempts: int = 0
    why: str | None = None
    received_at: datetime = Field(index=True)
    body: str | None = Field(default=None, sa_type=Text)


class OutboxRow(Base, table=True):
    """A post that is owed, or was. `seq` is the order of commits; it never comes twice, because claims are fenced by it."""

    __tablename__ = "outbox"
    __table_args__: Any = (
        only_where("ix_outbox_queue", "queue", "seq", where=UNENDED),
        only_where("ix_outbox_turn", "bulk", "seq", where=WAITING),
        only_where("ix_outbox_due", "not_before", where=WAITING),
        only_where("ix_outbox_replaces", "replaces", "seq", where="replaces IS NOT NULL"),
        only_where("ix_outbox_person", "person", where="person IS NOT NULL"),
        only_where("ix_outbox_fading", "ended_at", where="body IS NOT NULL AND ended_at IS NOT NULL"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    state: str = "pending"
    """pending | sending | sent | dead | skipped."""
    queue: str
    platform: str
    space: str = ""
    channel: str = ""
    """Where it lands: what a platform counts its limits by."""
    person: str | None = None
    """Whom it is about."""
    conversation: str | None = None
    opens: bool = False
    replaces: str | None = None
    bulk: bool = False
    passing: bool = False
    """Whether it is ephemeral: then nothing of it is kept once it is sent."""
    until: datetime | None = None
    attempts: int = 0
    """How often it was claimed: the fence."""
    doubts: int = 0
    """How many attempts ended without an answer."""
    uncertain: bool = False
    first_attempt_at: datetime | None = None
    not_before: datetime
    """Pending: not to be sent earlier. Sending: when its lease runs out."""
    owed_at: datetime
    """When it was committed; of one that was not to go at once, from when on it could."""
    receipt_place: str | None = None
    receipt_id: str | None = None
    ended_at: datetime | None = None
    """When it was sent, given up or skipped."""
    why: str | None = None
    body: str | None = Field(default=None, sa_type=Text)


class PageEntryRow(Base, table=True):
    """An entry of the practice page; `seq` moves up with every change and never comes twice."""

    __tablename__ = "page_entry"
    __table_args__: Any = ({"sqlite_autoincrement": True},)

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    person: str = Field(index=True)
    """Who said it."""
    only: str | None = Field(default=None, index=True)
    about: str | None = Field(default=None, index=True)
    body: str = Field(sa_type=Text)


class PagePersonRow(Base, table=True):
    """Somebody of the practice page."""

    __tablename__ = "page_person"

    seq: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    body: str = Field(sa_type=Text)


class LeaseRow(Base, table=True):
    """Which process works on a lane, where there are several. Unlogged on PostgreSQL: after a crash of the server nobody holds any."""

    __tablename__ = "lease"

    place: str = Field(primary_key=True)
    owner: str
    until: datetime


class SlackInstallRow(Base, table=True):
    """A Slack workspace that let us in. Its body holds tokens, encrypted; nothing of it can be read without ENCRYPTION_KEY."""

    __tablename__ = "slack_install"

    team: str = Field(primary_key=True)
    changed_at: datetime
    body: str = Field(sa_type=Text)


class OAuthStateRow(Base, table=True):
    """Somebody who was sent to Slack to let us in, and is expected back."""

    __tablename__ = "oauth_state"

    state: str = Field(primary_key=True)
    until: datetime = Field(index=True)


class NoteRow(Base, table=True):
    """A few words that outlive a restart, such as what Discord was last told of our commands. Nothing about anybody."""

    __tablename__ = "note"

    key: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)
