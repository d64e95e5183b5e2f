"""How the practice page shows what another platform would get: the real blocks, for the page to draw."""

from __future__ import annotations

from adapters.slack.cards import blocks
from adapters.slack.fitting import fit
from adapters.web.drawing import VIEWS, Json, View, block
from core.chat import Card

CHART = "chart"
"""Stands for the address of the entry's own chart, which the page knows."""


def slack(card: Card) -> list[Json]:
    """One drawing for each message it takes on Slack. The buttons stand beside, for what looks for a line and not for a look."""
    return [
        {
            "blocks": [_shown(drawn) for drawn in blocks(part, picture={"image_url": CHART})],
            "buttons": [button.model_dump(mode="json") for button in part.buttons],
            **({"file": part.file.name} if part.file else {}),
        }
        for part in fit(card)
    ]


def _shown(drawn: Json) -> Json:
    """A `markdown` block comes with what Slack makes of it."""
    return {**drawn, "html": block(drawn["text"])} if drawn["type"] == "markdown" else drawn


PAGE_VIEWS: dict[str, View] = {**VIEWS, "slack": slack}
