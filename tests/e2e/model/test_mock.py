"""A mock with a model, on the real process: as it should be, and with a model that hangs, is down, or talks rubbish."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.model.playing import BEGINS, FIRST, LISTENS, MARKED, MODEL, SECOND, Seated, answered, begun, plain, said
from tests.e2e.window import Window, buttons
from tests.fakes.openai.faults import Down, Fault, Garbage, Hang, Several, SlowStart

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

Opens = Callable[..., Any]
Report = Callable[[str], None]
TOLD = 10.0
"""Seconds within which somebody is answered, or told what went wrong."""
OTHERS = 60
"""Presses of somebody else while the model is busy."""


# --- as it should be -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["openai", "auto"])
async def test_a_mock_from_the_notice_to_the_vote(fresh: Seated, opens: Opens, profile: str) -> None:
    """Nothing is sent before the press; then one call a turn, words as they come as one message, and a debrief with a vote."""
    fresh.profile = profile
    await fresh.start()
    server, first = fresh.server, await opens(fresh)
    await first.send({"type": "meet", "name": "Ottokar"})
    await first.until(lambda: len(first.people) == 3, "somebody with a name")
    you = await opens(fresh, "Ottokar")
    opening = await begun(you, agreed=False)
    notice = await you.find("May a model read what you write?")
    assert "127.0.0.1" in plain(notice)
    assert server.requests == []
    await you.push("Go on with it", notice)
    await you.find("reads what you write")
    server.between, server.chunk = 0.04, 6
    await answered(you, opening, FIRST)
    final = await you.find(f"From here on {MODEL} listens")
    assert LISTENS in plain(final)
    frames = [seq for id, seq in you.shown if id == final["id"]]
    assert len(frames) >= 4, "the words did not come as they were said"
    assert len(said(you, opening)) == 2
    server.between = 0.0
    await answered(you, opening, SECOND)
    await you.until(lambda: len(said(you, opening)) == 3, "the third question")
    await you.say("end", opening["thread"])
    debrief = plain(await you.find("Debrief ·", within=20))
    assert "Practice vote" in debrief
    assert f"{MODEL}, prompt" in debrief
    assert [request.schema for request in server.requests] == ["turn", "turn", "grade"]
    assert MARKED in server.requests[-1].prompt
    assert all(later.prompt.startswith(before.prompt[:-1]) for before, later in zip(server.requests, server.requests[1:], strict=False))
    assert not any(mine in str(request.body) for request in server.requests for mine in (you.me["key"], you.me["name"]))


# --- when it is not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Hang(), "The model took too long."),
        (Several(SlowStart(2.0), Down(503)), "The model does not answer."),
        (Several(SlowStart(3.0), Garbage()), "The model's reply could not be used."),
    ],
    ids=["hangs", "is down", "talks rubbish"],
)
async def test_a_model_that_fails_in_the_middle(coach: Seated, you: Window, opens: Opens, report: Report, fault: Fault, why: str) -> None:
    """Others are acknowledged meanwhile, the turn is kept, the person is told why with a next question, and the debrief names both."""
    server, other = coach.server, await opens(coach, "Teammate")
    opening = await begun(you)
    server.always = fault
    began = time.monotonic()
    await answered(you, opening, FIRST)
    await server.until(lambda: server.requests, what="the model to be asked")
    answers = await asyncio.gather(*(other.press("help") for _ in range(OTHERS)))
    acknowledged = sum(answer["type"] == "heard" for answer in answers)
    assert len(said(you, opening)) == 1, "the model was given up before the others were done, so they prove nothing"
    told = await you.find(why.replace("'", "&#x27;"), within=TOLD)
    report(f"{why} {acknowledged} of {OTHERS} presses heard, told why after {time.monotonic() - began:.1f} s")
    assert acknowledged == OTHERS
    assert "I go on with text match" in plain(told)
    assert "?" in plain(told)
    assert "Done" in {button["label"] for button in buttons(told)}
    await coach.calm()
    assert server.requests[0].left == (fault == Hang()), "a call that was given up is broken off"
    assert coach.speakers == ["interviewer", "candidate", "interviewer"]
    assert coach.turns[1] == ("candidate", FIRST)
    server.always = None
    await answered(you, opening, SECOND)
    await you.find(f"From here on {MODEL} listens")
    await you.say("end", opening["thread"])
    debrief = plain(await you.find("Debrief ·", within=20))
    assert "text match (offline)" in debrief
    assert f"{MODEL}, prompt" in debrief


async def test_a_debrief_that_the_model_cannot_make_comes_all_the_same(coach: Seated, you: Window) -> None:
    """By text match, which it says; and there is no vote."""
    opening = await begun(you)
    await answered(you, opening, FIRST)
    await you.until(lambda: len(said(you, opening)) == 2, "the next question")
    coach.server.always = Down(503)
    await you.say("end", opening["thread"])
    debrief = plain(await you.find("Debrief ·", within=20))
    assert "So text match made this debrief: no levels, no vote." in debrief
    assert "Practice vote" not in debrief


async def test_end_does_not_wait_for_a_model_that_hangs(coach: Seated, you: Window) -> None:
    """It is over while the request still hangs; the debrief follows, and the answer that nobody read is in it."""
    server = coach.server
    opening = await begun(you)
    server.always = Hang()
    await answered(you, opening, FIRST)
    await server.until(lambda: server.requests, what="the model to be asked")
    server.always = None
    await you.say("end", opening["thread"])
    await you.find("reads the whole of it once more")
    assert not server.requests[0].left, "it waited until the model was given up"
    assert coach.interview["stage"] == "over"
    await you.find("Debrief ·", within=30)
    await coach.calm()
    assert coach.speakers == ["interviewer", "candidate"]
    assert MARKED in server.requests[-1].prompt
    assert len(you.see("Debrief ·")) == 1


# --- dying and stopping ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before the first word", "in the middle of the words"])
async def test_kill_9_while_the_model_speaks(coach: Seated, you: Window, opens: Opens, moment: str) -> None:
    """After the restart the turn is answered once: one message, with the words that the interview remembers."""
    server = coach.server
    opening = await begun(you)
    server.chunk = 6
    if moment == "before the first word":
        server.first_token = 30.0
    else:
        server.between = 0.15
    await answered(you, opening, FIRST)
    await server.until(lambda: server.requests, what="the model to be asked")
    if server.between:
        await you.find(BEGINS, within=TOLD)
        assert LISTENS not in plain(said(you, opening)[-1]), "it had said everything already"
    await coach.kill()
    server.first_token = server.between = 0.0
    await coach.start()
    again = await opens(coach)
    await again.find(LISTENS, within=TOLD)
    await coach.calm()
    assert coach.speakers == ["interviewer", "candidate", "interviewer"]
    assert len(said(again, opening)) == 2
    assert coach.turns[-1][1] in plain(said(again, opening)[-1])
    assert len(server.requests) == 2
    await answered(again, opening, SECOND)
    await again.until(lambda: len(said(again, opening)) == 3, "the next question")


async def test_sigterm_while_the_model_hangs(coach: Seated, you: Window, opens: Opens, report: Report) -> None:
    """It ends in good order and soon, and what it was thinking about is answered after the next start."""
    server = coach.server
    opening = await begun(you)
    server.always = Hang()
    await answered(you, opening, FIRST)
    await server.until(lambda: server.requests, what="the model to be asked")
    began = time.monotonic()
    assert await coach.stop(signal.SIGTERM, within=20) == 0
    report(f"SIGTERM while the model hangs: ended {time.monotonic() - began:.1f} s later, exit code 0")
    await server.until(lambda: server.requests[0].left, what="the call to be broken off")
    assert coach.speakers == ["interviewer"]
    server.always = None
    await coach.start()
    again = await opens(coach)
    await again.find(LISTENS, within=TOLD)
    await coach.calm()
    assert coach.speakers == ["interviewer", "candidate", "interviewer"]
    assert len(said(again, opening)) == 2


async def test_several_who_wait_for_a_model_that_hangs_do_not_hold_up_each_other(coach: Seated, opens: Opens) -> None:
    """Ten mocks at once, each told by itself in time."""
    keeper: Window = await opens(coach)
    names = [f"Person {number}" for number in range(10)]
    for name in names:
        await keeper.send({"type": "meet", "name": name})
    await keeper.until(lambda: len(keeper.people) == 12, "ten people")
    windows: list[Window] = [await opens(coach, name) for name in names]
    openings = [await begun(one) for one in windows]
    coach.server.always = Hang()
    await asyncio.gather(*(answered(one, opening, FIRST) for one, opening in zip(windows, openings, strict=True)))
    await asyncio.gather(*(one.find("I go on with text match", within=TOLD) for one in windows))
    assert all(len(said(one, opening)) == 2 for one, opening in zip(windows, openings, strict=True))
