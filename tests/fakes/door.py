"""A small coach that works: it accepts, opens forms, and answers with the cards that the real one makes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.chat import (
    EVERYONE,
    Audience,
    Button,
    Card,
    Chart,
    Fact,
    File,
    Form,
    Input,
    Kind,
    Line,
    Mark,
    Menu,
    Message,
    Option,
    Place,
    Post,
    Receipt,
    Series,
    when,
)
from core.errors import NotAllowed, StoreUnavailable, TooLate
from core.ports import Clock, Platform

SMALL = "Answers go only to you. Practice signal, not Amazon's scoring."
PROMPT = (
    "Checkout calls a tax service owned by another team. Since noon, one call in fifty takes nine seconds instead of eighty "
    "milliseconds; none of them fails. Checkout's own threads are filling up and orders that need no tax at all are now slow too. "
    "What do you do in the first ten minutes, and what do you change so that it cannot happen this way again?"
)
NAMES = (
    "Bounds the wait",
    "Keeps the damage apart",
    "Stops asking for a while",
    "A degraded path, with its cost",
    "Mitigates before diagnosing",
)


class FakeDoor:
    """Implements `core.ports.Door` over any platform. What it was told stands in `accepted`, in order."""

    def __init__(self, platform: Platform, clock: Clock, *, pause: float = 0) -> None:
        self.accepted: list[Message] = []
        self.live_places: list[Place] = []
        self.unavailable = 0
        """How many of the next calls of `accept` fail."""
        self._platform = platform
        self._clock = clock
        self._pause = pause
        """Seconds that an answer takes."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._mock: Receipt | None = None

    async def form(self, message: Message) -> Form | None:
        if message.command == "answer" and "text" not in message.fields:
            way_out = Button(label="Rather type it in a DM", line="review")
            field = Input(name="text", label="Your answer", kind="paragraph", max_length=4000, hint="Three to six sentences are plenty.")
            return Form(
                title="The tax service is slow", line=message.text, text=PROMPT, fields=(field,), submit="Review my answer", way_out=way_out
            )
        if message.command == "drill" and message.fields.get("action") == "setup":
            return _drill_form()
        return None

    def check(self, message: Message) -> Mapping[str, str]:
        wrong = {}
        if message.command == "drill" and message.fields.get("reveal", "") <= message.fields.get("at", ""):
            wrong["reveal"] = "The reveal comes after the question. Choose a later time."
        if message.command == "answer" and len(message.fields.get("text", "").split()) < 2:
            wrong["text"] = "Not enough to review: 1 word. Try three to six sentences, or pass to see the bullets."
        return wrong

    async def accept(self, message: Message) -> bool:
        if self.unavailable:
            self.unavailable -= 1
            raise StoreUnavailable("database is locked")
        if message.command == "skip" and not self.live_places:
            raise TooLate("That mock is over. /mock starts another.")
        if message.command == "drill" and message.fields.get("action") == "stop":
            raise NotAllowed("Only a lead can stop the daily question here.")
        if any(known.id == message.id for known in self.accepted):
            return False
        self.accepted.append(message)
        task = asyncio.create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def live(self, platform: str) -> Sequence[Place]:
        return self.live_places

    async def settle(self) -> None:
        """Wait until everything accepted so far is answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def daily(self, place: Place, number: int = 12) -> Receipt:
        """Post the daily question."""
        return await self._send(f"daily/{number}", place, daily_card(self._clock.now(), number), opens=True)

    async def _answer(self, message: Message) -> None:
        await self._platform.show(message.place, "heard")
        if self._pause:
            await self._platform.show(message.place, "thinking")
            await asyncio.sleep(self._pause)
        key, place, mine = f"re/{message.id}", message.place, Audience(kind="kept", person=message.author)
        match message.command:
            case "mock":
                await self._begin_mock(message)
            case "done" | "hint":
                await self._send(key, place, _probe())
            case "end":
                self.live_places = [live for live in self.live_places if live != place]
                await self._send(key, place, review_card(message.author.name, title="Debrief"), mine)
            case "answer" | "review":
                text = message.fields.get("text", "")
                if message.place != _dm(message):
                    await self._send(f"{key}/sent", place, Card(text="Sent to your DM."), Audience(kind="passing", person=message.author))
                await self._send(key, place, review_card(text), mine)
            case "progress":
                await self._send(key, place, progress_card(), mine)
            case "question":
                await self._send(key, place, daily_card(self._clock.now(), 13, eyebrow="Reliability · SDE II"), mine)
            case "privacy":
                await self._send(key, place, Card(title="Your data", text="Everything about you, as it is stored.", file=_export()), mine)
            case "settings":
                passing = Audience(kind="passing", person=message.author)
                await self._send(key, place, Card(text=f"Saved: {', '.join(message.fields.values())}."), passing)
            case None if message.kind is Kind.AMBIENT and place in self.live_places:
                pass
            case None if message.kind is Kind.EDITED:
                pass
            case None if message.kind is Kind.MENTION:
                await self._send(key, place, Card(text="No. Gift cards and free items need none."))
            case name:
                await self._send(key, place, Card(title=(name or "Coach").capitalize(), text=GUIDE, buttons=(_menu(),)), mine)

    async def _begin_mock(self, message: Message) -> None:
        card = Card(
            eyebrow="Mock · API and data · SDE II · 5 min",
            title="Order status updates",
            text="About 1 minute for a story, 4 for a design. I am a scripted interviewer and I do not grade.\n\n"
            "Several messages are fine; press *Done* or type `done`. Any time: `hint` `skip` `pause` `time` `end`.",
            buttons=(
                Button(label="Start", line="begin m1", style="primary"),
                Button(label="Cancel", line="cancel m1", confirm="Do not hold this mock?"),
            ),
        )
        opened = await self._send(f"mock/{message.id}", _dm(message), card, opens=True)
        self.live_places.append(opened.place)
        await self._send(f"mock/{message.id}/1", opened.place, _probe())

    async def _send(self, key: str, into: Place, card: Card, audience: Audience = EVERYONE, opens: bool = False) -> Receipt:
        about = audience.person.key if audience.person else None
        return await self._platform.deliver(Post(key=key, into=into, card=card, audience=audience, about=about, opens=opens), None)


GUIDE = (
    "**What the loop looks for**\n\n- You *clarify* before you design: traffic, data, failure.\n"
    "- You compare two ways aloud and say what each costs.\n- You say how it is run and watched.\n\n"
    "See [the public description](https://example.org/loop), then try `mock minutes:5`."
)


def daily_card(now: datetime, number: int, eyebrow: str = "") -> Card:
    """A daily question, as DESIGN and ux.md draw it."""
    question = f"tax-{number}"
    return Card(
        eyebrow=eyebrow or f"Daily question {number} · Reliability · SDE II",
        title="The tax service is slow",
        text=PROMPT,
        facts=(
            Fact(label="Looks at", value="Customer Obsession, Insist on the Highest Standards"),
            Fact(label="Time", value=f"About 12 min · reveal {when(now + timedelta(hours=5))}"),
        ),
        buttons=(
            Button(label="Answer privately", line=f"answer {question}", style="primary"),
            Button(label="Mock this", line=f"mock question:{question}"),
            Button(label="I pass", line=f"pass {question}"),
            _menu(),
        ),
        footer=f"Answered: 5 or more · {SMALL}",
    )


def review_card(text: str, title: str = "Your answer, point by point") -> Card:
    """Feedback with every mark, and the person's own sentences."""
    sentences = [part.strip() + "." for part in text.split(".") if part.strip()] or ["Nothing."]
    marks = (Mark.COVERED, Mark.MAYBE, Mark.CLAIMED, Mark.MISSING, Mark.NOT_ASKED)
    notes = ("", "a word matched, a mechanism did not", "claimed by you", "nothing found", "no minus")
    lines = tuple(
        Line(text=name, mark=mark, quote=sentences[i % len(sentences)] if i < 3 else None, note=note)
        for i, (name, mark, note) in enumerate(zip(NAMES, marks, notes, strict=True))
    )
    return Card(
        eyebrow="Reviewed by text match (offline) · a checklist, not a grade",
        title=title,
        text="Covered **1** · Maybe 1 · Claimed 1 · Missing 1 · Not asked 1",
        bullets=lines,
        after="**They would ask next:** the last known rate was wrong for 4,000 orders. Who finds out, and how?",
        buttons=(
            Button(label="Answer that", line="followup tax-12 degraded"),
            Button(label="Suggested bullets", line="bullets tax-12"),
            Button(label="I did say that", line="dispute a1"),
            Button(label="Share my answer here", line="share a1", confirm="Post your answer in #backend-interviews under your name?"),
        ),
        footer="Practice signal, not Amazon's scoring. Kept 90 days, only for you.",
    )


