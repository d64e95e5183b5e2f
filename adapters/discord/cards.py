"""Card → Components V2. Pure but for pictures, which are sent beside; `fit` cuts a card that is too long for one message first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ui

from adapters.discord.controls import ROW, Press, rows
from adapters.discord.markup import escape, line, prose, quoted, small
from adapters.fitting import Cutter
from core.chat import Button, Card, Fact, Line, Mark

Json = dict[str, Any]

COMPONENTS = 40
"""Of one message, however deep in the tree."""
LETTERS = 4000
"""Of all texts of a message together."""
PIECE = 3000
"""Characters of the largest piece of one text."""
ACCENT = 0x3F7F74
CAREFUL = 0x9A5B52
"""Where something cannot be taken back."""
SIGNS = {Mark.COVERED: "✅", Mark.MAYBE: "❔", Mark.MISSING: "❌", Mark.NOT_ASKED: "➖", Mark.CLAIMED: "☝️"}
SPOKEN = {Mark.NOT_ASKED: "not asked", Mark.CLAIMED: "claimed by you", Mark.MAYBE: "maybe"}
CHART = "chart.png"
ALT = 1024
NOTHING = "(nothing to show)"


def items(card: Card, key: str = "") -> list[ui.Item[Any]]:
    """The card's components in the order of drawing. `key`: of the post; the message can be found by it."""
    inside = list(_inside(card)) or [ui.TextDisplay(NOTHING)]
    if not _framed(card):
        inside[0].id = marker(key) if key else None
        return inside
    careful = any(isinstance(button, Button) and button.style == "danger" for button in card.buttons)
    frame: ui.Container[Any] = ui.Container(*inside, accent_colour=CAREFUL if careful else ACCENT, id=marker(key) if key else None)
    return [frame]


def view(card: Card, key: str = "") -> ui.LayoutView:
    """The same, to be sent. The library need not remember it: what is pressed says itself what it means."""
    return layout(items(card, key))


def layout(parts: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    """Components to be sent. Needs a running loop."""
    made = ui.LayoutView(timeout=None)
    for part in parts:
        made.add_item(part)
    made.stop()
    return made


def payload(card: Card, key: str = "") -> list[Json]:
    """The same as Discord gets it."""
    return [item.to_component_dict() for item in items(card, key)]


def marker(key: str) -> int:
    """The id of the first component of a message: by it the message is known again in a channel's history."""
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return (digest & 0x3FFFFFFF) | 0x40000000


# --- parts -----------------------------------------------------------------------------------------------------------


def _framed(card: Card) -> bool:
    """Plain talk stands bare; what has a head or a list is one framed card."""
    return bool(card.title or card.eyebrow or card.facts or card.bullets or card.chart or card.file or card.footer)


def _inside(card: Card) -> Iterator[ui.Item[Any]]:
    head = [small(card.eyebrow), f"### {line(card.title)}" if card.title.strip() else "", _said(card.quote), prose(card.text)]
    body = [_facts(card.facts), _bullets(card.bullets), prose(card.after)]
    above, below = _joined(head), _joined(body)
    if above:
        yield ui.TextDisplay(above)
    if above and below:
        yield ui.Separator(visible=bool(card.bullets))
    if below:
        yield ui.TextDisplay(below)
    if card.chart:
        yield ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{CHART}", description=card.chart.alt[:ALT]))
    if card.file:
        yield ui.File(f"attachment://{card.file.name}")
    yield from rows(card.buttons)
    if card.rates:
        yield rating(card.rates)
    if card.footer.strip():
        yield ui.TextDisplay(small(card.footer))


def rating(what: str) -> ui.ActionRow[Any]:
    """Whether a review helped."""
    return ui.ActionRow(
        Press(f"rate {what} yes", "Helpful", emoji="\N{THUMBS UP SIGN}"),
        Press(f"rate {what} no", "Off the mark", emoji="\N{THUMBS DOWN SIGN}"),
    )


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part.strip()).replace("\n\n### ", "\n### ")


def _said(quote: str | None) -> str:
    return f"**You said:**\n{quoted(quote)}" if quote and quote.strip() else ""


def _facts(facts: Sequence[Fact]) -> str:
    return "\n".join(f"**{escape(fact.label)}**  {line(fact.value)}" for fact in facts)


def _bullets(bullets: Sequence[Line]) -> str:
    return "\n".join(_bullet(bullet) for bullet in bullets)


def _bullet(bullet: Line) -> str:
    sign = SIGNS[bullet.mark] if bullet.mark else "-"
    status = f" · *{SPOKEN[bullet.mark]}*" if bullet.mark in SPOKEN else ""
    parts = [f"{sign} {line(bullet.text)}{status}"]
    if bullet.quote and bullet.quote.strip():
        parts.append(quoted(bullet.quote))
    if bullet.note:
        parts.append(f"-# {line(bullet.note)}")
    return "\n".join(parts)


# --- measures --------------------------------------------------------------------------------------------------------


def fits(card: Card) -> bool:
    """Whether one message holds it."""
    return fits_together((card,))


def fits_together(several: Sequence[Card]) -> bool:
    """Whether one message holds all of them. A picture or a file stands alone."""
    drawn = [part for card in several for part in payload(card)]
    alone = len(several) > 1 and any(card.chart or card.file for card in several)
    return not alone and sum(map(_count, drawn)) <= COMPONENTS and sum(map(_letters, drawn)) <= LETTERS


def _count(part: Json) -> int:
    inner = [*(part.get("components") or ()), *([part["accessory"]] if part.get("accessory") else ())]
    return 1 + sum(map(_count, inner))


def _letters(part: Json) -> int:
    inner = [*(part.get("components") or ()), *([part["accessory"]] if part.get("accessory") else ())]
    return len(part.get("content") or "") + sum(map(_letters, inner))


fit = Cutter(fits, PIECE, ROW).fit
"""The card, or its parts in the order of drawing; nothing is lost."""
