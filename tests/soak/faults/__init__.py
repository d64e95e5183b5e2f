"""The faults by their numbers."""

from tests.soak.faults import clocks, databases, dying, events, load, thinking

FAULTS = {**dying.FAULTS, **clocks.FAULTS, **databases.FAULTS, **events.FAULTS, **load.FAULTS, **thinking.FAULTS}
