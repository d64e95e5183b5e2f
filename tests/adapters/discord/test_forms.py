"""Forms as modals: prefilled, within Discord's limits, and back again; and long ones as a message with parts."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord.drafts import Draft, Drafts, again, panel
from adapters.discord.forms import filled, modal, problems, values_of, whole, with_values
from core.chat import Form, Input, Kind, Message, Option, Person, Place
from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import walk
from tests.fakes.discord.rules.components import check as check_components
from tests.fakes.discord.rules.modals import check
from tests.fakes.door import _drill_form

DAYS = tuple(Option(value=str(n), label=f"Day {n}") for n in range(7))
LEVELS = (Option(value="sde1", label="I"), Option(value="sde2", label="II"))
FORM = Form(
    title="The tax service is slow for everybody who buys something",
    line="answer q1",
    text="Read *this* first.",
    fields=(
        Input(name="text", label="Your answer", kind="paragraph", max_length=9000, hint="Three to six **sentences**."),
        Input(name="level", label="Level", kind="choice", value="sde2", options=LEVELS),
        Input(name="days", label="Days", kind="choices", value="0,2", options=DAYS),
        Input(name="at", label="A label that is longer than forty-five characters", kind="time", value="09:00", required=False),
    ),
)


def shown(form: Form) -> dict[str, Any]:
    made: dict[str, Any] = modal(form).to_dict()
    check(made)
    return made


def field(form: Form, name: str) -> dict[str, Any]:
    return next(part for part in walk(shown(form)["components"]) if part.get("custom_id") == name)


def draft(form: Form) -> Draft:
    place = Place(platform="discord", space="1", channel="2")
    who = Person(key="discord:3", id="3", name="Ada")
    return Draft("d1", form, Message(id="m", place=place, author=who, kind=Kind.COMMAND, sent_at=FakeClock().now()))


async def test_a_form_is_a_modal_that_discord_takes() -> None:
    made = shown(FORM)
    assert len(made["title"]) <= 45
    assert made["custom_id"] == "lc:answer q1"
    assert made["components"][0] == {"type": 10, "content": "Read *this* first."}
    assert [part["type"] for part in made["components"]] == [10, 18, 18, 18, 18]


async def test_it_is_filled_in() -> None:
    assert field(FORM, "at")["value"] == "09:00"
    assert field(FORM, "text")["max_length"] == 4000
    assert [each["value"] for each in field(FORM, "level")["options"] if each.get("default")] == ["sde2"]
    assert [each["value"] for each in field(FORM, "days")["options"] if each.get("default")] == ["0", "2"]
    assert field(FORM, "level")["type"] == 21, "two to ten choices stand below one another"


async def test_what_was_filled_in_comes_back_by_name() -> None:
    submitted = [
        {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "words"}},
        {"type": 18, "component": {"type": 3, "custom_id": "days", "values": ["1", "3"]}},
        {"type": 18, "component": {"type": 21, "custom_id": "level", "value": "sde1"}},
        {"type": 18, "component": {"type": 3, "custom_id": "none", "values": []}},
    ]
    assert filled(submitted) == {"text": "words", "days": "1,3", "level": "sde1", "none": ""}
    assert values_of(with_values(FORM, {"days": "1,3"}))["days"] == "1,3"


def test_what_is_wrong_is_named_as_the_form_names_it() -> None:
    assert problems(FORM, {"days": "Choose one.", "other": "Odd."}) == "- **Days:** Choose one.\n- Odd."


# --- long ones -------------------------------------------------------------------------------------------------------


def test_five_parts_are_whole_and_six_are_not() -> None:
    assert whole(FORM)
    assert not whole(FORM.model_copy(update={"fields": (*FORM.fields, FORM.fields[0])}))
    assert not whole(_drill_form())


async def test_a_long_form_is_a_message_in_which_nothing_is_lost() -> None:
    made = draft(_drill_form())
    parts = panel(made).to_components()
    check_components(parts, v2=True, files=set())
    said = "\n".join(part["content"] for part in walk(parts) if part["type"] == 10)
    for each in made.form.fields:
        assert f"**{each.label}**" in said
    assert [part["custom_id"] for part in walk(parts) if part["type"] == 2] == [
        "lcd:d1:0",
        "lcd:d1:1",
        "lcd:d1:send",
        "lc:drill preview",
        "lcd:d1:drop",
    ]
    assert sum(map(len, made.parts)) == len(made.form.fields)
    assert all(len(part) <= 5 for part in made.parts)


@pytest.mark.parametrize("evil", ["@everyone", "**b**", "<@1>", "x" * 3000])
async def test_what_was_typed_means_nothing_in_it(evil: str) -> None:
    form = with_values(_drill_form(), {"note": evil, "zone": evil})
    parts = panel(draft(form)).to_components()
    check_components(parts, v2=True, files=set())
    said = "\n".join(part["content"] for part in walk(parts) if part["type"] == 10)
    assert evil not in said.replace("\\" + evil[0], "")


async def test_the_way_back_says_what_was_wrong() -> None:
    parts = again(draft(FORM), "- **Days:** Choose one.").to_components()
    check_components(parts, v2=True, files=set())
    assert [part.get("custom_id") for part in walk(parts) if part["type"] == 2] == ["lcd:d1:again"]


def test_a_draft_is_its_owners_and_goes_with_them() -> None:
    drafts = Drafts()
    kept = drafts.keep(draft(FORM))
    assert drafts.find("d1", "discord:3") == kept
    assert drafts.find("d1", "discord:4") is None
    drafts.erased("discord:3")
    assert drafts.find("d1", "discord:3") is None