def progress_card() -> Card:
    """A card with a chart."""
    series = (Series(name="covered", values=(1, 3, 4, 6)), Series(name="missing", values=(5, 4, 3, 2)))
    chart = Chart(
        shape="stacked",
        title="Points a week",
        labels=("w1", "w2", "w3", "w4"),
        series=series,
        alt="Covered points rose from 1 to 6 in 4 weeks",
    )
    facts = (Fact(label="API and data", value="2 answers · 1 day · too little to say"), Fact(label="Reliability", value="1 answer · 1 day"))
    return Card(title="Progress", facts=facts, chart=chart)


def _probe() -> Card:
    buttons = tuple(
        Button(label=word.capitalize(), line=f"{word} m1", style="primary" if word == "done" else "plain")
        for word in ("done", "hint", "skip", "end")
    )
    return Card(
        quote="I'd expose PUT /orders/{id}/status for couriers.",
        text="Noted. The courier's phone times out and sends the same update again. What happens?",
        buttons=buttons,
    )


def _menu() -> Menu:
    lines = {"At lunch": "remind lunch", "Tonight": "remind tonight", "Every drill": "remind every", "Stop": "remind stop"}
    return Menu(label="Remind me", buttons=tuple(Button(label=label, line=line) for label, line in lines.items()))


