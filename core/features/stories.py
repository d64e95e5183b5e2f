"""`/stories`: the person's own leadership stories, kept for reuse. Checks against the story are in the review room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Button, Card, Form, Input, Line, Message, Option, literal
from core.errors import NotUnderstood, TooLate
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, passing, read_caller
from core.ports import Reads
from core.questions.bank import PRINCIPLES
from core.records import Story, short_id

LONGEST = 4_000


@dataclass(frozen=True)
class Kept:
    """The person's stories, newest first."""

    caller: Caller
    stories: Sequence[Story]


async def read_kept(reads: Reads, message: Message) -> Kept:
    """Only the author's own."""
    return Kept(
        caller=await read_caller(reads, message), stories=await reads.find(Story, person=message.author.key, order="-at", limit=200)
    )


def form(known: Kept, message: Message, tools: Tools) -> Form | None:
    """A new story, where its text was not typed already."""
    if message.fields.get("action") != "add" or message.fields.get("text"):
        return None
    return Form(
        title="A story to keep",
        line="stories add",
        text="Situation in a sentence, what you did yourself, the number before and after, what you learnt. "
        "Leave out your employer's secrets.",
        fields=(
            Input(name="title", label="Title", max_length=80),
            Input(name="text", label="The story", kind="paragraph", max_length=LONGEST),
            Input(
                name="principles",
                label="Shows",
                kind="choices",
                required=False,
                options=tuple(Option(value=slug, label=name) for slug, name in PRINCIPLES.items()),
            ),
        ),
        submit="Keep it",
    )


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """A story has words."""
    if message.fields.get("action") != "add":
        return {}
    wrong = {}
    if not message.fields.get("text", "").strip():
        wrong["text"] = "Nothing is written here yet."
    if len(message.fields.get("text", "")) > LONGEST:
        wrong["text"] = f"At most {LONGEST:,} characters; two minutes of speech are about 1,800."
    return wrong


async def stories(known: Kept, message: Message, tools: Tools) -> Outcome:
    """List, add, delete."""
    action = message.fields.get("action", "list")
    if action == "add":
        return _add(known, message, tools)
    if action == "delete":
        return _delete(known, message)
    return Outcome(posts=(passing(message, _list(known)),))


def _add(known: Kept, message: Message, tools: Tools) -> Outcome:
    if wrong := check(message, tools):
        raise NotUnderstood(" ".join(wrong.values()))
    text = message.fields["text"].strip()
    title = message.fields.get("title", "").strip() or _title_of(text)
    chosen = tuple(slug for slug in PRINCIPLES if slug in message.fields.get("principles", "").split(","))
    story = Story(
        key=short_id("story", message.id), person=message.author.key, title=title[:80], text=text, principles=chosen, at=tools.now
    )
    card = Card(
        text=f"Kept: **{literal(story.title)}**. You have {len(known.stories) + 1}.",
        buttons=(Button(label="My stories", line="stories list"), Button(label="Add another", line="stories add")),
    )
    return Outcome(saves=(*known.caller.met(message, tools.now), story), posts=(passing(message, card),))


def _title_of(text: str) -> str:
    words = text.split()
    return " ".join(words[:8]) + ("…" if len(words) > 8 else "")


def _delete(known: Kept, message: Message) -> Outcome:
    wanted = message.fields.get("id") or message.fields.get("text", "").strip()
    found = next((story for story in known.stories if story.key == wanted), None)
    if found is None:
        raise TooLate("That story is not here any more. /stories lists what is.")
    return Outcome(removes=(found,), posts=(passing(message, f"Removed: **{literal(found.title)}**."),))


def _list(known: Kept) -> Card:
    if not known.stories:
        return Card(
            title="Your stories",
            text="None yet. A loop asks for two or three principles in each round, so eight to ten stories carry you through.",
            buttons=(
                Button(label="Add one", line="stories add", style="primary"),
                Button(label="Practise one", line="question competency:leadership"),
            ),
        )
    used = {slug for story in known.stories for slug in story.principles}
    without = [name for slug, name in PRINCIPLES.items() if slug not in used]
    return Card(
        title=f"Your stories: {len(known.stories)}",
        bullets=tuple(
            Line(text=f"**{literal(story.title)}** {', '.join(PRINCIPLES[slug] for slug in story.principles)}", quote=story.text)
            for story in known.stories[:20]
        ),
        after=f"No story yet for: {', '.join(without)}." if without else "Every principle has a story.",
        buttons=(
            Button(label="Add one", line="stories add", style="primary"),
            *(
                Button(
                    label=f"Delete: {story.title[:40]}", line=f"stories delete id:{story.key}", style="danger", confirm="Delete this story?"
                )
                for story in known.stories[:3]
            ),
        ),
        footer="Only you see this.",
    )


HANDLERS: dict[str, AnyHandler] = {"stories": Handler(read=read_kept, decide=stories, form=form, check=check)}
