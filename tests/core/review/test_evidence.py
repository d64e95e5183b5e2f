"""Sentences: letter for letter, never cut inside, never run together."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.review.evidence import sentences, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I use a queue. Then a worker reads it.", ("I use a queue.", "Then a worker reads it.")),
        ("i use a queue. then a worker reads it", ("i use a queue.", "then a worker reads it")),
        ("It is up 99.9 % of the time, e.g. on v1.2 of it. OK!", ("It is up 99.9 % of the time, e.g. on v1.2 of it.", "OK!")),
        ("Say 1.5 s, i.e. short, vs. 9 s now. Next.", ("Say 1.5 s, i.e. short, vs. 9 s now.", "Next.")),
        ("Retries, backoff, etc. are there. Also etc. Then more.", ("Retries, backoff, etc. are there.", "Also etc.", "Then more.")),
        ("- one thing\n- another thing", ("one thing", "another thing")),
        ("1. Store it.\n2) Answer.\n(3) Done", ("Store it.", "Answer.", "Done")),
        ("* a point\n  • below it", ("a point", "below it")),
        ("first line\nsecond line", ("first line", "second line")),
        ("```\nfoo(a. b)\nbar\n```\nThat is all.", ("foo(a. b)", "bar", "That is all.")),
        ("We retry 👍! Then we stop 🚀.", ("We retry 👍!", "Then we stop 🚀.")),
        ("我们重试。然后停止！好", ("我们重试。", "然后停止！", "好")),
        ("هل نعيد؟ نعم.", ("هل نعيد؟", "نعم.")),
        ('He asks "why?" and I say so. End.', ('He asks "why?" and I say so.', "End.")),
        ("hmm... then we wait… and go", ("hmm... then we wait… and go",)),
        ("We store it.Then we answer. Node.js is fine.", ("We store it.", "Then we answer.", "Node.js is fine.")),
        ("What if it comes twice?! We drop it.", ("What if it comes twice?!", "We drop it.")),
        ("…\n---\n***", ()),
        ("", ()),
    ],
)
def test_split(text: str, expected: tuple[str, ...]) -> None:
    assert split(text) == expected


def test_a_wrapped_line_stays_one_sentence() -> None:
    text = (
        "The worker takes the message from the queue, looks up its id in the\n"
        "table and drops it where the id is known already. Then it goes on."
    )
    assert split(text) == (
        "The worker takes the message from the queue, looks up its id in the\ntable and drops it where the id is known already.",
        "Then it goes on.",
    )


def test_run_on_is_never_cut_inside() -> None:
    text = "and then we do this " * 500
    assert split(text) == (text.strip(),)


def test_ids_run_over_all_turns() -> None:
    found = sentences(["One. Two.", "", "Three."])
    assert [(sentence.id, sentence.text) for sentence in found] == [(1, "One."), (2, "Two."), (3, "Three.")]


@given(st.text(max_size=400))
def test_each_is_a_piece_of_the_text_in_order(text: str) -> None:
    at = 0
    for piece in split(text):
        assert piece == piece.strip() and piece
        at = text.index(piece, at) + len(piece)


@given(st.text(alphabet="ab .!?\n-1)", max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join(split(text))
    assert sum(sign in "b" for sign in kept) == sum(sign in "b" for sign in text) or ")" in text or "." in text


PROSE = ("we do this and that ", "We do. this e.g. that?\n", "A sentence that says something, and then stops. ")
ODD = ("word. \n- ", "- ", ".", "a.)", "x\u200b", "etc. ", "1. ", "```\n", "。")


@pytest.mark.parametrize(("piece", "limit"), [*((piece, 0.05) for piece in PROSE), *((piece, 0.15) for piece in ODD)])
def test_forty_thousand_characters(piece: str, limit: float) -> None:
    text = (piece * (40_000 // len(piece) + 1))[:40_000]
    assert min(_took(text) for _ in range(3)) < limit


def _took(text: str) -> float:
    """Seconds of computing, whatever else the machine does."""
    start = time.process_time()
    split(text)
    return time.process_time() - start
