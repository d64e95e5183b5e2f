"""How the practice page shows what another platform would get: the real blocks and components, for the page to draw."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Literal

from adapters.discord.cards import fit as fit_for_discord
from adapters.discord.cards import payload
from adapters.slack.cards import blocks
from adapters.slack.fitting import fit
from adapters.web.drawing import VIEWS, Json, View, block
from core.chat import Button, Card, when

BUTTON = 2
CHART = "chart"
"""Stands for the address of the entry's own chart, which the page knows."""
_STAMP = re.compile(r"(?<!\\)<t:(\d+):(\w)>")
_STYLES: Mapping[str, Literal["time", "date", "datetime", "relative"]] = {"t": "time", "D": "date", "f": "datetime", "R": "relative"}
_BEGINS = re.compile(r"\s*(?:[-*] |\d+\. )|#{1,3} ")
_NAME = re.compile(r"lc\??\d*:")


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


def discord(card: Card) -> list[Json]:
    """One drawing for each message it takes on Discord, likewise."""
    return [
        {
            "components": [_component(drawn, part) for drawn in payload(part)],
            "buttons": [button.model_dump(mode="json") for button in part.buttons],
            **({"file": part.file.name} if part.file else {}),
        }
        for part in fit_for_discord(card)
    ]


def _shown(drawn: Json) -> Json:
    """A `markdown` block comes with what Slack makes of it."""
    return {**drawn, "html": block(drawn["text"])} if drawn["type"] == "markdown" else drawn


def _component(drawn: Json, card: Card) -> Json:
    """A text comes with what Discord makes of it, a button with the line it carries."""
    more: Json = {}
    if "components" in drawn:
        more["components"] = [_component(inner, card) for inner in drawn["components"]]
    if "content" in drawn:
        more["html"] = discord_html(drawn["content"])
    if drawn["type"] == BUTTON and "custom_id" in drawn:
        line = _NAME.sub("", drawn["custom_id"], count=1)
        asks = {button.line: button.confirm for button in card.buttons if isinstance(button, Button)}
        more |= {"line": line, "confirm": asks.get(line)}
    return {**drawn, **more}


def discord_html(content: str) -> str:
    """Discord's Markdown as a safe HTML fragment: as CommonMark, but that each line stands for itself and `-#` makes small print."""
    return "".join(_lines(kind, [line for _, line in found]) for kind, found in groupby(_kinds(content), key=itemgetter(0)))


def _kinds(content: str) -> list[tuple[str, str]]:
    """Each line and what it is."""
    found: list[tuple[str, str]] = []
    inside = False
    for line in content.split("\n"):
        fence = line.startswith("```")
        kind = "code" if inside or fence else "small" if line.startswith("-# ") else "quote" if line.startswith("> ") else "text"
        inside = inside != fence
        found.append((kind, line))
    return found


def _lines(kind: str, lines: list[str]) -> str:
    if kind == "small":
        return "".join(f'<div class="small">{_html(line.removeprefix("-# "))}</div>' for line in lines)
    if kind == "quote":
        inside = _html(_broken([line.removeprefix("> ") for line in lines]))
        return f'<blockquote class="cited" dir="auto">{inside}</blockquote>'
    return _html("\n".join(lines) if kind == "code" else _broken(lines))


def _html(text: str) -> str:
    return block(_STAMP.sub(_moment, text.replace("{when:", "\\{when:")))


def _moment(match: re.Match[str]) -> str:
    return when(datetime.fromtimestamp(int(match[1]), UTC), _STYLES.get(match[2], "datetime"))


def _broken(lines: list[str]) -> str:
    """A line's end is one, but for headings and lists, which begin and end by themselves."""
    joined = ""
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        breaks = line.strip() and after.strip() and not line.startswith("#") and not _BEGINS.match(after)
        joined += f"{line}\\\n" if breaks else f"{line}\n"
    return joined


PAGE_VIEWS: dict[str, View] = {**VIEWS, "slack": slack, "discord": discord}
