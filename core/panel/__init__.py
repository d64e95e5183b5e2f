"""Who reviews and interviews; `core.panel.panel` has the rules."""

from core.panel.panel import Deadlines, Panel, Regraded, Reviewed, Seat, Spoken
from core.panel.text_match import TextMatch

__all__ = ["Deadlines", "Panel", "Regraded", "Reviewed", "Seat", "Spoken", "TextMatch"]
