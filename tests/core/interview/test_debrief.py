"""What a mock showed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from core.chat import Button, Card, Mark, Menu
from core.commands import parse_button
from core.errors import IllegalStep
from core.interview.cards import intro, one_is_open, paused, said
from core.interview.debrief import Debrief, debrief
from core.interview.debrief_cards import claim_points, claim_sentences, debrief_card
from core.questions.bank import Bank
from core.review.evidence import split
from core.review.feedback import Status

Hold = Callable[..., Any]
ASKED = "order-status-api"
GRADES = re.compile(
    r"\b(?:\d+ ?/ ?10|\d+ out of|grade [a-f]\b|strong (?:yes|hire)|lean (?:yes|no)|vote|hire|score \d|stars?)\b|★|⭐|\d ?%", re.IGNORECASE
)
DESIGN = (
    "I will assume forty thousand writes a second on the busiest day, far more reads than that, and three consumers or so. "
    "Writes go to a table keyed by order id, because nearly every read is one order at a time."
)
STORY = "Our export kept failing and nobody owned it. I rewrote it to read in pages. In the end finance stopped opening tickets."


def of(mock: Any) -> Debrief:
    return debrief(mock.interview, mock.questions, mock.now)


def statuses(found: Debrief) -> dict[str, Status]:
    return {verdict.point: verdict.status for verdict in found.main[0].feedback.verdicts}


def buttons(card: Card) -> list[Button]:
    return [one for item in card.buttons for one in (item.buttons if isinstance(item, Menu) else (item,))]


@pytest.fixture
def whole(held: Hold, bank: Bank) -> Any:
    """A mock with a story, a refusal, a hint, and an end before time."""
    mock = held("fixed-unasked", ASKED)
    mock.begin()
    mock.answers(STORY)
    mock.answers("I can't recall.")
    mock.answers("I would ask finance first what they need it for.", after=160)
    mock.answers(DESIGN)
    mock.hint()
    mock.answers(*bank.get(ASKED).point("safe-repeat").exemplars[:2])
    mock.answers("no idea")
    mock.interview = mock.interview.end(mock.now)
    return mock


def test_not_asked_is_no_minus(whole: Any) -> None:
    """What was neither asked about nor touched is *not asked*; what was asked and stayed open is missing; evidence counts in any case."""
    found = statuses(of(whole))
    touched = {verdict.point for verdict in of(whole).main[0].feedback.verdicts if verdict.near}
    probed = whole.interview.probes(1)
    assert found["safe-repeat"] is Status.COVERED
    assert all(point in probed or point in touched for point, status in found.items() if status is Status.MISSING)
    assert Status.MISSING in found.values()
    assert Status.NOT_ASKED in {status for point, status in found.items() if point not in probed}
    assert found["hot-orders"] is Status.NOT_ASKED


def test_a_hint_is_noted(whole: Any) -> None:
    """A point that was covered after a hint says so, and so does the count."""
    card = debrief_card(of(whole))
    line = next(line for line in card.bullets if line.text == "Safe to repeat")
    assert line.mark is Mark.COVERED
    assert "after a hint" in line.note and "critical" in line.note
    assert "(1 after a hint)" in card.text


def test_what_was_not_answered_is_named(whole: Any) -> None:
    """A declined probe is listed with the words it was declined in, and what to prepare."""
    story = of(whole).parts[0]
    assert [(item.ask, item.said) for item in story.unanswered] == [("Which figure moved, and what was it before?", "I can't recall.")]
    assert "rough figure" in story.unanswered[0].advice


def test_quotes_are_whole_sentences(whole: Any) -> None:
    """Every quote of the card stands letter for letter among the person's sentences."""
    found = of(whole)
    sentences = {text for part in found.parts for answer in whole.interview.answers(part.number) for text in split(answer)}
    quotes = [line.quote for line in debrief_card(found).bullets if line.quote]
    assert len(quotes) >= 3
    assert set(quotes) <= sentences


def test_asks_next_what_was_not_asked(whole: Any) -> None:
    """The follow-up is about an open point and was not put before; its button answers just that."""
    found = of(whole)
    assert found.ask_next is not None
    assert found.ask_next.text not in {turn.ask for turn in whole.interview.turns}
    assert statuses(found)[found.ask_next.point] in (Status.MISSING, Status.MAYBE, Status.NOT_ASKED)
    first = buttons(debrief_card(found))[0]
    assert parse_button(first.line) == ("followup", {"question": ASKED, "point": found.ask_next.point})


def test_names_its_reviewer_and_gives_no_grade(whole: Any) -> None:
    """The card says who reviewed, against how many points, and holds no number out of ten, star, level or vote."""
    card = debrief_card(of(whole))
    assert card.text.startswith("Reviewed by text match (offline): a checklist against this question's 8 points, not a grade.")
    everything = " ".join([card.eyebrow, card.title, card.text, card.after, card.footer, *(line.note or "" for line in card.bullets)])
    assert not GRADES.search(everything.replace("not a grade", ""))
    assert "Practice signal, not Amazon's scoring." in card.footer


def test_says_which_part_was_whose(whole: Any) -> None:
    """Where the reviewer changed, each part names its own."""
    changed = whole.interview.model_copy(
        update={
            "turns": tuple(
                turn.model_copy(update={"reviewer": "some model"}) if turn.part == 0 and turn.reviewer else turn
                for turn in whole.interview.turns
            )
        }
    )
    text = debrief_card(debrief(changed, whole.questions, whole.now)).text
    assert "Fixed without being asked: some model, then text match (offline)." in text
    assert "Order status updates: text match (offline)." in text


