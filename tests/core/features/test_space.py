"""A space's life: who installs it leads it, a channel joined says one line, a channel lost stops its question."""

from core.chat import Kind, Message, Person, Place, house
from core.records import Drill, SpaceRecord, short_id
from tests.fakes.world import CHANNEL, OTHER, YOU, World, text_of

ROOM = Place(platform="web", space="page", channel="another")


async def happens(world: World, word: str, place: Place = ROOM, who: Person | None = None, id: str = "") -> None:
    message = Message(
        id=id or f"life/{word}/{place}", place=place, author=who or house(place), kind=Kind.LIFECYCLE, text=word, sent_at=world.clock.now()
    )
    await world.take(message)


async def space(world: World) -> SpaceRecord:
    async with world.store.begin() as unit:
        found = await unit.get(SpaceRecord, CHANNEL.space_key)
    assert found
    return found


async def test_whoever_installs_it_leads_it_and_stays_one(world: World) -> None:
    await happens(world, "installed", who=OTHER)
    await happens(world, "installed", who=OTHER, id="again")
    await happens(world, "installed", id="by nobody")
    assert (await space(world)).leads == (OTHER.key,)


async def test_a_channel_that_it_joins_hears_one_line(world: World) -> None:
    await happens(world, "joined")
    shown = world.find("Nothing will be posted until someone runs /drill setup.")
    assert shown.place == ROOM
    before = len(world.platform.shown)
    await happens(world, "joined", CHANNEL)  # there is a question already
    assert len(world.platform.shown) == before


async def test_a_channel_that_is_lost_stops_and_whoever_set_it_is_told_once(world: World) -> None:
    async with world.store.begin() as unit:
        unit.save(Drill(key=str(ROOM), place=ROOM, owner=YOU, next_due_at=world.clock.now()))
    await happens(world, "closed")
    await happens(world, "closed", id="again")
    told = [item for item in world.platform.shown if "archived" in text_of(item.card)]
    assert [item.place for item in told] == [Place.dm("web", "page", YOU.id)]
    async with world.store.begin() as unit:
        drill = await unit.get(Drill, str(ROOM))
    assert drill and drill.next_due_at is None and "archived" in drill.stopped


async def test_removed_and_installed_again(world: World) -> None:
    await happens(world, "removed")
    assert (await space(world)).left_at
    await happens(world, "installed", who=OTHER)
    assert (await space(world)).left_at is None


async def test_show_me_shows_ones_own_and_nobody_elses(world: World) -> None:
    await world.say("/question id:order-status-api", CHANNEL)
    kept = next(item for item in reversed(world.platform.shown) if item.post.audience.kind == "kept")
    line = f"show {short_id(kept.post.key)}"
    await world.do(line, CHANNEL)
    again = world.platform.shown[-1]
    assert (again.card, again.post.audience.kind, again.place) == (kept.card, "passing", CHANNEL)
    await world.do(line, CHANNEL, OTHER)
    assert "not yours" in world.last(OTHER).text
