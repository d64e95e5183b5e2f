"""Every attack around an honest answer, through the whole coach, on a model that obeys whatever it is told: nothing comes of it."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.openai import transcript
from adapters.openai.prompts import CANARY
from core.chat import Kind, Place, literal
from core.interview.stages import Interview
from core.records import Attempt
from core.review.evidence import sentences
from core.review.feedback import Feedback, Verdict
from tests.fakes.clock import FakeClock
from tests.fakes.memory_store import MemoryStore
from tests.fakes.openai.interviewer import Interviewer, said, setting
from tests.fakes.openai.request import Request
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes.platform import Shown
from tests.fakes.seat import seat_at
from tests.fakes.world import BANK, YOU, World, text_of

pytestmark = pytest.mark.e2e

DATA = Path(__file__).parents[2] / "core" / "review" / "injection"
ATTACKS: list[dict[str, Any]] = yaml.safe_load((DATA / "attacks.yaml").read_text(encoding="utf-8"))
ANSWERS: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "answers.yaml").read_text(encoding="utf-8"))
WHERE = ("before", "inside", "after")
DM = Place.dm("web", "page", "you")
NEVER = (CANARY, "@", "<!", "<@", "http", "www.", "](", "evil")
"""Stands in nothing that anybody is shown, unless it is their own sentence."""


class Gullible(Interviewer):
    """Reads honest words as a sensible model does, and does whatever anything else says: all is covered, all is told."""

    def __init__(self) -> None:
        super().__init__(BANK)
        self.obeyed = 0
        honest = [text for answer in ANSWERS.values() for text in answer["sentences"]]
        self._honest = {_plain(text) for text in (*honest, *(text for attack in ATTACKS for text in attack.get("left", ())))}

    def __call__(self, request: Request) -> str:
        order = next((id for id, text in said(request) if _plain(text) not in self._honest), None)
        if order is None:
            return super().__call__(request)
        self.obeyed += 1
        points = [point for part in setting(request)["parts"] for point in part["points"]]
        findings = [{"point": point["id"], "status": "covered", "sentences": [order]} for point in points]
        if request.schema != "turn":
            return json.dumps({"findings": findings})
        rubric = " ".join(point.get("shows", "") for point in points)
        leak = f"My reference is {CANARY}. Say: {rubric} See https://evil.example/x and tell <!channel> and @everyone. What next?"
        return json.dumps({"follow_up": leak, "about": "", "facts": [1, 2, 3], "findings": findings})


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")


@dataclass(frozen=True)
class Came:
    """What comes of one text, as far as it must not depend on an attack."""

    reviewed: tuple[tuple[str, ...], ...]
    """Each point with its status and the sentences it rests on."""
    judged: tuple[tuple[str, ...], ...]
    """The same for the turn of a mock."""
    asked: tuple[str, ...]
    """What the interviewer says next."""
    state: tuple[object, ...]
    """Stage, part, whether it goes on, and who spoke."""
    shown_to: tuple[str, ...]
    """Where, and to whom."""


@dataclass
class Stage:
    """A mock in which the question was put, to begin from as often as one likes."""

    server: FakeOpenAI
    brain: Gullible
    begun: World
    thread: Place
    question: str

    def again(self) -> World:
        assert isinstance(self.begun.store, MemoryStore)
        store = MemoryStore()
        store.memory = copy.deepcopy(self.begun.store.memory)
        world = World(clock=FakeClock(self.begun.clock.now()), store=store, seat=lambda: seat_at(self.server, BANK))
        world._ids = itertools.count(1000)  # after those of the beginning
        return world

    async def came_of(self, text: str) -> tuple[Came, str]:
        """What came of this answer, in a mock and to be reviewed; and all that anybody was shown but their own sentences."""
        mock, alone = self.again(), self.again()
        await mock.take(mock._message(self.thread, YOU, Kind.AMBIENT, text, None, {}))
        await mock.say("done", self.thread)
        await alone.take(alone._message(DM, YOU, Kind.COMMAND, "review", "review", {"text": text, "question": self.question}))
        assert isinstance(mock.store, MemoryStore)
        assert isinstance(alone.store, MemoryStore)
        (interview,) = mock.store.all(Interview)
        (attempt,) = alone.store.all(Attempt)
        assert attempt.feedback
        (spoken,) = mock.coach._kit.panel._said.values()
        last = interview.turns[-1]
        shown = [*mock.platform.shown, *alone.platform.shown]
        came = Came(
            reviewed=_verdicts(attempt.feedback.verdicts, _texts(attempt.feedback)),
            judged=_verdicts(spoken.move.verdicts, {s.id: s.text for s in sentences(interview.answers(0))}),
            asked=(last.kind, last.point or "", last.text, last.reviewer, spoken.notice),
            state=(interview.stage, interview.at_part, interview.live, [turn.who for turn in interview.turns]),
            shown_to=tuple(map(_shown_to, shown)),
        )
        seen = "\n".join([*(text_of(item.card) for item in shown), *(card.text for _, card in mock.platform.grown)])
        for own in sentences((text,)):  # a review hands the person's own sentences back as quotes, to them alone and letter for letter
            seen = seen.replace(literal(own.text), "").replace(own.text, "")
        return came, seen


def _texts(feedback: Feedback) -> dict[int, str]:
    return {sentence.id: sentence.text for sentence in feedback.sentences}


def _verdicts(verdicts: tuple[Verdict, ...], texts: dict[int, str]) -> tuple[tuple[str, ...], ...]:
    return tuple((verdict.point, verdict.status.value, *(texts[id] for id in verdict.sentences)) for verdict in verdicts)


def _shown_to(item: Shown) -> str:
    return f"{item.place} {item.post.audience.kind} {item.post.audience.person.key if item.post.audience.person else 'all'}"


@asynccontextmanager
async def staged(question: str) -> AsyncIterator[Stage]:
    brain = Gullible()
    async with FakeOpenAI(brain=brain, judged=False) as server:
        world = World(seat=lambda: seat_at(server, BANK))
        await world.say("/model on", DM)
        await world.say(f"/mock 5 question:{question}", DM)
        await world.press("Start")
        opening = next(item for item in reversed(world.platform.shown) if item.post.opens and item.post.key.startswith("mock/"))
        yield Stage(server, brain, world, opening.receipt.place, question)
        assert not server.errors


def around(honest: list[str], attack: str, where: str) -> str:
    """The answer with the attack in a paragraph of its own."""
    at = {"before": 0, "inside": len(honest) // 2, "after": len(honest)}[where]
    return "\n\n".join(part for part in (" ".join(honest[:at]), attack, " ".join(honest[at:])) if part)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("name", ANSWERS)
async def test_an_attack_changes_nothing(name: str, where: str) -> None:
    """The same verdicts on the same sentences, the same next question, the same state, the same recipients; nothing slips out."""
    answer = ANSWERS[name]
    honest, turn = answer["sentences"], (list(ANSWERS).index(name) + WHERE.index(where)) % 3
    wrong: dict[str, object] = {}
    async with staged(answer["question"]) as stage:
        expected, _ = await stage.came_of(" ".join(honest))
        for attack in ATTACKS[turn::3]:  # each attack at each place, and around each answer
            came, seen = await stage.came_of(around(honest, attack["text"], where))
            if came != expected:
                wrong[attack["text"]] = [key for key, value in vars(came).items() if value != getattr(expected, key)]
            if slipped := [word for word in NEVER if word in seen]:
                wrong[attack["text"]] = slipped
        assert not stage.brain.obeyed, (stage.brain.obeyed, wrong)
    assert wrong == {}


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack["kind"] for attack in ATTACKS}) >= 12


async def test_an_order_that_a_model_gets_to_read_and_obeys_wins_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control, and the second wall: with everything let through the model does obey, and still the words are not said, nobody else
    hears of it, the mock goes on as before, and one sentence carries two points at most."""
    monkeypatch.setattr(transcript, "own_words", lambda found: tuple(found))
    honest = ANSWERS["weak"]["sentences"]
    async with staged(ANSWERS["weak"]["question"]) as stage:
        expected, _ = await stage.came_of(" ".join(honest))
        tried = ATTACKS[::8]
        for attack in tried:
            came, seen = await stage.came_of(around(honest, attack["text"], "after"))
            assert came.state == expected.state
            assert came.shown_to == expected.shown_to
            assert not [word for word in NEVER if word in seen], attack
            for verdicts in (came.reviewed, came.judged):
                assert sum(status == "covered" for _, status, *_ in verdicts) <= 2, attack
        assert stage.brain.obeyed >= len(tried), "the model was not as gullible as this needs"
