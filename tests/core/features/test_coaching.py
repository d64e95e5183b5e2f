"""Direct messages the morning after. The world starts on Tuesday 24 November 2026 at 10:00 in Berlin."""

from core.chat import Place
from core.records import Profile, Timer, Weakness
from tests.core.features.answers import STRONG, WEAK
from tests.fakes.world import OTHER, YOU, World, text_of

DM = Place.dm("web", "page", "you")
SAFE = (
    "The phone makes an event id once for each change and sends it along; I store the id with the result, "
    "and when the same id comes again I return the stored result."
)


def mornings(world: World) -> int:
    return sum("One point to bring back" in item.card.eyebrow for item in world.platform.shown)


async def weak(world: World) -> list[Weakness]:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        return list(await unit.find(Weakness, person=YOU.key))


async def days(world: World, count: int) -> None:
    for _ in range(count * 24):
        await world.wait(hours=1)


async def answered(world: World, text: str = WEAK) -> None:
    await world.press("Answer privately", world.find("Daily question 1"), fields={"text": text})


async def test_one_point_comes_back_the_next_working_morning(world: World) -> None:
    await answered(world)
    assert mornings(world) == 0
    await days(world, 1)
    assert mornings(world) == 1
    card = world.find("One point to bring back").card
    assert len(text_of(card).split()) <= 80
    assert world.find("One point to bring back").place == DM


async def test_nobody_is_written_to_who_did_nothing(world: World) -> None:
    await days(world, 4)
    assert not any(item.place.direct for item in world.platform.shown)


async def test_at_most_three_points_are_brought_back_from_one_answer(world: World) -> None:
    await answered(world)
    assert 1 <= len(await weak(world)) <= 3


async def test_a_plain_reply_is_reviewed_for_that_point(world: World) -> None:
    await answered(world)
    await days(world, 1)
    name = world.find("One point to bring back").card.title
    await world.say(SAFE, DM)
    assert name in world.last().title
    assert "→" in world.last().title


async def test_a_covered_point_comes_back_later_and_a_missed_one_tomorrow(world: World) -> None:
    await answered(world)
    target = next(item for item in await weak(world) if item.point == "safe-repeat")
    await world.do("followup order-status-api safe-repeat", DM, fields={"text": SAFE})
    after = next(item for item in await weak(world) if item.key == target.key)
    assert "missing → covered" in world.last().title
    assert after.due_at > world.clock.now()


async def test_no_morning_message_at_the_weekend(world: World) -> None:
    await days(world, 3)
    await answered(world)
    before = mornings(world)
    world_day = world.clock.now()
    await days(world, 2)
    assert world_day.weekday() == 4
    assert mornings(world) == before


async def test_three_unanswered_messages_lead_to_one_question_and_then_weekly(world: World) -> None:
    await answered(world)
    await days(world, 14)
    assert sum("stayed unanswered" in item.card.text for item in world.platform.shown) == 1
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        profile = await unit.get(Profile, YOU.key)
    assert profile
    assert profile.coaching == "weekly"
    assert mornings(world) <= 4


async def test_stop_is_one_press_and_for_good(world: World) -> None:
    await answered(world)
    await days(world, 1)
    await world.press("Stop these", world.find("One point to bring back"))
    seen = mornings(world)
    await answered(world)
    await days(world, 7)
    assert mornings(world) == seen
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        assert await unit.get(Timer, f"followed:{YOU.key}") is None


async def test_the_bullet_of_the_point_can_be_shown(world: World) -> None:
    await answered(world)
    await days(world, 1)
    await world.press("Show the bullet", world.find("One point to bring back"))
    assert "becomes yours" in world.last().text


async def test_somebody_elses_point_is_not_shown(world: World) -> None:
    await answered(world)
    key = (await weak(world))[0].key
    await world.do(f"comeback bullet {key}", who=OTHER)
    assert "settled or gone" in world.last(OTHER).text


async def test_a_strong_answer_leaves_less_to_bring_back_than_a_weak_one(world: World) -> None:
    await answered(world, STRONG)
    points = {item.point for item in await weak(world)}
    assert "safe-repeat" not in points
    assert "reads-first" not in points
