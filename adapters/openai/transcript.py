"""A mock as messages. They only ever grow: each request of a mock begins with the whole of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.openai import prompts
from adapters.openai.rubric import Labels, told
from core.interview.course import PROBES
from core.interview.stages import Interview
from core.interview.turns import Turn
from core.questions.bank import LEVELS, Question
from core.review.evidence import sentences
from core.review.own_words import own_words

Message = dict[str, str]


@dataclass(frozen=True)
class Transcript:
    """What is sent, and what its numbers mean."""

    messages: list[Message]
    ids: tuple[dict[int, int], ...]
    """For each part: number in the messages → id among that part's sentences. What stays here, or was said to the reviewer, has none."""
    labels: Labels
    unread: tuple[frozenset[int], ...] = (frozenset(),)
    """For each part: ids of sentences that stay here."""


def transcript(interview: Interview, questions: Sequence[Question]) -> Transcript:
    """All of it so far. `questions`: that of each part, in order."""
    labels = Labels(questions)
    parts = [told(question, number, labels) for number, question in enumerate(questions)]
    messages: list[Message] = [
        {"role": "system", "content": prompts.interviewer(interview.persona, LEVELS[interview.level], parts)},
        {"role": "user", "content": _arrival(interview)},
    ]
    ids: list[dict[int, int]] = [{} for _ in interview.parts]
    next_id, counts = 1, [0] * len(interview.parts)
    unread: list[set[int]] = [set() for _ in interview.parts]
    for at, turn in enumerate(interview.turns):
        if turn.who == "interviewer":
            _say(messages, "assistant", turn.text)
            continue
        cut = sentences((turn.text,))
        if turn.stays:  # it was said while no model might read it
            unread[turn.part].update(counts[turn.part] + sentence.id for sentence in cut)
            counts[turn.part] += len(cut)
            continue
        own = []
        for sentence in own_words(cut):
            ids[turn.part][next_id] = counts[turn.part] + sentence.id
            own.append((next_id, sentence.text))
            next_id += 1
        counts[turn.part] += len(cut)
        _say(messages, "user", prompts.said(own, _leave(interview.turns[:at], turn.part, labels)))
    return Transcript(messages=messages, ids=tuple(ids), labels=labels, unread=tuple(frozenset(part) for part in unread))


def _arrival(interview: Interview) -> str:
    """The candidate is there; what they told of themself is data like everything else of theirs."""
    about = [sentence.text for sentence in own_words(sentences((interview.background,)))] if interview.background else []
    return f"{prompts.READY}\n{prompts.dumped({'background': about})}\n{prompts.REMIND}" if about else prompts.READY


def graded(so_far: Transcript) -> list[Message]:
    """The same, and the request to read all of it once more."""
    messages = list(so_far.messages)
    if messages[-1]["role"] == "user":  # somebody ended it in the middle of an answer
        messages.append({"role": "assistant", "content": "Thank you."})
    return [*messages, {"role": "user", "content": prompts.GRADE}]


def answer(question: Question, turns: Sequence[str], level: str) -> Transcript:
    """One answer without an interview."""
    labels = Labels((question,))
    cut = sentences(turns)
    own = own_words(cut)
    ids = {number: sentence.id for number, sentence in enumerate(own, start=1)}
    messages = [
        {"role": "system", "content": prompts.reviewer(level, told(question, 0, labels))},
        {"role": "user", "content": prompts.said([(number, sentence.text) for number, sentence in enumerate(own, start=1)])},
    ]
    return Transcript(messages=messages, ids=(ids,), labels=labels)


def _say(messages: list[Message], role: str, content: str) -> None:
    """Roles take turns, as many servers insist; what one of them says twice in a row is one message."""
    if messages[-1]["role"] == role:
        messages[-1] = {"role": role, "content": f"{messages[-1]['content']}\n{content}"}
    else:
        messages.append({"role": role, "content": content})


def _leave(before: Sequence[Turn], part: int, labels: Labels) -> list[str]:
    """Points not to be asked about any more, as it stood before this answer: worked out again, it is always the same."""
    said = [turn for turn in before if turn.part == part]
    closed = {point for turn in said for point in turn.closes}
    probed = [turn.point for turn in said if turn.kind == "probe" and turn.point]
    worn = {point for point in probed if probed.count(point) >= PROBES}
    return sorted(label for point in closed | worn if (label := labels.label(part, point)))
