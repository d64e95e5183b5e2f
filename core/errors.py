"""Every error that is meant for somebody.

Exception
└── CoachError                the text is for the person, privately, as it stands
    ├── NotUnderstood         a command line that means nothing here
    ├── NotAllowed            somebody else's button, or a right the person does not have
    ├── TooLate               a press or form for something that has moved on
    ├── IllegalStep           an interview was asked for a step its stage does not have
    └── BadContent            a question file that cannot be used
Delivery outcomes, raised by platforms and read by `core.delivery`
└── DeliveryError
    ├── RetryLater(after)     certainly not sent; try again after so many seconds
    ├── Refused(why)          certainly not sent, and never will be
    └── Uncertain(why)        may or may not have been sent: look before sending again
The model
└── ModelError(kind, usage)   it gave nothing that can be used; `core.panel` goes on without it and says so
Storage
├── Stale                     somebody else changed the value between our read and our commit
│   └── LeaseLost             another process works on this lane by now
└── StoreUnavailable          the database cannot be written now (locked, full, away)
"""

from __future__ import annotations

from typing import Literal

Trouble = Literal["slow", "away", "busy", "quota", "key", "name", "refused", "garbled"]


class CoachError(Exception):
    """Its text is shown to the person, so it says what happened and what to do."""


class NotUnderstood(CoachError):
    """A command line that means nothing here."""


class NotAllowed(CoachError):
    """Somebody else's button, or a right the person does not have."""


class TooLate(CoachError):
    """A press or a form for something that has moved on."""


class IllegalStep(CoachError):
    """An interview was asked for a step that its stage does not have."""


class BadContent(CoachError):
    """A question file that cannot be used; says which file, which question and why."""


class DeliveryError(Exception):
    """What a platform raises when a post did not plainly arrive."""


class RetryLater(DeliveryError):
    """Certainly not sent. `after` is in seconds; `reach` is what else has to wait as long: its channel, space or platform, or nothing."""

    def __init__(self, after: float, why: str = "", reach: Literal["post", "channel", "space", "platform"] = "post") -> None:
        super().__init__(why or f"try again in {after:g} s")
        self.after = after
        self.reach = reach


class Refused(DeliveryError):
    """Certainly not sent, and asking again will not help."""


class Uncertain(DeliveryError):
    """Nobody can say whether it arrived; look before sending it again."""


class ModelError(Exception):
    """A model gave nothing that can be used.

    `kind` says what was wrong: `slow` past the deadline, `away` (no connection, 5xx), `busy` (429), `quota` (no credit left), `key` (401,
    403), `name` (no such model), `refused` (it declined), `garbled` (its reply has another shape, also after one repair). `usage` is what
    it cost all the same.
    """

    def __init__(self, kind: Trouble, usage: object = None) -> None:
        super().__init__(kind)
        self.kind: Trouble = kind
        self.usage = usage


class Stale(Exception):
    """Somebody else changed the value between our read and our commit."""


class LeaseLost(Stale):
    """Another process works on this lane by now; what we decided is dropped."""


class StoreUnavailable(Exception):
    """The database cannot be written now: locked, full or away. Nothing was acknowledged."""
