"""Ask about a review, have its weakest sentence discussed, the bullets fitted to one's own stories. Talk: it changes no verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Button, Card, Form, Input, Line, Message, literal
from core.errors import TooLate
from core.features.consent import asked_first
from core.features.handler import Caller, Outcome, Tools, kept, passing, read_caller
from core.ports import Reads, Talk
from core.questions.bank import Question
from core.questions.cards import in_order
from core.records import Attempt, Story
from core.review.feedback import Feedback

LONGEST = 600
"""Characters of a question."""
GONE = "That review is no longer here, or it is not yours."


@dataclass(frozen=True)
class Reviewed:
    """The review that is spoken of."""

    caller: Caller
    attempt: Attempt | None


async def read_reviewed(reads: Reads, message: Message) -> Reviewed:
    """Only the author's own."""
    found = await reads.get(Attempt, message.fields.get("id", ""))
    return Reviewed(await read_caller(reads, message), found if found and found.person == message.author.key else None)


def ask_form(known: Reviewed, message: Message, tools: Tools) -> Form | None:
    """Room for what one wants to know."""
    if message.fields.get("text"):
        return None
    question, _ = _of(known, tools)
    return Form(
        title="Ask about your review",
        line=f"ask {message.fields['id']}",
        text=f"About **{question.title}**. {tools.panel.model} answers; it changes no verdict.",
        fields=(
            Input(name="text", label="What do you want to know?", kind="paragraph", max_length=LONGEST, hint="Why is that one only maybe?"),
        ),
        submit="Ask",
    )


def check(message: Message, tools: Tools) -> Mapping[str, str]:
    """A question has words."""
    text = message.fields.get("text", "")
    if not text.strip():
        return {"text": "Nothing is asked here yet."}
    return {"text": f"At most {LONGEST} characters."} if len(text) > LONGEST else {}


def _of(known: Reviewed, tools: Tools) -> tuple[Question, Feedback]:
    attempt = known.attempt
    question = tools.bank.find(attempt.question) if attempt else None
    if attempt is None or attempt.feedback is None or question is None:
        raise TooLate(GONE)
    return question, attempt.feedback


async def ask(known: Reviewed, message: Message, tools: Tools) -> Outcome:
    """An answer to it, privately."""
    if wrong := check(message, tools):
        raise TooLate(wrong["text"])
    question, feedback = _of(known, tools)
    return await _explained(known, question, feedback, message.fields["text"], message, tools)


async def discuss(known: Reviewed, message: Message, tools: Tools) -> Outcome:
    """What a listener would still ask after the weakest sentence."""
    question, feedback = _of(known, tools)
    if feedback.weakest is None:
        raise TooLate("No sentence of that answer stands out as the one to rework.")
    sentence = feedback.sentence(feedback.weakest)
    asked = f"What does a listener understand from this sentence, what is absent in it, and what would they ask next? “{sentence}”"
    return await _explained(known, question, feedback, asked, message, tools)


async def _explained(known: Reviewed, question: Question, feedback: Feedback, asked: str, message: Message, tools: Tools) -> Outcome:
    payer = known.caller.payer(message, tools)
    if not payer.agreed:
        notice = asked_first(known.caller, message, tools)
        return Outcome(posts=(passing(message, "Talk about a review needs a model: /model."), *notice))
    await tools.voice.thinking(message.place)
    outcome = await tools.panel.explain(Talk(question, feedback, asked), payer)
    if outcome.value is None:
        return Outcome(posts=(passing(message, f"{outcome.why} Your review stands as it is; ask again in a while."),))
    found = outcome.value
    card = Card(
        eyebrow=f"About your review · {question.title}",
        bullets=tuple(Line(text="You said", quote=feedback.sentence(id)) for id in found.sentences),
        text=literal(found.text),
        buttons=(
            Button(label="Try it again", line=f"retry {question.id}", style="primary"),
            Button(label="Ask something else", line=f"ask {message.fields['id']}"),
        ),
        footer=f"{tools.panel.model} says so; the verdicts stand as they are. Only you see this.",
    )
    return Outcome(posts=(kept(message, card),))


# --- bullets and stories ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fitting:
    """A question, and the stories that could carry its bullets."""

    caller: Caller
    stories: Sequence[Story]
    tried: bool


async def read_fitting(reads: Reads, message: Message) -> Fitting:
    """The author's own stories, newest first."""
    person, question = message.author.key, message.fields.get("question", "")
    tried = await reads.find(Attempt, person=person, question=question, limit=20)
    return Fitting(
        caller=await read_caller(reads, message),
        stories=await reads.find(Story, person=person, order="-at", limit=20),
        tried=any(item.source != "asked" for item in tried),
    )


async def fit(known: Fitting, message: Message, tools: Tools) -> Outcome:
    """For each bullet what of one's own could carry it; never what to say."""
    question = tools.bank.find(message.fields.get("question", ""))
    if question is None:
        raise TooLate("That question is no longer in the bank.")
    space = known.caller.space
    if not (known.tried or (space and space.bullets == "open")):
        raise TooLate("Bullets open after an attempt, or with one press of *I pass*.")
    payer = known.caller.payer(message, tools)
    if not payer.agreed:
        notice = asked_first(known.caller, message, tools)
        return Outcome(posts=(passing(message, "Fitting bullets to your stories needs a model: /model."), *notice))
    if not known.stories:
        add = Button(label="Add a story", line="stories add", style="primary")
        return Outcome(posts=(passing(message, Card(text="You keep no stories yet, so there is nothing to fit them to.", buttons=(add,))),))
    await tools.voice.thinking(message.place)
    outcome = await tools.panel.fitted(question, known.stories, payer)
    if outcome.value is None:
        return Outcome(posts=(passing(message, f"{outcome.why} The bullets without it are where they were."),))
    by_point = {item.point: item for item in outcome.value}
    titles = {story.key: story.title for story in known.stories}
    lines = []
    for point in in_order(question.points):
        if item := by_point.get(point.id):
            story = f"from *{literal(titles[item.story])}*" if item.story in titles else "none of your stories carries it"
            lines.append(Line(text=f"**{point.name}**: {literal(item.text)}", note=story))
    card = Card(
        eyebrow="Suggested bullets, fitted to your stories",
        title=question.title,
        text="What of your own could carry each point. Reminders for your own words, not a script.",
        bullets=tuple(lines),
        buttons=(Button(label="Try it again", line=f"retry {question.id}", style="primary"),),
        footer=f"By {tools.panel.model}, from your stories. Only you see this.",
    )
    return Outcome(posts=(kept(message, card),))
