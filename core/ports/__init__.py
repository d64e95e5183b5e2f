"""What the core asks of the outside: a platform to speak on, a reviewer, a store to remember in, a clock."""

from core.ports.model import Coining, Deadlines, Explained, Fitted, Ledger, Model, Payer, Priced, Reviewer, Spent, Talk, Usage
from core.ports.platform import Absent, CannotTell, Door, Growing, Platform, Voice
from core.ports.store import AnyOf, Claim, Fate, From, Inbox, Leases, Outbox, R, Reads, Store, Unit, Upto
from core.ports.time import Cadence, Clock, Standing

__all__ = [
    "Absent",
    "AnyOf",
    "Cadence",
    "CannotTell",
    "Claim",
    "Clock",
    "Coining",
    "Deadlines",
    "Door",
    "Explained",
    "Fate",
    "Fitted",
    "From",
    "Growing",
    "Inbox",
    "Leases",
    "Ledger",
    "Model",
    "Outbox",
    "Payer",
    "Platform",
    "Priced",
    "R",
    "Reads",
    "Reviewer",
    "Spent",
    "Standing",
    "Store",
    "Talk",
    "Unit",
    "Upto",
    "Usage",
    "Voice",
]
