"""What is kept: values with a key and a version. A value is loaded, changed into the next one, and saved.

Saving carries the version it was loaded with; if somebody else saved in between, the commit fails with `Stale` and the
message is simply handled again.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Literal

from pydantic import AwareDatetime

from core.chat import Frozen, Person, Place
from core.questions.bank import Level, Question
from core.review.feedback import Feedback


def short_id(*parts: str) -> str:
    """Ten letters and digits that name these parts, short enough for a button's line."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return base64.b32encode(digest)[:10].decode().lower()


class Record(Frozen):
    """A stored value. `version` is the one it was loaded with; 0 means it was never stored."""

    key: str
    version: int = 0


class Conversation(Record):
    """Something that lives in one thread or direct message. Unbound until its opening post has a receipt."""

    purpose: Literal["mock", "drill", "live"]
    parent: Place
    """Where the thread opens."""
    place: str | None = None
    """The bound place's string form."""
    person: str
    """Key of whoever it belongs to."""
    live: bool = True
    """Whether what is said there concerns us."""


class Timer(Record):
    """Something that falls due: a command line that the person, as it were, types at `due_at`."""

    due_at: AwareDatetime
    line: str
    place: Place
    who: Person

    @property
    def person(self) -> str:
        """The key of whoever it concerns."""
        return self.who.key


class Profile(Record):
    """One person: what they chose. Its key is the person's key."""

    who: Person
    home: Place
    """Where their direct messages are."""
    level: Level = "sde2"
    zone: str | None = None
    """IANA zone; None: the platform's, else the space's."""
    remind_at: time = time(9, 0)
    """Local hour of the one daily direct message."""
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Monday is 0."""
    quiet_from: time = time(21, 0)
    quiet_to: time = time(8, 0)
    coaching: Literal["daily", "weekly", "off"] = "daily"
    """Direct messages after practice. They start with the person's first press, never before."""
    reminders: Literal["off", "every"] = "off"
    """A nudge at each daily question."""
    unanswered: int = 0
    """Coaching messages in a row without an answer."""
    asked_weekly: bool = False
    country: str | None = None
    """Whose public holidays are kept: a code as in `Drill.country`, "" for none; None: those of the space."""
    paused_until: AwareDatetime | None = None
    written_at: AwareDatetime | None = None
    """When the coach last wrote first; at most once a local day."""
    agreed_to: str = ""
    """Who may process what they write with a model, by its host's name; where the host changes, they are asked again."""
    text_only: bool = False
    """They want text match only, and are not asked again."""
    met_at: AwareDatetime

    @property
    def person(self) -> str:
        """The person's key, as in every record about somebody."""
        return self.key


class SpaceRecord(Record):
    """A Slack team, a Discord guild, the page. Its key is `platform/space`."""

    name: str = ""
    zone: str = "UTC"
    country: str = ""
    """Whose public holidays its people have, as far as anybody said; as in `Drill.country`."""
    leads: tuple[str, ...] = ()
    bullets: Literal["attempt-first", "open"] = "attempt-first"
    model: bool = True
    """Whether a model may be used here at all, by people who allow it for themselves."""
    installed_at: AwareDatetime
    left_at: AwareDatetime | None = None


class Attempt(Record):
    """One answer to one question, or one press of *I pass*."""

    person: str
    space: str
    question: str
    source: Literal["asked", "daily", "practice", "retry", "probe", "mock", "review", "pass"]
    """`asked`: the question was shown and not answered yet."""
    text: str = ""
    point: str | None = None
    """The one point that was asked for, where it was only one."""
    occurrence: str | None = None
    """The daily question it answers."""
    at: AwareDatetime
    feedback: Feedback | None = None
    useful: bool | None = None
    """What the person said of the review."""


class Weakness(Record):
    """One missed point that comes back. Key: the short id of person, question and point."""

    person: str
    question: str
    point: str
    status: Literal["open", "strong"] = "open"
    quote: str | None = None
    """The nearest sentence the person wrote."""
    card: Mapping[str, object]
    """The FSRS card."""
    due_at: AwareDatetime
    asked_at: AwareDatetime | None = None