def test_three_steps_at_most(whole: Any) -> None:
    """There is something to do next, and never more than three things."""
    steps = of(whole).steps
    assert 1 <= len(steps) <= 3
    assert len(set(steps)) == len(steps)


def test_rework_says_what_is_absent(held: Hold) -> None:
    """A sentence that came near a point and shows nothing else is worth saying better."""
    mock = held(ASKED)
    mock.begin()
    mock.answers(DESIGN + " Customers poll, so I'd put a short cache in front of the read.")
    mock.interview = mock.interview.end(mock.now)
    found = of(mock)
    covered = {found.main[0].feedback.sentence(id) for verdict in found.main[0].feedback.having(Status.COVERED) for id in verdict.sentences}
    assert found.rework is None or found.rework.sentence not in covered
    assert found.rework is None or found.rework.sentence in split(mock.interview.answers(0)[0])


@pytest.mark.parametrize("answers", [(), ("fine",), (DESIGN,)])
def test_an_early_end_still_gives_one(held: Hold, answers: tuple[str, ...]) -> None:
    """One answer, one word, or none: there is a debrief with buttons that go on."""
    mock = held("fixed-unasked", ASKED)
    mock.begin()
    mock.skip()
    for text in answers:
        mock.answers(text)
    mock.interview = mock.interview.end(mock.now)
    card = debrief_card(of(mock))
    assert any(button.line == f"retry {ASKED}" for button in buttons(card))
    assert not any(line.mark is Mark.MISSING for line in card.bullets if answers == ())
    covered = sum(line.mark is Mark.COVERED for line in card.bullets)
    assert covered == 0 if answers != (DESIGN,) else covered > 0


def test_before_the_start_it_is_empty(held: Hold) -> None:
    """Ended before it began, it says that nothing was said."""
    mock = held(ASKED)
    mock.interview = mock.interview.end(mock.now)
    assert "nothing to check" in debrief_card(of(mock)).text


def test_i_did_say_that(whole: Any) -> None:
    """A claim counts as claimed, with the sentence the person named, in the value and in the card; nothing else changes."""
    found = of(whole)
    point = found.main[0].open_points()[0].id
    number = found.part_of(point).number
    claimed = found.claim(point, 2)
    verdict = claimed.main[0].feedback.verdict(point)
    assert (verdict.status, verdict.sentences) == (Status.CLAIMED, (2,))
    again = debrief(whole.interview.claim(number, point, 2), whole.questions, whole.now)
    assert again.parts == claimed.parts
    line = next(line for line in debrief_card(again).bullets if line.mark is Mark.CLAIMED)
    assert line.quote == found.main[0].feedback.sentence(2)
    assert "claimed by you" in line.note
    others = {id: status for id, status in statuses(again).items() if id != point}
    assert others == {id: status for id, status in statuses(found).items() if id != point}


def test_a_claim_needs_an_open_point_and_a_sentence(whole: Any) -> None:
    """What is covered cannot be claimed, and neither can a sentence nobody said."""
    found = of(whole)
    with pytest.raises(IllegalStep):
        found.claim("safe-repeat", 1)
    with pytest.raises(IllegalStep):
        found.claim(found.main[0].open_points()[0].id, 99)
    assert debrief(whole.interview.claim(1, "safe-repeat", 99), whole.questions, whole.now).parts == found.parts


def test_claiming_is_two_presses(whole: Any) -> None:
    """First the point, then the sentence; the last press carries all three."""
    found = of(whole)
    first = buttons(claim_points(found))
    assert first
    name, fields = parse_button(first[0].line)
    second = buttons(claim_sentences(found, fields["point"]))
    assert parse_button(second[-1].line) == (name, {**fields, "sentence": second[-1].line.rsplit(" ", 1)[1]})
    found.claim(fields["point"], int(second[-1].line.rsplit(" ", 1)[1]))


def test_every_button_is_a_command(whole: Any, held: Hold) -> None:
    """Whatever a card offers, the table understands, with the interview's key and turn."""
    mock = held("fixed-unasked", ASKED)
    cards = [intro(mock.interview), one_is_open(mock.interview, mock.now)]
    move = mock.begin()
    cards += [said(move, mock.interview), paused(mock.interview, mock.now), one_is_open(mock.interview, mock.now), debrief_card(of(whole))]
    lines = [button.line for card in cards for button in buttons(card)]
    assert {parse_button(line)[0] for line in lines} >= {
        "begin",
        "change",
        "cancel",
        "done",
        "hint",
        "skip",
        "end",
        "resume",
        "mock",
        "keep",
    }
    assert parse_button(next(line for line in lines if line.startswith("done"))) == ("done", {"id": "mock1", "turn": "1"})


def test_two_questions_are_told_apart(held: Hold) -> None:
    """With two technical questions each has its points under its own title, and one that was not reached says so."""
    mock = held(ASKED, "reviews-that-wander", minutes=45)
    mock.begin()
    mock.answers(DESIGN)
    mock.interview = mock.interview.end(mock.now)
    card = debrief_card(of(mock))
    titles = [line for line in card.bullets if line.mark is None]
    assert [line.text for line in titles] == ["**Order status updates**", "**Reviews that wander**"] or len(titles) == 2
    assert titles[1].note == "the time did not reach it"
    assert "these questions' 16 points" in card.text or "points, not a grade" in card.text


def test_goes_round_as_json(whole: Any) -> None:
    """A debrief survives JSON."""
    found = of(whole)
    assert Debrief.model_validate_json(found.model_dump_json()) == found