def _export() -> File:
    return File(name="loopcoach.md", mime="text/markdown", text="# Everything\n")


def _dm(message: Message) -> Place:
    return Place.dm(message.place.platform, message.place.space, message.author.id)


def _drill_form() -> Form:
    days = tuple(Option(value=str(n), label=name) for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))
    levels = tuple(
        Option(value=value, label=label)
        for value, label in (("any", "Any level"), ("sde1", "SDE I"), ("sde2", "SDE II"), ("sde3", "SDE III"))
    )
    competencies = tuple(Option(value=f"c{n}", label=f"Competency {n}") for n in range(8))
    return Form(
        title="A daily question for #backend-interviews",
        line="drill setup",
        text="One question on the days you choose, its bullets in the afternoon. Nothing is posted before you press *Start*.",
        fields=(
            Input(name="days", label="Days", kind="choices", value="0,1,2,3,4", options=days),
            Input(name="at", label="Question at", kind="time", value="09:00"),
            Input(name="reveal", label="Reveal at", kind="time", value="16:30", hint="Skipped on holidays and pauses."),
            Input(name="zone", label="Time zone", value="Europe/Berlin", max_length=40),
            Input(name="level", label="Level", kind="choice", value="any", options=levels),
            Input(name="about", label="About", kind="choice", value="c2", options=competencies),
            Input(name="start", label="First day", kind="date", required=False),
            Input(name="note", label="A word to the channel", kind="paragraph", max_length=120, required=False),
        ),
        submit="Start",
        way_out=Button(label="Preview", line="drill preview"),
    )
