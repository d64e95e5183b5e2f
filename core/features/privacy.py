"""`/privacy`: what is stored about a person, all of it to take along, all of it to erase."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Audience, Button, Card, Fact, File, Message, Post, house
from core.features.handler import AnyHandler, Handler, Outcome, Tools, effect, kept, passing
from core.interview.loop import Loop
from core.interview.stages import Interview
from core.ports import Reads
from core.records import Attempt, Background, Coined, Drill, Profile, Record, SpaceRecord, Story, Timer, Weakness


@dataclass(frozen=True)
class Stored:
    """Everything about one person."""

    profile: Profile | None
    attempts: Sequence[Attempt]
    weaknesses: Sequence[Weakness]
    stories: Sequence[Story]
    interviews: Sequence[Interview]
    timers: Sequence[Timer]
    drills: Sequence[Drill]
    """Standing orders they set; these belong to the channel and stay, without their name."""
    space: SpaceRecord | None
    background: Background | None = None
    coined: Sequence[Coined] = ()
    """Questions that a model wrote for them."""
    loops: Sequence[Loop] = ()


async def read_stored(reads: Reads, message: Message) -> Stored:
    """By the person's key, and nobody else's."""
    person = message.author.key
    return Stored(
        profile=await reads.get(Profile, person),
        attempts=await reads.find(Attempt, person=person, order="at", limit=10_000),
        weaknesses=await reads.find(Weakness, person=person, limit=10_000),
        stories=await reads.find(Story, person=person, order="at", limit=10_000),
        interviews=await reads.find(Interview, person=person, limit=10_000),
        timers=await reads.find(Timer, person=person, limit=1_000),
        drills=await reads.find(Drill, owner_key=person, limit=1_000),
        space=await reads.get(SpaceRecord, message.place.space_key),
        background=await reads.get(Background, person),
        coined=await reads.find(Coined, person=person, limit=1_000),
        loops=await reads.find(Loop, person=person, limit=1_000),
    )


async def privacy(known: Stored, message: Message, tools: Tools) -> Outcome:
    """Show, export or erase."""
    action = message.fields.get("action", "show")
    if action == "export":
        return _export(known, message)
    if action == "erase":
        return _erase(known, message) if message.fields.get("sure") == "yes" else Outcome(posts=(passing(message, _ask()),))
    return Outcome(posts=(passing(message, _show(known)),))


def _show(known: Stored) -> Card:
    return Card(
        title="What is stored about you",
        facts=(
            Fact(label="Settings", value="yes" if known.profile else "none"),
            Fact(label="Answers and reviews", value=str(sum(bool(attempt.text) for attempt in known.attempts))),
            Fact(label="Mock interviews", value=str(len(known.interviews))),
            Fact(label="Points that come back", value=str(len(known.weaknesses))),
            Fact(label="Stories", value=str(len(known.stories))),
            *((Fact(label="Background", value="yes"),) if known.background else ()),
            *((Fact(label="Loops", value=str(len(known.loops))),) if known.loops else ()),
            *((Fact(label="Questions written for you", value=str(len(known.coined))),) if known.coined else ()),
            Fact(label="Waiting messages to you", value=str(len(known.timers))),
        ),
        text="Only you can read it; nobody has a command that shows it, admins included. It is not used to train anything.",
        buttons=(
            Button(label="Take it along", line="privacy export"),
            Button(label="Erase everything", line="privacy erase"),
        ),
    )


def _ask() -> Card:
    return Card(
        title="Erase everything about you?",
        text="Settings, answers, reviews, interviews, stories, your background, and what I wrote to you. "
        "This cannot be undone; take it along first if you want it.",
        buttons=(
            Button(label="Take it along", line="privacy export"),
            Button(label="Yes, erase it", line="privacy erase yes", style="danger"),
        ),
    )


def _export(known: Stored, message: Message) -> Outcome:
    values: dict[str, list[Record]] = {
        "settings": [known.profile] if known.profile else [],
        "answers": list(known.attempts),
        "interviews": list(known.interviews),
        "open_points": list(known.weaknesses),
        "stories": list(known.stories),
        "background": [known.background] if known.background else [],
        "loops": list(known.loops),
        "questions_written_for_you": list(known.coined),
        "timers": list(known.timers),
    }
    dumped = {name: [item.model_dump(mode="json", exclude={"version"}) for item in items] for name, items in values.items()}
    as_json = json.dumps(dumped, indent=2, ensure_ascii=False)
    files = (
        File(name="loopcoach.md", mime="text/markdown", text=_markdown(known)),
        File(name="loopcoach.json", mime="application/json", text=as_json),
    )
    cards = [Card(title=f"Your data: {file.name}", text="Everything that is stored about you.", file=file) for file in files]
    return Outcome(posts=tuple(kept(message, card, f"export-{number}") for number, card in enumerate(cards)))


def _markdown(known: Stored) -> str:
    parts = ["# Loopcoach: everything stored about you\n"]
    if known.profile:
        parts.append(f"Level {known.profile.level}, coaching {known.profile.coaching}, zone {known.profile.zone or 'not set'}.\n")
    for attempt in known.attempts:
        parts.append(f"## {attempt.at:%Y-%m-%d %H:%M} UTC · {attempt.question} · {attempt.source}\n\n{attempt.text}\n")
        if attempt.feedback:
            parts += [f"- {verdict.point}: {verdict.status.value}" for verdict in attempt.feedback.verdicts] + [""]
    for interview in known.interviews:
        parts.append(f"## Mock {interview.key}\n")
        parts += [f"**{turn.who}:** {turn.text}\n" for turn in interview.turns]
    if known.background:
        parts.append(f"## Background\n\n{known.background.told(100_000)}\n")
    for story in known.stories:
        parts.append(f"## Story: {story.title}\n\n{story.text}\n")
    return "\n".join(parts)


def _erase(known: Stored, message: Message) -> Outcome:
    kept: list[Record] = [drill.model_copy(update={"owner": house(drill.place)}) for drill in known.drills]
    if known.space and message.author.key in known.space.leads:
        leads = tuple(lead for lead in known.space.leads if lead != message.author.key)
        kept.append(known.space.model_copy(update={"leads": leads}))
    goodbye = Post(
        key=effect(message, "erased"),
        into=message.place,
        card=Card(text="Erased: settings, answers, reviews, interviews, stories and what I wrote to you. Nothing about you is left."),
        audience=Audience(kind="passing", person=message.author),
        handle=message.handle,
        if_unsure="skip",
    )
    return Outcome(saves=tuple(kept), posts=(goodbye,), erase=message.author.key)


HANDLERS: dict[str, AnyHandler] = {"privacy": Handler(read=read_stored, decide=privacy)}
