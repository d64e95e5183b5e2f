"""What the page's scripts send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
"""A UUID that the browser made. The same id is the same thing, however often it comes."""
EntryId = Annotated[str, Field(max_length=400)]
PlaceText = Annotated[str, Field(max_length=400)]
Text = Annotated[str, Field(pattern=r"\S")]
CommandLine = Annotated[str, Field(max_length=400)]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Hello(_Sent):
    """First of all, and again whenever the window becomes somebody else or looks through other eyes."""

    type: Literal["hello"]
    as_: str | None = Field(default=None, alias="as", max_length=200)
    """Key of the person to be, where one may choose."""
    last: int = 0
    """The highest `seq` that the window has seen."""
    zone: str | None = Field(default=None, max_length=64)
    """The browser's IANA zone."""
    view: str = "web"


class Say(_Sent):
    """Words into a place."""

    type: Literal["say"]
    id: Id
    place: PlaceText
    text: Text


class Press(_Sent):
    """A button. `entry` carried it; none did where it is one of the page's own."""

    type: Literal["press"]
    id: Id
    place: PlaceText
    line: CommandLine
    entry: EntryId | None = None


class Submit(_Sent):
    """A filled form."""

    type: Literal["submit"]
    id: Id
    place: PlaceText
    line: CommandLine
    fields: Mapping[str, str]
    entry: EntryId | None = None


class Edit(_Sent):
    """Other words for one's own."""

    type: Literal["edit"]
    id: Id
    entry: EntryId
    text: Text


class Delete(_Sent):
    """One's own words taken back, or a passing note put away."""

    type: Literal["delete"]
    id: Id
    entry: EntryId


class Meet(_Sent):
    """One more person to act as."""

    type: Literal["meet"]
    name: Annotated[str, Field(max_length=200)]


Sent = Say | Press | Submit | Edit | Delete | Meet | Hello
SENT: TypeAdapter[Sent] = TypeAdapter(Annotated[Sent, Field(discriminator="type")])
