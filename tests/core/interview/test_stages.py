"""The value and its legal steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.chat import Person, Place
from core.errors import IllegalStep
from core.interview.move import Moment, Move
from core.interview.stages import Interview, Stage
from core.interview.turns import Part

Planned = Callable[..., Interview]
NOW = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
PARTS = (Part(question="a-story", kind="story", seconds=180), Part(question="a-design", kind="technical", seconds=720))


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def fresh() -> Interview:
    who = Person(key="slack/T1/U1", id="U1", name="Ada")
    place = Place.dm("slack", "T1", "U1")
    return Interview.planned(key="m", who=who, place=place, round="api_data", level="sde2", minutes=15, parts=PARTS, now=NOW)


def refuses(step: Callable[[], object]) -> str:
    with pytest.raises(IllegalStep) as refused:
        step()
    return str(refused.value)


def test_begins_once() -> None:
    """The clock starts with *Start*, and a second *Start* is told that it runs."""
    begun = fresh().begin(NOW)
    assert begun.stage is Stage.STORY
    assert begun.left(later(60)) == 14 * 60
    assert "begun already" in refuses(lambda: begun.begin(later(1)))


@pytest.mark.parametrize(
    "step",
    [
        lambda value: value.hear("m1", "hello", NOW),
        lambda value: value.answer(NOW),
        lambda value: value.say(Move(kind="note", text="."), NOW),
        lambda value: value.pause(NOW),
        lambda value: value.resume(NOW),
        lambda value: value.skip(NOW),
    ],
)
def test_no_step_before_start_and_after_over(step: Callable[[Interview], Any]) -> None:
    """Before *Start* and after the end every step is refused with a sentence that says what to do."""
    assert "Start" in refuses(lambda: step(fresh()))
    assert "over" in refuses(lambda: step(fresh().begin(NOW).end(NOW)))


def test_is_over_once() -> None:
    """Ending it twice, or beginning it again, is refused."""
    over = fresh().begin(NOW).end(NOW)
    assert not over.live
    refuses(lambda: over.end(NOW))
    refuses(lambda: over.begin(NOW))


def test_fragments_pool_into_one_turn() -> None:
    """Several messages are one answer, letter for letter, one below the other."""
    value = fresh().begin(NOW).hear("m1", " First, ", later(1)).hear("m2", "then", later(2)).answer(later(3))
    assert [turn.text for turn in value.turns] == [" First, \nthen"]
    assert value.turns[0].messages == ("m1", "m2")
    assert value.draft == ()
    assert value.turn == 2


def test_hears_a_message_once() -> None:
    """A message that arrives again changes nothing, neither in the draft nor after it became a turn."""
    heard = fresh().begin(NOW).hear("m1", "one", NOW)
    assert heard.hear("m1", "one", later(1)) is heard
    closed = heard.answer(later(2))
    assert closed.hear("m1", "one", later(3)) is closed
    assert heard.hear("m2", "  \n ", later(1)) is heard


def test_an_empty_answer_is_refused() -> None:
    """*Done* without a word says that there is no answer yet."""
    assert "no answer yet" in refuses(lambda: fresh().begin(NOW).answer(NOW))


def test_edits_count_until_the_answer_closes() -> None:
    """An edit changes the draft; one that comes later does not count, and that is to be said once."""
    value, counted = fresh().begin(NOW).hear("m1", "on", NOW).edit("m1", "one")
    assert counted
    assert value.draft[0].text == "one"
    closed = value.answer(later(1))
    told, counted = closed.edit("m1", "another")
    assert not counted
    assert told != closed
    assert told.turns == closed.turns
    assert told.edit("m1", "a third") == (told, False)
    assert closed.edit("stranger", "x") == (closed, False)


def test_forgets_only_what_is_not_a_turn() -> None:
    """A deleted message leaves the draft; a turn stays."""
    value = fresh().begin(NOW).hear("m1", "one", NOW).hear("m2", "two", NOW)
    assert [item.message for item in value.forget("m1").draft] == ["m2"]
    closed = value.answer(NOW)
    assert closed.forget("m1") is closed


def test_a_pause_stops_the_clock() -> None:
    """Nothing is used up while it is paused; what is written is kept, and waits."""
    paused = fresh().begin(NOW).hear("m1", "half a", later(30)).pause(later(60))
    assert paused.used(later(6000)) == 60
    assert paused.next_mark(later(6000)) is None
    heard = paused.hear("m2", "thought", later(100))
    assert "paused" in refuses(lambda: heard.answer(later(101)))
    assert "paused" in refuses(lambda: heard.skip(later(101)))
    on = heard.resume(later(1000))
    assert on.used(later(1010)) == 70
    assert [item.text for item in on.draft] == ["half a", "thought"]


def test_silence_is_given_back() -> None:
    """A pause that comes of long silence counts from the last word, not from when it was noticed."""
    value = fresh().begin(NOW).hear("m1", "one", later(100))
    assert value.pause(later(1300), since=value.last_heard_at).used(later(2000)) == 100
    assert value.pause(later(1300), since=later(-50)).used(later(2000)) == 0


def test_skip_and_end_keep_a_started_answer() -> None:
    """A draft that is open at *Skip* or *End* becomes the answer to what was asked."""
    value = fresh().begin(NOW).hear("m1", "half an answer", NOW)
    skipped = value.skip(later(10))
    assert skipped.answers(0) == ("half an answer",)
    assert skipped.stage is Stage.TECHNICAL
    assert value.end(later(10)).answers(0) == ("half an answer",)


def test_a_double_press_of_skip_is_seen() -> None:
    """Each step forward has a turn number of its own, so that a second press of the same button is stale."""
    value = fresh().begin(NOW)
    assert value.skip(NOW).turn != value.turn


def test_the_last_part_gets_what_is_left() -> None:
    """A story that takes longer takes it from the design; one that is shorter gives it."""
    assert fresh().begin(NOW).part_left(later(100)) == 80
    assert fresh().begin(NOW).skip(later(60)).part_left(later(60)) == 14 * 60
    assert fresh().begin(NOW).skip(later(300)).part_left(later(300)) == 10 * 60


def test_says_the_time_at_half_at_three_minutes_and_at_the_end() -> None:
    """The clock's moments come in order, each until it was said."""
    value = fresh().begin(NOW).skip(later(60))
    assert value.next_mark(later(61)) == later(450)
    said = value.say(Move(kind="time", text="Half.", moments=(Moment.HALF,)), later(450))
    assert said.next_mark(later(451)) == later(720)
    said = said.say(Move(kind="time", text="Three.", moments=(Moment.THREE,)), later(720))
    assert said.next_mark(later(721)) == later(900)
    assert said.due(later(900)) == (Moment.END,)


