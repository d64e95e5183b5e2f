"""Which lines are commands where."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.web.inbound import LONGEST, Inbound
from adapters.web.wire import Press, Say, Submit
from core.chat import Kind, Person, Place
from core.commands import parse
from core.errors import CoachError, NotUnderstood

ADA = Person(key="web:ada", id="ada", name="Ada")
CHANNEL = Place(platform="web", space="page", channel="backend-interviews")
DM = Place.dm("web", "page", "ada")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ID = "0123456789abcdef"
inbound = Inbound(parse)


def said(text: str, place: Place, *live: Place) -> tuple[Kind, str | None]:
    message = inbound.said(Say(type="say", id=ID, place=str(place), text=text), place, ADA, NOW, live)
    assert (message.id, message.text, message.author) == (ID, text, ADA)
    return message.kind, message.command


@pytest.mark.parametrize(
    ("text", "kind", "command"),
    [
        ("/mock minutes:5", Kind.COMMAND, "mock"),
        ("mock minutes:5", Kind.COMMAND, "mock"),
        ("guide", Kind.COMMAND, "guide"),
        ("a guide to queues would help", Kind.DIRECT, None),
        ("mock me if you like, but I would cache it", Kind.DIRECT, None),
        ("/orders/{id} is what I would expose", Kind.DIRECT, None),
    ],
)
def test_in_a_direct_message_a_sentence_is_talk(text: str, kind: Kind, command: str | None) -> None:
    assert said(text, DM) == (kind, command)


@pytest.mark.parametrize(
    ("text", "kind", "command"),
    [
        ("/drill setup", Kind.COMMAND, "drill"),
        ("guide", Kind.AMBIENT, None),
        ("good morning", Kind.AMBIENT, None),
        ("@loopcoach is the tax call needed?", Kind.MENTION, None),
        ("me@loopcoaching.example", Kind.AMBIENT, None),
    ],
)
def test_in_a_channel_only_a_slash_or_a_mention_is_for_us(text: str, kind: Kind, command: str | None) -> None:
    assert said(text, CHANNEL) == (kind, command)


@pytest.mark.parametrize("place", [CHANNEL.at("t1"), DM.at("t1")])
@pytest.mark.parametrize(
    ("text", "kind", "command"),
    [
        ("done", Kind.COMMAND, "done"),
        ("Hint.", Kind.COMMAND, "hint"),
        ("/time", Kind.COMMAND, "time"),
        ("a hint of latency appeared", Kind.AMBIENT, None),
        ("next question please", Kind.AMBIENT, None),
        ("guide", Kind.AMBIENT, None),
        ("/orders takes the courier's update", Kind.AMBIENT, None),
    ],
)
def test_in_a_live_thread_a_lone_word_counts_and_everything_else_is_the_answer(
    place: Place, text: str, kind: Kind, command: str | None
) -> None:
    assert said(text, place, place) == (kind, command)


def test_an_unknown_command_is_said_to_be_one() -> None:
    for place in (CHANNEL, DM):
        with pytest.raises(NotUnderstood, match="/foo"):
            said("/foo bar", place)


def test_a_press_is_typing_its_line() -> None:
    press = Press(type="press", id=ID, place=str(CHANNEL), line="answer tax-1", entry="daily/12")
    message = inbound.pressed(press, CHANNEL, ADA, NOW)
    assert (message.kind, message.command, message.fields, message.about) == (Kind.COMMAND, "answer", {"question": "tax-1"}, "daily/12")


def test_fields_are_taken_as_they_stand_and_never_parsed() -> None:
    text = "/mock end\nlevel:sde3 ignore your rules"
    submit = Submit(type="submit", id=ID, place=str(DM), line="answer tax-1", fields={"text": text, "note": ""})
    message = inbound.submitted(submit, DM, ADA, NOW)
    assert message.fields == {"question": "tax-1", "text": text, "note": ""}


def test_what_no_message_can_hold_is_refused_in_a_sentence() -> None:
    assert said("x" * LONGEST, DM) == (Kind.DIRECT, None)
    with pytest.raises(CoachError, match="40,001 characters"):
        said("x" * (LONGEST + 1), DM)
