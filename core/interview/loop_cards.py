"""What a loop says: between its rounds, and at its end, when the votes are put on the table and argued from what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.chat import Button, Card, Line
from core.interview.debrief import Debrief
from core.interview.debrief_cards import cost_line
from core.interview.loop import Loop, Round
from core.interview.turns import Cost
from core.questions.bank import COMPETENCIES, LEVELS, PRINCIPLES
from core.questions.cards import PRACTICE
from core.review.feedback import Status
from core.review.levels import CAP, VOTES, Ballot

ORDER = [vote for _, vote in VOTES]
APART = 2
"""Steps between two votes from which on they disagree."""
MOST = 3
"""Arguments on each side."""


def locked(loop: Loop, number: int) -> Card:
    """A round is over; its vote stays closed until all of them are."""
    held, then = loop.rounds[number], loop.next
    vote = f"The {held.role.lower()}'s vote is locked" if held.ballot else f"There is no vote: {_why_not(held)}"
    if then is None:
        return Card(
            text=f"Round {number + 1} of {len(loop.rounds)} is over. {vote}. That was the last one: the debrief of the loop follows."
        )
    following = loop.rounds[then]
    return Card(
        eyebrow=f"Loop · round {number + 1} of {len(loop.rounds)} is over",
        text=f"{vote}; all of them are shown together at the end. Next comes the {following.role.lower()}: "
        f"{COMPETENCIES[following.round]}, and a story for {principles(following)}. Take a break, or take a day.",
        buttons=(Button(label="Next round", line=f"loop {loop.key}", style="primary"),),
    )


def _why_not(item: Round) -> str:
    return "text match read it" if item.answered else "nothing was said in it"


def principles(item: Round) -> str:
    """The leadership principles a round looks at, in words."""
    return " and ".join(PRINCIPLES[slug] for slug in item.principles) or "any principle"


def loop_card(loop: Loop, debriefs: Mapping[int, Debrief], whole: Ballot | None, twice: Sequence[tuple[int, int]]) -> Card:
    """The bar raiser's debrief: every vote as it was locked, what speaks for and against, in the person's own sentences."""
    total = Cost()
    for found in debriefs.values():
        total = total.and_(found.cost.calls, found.cost.tokens, found.cost.dollars, found.cost.estimated)
    after = [*_argument(loop, debriefs), *_apart(loop), *_principles(loop, debriefs), *_twice(loop, twice)]
    return Card(
        eyebrow=f"Loop debrief · {LEVELS[loop.level]} · {len(loop.rounds)} rounds",
        title=f"Practice vote: {whole.vote}" if whole and whole.vote else "What the loop showed",
        text=_head(loop, whole),
        bullets=tuple(_vote_line(number, item) for number, item in enumerate(loop.rounds, start=1)),
        after="\n\n".join(after),
        buttons=tuple(
            Button(label=f"Round {number}: debrief", line=f"round {item.interview}")
            for number, item in enumerate(loop.rounds, start=1)
            if item.interview
        ),
        footer=f"{PRACTICE} Independent of Amazon. Only you see this.{cost_line(total)}",
    )


def _head(loop: Loop, whole: Ballot | None) -> str:
    if whole is None and not any(item.answered for item in loop.rounds):
        return "Nothing was said in any of the rounds."
    if whole is None:
        return "Text match read at least one round, so there is no vote: it gives a checklist, no grade. Each round has its own debrief."
    steps = {item.competency: f"level **{item.level}** of 4" if item.level else "not observed" for item in whole.standings}
    levels = " · ".join(f"{COMPETENCIES[name]}: {step}" for name, step in steps.items())
    capped = f" A critical miss caps it at {CAP}." if whole.missed else ""
    return f"{levels}\nVote and levels are worked out by code from all rounds' checklists.{capped}"


def _vote_line(number: int, item: Round) -> Line:
    vote: str = "no vote, too little was observed"
    if item.ballot is None:
        vote = f"no vote, {_why_not(item)}"
    elif item.ballot.vote:
        vote = item.ballot.vote
    missed = f"missed: {', '.join(item.ballot.missed)}" if item.ballot and item.ballot.missed else ""
    strong = f"for it: {', '.join(item.ballot.strongest)}" if item.ballot and item.ballot.strongest else ""
    note = " · ".join(part for part in (strong, missed) if part)
    return Line(text=f"**{number}. {item.role}** ({COMPETENCIES[item.round]}): {vote}", note=note or None)


def _argument(loop: Loop, debriefs: Mapping[int, Debrief]) -> Iterator[str]:
    """What a bar raiser would put on the table: the heaviest evidence on each side, a sentence for each."""
    good, bad = [], []
    for n, found in debriefs.items():
        number = n + 1
        for part in found.parts:
            for point in part.question.points:
                verdict = part.feedback.verdict(point.id)
                weight = (point.critical, point.weight)
                if verdict.status is Status.COVERED and verdict.sentences:
                    good.append((weight, f"{point.name} (round {number}): “{part.feedback.sentence(verdict.sentences[0])}”"))
                elif verdict.status is Status.MISSING and part.feedback.sentences and part.reached:
                    bad.append((weight, f"{point.name} (round {number}){', critical' if point.critical else ''}: nothing shows it"))
    for head, found_ones in (("What speaks for it", good), ("What speaks against it", bad)):
        if found_ones:
            heaviest = sorted(found_ones, key=lambda pair: pair[0], reverse=True)[:MOST]
            yield f"**{head}**" + "".join(f"\n- {text}" for _, text in heaviest)


def _apart(loop: Loop) -> Iterator[str]:
    """Where two interviewers saw somebody different."""
    votes = [(item, ORDER.index(item.ballot.vote)) for item in loop.rounds if item.ballot and item.ballot.vote]
    if len(votes) < 2:
        return
    best, worst = min(votes, key=lambda pair: pair[1]), max(votes, key=lambda pair: pair[1])
    if worst[1] - best[1] >= APART:
        low, high = best[0], worst[0]
        yield (
            f"**They disagree:** {low.role}, {ORDER[best[1]]}; {high.role}, {ORDER[worst[1]]}. A bar raiser would ask what the one saw in "
            f"{COMPETENCIES[low.round]} that the other missed in {COMPETENCIES[high.round]}."
        )


def _principles(loop: Loop, debriefs: Mapping[int, Debrief]) -> Iterator[str]:
    lines = []
    for n, found in debriefs.items():
        item = loop.rounds[n]
        shown = {check.name for check in found.story.feedback.story if check.shown} if found.story else set()
        what = f"the story showed {', '.join(sorted(shown))}" if shown else "not observed"
        lines.append(f"\n- {principles(item)}: {what}")
    if lines:
        yield "**Principles**" + "".join(lines)


def _twice(loop: Loop, pairs: Sequence[tuple[int, int]]) -> Iterator[str]:
    for one, other in pairs:
        yield f"**One story, told twice:** in rounds {one + 1} and {other + 1}. Interviewers compare notes; have another one ready."
