from core.chat import Place
from core.records import Attempt, Profile, Weakness
from tests.core.features.answers import STRONG
from tests.fakes.world import CHANNEL, OTHER, YOU, World, text_of

DM = Place.dm("web", "page", "you")


async def practised(world: World) -> None:
    await world.press("Answer privately", world.find("Daily question 1"), fields={"text": STRONG})
    await world.say("/stories add I rewrote the export and failures went from nine a week to none.", DM)
    await world.say("/mock 5 question:order-status-api", DM)
    await world.press("Start")


async def test_what_is_stored_is_shown_in_counts(world: World) -> None:
    await practised(world)
    await world.say("/privacy", DM)
    facts = {fact.label: fact.value for fact in world.last().facts}
    assert facts["Answers and reviews"] == "1"
    assert facts["Mock interviews"] == "1"
    assert facts["Stories"] == "1"


async def test_the_export_holds_every_word(world: World) -> None:
    await practised(world)
    await world.say("/privacy export", DM)
    files = [item.card.file for item in world.platform.shown if item.card.file]
    assert [file.name for file in files] == ["loopcoach.md", "loopcoach.json"]
    assert all("nine a week to none" in file.text for file in files)
    assert STRONG in files[0].text


async def test_erasing_asks_once_and_then_leaves_nothing(world: World) -> None:
    await practised(world)
    await world.say("/privacy erase", DM)
    assert "cannot be undone" in world.last().text
    await world.press("Yes, erase it")
    assert "Erased" in world.last().text
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        for kind in (Attempt, Weakness):
            assert await unit.count(kind, person=YOU.key) == 0
        assert await unit.get(Profile, YOU.key) is None


async def test_erasing_one_person_leaves_the_others_and_the_channel(world: World) -> None:
    await practised(world)
    await world.press("Answer privately", world.find("Daily question 1"), who=OTHER, fields={"text": STRONG})
    await world.say("/privacy erase yes", DM)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        assert await unit.count(Attempt, person=OTHER.key) == 1
    await world.wait(hours=24)
    assert world.find("Daily question 2").place == CHANNEL


async def test_no_command_shows_anybody_elses_answer(world: World) -> None:
    """Every command, hidden ones too, pressed by somebody else with the author's ids."""
    from core.commands import COMMANDS
    from core.errors import CoachError

    await practised(world)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        attempt = (await unit.find(Attempt, person=YOU.key, source="daily"))[0]
        weakness = (await unit.find(Weakness, person=YOU.key))[0]
    ids = [attempt.key, weakness.key, attempt.occurrence or "", "order-status-api"]
    for command in COMMANDS:
        if command.due or command.name == "privacy":
            continue
        for id in ids:
            for at in (CHANNEL, Place.dm("web", "page", "other")):
                try:
                    await world.do(f"{command.name} {id}", at, OTHER)
                except CoachError:
                    continue
    seen = "\n".join(text_of(item.card) + str(item.card.file) for item in world.seen_by(OTHER))
    assert "event id that it makes once" not in seen
    assert "nine a week" not in seen
