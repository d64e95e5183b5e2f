"""Counts of the week and of what a team misses: never below five people, never a name."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.features.drill.recap import recap_card, weak_competencies
from core.records import Attempt, Occurrence
from core.review.feedback import Feedback, Sentence, Status, Verdict
from tests.core.features.answers import STRONG, WEAK
from tests.core.features.drills import GOOD, berlin, drill, occurrences, until
from tests.fakes.world import BANK, World, person, text_of

NOW = berlin(2026, 11, 27, 16, 30)
BY_COMPETENCY = {question.competency: question for question in BANK.questions}


def answers(competency: str, people: Sequence[str], missed: int) -> list[Attempt]:
    """Each of these people misses so many of the question's points."""
    question = BY_COMPETENCY[competency]
    statuses = [Status.MISSING if number < missed else Status.COVERED for number in range(len(question.points))]
    verdicts = tuple(
        Verdict(point=point.id, status=status, sentences=(1,) if status is Status.COVERED else ())
        for point, status in zip(question.points, statuses, strict=True)
    )
    said = Feedback(question=question.id, reviewer="test", sentences=(Sentence(id=1, text="So."),), verdicts=verdicts)
    return [
        Attempt(
            key=f"{number}/{question.id}",
            person=name,
            space="web/page",
            question=question.id,
            source="daily",
            occurrence="o",
            at=NOW,
            feedback=said,
        )
        for number, name in enumerate(people)
    ]


FIVE = [f"web:p{number}" for number in range(5)]


def test_weak_areas_are_those_missed_more_than_the_rest_weakest_first() -> None:
    found = [*answers("reliability", FIVE, 5), *answers("execution", FIVE, 4), *answers("leadership", FIVE, 0), *answers("design", FIVE, 1)]
    assert weak_competencies(found, BANK) == ("reliability", "execution")


def test_an_area_that_fewer_than_five_answered_is_never_called_weak() -> None:
    found = [*answers("reliability", FIVE[:4], 6), *answers("execution", FIVE, 3), *answers("leadership", FIVE, 0)]
    assert weak_competencies(found, BANK) == ("execution",)
    assert weak_competencies([*found[:4] * 5, *answers("leadership", FIVE, 0)], BANK) == ()  # one person's many answers are one person's
    assert weak_competencies([], BANK) == ()


def test_one_person_cannot_make_a_point_the_teams() -> None:
    many = [*answers("reliability", FIVE[:1] * 6, 3), *answers("reliability", FIVE[1:], 0)]
    assert recap_card([], many, BANK).bullets == ()
    assert len(recap_card([], answers("reliability", FIVE, 3), BANK).bullets) == 3


def test_days_without_a_question_are_not_counted() -> None:
    def day(number: int, status: str) -> Occurrence:
        at = NOW - timedelta(days=number)
        values = {"key": str(number), "drill": "d", "day": date(2026, 11, 27), "number": 1, "question": "q", "due_at": at, "reveal_at": at}
        return Occurrence.model_validate({**values, "status": status})

    week = [day(1, "posted"), day(2, "skipped"), day(3, "dead"), day(4, "revealed")]
    assert recap_card(week, answers("reliability", FIVE, 0), BANK).text.startswith("2 questions")


async def test_nothing_is_said_of_a_week_in_which_nobody_answered(world: World) -> None:
    await until(world, 2026, 11, 28, 12)
    assert any("Reveal 4" in item.card.eyebrow for item in world.platform.shown)
    assert not any(item.card.title == "This week" for item in world.platform.shown)


async def test_the_recap_says_what_next_week_starts_with(world: World) -> None:
    await world.press("Answer privately", world.find("Daily question 1"), fields={"text": STRONG})
    await until(world, 2026, 11, 27, 17)
    says = text_of(world.find("This week").card)
    await until(world, 2026, 11, 30, 12)
    competency = world.find("Daily question 5").card.eyebrow.split(" · ")[1]
    assert f"Monday starts with: {competency}." in says


async def test_a_team_of_five_changes_the_order_where_its_owner_wants_that(world: World) -> None:
    for wanted, weak in (("turn", ()), ("sooner", ("api_data",))):
        await world.do("drill setup", fields={**GOOD, "competencies": "api_data,reliability", "order": wanted})
        card = next(item for item in reversed(world.platform.shown) if item.card.eyebrow.startswith("Daily question"))
        for number in range(5):
            await world.press("Answer privately", card, who=person(f"p{number}"), fields={"text": WEAK})
        if wanted == "sooner":  # a second area, better answered, to compare with
            await give_good_answers(world)
        now = world.clock.now()
        await until(world, now.year, now.month, now.day, 23)
        assert (await drill(world)).weak == weak
        await world.wait(hours=12)


async def give_good_answers(world: World) -> None:
    (latest,) = (await occurrences(world, "posted"))[-1:]
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        for number, answer in enumerate(answers("reliability", FIVE, 0)):
            unit.save(answer.model_copy(update={"key": f"good{number}", "occurrence": latest.key}))
