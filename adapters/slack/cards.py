"""Card → Block Kit. Nothing here knows how many blocks a message holds; `fitting` cuts a card first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Literal

from adapters.slack.markup import (
    Json,
    escape,
    has_moment,
    line,
    mrkdwn,
    mrkdwn_text,
    plain_text,
    rich,
    rich_quote,
    rich_spans,
    rich_text,
    section,
    wants_rich,
    words,
)
from adapters.text import cut, pieces, plain, read, read_line
from core.chat import Button, Card, Chart, Fact, Line, Mark, Menu

TEXT = 3000
"""Characters of one text object, and of one rich text block of ours."""
PROSE = 12_000
"""Characters of all `markdown` blocks of a message together."""
HEADER = 150
FIELDS = 10
FIELD = 2000
ELEMENTS = 25
LABEL = 75
OPTIONS = 100
CONFIRM = 300
ALT = 2000
FALLBACK = 3000
SIGNS = {Mark.COVERED: "✓", Mark.MAYBE: "?", Mark.MISSING: "✗", Mark.NOT_ASKED: "–", Mark.CLAIMED: "☞"}
PRESS = "press"
"""What our `action_id`s begin with."""

Surface = Literal["message", "view"]
"""Home tabs and modals know no `markdown` and no `context_actions` block."""


def blocks(card: Card, *, surface: Surface = "message", picture: Json | None = None, number: count[int] | None = None) -> list[Json]:
    """The card's blocks in the order of drawing. `picture` says where its chart is: `{"slack_file": …}` or `{"image_url": …}`.

    `number` goes on counting where several cards are drawn into one view.
    """
    number = count() if number is None else number
    found: list[Json] = [
        *_small(card.eyebrow),
        *_title(card.title),
        *_said(card.quote),
        *_prose(card.text, surface),
        *_facts(card.facts),
        *_bullets(card.bullets),
        *_prose(card.after, surface),
        *(_chart(card.chart, picture) if card.chart else ()),
        *_actions(card.buttons, number),
        *_small(card.footer),
    ]
    if card.rates and surface == "message":
        found.append(_rates(card.rates, number))
    return found


def fallback(card: Card) -> str:
    """What a notification and a screen reader get: the card's words, cut where a notification would be endless."""
    parts = [words(card.eyebrow), words(card.title), f"You said: “{card.quote}”" if card.quote else "", plain(read(card.text))]
    parts += [f"{fact.label}: {words(fact.value)}" for fact in card.facts]
    parts += [_spoken(bullet) for bullet in card.bullets]
    parts += [plain(read(card.after)), card.chart.alt if card.chart else "", words(card.footer)]
    text = "\n".join(part for part in parts if part.strip()) or "(nothing to show)"
    return escape(text if len(text) <= FALLBACK else f"{text[: FALLBACK - 1]}…")


def _spoken(bullet: Line) -> str:
    sign = SIGNS[bullet.mark] if bullet.mark else "•"
    quote = f"“{bullet.quote}”" if bullet.quote else ""
    return " ".join(part for part in (sign, words(bullet.text), quote, words(bullet.note or "")) if part)


# --- texts -----------------------------------------------------------------------------------------------------------


def _small(text: str) -> Iterator[Json]:
    for piece in cut(read(text), TEXT, lambda paragraphs: len(mrkdwn(paragraphs))):
        yield {"type": "context", "elements": [mrkdwn_text(mrkdwn(piece))]}


def _title(text: str) -> Iterator[Json]:
    title = words(text)
    if title and len(title) <= HEADER:
        yield {"type": "header", "text": plain_text(title)}
    elif title:
        yield from (rich_text([section((piece, "bold"))]) for piece in pieces(title, TEXT))


def _said(quote: str | None) -> Iterator[Json]:
    if quote and quote.strip():
        first, *more = pieces(quote, TEXT)
        yield rich_text([section(("You said:", "bold")), rich_quote(first)])
        yield from (rich_text([rich_quote(piece)]) for piece in more)


def _prose(text: str, surface: Surface) -> Iterator[Json]:
    """Our own Markdown goes as it is; where somebody's signs stand in it, as rich text; where a moment does, as `mrkdwn`."""
    paragraphs = read(text)
    if wants_rich(paragraphs):
        yield from (rich_text(rich(piece)) for piece in cut(paragraphs, TEXT, lambda some: len(plain(some))))
    elif surface == "view" or has_moment(paragraphs):
        for piece in cut(paragraphs, TEXT, lambda some: len(mrkdwn(some))):
            yield {"type": "section", "text": mrkdwn_text(mrkdwn(piece)), "expand": True}
    elif paragraphs:
        yield {"type": "markdown", "text": text.strip()}


