"""Answers to the order-status question, as three candidates would write them."""

WEAK = "I would make a REST API with a database behind it. It should be fast and reliable. I would use Kafka because it scales."
STRONG = (
    "I assume 40,000 updates a second at peak and mostly reads of one order, with notifications and analytics listening. "
    "The courier's phone sends an event id that it makes once; I store that id with the result, and when the same id comes again I return "
    "the stored result and emit nothing. "
    "The table is keyed by order id because nearly every read asks for one order. "
    "Each event carries a sequence number per order, so an older update that arrives late goes into the history and does not overwrite the "
    "current status. "
    "A 409 tells the caller not to retry, a 503 with Retry-After tells it to."
)
