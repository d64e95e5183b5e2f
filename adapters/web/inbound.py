"""What a person did on the page → core `Message`. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from adapters.web.history import Entry
from adapters.web.wire import Delete, Edit, Press, Say, Submit
from core.chat import Kind, Message, Person, Place
from core.errors import CoachError, NotUnderstood

LONGEST = 40_000
"""Characters in one message."""

_ADDRESSED = re.compile(r"@loopcoach\b", re.IGNORECASE)
_COMMAND_LIKE = re.compile(r"/([a-z]+)(?=\s|$)", re.IGNORECASE)

Call = tuple[str, dict[str, str]]


class Parse(Protocol):
    """`core.commands.parse`: a command's name and arguments, or None where the line is none."""

    def __call__(self, line: str, *, bare: bool = False, lone: bool = False) -> Call | None:
        """`bare`: a command needs no slash. `lone`: only the single words of a mock count."""
        ...


class Inbound:
    """Knows which lines are commands where."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse

    def said(self, say: Say, place: Place, author: Person, at: datetime, live: Collection[Place]) -> Message:
        """Words typed into a place. `live`: where conversations are going on."""
        text = within(say.text)
        kind, call = self._meaning(text, place, place in live or place.outside in live)
        return _message(say.id, place, author, kind, at, text=text, call=call)

    def pressed(self, press: Press, place: Place, author: Person, at: datetime) -> Message:
        """A button's line, as if it had been typed."""
        return _message(press.id, place, author, Kind.COMMAND, at, text=press.line, call=self._call(press.line), about=press.entry)

    def submitted(self, submit: Submit, place: Place, author: Person, at: datetime) -> Message:
        """A form: its line, with the fields as they were filled in."""
        for value in submit.fields.values():
            within(value)
        name, fields = self._call(submit.line)
        call = name, {**fields, **submit.fields}
        return _message(submit.id, place, author, Kind.COMMAND, at, text=submit.line, call=call, about=submit.entry)

    def edited(self, edit: Edit, entry: Entry, author: Person, at: datetime) -> Message:
        """One's own words, changed."""
        return _message(edit.id, Place.parse(entry.place), author, Kind.EDITED, at, text=within(edit.text), about=entry.id)

    def deleted(self, delete: Delete, entry: Entry, author: Person, at: datetime) -> Message:
        """One's own words, taken back."""
        return _message(delete.id, Place.parse(entry.place), author, Kind.DELETED, at, about=entry.id)

    def _meaning(self, text: str, place: Place, live: bool) -> tuple[Kind, Call | None]:
        talking = place.thread is not None and live
        if call := self._parse(text, lone=True) if talking else self._parse(text, bare=place.direct):
            return Kind.COMMAND, call
        if not talking and (unknown := _COMMAND_LIKE.match(text)):
            raise NotUnderstood(f"I do not know /{unknown[1]}. Type / to see what there is.")
        if place.direct:
            return (Kind.AMBIENT if talking else Kind.DIRECT), None
        return (Kind.MENTION if _ADDRESSED.search(text) else Kind.AMBIENT), None

    def _call(self, line: str) -> Call:
        call = self._parse(f"/{line}")
        if call is None:
            raise NotUnderstood("That button is from another version of me. Please ask again.")
        return call


def concerns(place: Place, live: Collection[Place], text: str) -> bool:
    """Whether the coach is told what is said there: to itself, to its name, or where a conversation is going on."""
    return place.direct or place in live or place.outside in live or _ADDRESSED.search(text) is not None


def within(text: str) -> str:
    """The text, where one message can hold it; CoachError where it cannot."""
    if len(text) > LONGEST:
        raise CoachError(f"That is {len(text):,} characters; one message holds {LONGEST:,}. Nothing was sent, your text is still here.")
    return text


def _message(
    id: str, place: Place, author: Person, kind: Kind, at: datetime, *, text: str = "", call: Call | None = None, about: str | None = None
) -> Message:
    command, fields = call or (None, {})
    return Message(id=id, place=place, author=author, kind=kind, text=text, command=command, fields=fields, about=about, sent_at=at)
