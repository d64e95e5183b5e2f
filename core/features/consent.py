"""Before anyone's text first reaches a model: one plain notice of who will process it, and *Text match only* as a lasting choice."""

from __future__ import annotations

from core.chat import Button, Card, Message, Post
from core.features.handler import Caller, Tools, kept
from core.records import Profile, short_id


def asked_first(caller: Caller, message: Message, tools: Tools) -> tuple[Post, ...]:
    """The notice, where a model could be used and the person has not said anything about it. Its key sees to it that it comes once."""
    host, profile = tools.panel.host, caller.profile
    if host is None or (caller.space and not caller.space.model) or (profile and (profile.text_only or profile.agreed_to == host)):
        return ()
    return (kept(message, notice(tools)).model_copy(update={"key": f"who-reads/{message.author.key}/{host}"}),)


def notice(tools: Tools) -> Card:
    """Who would read it, what that gives, and what else there is."""
    return Card(
        title="May a model read what you write?",
        text=f"It is **{tools.panel.model}**, and **{tools.panel.host}** would process what you answer and ask from then on, with the "
        "questions and their rubrics, and your stories and background where you use them; not your name. In return the interviewer "
        "listens and asks on, and a debrief has levels and a practice vote.\n\n"
        "Until you choose, text match reads, which sends nothing anywhere. You can change it at any time with /model.",
        buttons=(
            Button(label="Go on with it", line=f"model on {named(tools.panel.host)}", style="primary"),
            Button(label="Text match only", line="model off"),
        ),
        footer="Asked once. Text match gives a checklist and the next probe; no grade.",
    )


def named(host: str | None) -> str:
    """A host, short enough for a button: whoever presses agrees to the one that was named beside it."""
    return short_id("host", host or "")


def agreed(profile: Profile, host: str) -> Profile:
    """From now on."""
    return profile.model_copy(update={"agreed_to": host, "text_only": False})


def declined(profile: Profile) -> Profile:
    """From now on, until they change it."""
    return profile.model_copy(update={"agreed_to": "", "text_only": True})