def test_a_started_answer_is_never_overdue() -> None:
    """While somebody answers, nothing about the time is due before it lies in the future; afterwards it is due at once."""
    value = fresh().begin(NOW).skip(later(60)).hear("m1", "I would", later(880))
    assert value.next_mark(later(890)) == later(900)
    assert value.next_mark(later(950)) is None
    assert value.answer(later(960)).next_mark(later(960)) == later(960)


def test_goes_round_as_json() -> None:
    """The value survives JSON in the middle of everything."""
    value = fresh().begin(NOW).hear("m1", "one", later(1)).answer(later(2)).say(Move(kind="probe", text="Why?", point="p"), later(3))
    value = value.hear("m2", "two", later(4)).pause(later(5)).claim(0, "p", 1)
    again = Interview.model_validate_json(value.model_dump_json())
    assert again == value
    assert again.asked == value.asked


class Course(RuleBasedStateMachine):
    """Any order of steps, legal or not."""

    @initialize()
    def start(self) -> None:
        self.value, self.now, self.ids = fresh(), NOW, count()
        self.heard: list[str] = []
        self.before: tuple[object, ...] = ()
        self.spent = 0.0
        self.runs = False

    def step(self, name: str, *arguments: Any) -> None:
        try:
            self.value = getattr(self.value, name)(*arguments)
        except IllegalStep as refused:
            assert str(refused).endswith(".")

    @rule(seconds=st.floats(0, 600))
    def wait(self, seconds: float) -> None:
        before = self.value.used(self.now)
        self.now += timedelta(seconds=seconds)
        used = self.value.used(self.now) - before
        runs = self.value.running and not self.value.paused_at
        assert used == pytest.approx(seconds if runs else 0, abs=1e-3)

    @rule()
    def begin(self) -> None:
        self.step("begin", self.now)

    @rule(text=st.text(min_size=1, max_size=20))
    def hear(self, text: str) -> None:
        id = f"m{next(self.ids)}"
        before = self.value
        self.step("hear", id, text, self.now)
        if self.value is not before:
            self.heard.append(id)

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def hear_again(self, data: st.DataObject) -> None:
        before = self.value
        self.step("hear", data.draw(st.sampled_from(self.heard)), "again", self.now)
        assert self.value is before

    @rule()
    def answer(self) -> None:
        self.step("answer", self.now)

    @rule(kind=st.sampled_from(["ask", "facts", "probe", "hint", "next", "time", "over", "note"]), point=st.sampled_from(["p", "q", None]))
    def say(self, kind: Any, point: str | None) -> None:
        self.step("say", Move(kind=kind, text="So?", point=point, closes=("p",) if kind == "facts" else ()), self.now)

    @rule(name=st.sampled_from(["pause", "resume", "skip", "end"]))
    def move(self, name: str) -> None:
        self.step(name, self.now)

    @invariant()
    def turns_are_only_appended(self) -> None:
        """What was said stays as it was, and is numbered in order."""
        assert self.value.turns[: len(self.before)] == self.before
        assert [turn.n for turn in self.value.turns] == list(range(1, len(self.value.turns) + 1))
        self.before = self.value.turns

    @invariant()
    def nothing_heard_is_lost(self) -> None:
        """Every message heard is in exactly one turn or in the draft, in order."""
        kept = [id for turn in self.value.turns for id in turn.messages] + [item.message for item in self.value.draft]
        assert kept == self.heard

    @invariant()
    def over_is_over(self) -> None:
        """After the end the clock stands and nothing is open or due."""
        if not self.value.live:
            assert self.value.clock.since is None
            assert self.value.draft == ()
            assert self.value.due(self.now) == ()

    @invariant()
    def time_comes_next(self) -> None:
        """What is due next does not lie in the past, and the value goes round as JSON."""
        mark = self.value.next_mark(self.now)
        assert mark is None or mark >= self.now
        assert Interview.model_validate_json(self.value.model_dump_json()) == self.value


Course.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
test_any_course_is_a_legal_one = Course.TestCase
