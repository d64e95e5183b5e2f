"""Forms that are longer than a modal: a private message shows everything as it stands; each part opens a modal, and one press sends it all.

Drafts are kept in memory only. After a restart a half-filled one is lost, which is said; nothing of it counted.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord
from discord import ui

from adapters.discord.cards import ACCENT, CAREFUL, layout
from adapters.discord.controls import ROW, press, shorter
from adapters.discord.forms import PARTS
from adapters.discord.markup import escape, prose, words
from core.chat import Form, Input, Message

KEPT = 2000
VALUE = 300
"""Characters shown of one value."""
LOST = "I was started again meanwhile, and that half-filled form is gone; nothing of it was saved. Type the command once more."


class HearsDrafts(Protocol):
    """Where presses on drafts go."""

    async def drafted(self, interaction: discord.Interaction[Any], key: str, act: str) -> None:
        """A part was asked for, or all of it is to count, or none."""


class Drafted(ui.DynamicItem[ui.Button[Any]], template=r"lcd:(?P<key>\w+):(?P<act>\w+)"):
    """A button of a draft: a part's number, `send`, `drop`, or `again`."""

    def __init__(self, key: str, act: str, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> None:
        super().__init__(ui.Button(label=shorter(label, 80), style=style, custom_id=f"lcd:{key}:{act}"))
        self.key, self.act = key, act

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]) -> Drafted:
        """Its name says which draft and what to do."""
        return cls(match["key"], match["act"], "…")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed it."""
        found: HearsDrafts = interaction.client.interactions
        await found.drafted(interaction, self.key, self.act)


@dataclass(frozen=True)
class Draft:
    """A form as it stands, and what opened it."""

    key: str
    form: Form
    origin: Message
    problems: str = ""
    """What is wrong with it; Markdown of ours."""

    @property
    def parts(self) -> list[tuple[Input, ...]]:
        """Its fields, as evenly as a modal's five allow."""
        count = -(-len(self.form.fields) // PARTS)
        size = -(-len(self.form.fields) // count)
        return [self.form.fields[start : start + size] for start in range(0, len(self.form.fields), size)]


class Drafts:
    """Keeps the newest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Draft] = OrderedDict()

    def keep(self, draft: Draft) -> Draft:
        """Instead of what had this key."""
        self._kept[draft.key] = draft
        self._kept.move_to_end(draft.key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return draft

    def find(self, key: str, person: str) -> Draft | None:
        """Only its owner's."""
        found = self._kept.get(key)
        return found if found and found.origin.author.key == person else None

    def drop(self, key: str) -> None:
        """It counted, or never will."""
        self._kept.pop(key, None)

    def erased(self, person: str) -> None:
        """Nothing of this person's is kept any more."""
        for key in [key for key, draft in self._kept.items() if draft.origin.author.key == person]:
            del self._kept[key]


def panel(draft: Draft) -> ui.LayoutView:
    """The draft as a private message. Needs a running loop."""
    form = draft.form
    head = [f"### {escape(words(form.title))}", prose(form.text)]
    if draft.problems:
        head.append(f"**This has to change first:**\n{prose(draft.problems)}")
    inside: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(part for part in head if part))]
    for number, fields in enumerate(draft.parts):
        inside.append(ui.Separator())
        shown = "\n".join(f"**{escape(field.label)}**  {escape(in_words(field))}" for field in fields)
        inside.append(ui.Section(ui.TextDisplay(shown), accessory=Drafted(draft.key, str(number), "Change")))
    row: ui.ActionRow[Any] = ui.ActionRow(Drafted(draft.key, "send", form.submit, discord.ButtonStyle.primary))
    if form.way_out:
        row.add_item(press(form.way_out))
    row.add_item(Drafted(draft.key, "drop", "Not now"))
    inside.append(row)
    return layout([ui.Container(*inside, accent_colour=CAREFUL if draft.problems else ACCENT)])


def again(draft: Draft, sentence: str) -> ui.LayoutView:
    """What was wrong with a modal, and the way back into it with everything that was typed. Needs a running loop."""
    row: ui.ActionRow[Any] = ui.ActionRow(Drafted(draft.key, "again", "Open it again", discord.ButtonStyle.primary))
    return layout([ui.TextDisplay(prose(sentence)), row])


def in_words(field: Input) -> str:
    """What stands in a field, as people say it."""
    labels = {option.value: option.label for option in field.options}
    if labels:
        chosen = [labels[value] for value in field.value.split(",") if value in labels]
        every = len(chosen) == len(labels) > ROW
        return "all" if every and field.kind == "choices" else ", ".join(chosen) or "none"
    return shorter(field.value, VALUE) if field.value.strip() else "none"


def flat(fields: Sequence[Input]) -> str:
    """Fields as lines, to be copied where nothing else is left of them."""
    return "\n".join(f"{field.label}: {field.value}" for field in fields)
