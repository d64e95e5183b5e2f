"""Loading and choosing questions; what is wrong in a file is said in one sentence, and the rest stays usable."""

import random
from pathlib import Path

import pytest

from core.errors import BadContent
from core.questions.bank import COMPETENCIES, LEVELS, PRINCIPLES, Bank, load, parse_questions, read_question

GOOD = """
- id: one
  title: One thing
  competency: design
  topics: [caching]
  prompt: How would you cache it?
  points:
    - {id: p, name: A point, text: Says it}
"""


def test_the_bank_has_six_questions_of_each_competency() -> None:
    bank = load()
    assert not bank.problems
    counts = {slug: len(bank.among((slug,))) for slug in COMPETENCIES}
    assert all(count >= 6 for count in counts.values()), counts


def test_every_level_and_every_principle_is_used() -> None:
    bank = load()
    for slug in COMPETENCIES:
        for level in LEVELS:
            assert len(bank.among((slug,), level)) >= 2, (slug, level)
    assert {slug for question in bank.questions for slug in question.principles} == set(PRINCIPLES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- id: [", "line 2: not readable as YAML"),
        (GOOD.replace("competency: design", "competency: cooking"), "competency"),
        (GOOD.replace("title: One thing", "titel: One thing"), "titel"),
        (GOOD.replace("{id: p, name: A point, text: Says it}", "{id: p}"), "points.0.name"),
        ("just words", "number 1"),
        ("", "number 1"),
    ],
)
def test_a_broken_question_is_one_sentence(text: str, says: str) -> None:
    questions, problems = parse_questions(text, "design.yaml")
    assert not questions
    assert len(problems) == 1
    assert says in problems[0]
    assert "\n" not in problems[0]


def test_a_broken_question_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "design.yaml").write_text(GOOD + GOOD.replace("id: one", "id: two").replace("design", "cooking"))
    bank = load(tmp_path)
    assert [question.id for question in bank.questions] == ["one"]
    assert "two" in bank.problems[0]


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "design.yaml").write_text(GOOD + GOOD)
    assert "this id is taken" in load(tmp_path).problems[0]


def test_one_question_can_stand_alone_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace("- id", "  id", 1).replace("\n  ", "\n"))
    assert read_question(path).id == "one"
    path.write_text(GOOD + GOOD.replace("id: one", "id: two"))
    with pytest.raises(BadContent, match="holds 2 questions"):
        read_question(path)


def test_a_question_comes_again_only_when_all_were_seen() -> None:
    bank = load()
    rng = random.Random(1)
    seen: list[str] = []
    for _ in range(len(bank.among(("reliability",)))):
        picked = bank.pick(rng, competencies=("reliability",), seen=seen)
        assert picked
        assert picked.id not in seen
        seen.append(picked.id)
    again = bank.pick(rng, competencies=("reliability",), seen=seen)
    assert again
    assert again.id == seen[0]


def test_nothing_suits_an_empty_bank() -> None:
    assert Bank(()).pick(random.Random(1)) is None
    assert load().search("zzzqqq") == []
