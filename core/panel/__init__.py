"""Who reviews and interviews; `core.panel.panel` has the rules, `core.panel.chair` the model's limits."""

from core.panel.chair import Outcome, Seat
from core.panel.panel import Panel, Regraded, Reviewed, Spoken
from core.panel.text_match import TextMatch
from core.ports import Deadlines

__all__ = ["Deadlines", "Outcome", "Panel", "Regraded", "Reviewed", "Seat", "Spoken", "TextMatch"]
