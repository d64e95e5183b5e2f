"""The faults by their numbers. 12, the slow model, comes with the model."""

from tests.soak.faults import clocks, databases, dying, events, load

FAULTS = {**dying.FAULTS, **clocks.FAULTS, **databases.FAULTS, **events.FAULTS, **load.FAULTS}
