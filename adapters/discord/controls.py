"""Buttons and menus that carry a command line in their own name, so that they work after any restart.

`lc:<line>` is pressed and counts; `lc?:<line>` asks first, and `lc!:<line>` is the answer to that; a menu's choices carry their lines as
values. A number before the colon keeps names apart where one message has a line twice.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import discord
from discord import ui

from adapters.discord.heard import data_of
from core.chat import Button, Menu

LABEL = 80
OPTION = 100
PLACEHOLDER = 150
OPTIONS = 25
ROW = 5
NAME = 100
"""Characters of a custom_id."""
STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


REMEMBERED = 1000
_asks: OrderedDict[str, str] = OrderedDict()


class Hears(Protocol):
    """Where presses go: `adapters.discord.interactions.Interactions` is it."""

    async def pressed(self, interaction: discord.Interaction[Any], line: str, *, instead: bool = False) -> None:
        """It counts. `instead`: the answer takes the place of the private message that the button is on."""

    async def asked(self, interaction: discord.Interaction[Any], line: str) -> None:
        """Ask first."""


def hears(interaction: discord.Interaction[Any]) -> Hears:
    """Our client carries it."""
    found: Hears = interaction.client.interactions
    return found


class Press(ui.DynamicItem[ui.Button[Any]], template=r"lc(?P<kind>[?!]?)\d*:(?P<line>.+)"):
    """A button."""

    def __init__(self, line: str, label: str, style: str = "plain", *, kind: str = "", number: int = 0, emoji: str | None = None) -> None:
        custom_id = f"lc{kind}{number or ''}:{line}"
        super().__init__(ui.Button(label=shorter(label, LABEL), style=STYLES[style], custom_id=custom_id, emoji=emoji))
        self.line, self.kind = line, kind

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]) -> Press:
        """Everything it means stands in its name."""
        return cls(match["line"], getattr(item, "label", None) or "…", kind=match["kind"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed it."""
        if self.kind == "?":
            await hears(interaction).asked(interaction, self.line)
        else:
            await hears(interaction).pressed(interaction, self.line, instead=self.kind == "!")


class Choose(ui.DynamicItem[ui.Select[Any]], template=r"lcm\d*"):
    """A menu."""

    def __init__(self, label: str, buttons: Sequence[Button], number: int = 0) -> None:
        once = {button.line: button.label for button in reversed(buttons)}  # Discord takes each value once, and one line is one meaning
        options = [discord.SelectOption(label=shorter(label, OPTION), value=line) for line, label in reversed(once.items())]
        select: ui.Select[Any] = ui.Select(custom_id=f"lcm{number or ''}", placeholder=shorter(label, PLACEHOLDER), options=options)
        super().__init__(select)

    def to_component_dict(self) -> dict[str, Any]:
        """Only a modal's menus may be left empty."""
        return {name: value for name, value in super().to_component_dict().items() if name != "required"}

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]) -> Choose:
        """What was chosen comes with the interaction."""
        return cls("…", (Button(label="…", line="help"),))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody chose."""
        values = data_of(interaction).get("values") or ()
        if values:
            await hears(interaction).pressed(interaction, str(values[0]))


def rows(buttons: Sequence[Button | Menu]) -> Iterator[ui.ActionRow[Any]]:
    """Buttons side by side, five at most; each menu in a row of its own."""
    taken: dict[str, int] = {}
    menus = 0
    held: list[ui.Item[Any]] = []
    for button in buttons:
        if isinstance(button, Menu):
            continue
        number = taken[button.line] = taken.get(button.line, 0) + 1
        held.append(press(button, number if number > 1 else 0))
    for start in range(0, len(held), ROW):
        yield ui.ActionRow(*held[start : start + ROW])
    for menu in buttons:
        if isinstance(menu, Menu):
            for start in range(0, len(menu.buttons), OPTIONS):
                yield ui.ActionRow(Choose(menu.label, menu.buttons[start : start + OPTIONS], menus))
                menus += 1


def press(button: Button, number: int = 0) -> Press:
    """A button of a card."""
    if button.confirm:
        _asks[button.line] = button.confirm
        if len(_asks) > REMEMBERED:
            _asks.popitem(last=False)
    return Press(button.line, button.label, button.style, kind="?" if button.confirm else "", number=number)


def question(line: str) -> str | None:
    """What to ask before it counts, where this process drew the button."""
    return _asks.get(line)


def shorter(text: str, length: int) -> str:
    """A label that is never empty and never too long."""
    text = text.strip() or "…"
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