def _facts(facts: Sequence[Fact]) -> Iterator[Json]:
    fields = [_field(fact) for fact in facts]
    for start in range(0, len(fields), FIELDS):
        yield {"type": "section", "fields": [mrkdwn_text(field[:FIELD]) for field in fields[start : start + FIELDS]]}
    for fact, field in zip(facts, fields, strict=True):
        if len(field) > FIELD:
            yield from (rich_text([section((piece, ""))]) for piece in pieces(words(fact.value), TEXT))


def _field(fact: Fact) -> str:
    whole = f"*{escape(fact.label)}*\n{line(fact.value)}"
    return whole if len(whole) <= FIELD else f"*{escape(fact.label)}*\nsee below"


# --- bullets ---------------------------------------------------------------------------------------------------------


def _bullets(bullets: Sequence[Line]) -> Iterator[Json]:
    held: list[Json] = []
    length = 0
    for bullet in bullets:
        for elements, size in _bullet(bullet):
            if held and length + size > TEXT:
                yield rich_text(held)
                held, length = [], 0
            held += elements
            length += size
    if held:
        yield rich_text(held)


def _bullet(bullet: Line) -> Iterator[tuple[list[Json], int]]:
    """A bullet's elements with their length; a long quotation comes in several."""
    sign = f"{SIGNS[bullet.mark] if bullet.mark else '•'} "
    note = words(bullet.note or "")
    head = section((sign, "bold" if bullet.mark else ""))
    head["elements"] += rich_spans(read_line(bullet.text))
    quotes = pieces(bullet.quote, TEXT - 500) if bullet.quote and bullet.quote.strip() else []
    if note and not quotes:
        head["elements"] += section((" · ", ""), (note, "italic"))["elements"]
    size = len(sign) + len(words(bullet.text)) + len(note)
    if not quotes:
        yield [head], size
        return
    tail = [section((note, "italic"))] if note else []
    for number, quote in enumerate(quotes, start=1):
        first, last = number == 1, number == len(quotes)
        yield [*([head] if first else []), rich_quote(quote), *(tail if last else [])], len(quote) + (size if first else 0)


# --- pictures and buttons --------------------------------------------------------------------------------------------


def _chart(chart: Chart, picture: Json | None) -> Iterator[Json]:
    if picture:
        yield {"type": "image", "title": plain_text(chart.title[:ALT]), "alt_text": chart.alt[:ALT], **picture}
    else:
        yield rich_text([section((f"{chart.title}: ", "bold"), (chart.alt, ""))])


def _actions(buttons: Sequence[Button | Menu], number: count[int]) -> Iterator[Json]:
    elements: list[Json] = []
    for button in buttons:
        elements += _menu(button, number) if isinstance(button, Menu) else [_button(button, number)]
    for start in range(0, len(elements), ELEMENTS):
        yield {"type": "actions", "elements": elements[start : start + ELEMENTS]}


def _button(button: Button, number: count[int]) -> Json:
    drawn: Json = {"type": "button", "action_id": f"{PRESS}-{next(number)}", "text": plain_text(label(button.label)), "value": button.line}
    if len(button.label) > LABEL:
        drawn["accessibility_label"] = label(button.label)
    if button.style != "plain":
        drawn["style"] = button.style
    if button.confirm:
        drawn["confirm"] = {
            "title": plain_text("Sure?"),
            "text": plain_text(label(button.confirm, CONFIRM)),
            "confirm": plain_text(label(button.label, 30)),
            "deny": plain_text("Cancel"),
            **({"style": "danger"} if button.style == "danger" else {}),
        }
    return drawn


def _menu(menu: Menu, number: count[int]) -> Iterator[Json]:
    """A select, because Slack's overflow menu has no room for a label."""
    for start in range(0, len(menu.buttons), OPTIONS):
        options = [{"text": plain_text(label(button.label)), "value": button.line} for button in menu.buttons[start : start + OPTIONS]]
        placeholder = plain_text(label(menu.label, HEADER))
        yield {"type": "static_select", "action_id": f"{PRESS}-{next(number)}", "placeholder": placeholder, "options": options}


def _rates(what: str, number: count[int]) -> Json:
    def side(text: str, word: str, spoken: str) -> Json:
        return {"text": plain_text(text), "value": f"rate {what} {word}", "accessibility_label": spoken}

    buttons = {
        "type": "feedback_buttons",
        "action_id": f"{PRESS}-{next(number)}",
        "positive_button": side("Helpful", "yes", "This review helped"),
        "negative_button": side("Off the mark", "no", "This review was off the mark"),
    }
    return {"type": "context_actions", "elements": [buttons]}


def label(text: str, length: int = LABEL) -> str:
    """A label that is never empty and never too long."""
    text = text.strip() or "…"
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
