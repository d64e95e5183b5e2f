"""Follow-ups that need no rubric: chains for a story, and a second look at anything technical."""

from __future__ import annotations

from collections.abc import Mapping

from core.chat import Frozen


class Chain(Frozen):
    """How an interviewer digs for one thing that a story leaves out."""

    check: str
    """The story check that it looks for, by id."""
    asks: tuple[str, str]
    """A first question, and the same thing from nearer by."""
    leans_on: tuple[str, ...]
    """Checks whose sentence is worth quoting before it, best first; `team` is a sentence that says "we"."""
    kin: tuple[str, ...]
    """Words by which a rubric point is after the same thing."""
    advice: str
    """What to prepare, for the debrief."""


STORY: tuple[Chain, ...] = (
    Chain(
        check="own",
        asks=(
            "Several people were in this. What did you do with your own hands?",
            "Which decision in it was yours alone, and who saw it differently?",
        ),
        leans_on=("team",),
        kin=("own", "yourself", "personal", "role", "hands", "ownership"),
        advice="Prepare two sentences that begin with “I” and a verb.",
    ),
    Chain(
        check="number",
        asks=(
            "Which figure moved, and what was it before?",
            "Even roughly: how many people, hours or failures are we speaking of?",
        ),
        leans_on=("result", "actions", "own"),
        kin=("number", "measure", "metric", "figure", "baseline", "quantify", "evidence"),
        advice="Prepare a rough figure, and how you got to it.",
    ),
    Chain(
        check="result",
        asks=(
            "What was different a month later because of it?",
            "Who noticed the difference, and how do you know?",
        ),
        leans_on=("actions", "own"),
        kin=("result", "outcome", "effect", "impact", "lasting"),
        advice="End the story with what is true today because of it.",
    ),
    Chain(
        check="learning",
        asks=(
            "If the same thing landed on your desk tomorrow, what would you do another way?",
            "Which step of it would you not take again?",
        ),
        leans_on=("result",),
        kin=("learn", "lesson", "hindsight", "differently", "mistake", "reflect"),
        advice="Prepare one thing you do differently since.",
    ),
    Chain(
        check="span",
        asks=(
            "How long did all this take, from the first sign to the end?",
            "Was it days, weeks or months?",
        ),
        leans_on=(),
        kin=("span", "duration", "timeline", "deadline"),
        advice="Say when it was and how long it took.",
    ),
)
"""In the order in which they are asked."""

BY_CHECK: Mapping[str, Chain] = {chain.check: chain for chain in STORY}

DEEPER: tuple[str, ...] = (
    "Take me through that one step at a time: where can it stop halfway, and what is left behind?",
    "Suppose that part misbehaves at three in the morning. Who notices, and by what?",
    "What did you weigh that against, and what would make you change your mind?",
    "Now ten times as much of everything. Which piece of that gives first?",
)
"""One level down where the question itself has nothing further to ask about a point."""
