"""What somebody would say to the order-status question."""

SENTENCES = (
    "I assume 40,000 updates a second at peak and mostly reads of one order, with notifications and analytics listening.",
    "The courier's phone sends an event id that it makes once; I store that id with the result, and when the same id comes again I return "
    "the stored result and emit nothing.",
    "The table is keyed by order id because nearly every read asks for one order.",
)
ANSWER = " ".join(SENTENCES)
"""Covers three points."""
POOR = "I would put a REST API in front, with a database behind it."
