"""`/model`: who reads what I write, where it is processed, what that cost today; on, off, and for a whole space."""

from __future__ import annotations

from dataclasses import dataclass

from core.chat import Button, Card, Fact, Message, Post
from core.errors import NotAllowed, NotUnderstood
from core.features.consent import agreed, declined, named, notice
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller
from core.ports import Reads, Spent
from core.records import SpaceRecord

NONE = "No model is set up here: text match reads everything, and nothing leaves this computer."


@dataclass(frozen=True)
class Reading:
    """The person and the space."""

    caller: Caller


async def read_reading(reads: Reads, message: Message) -> Reading:
    """The author's own."""
    return Reading(await read_caller(reads, message))


async def model(known: Reading, message: Message, tools: Tools) -> Outcome:
    """Show it, or change it."""
    host = tools.panel.host
    if host is None:
        return Outcome(posts=(passing(message, NONE),))
    match message.fields.get("action", "show"):
        case "on":
            return _on(known, message, tools, host)
        case "off":
            after = declined(known.caller.known(message, tools.now))
            return Outcome(saves=(after,), posts=(passing(message, "Text match only, from now on. /model on changes it."),))
        case "allow":
            return _everybody(known, message, tools, True)
        case "forbid":
            return _everybody(known, message, tools, False)
        case "show":
            return Outcome(posts=(await _shown(known, message, tools, host),))
    raise NotUnderstood("Choose on, off or show; a lead may also choose allow or forbid, for everybody here.")


def _on(known: Reading, message: Message, tools: Tools, host: str) -> Outcome:
    if known.caller.space and not known.caller.space.model:
        raise NotAllowed("A lead of this space switched the model off for everybody here. Text match reads.")
    told = message.fields.get("id")
    if told and told != named(host):  # an old notice, of another host
        return Outcome(posts=(passing(message, notice(tools), "anew"),))
    after = agreed(known.caller.known(message, tools.now), host)
    return Outcome(
        saves=(after,),
        posts=(passing(message, f"From the next answer on, {tools.panel.model} at {host} reads what you write. /model off ends that."),),
    )


def _everybody(known: Reading, message: Message, tools: Tools, allowed: bool) -> Outcome:
    space = known.caller.space or SpaceRecord(key=message.place.space_key, zone=message.author.zone or "UTC", installed_at=tools.now)
    if not (message.author.may_manage or message.author.key in space.leads):
        raise NotAllowed("Only a lead of this space can choose that for everybody. /model off is yours alone.")
    said = "People here may use the model, each by their own choice." if allowed else "No model for anybody here; text match reads."
    return Outcome(saves=(space.model_copy(update={"model": allowed}),), posts=(passing(message, said),))


async def _shown(known: Reading, message: Message, tools: Tools, host: str) -> Post:
    payer = known.caller.payer(message, tools)
    spent = await tools.panel.spent(payer)
    forbidden = known.caller.space is not None and not known.caller.space.model
    reads = tools.panel.model if payer.agreed else "text match"
    let = Button(label="Let the model read", line=f"model on {named(host)}")
    choice = Button(label="Text match only", line="model off") if payer.agreed else let
    return passing(
        message,
        Card(
            title="Who reads what you write",
            facts=(
                Fact(label="Now", value=f"{reads}{' (switched off for this space)' if forbidden else ''}"),
                Fact(label="The model", value=f"{tools.panel.model} at {tools.panel.host}"),
                *((Fact(label="Yours today", value=_cost(spent[0], tools)),) if spent else ()),
            ),
            text="A model is sent what you answer and ask, the questions with their rubrics, and your stories and background where you use "
            "them; not your name. What you said while text match read stays with text match.",
            buttons=() if forbidden else (choice,),
        ),
    )


def _cost(spent: Spent, tools: Tools) -> str:
    budget = tools.panel.budget
    left = budget.person.left(spent) if budget else None
    money = f", about ${spent.dollars:.4f}" if spent.dollars else ""
    rest = f"; {left:,} tokens left" if left is not None else ""
    unsure = " (partly estimated)" if spent.estimated else ""
    return f"{spent.calls} call{'s' * (spent.calls != 1)}, {spent.tokens:,} tokens{unsure}{money}{rest}"


HANDLERS: dict[str, AnyHandler] = {"model": Handler(read=read_reading, decide=model)}