class Story(Record):
    """A leadership story that the person keeps."""

    person: str
    title: str
    text: str
    principles: tuple[str, ...] = ()
    at: AwareDatetime


SPREAD = 120
"""Seconds over which the channels that are spread come."""


class Drill(Record):
    """A channel's standing order for daily questions. Its key is the place's string form."""

    place: Place
    owner: Person
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Monday is 0."""
    at: time = time(9, 0)
    zone: str = "UTC"
    reveal: time = time(16, 30)
    competencies: tuple[str, ...] = ()
    """Empty: all of them."""
    level: Level | Literal["any"] = "any"
    country: str = ""
    """Code of the country whose public holidays are kept (`DE`), with a part of it where its holidays differ (`DE-BY`); or nothing."""
    days_off: tuple[date, ...] = ()
    recap: int | None = 4
    """Weekday of the recap; None: none."""
    spread: bool = False
    """Whether it comes up to two minutes later, each channel by its own amount, so that many do not come in one second."""
    sooner: bool = False
    """Whether what the team misses comes sooner."""
    weak: tuple[str, ...] = ()
    """The competencies the team misses most, from counts over at least the minimum group."""
    paused_at: AwareDatetime | None = None
    """When the latest pause began."""
    paused_until: AwareDatetime | None = None
    next_due_at: AwareDatetime | None = None
    """None: stopped."""
    stopped: str = ""
    """Why it is stopped."""
    number: int = 0
    """How many questions it has posted."""
    seed: int = 0
    """Makes its choice of questions its own."""
    asked: Mapping[str, date] = {}
    """Question → the local date it was last asked, of the time in which nothing repeats."""

    @property
    def offset(self) -> timedelta:
        """How much later than its hour it comes: always the same for one channel."""
        if not self.spread:
            return timedelta()
        digest = hashlib.sha256(self.key.encode()).digest()
        return timedelta(seconds=int.from_bytes(digest[:4], "big") % (SPREAD + 1))

    @property
    def space(self) -> str:
        """The space's key."""
        return self.place.space_key

    @property
    def owner_key(self) -> str:
        """The key of whoever set it."""
        return self.owner.key


class Occurrence(Record):
    """One daily question as it was posted, or why it was not. Key: the short id of the place and the local date."""

    drill: str
    """The place's string form."""
    day: date
    number: int
    question: str
    due_at: AwareDatetime
    reveal_at: AwareDatetime
    status: Literal["posted", "skipped", "revealed", "dead"] = "posted"
    """`dead`: the platform would not take it."""
    why: str = ""
    """Of a skipped or a dead one."""
    late: bool = False
    counted: int = 0
    """How many answers the card says; below the minimum group it says less."""


class Reckoned(Record):
    """With which time zone and holiday data the due dates were worked out. There is one, with the key `calendar`."""

    data: str


class Background(Record):
    """What a person told of themself so that practice can be fitted to it, and for nothing else. Its key is the person's."""

    loop_on: date | None = None
    """When their loop is."""
    years: int | None = None
    stack: str = ""
    job: str = ""
    """A job description, as it was pasted."""
    resume: str = ""

    @property
    def person(self) -> str:
        """The person's key."""
        return self.key

    def told(self, most: int) -> str:
        """All of it as one text of at most so many characters; the job and the résumé share what is left."""
        years = f"{self.years} years of experience." if self.years else ""
        stack = f"Works with {self.stack}." if self.stack else ""
        head = " ".join(part for part in (years, stack) if part)
        room = max(most - len(head), 0) // 2
        return "\n".join(part for part in (head, self.job[:room], self.resume[:room]) if part)


class Coined(Record):
    """A question that a model wrote for somebody. Its key is the question's id."""

    person: str
    question: Question
    at: AwareDatetime
