"""A space's life: installed, left, a channel joined or closed, trouble with it. The practice page gets its first daily question at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.chat import Audience, Card, Message, Place, Post, house
from core.features.drill.announcing import posted
from core.features.drill.choosing import choose, note
from core.features.drill.days import first_after, reveal_time
from core.features.handler import NOTHING, Handler, Outcome, Tools, effect, there
from core.ports import Reads
from core.records import Drill, SpaceRecord, short_id


@dataclass(frozen=True)
class Settled:
    """What is known of the space, and of the channel the message names."""

    space: SpaceRecord | None
    drill: Drill | None
    drills: Sequence[Drill] = ()
    """All of the space's."""


async def read_settled(reads: Reads, message: Message) -> Settled:
    """The space and the channel's standing order."""
    return Settled(
        space=await reads.get(SpaceRecord, message.place.space_key),
        drill=await reads.get(Drill, str(message.place.outside)),
        drills=await reads.find(Drill, space=message.place.space_key, limit=10_000) if message.text == "removed" else (),
    )


async def lifecycle(known: Settled, message: Message, tools: Tools) -> Outcome:
    """`installed`, `removed`, `joined`, `closed`, `trouble`; and on the page `opened`: its channel has a daily question from the start."""
    match message.text:
        case "removed":
            return _removed(known, tools)
        case "closed":
            return _closed(known)
        case "trouble":
            return _trouble(known, message)
        case "joined":
            return _installed(known, message, tools) + _joined(known, message)
        case "opened" if not known.drill and (known.space is None or known.space.left_at):
            return _installed(known, message, tools) + _first_question(message, tools, message.author.zone or "UTC")
    return _installed(known, message, tools)


def _installed(known: Settled, message: Message, tools: Tools) -> Outcome:
    """Whoever installs it is a lead; whoever it was for before it left stays one."""
    space = known.space or SpaceRecord(key=message.place.space_key, zone=message.author.zone or "UTC", installed_at=tools.now)
    installer = message.author.key
    lead = message.text == "installed" and installer != house(message.place).key and installer not in space.leads
    after = space.model_copy(update={"left_at": None, "leads": (*space.leads, installer) if lead else space.leads})
    return NOTHING if after == known.space else Outcome(saves=(after,))


def _removed(known: Settled, tools: Tools) -> Outcome:
    if known.space is None:
        return NOTHING
    stopped = tuple(
        drill.model_copy(update={"next_due_at": None, "stopped": "I was removed from here."}) for drill in known.drills if drill.next_due_at
    )
    return Outcome(saves=(known.space.model_copy(update={"left_at": tools.now}), *stopped))


def _joined(known: Settled, message: Message) -> Outcome:
    if known.drill and known.drill.next_due_at:
        return NOTHING
    return Outcome(posts=(there(message, Card(text="Nothing will be posted until someone runs /drill setup."), "joined"),))


def _closed(known: Settled) -> Outcome:
    """The channel is archived, or lost to us: its daily question stops, and whoever set it is told, once."""
    drill = known.drill
    if drill is None or drill.next_due_at is None:
        return NOTHING
    stopped = drill.model_copy(update={"next_due_at": None, "stopped": "The channel was archived, or I was removed from it."})
    if drill.owner == house(drill.place):
        return Outcome(saves=(stopped,))
    text = "A channel with a daily question of yours was archived, or I was removed from it: the question is stopped. "
    told = Post(
        key=f"closed/{short_id(drill.key, str(drill.version))}",
        into=Place.dm(drill.place.platform, drill.place.space, drill.owner.id),
        card=Card(text=f"{text}/drill setup starts one in another channel."),
        audience=Audience(kind="kept", person=drill.owner),
        about=drill.owner.key,
    )
    return Outcome(saves=(stopped,), posts=(told,))


def _trouble(known: Settled, message: Message) -> Outcome:
    """Something is not as it could be: whoever set the channel's daily question, or whoever runs the bot, hears of it once."""
    who = known.drill.owner if known.drill else message.author
    if who == house(message.place):
        return NOTHING
    told = Post(
        key=effect(message, "trouble"),
        into=Place.dm(message.place.platform, message.place.space, who.id),
        card=Card(text=message.fields.get("what", "")),
        audience=Audience(kind="kept", person=who),
        about=who.key,
    )
    return Outcome(posts=(told,))


def _first_question(message: Message, tools: Tools, zone: str) -> Outcome:
    place = message.place.outside
    drill = Drill(key=str(place), place=place, owner=message.author, zone=zone, seed=tools.rng.randrange(2**31))
    day = tools.now.astimezone(ZoneInfo(zone)).date()
    # today's own question is the one that stands here now
    drill = drill.model_copy(update={"next_due_at": first_after(drill, tools.cadence, tools.now, {day})})
    question = tools.bank.find("order-status-api") or choose(drill, tools.bank, day)
    if question is None:
        return Outcome(saves=(drill,))
    reveal_at = max(reveal_time(drill, day), tools.now + timedelta(hours=2))
    made = posted(note(drill, question, day), question, day, tools.now, reveal_at)
    return Outcome(saves=made.saves, posts=made.posts)


HANDLER = Handler(read=read_settled, decide=lifecycle)
