"""The interviewer's own words: receipts, time, and what is said when nothing else fits. Neutral throughout, never praise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.interview.clock import face
from core.interview.move import Moment
from core.interview.stages import Interview
from core.questions.bank import COMPETENCIES
from core.questions.words import stems

ROUNDS: Mapping[str, str] = {**{str(name): label for name, label in COMPETENCIES.items()}, "surprise": "Surprise"}
"""A round in words."""
LONGEST = 60
"""Words of one message, except for an opening question and its facts."""

RECEIPTS = ("Noted.", "", "OK.", "", "I see.", "")
LEFT = ("That's fine, we leave it there.", "Fine, we let that one go.")
"""After a refusal."""
SMALLER = ("Then a smaller piece of it.", "Then let us take one corner of it.")
"""After a refusal to the question as a whole."""
DEEPER = ("One level down.", "Further into the same thing.")
TECHNICAL = "Now the technical part."
NEXT = "On to the next question."
ANOTHER_STORY = "Now another story."
STORY_FIRST = "A story first, about two minutes."
ASK_ME = "Ask me what you need to know, and say what you assume."
DONE_ASKING = "I have no further questions."
TIME = "That is the time."
PART_TIME = "The time for this one is used up."
OVER = "Thank you. Your debrief comes to you alone."
AS_YOU_LIKE = "As you like; say why, and carry on."
STANDS = "The question stands."
ONE_AT_A_TIME = "One at a time: put the rest to me again."

NO_HINT_YET = "There is nothing to hint at yet: begin anywhere, or ask me what you need to know."
NO_HINT_HERE = "I have no hint for this one. Say what you would look at first, or type `skip`."
NO_HINT_LEFT = "You have had every hint I have for this. Say what you think, or type `skip`."


def other(options: Sequence[str], interview: Interview) -> str:
    """The first of these that was not in the interviewer's last receipt."""
    before = last_lead(interview)
    return next((option for option in options if option and option not in before), "")


def receipt(interview: Interview) -> str:
    """A sign that the answer was heard; every other time none, and never the same twice in a row."""
    heard = sum(turn.who == "candidate" for turn in interview.turns)
    chosen = RECEIPTS[(heard - 1) % len(RECEIPTS)]
    return chosen if chosen and chosen not in last_lead(interview) else ""


def last_lead(interview: Interview) -> str:
    """What the interviewer's last message began with."""
    return next((turn.lead for turn in reversed(interview.turns) if turn.who == "interviewer"), "")


def about_time(moments: Sequence[Moment], left: float) -> str:
    """What the clock says, where it reached a mark."""
    if Moment.THREE in moments:
        return f"{face(left)} left."
    return f"Half the time is used, {face(left)} left." if Moment.HALF in moments else ""


# --- refusals --------------------------------------------------------------------------------------------------------

_REFUSAL = re.compile(
    r"\b(?:i )?(?:really |honestly |just |actually )*(?:can(?:no|['’])?t|could ?n['’]?t|do ?n['’]?t|do not|can ?not) (?:really |quite )?"
    r"(?:recall|remember|know|say|tell|think of (?:one|any|anything|it))\b"
    r"|\b(?:no (?:idea|clue)|not sure|i(?:['’]m| am) (?:stuck|lost|out of ideas)|i (?:give up|forgot|have forgotten)|dunno|idk"
    r"|nothing comes to mind)\b"
    r"|\A\W*(?:let['’]?s |please |can we |i(?:['’]ll| will|['’]d| would)? |i['’]?d rather )*(?:skip|pass)"
    r"(?: (?:this|that|it|on (?:this|that)))?(?: one| question)?(?= *(?:\Z|[.,;!\n]| please))"
    r"|\A\W*next(?: question| one)?(?= *(?:\Z|[.,;!\n]| please))",
    re.IGNORECASE,
)
_MOST_LEFT = 2
"""Words with meaning besides the refusal; with more, it is an answer that begins with doubt."""
_EMPTY = frozenset(
    stems("sorry honest honestly really right now moment afraid well please thanks anything maybe perhaps here one thing exactly")
)


def refuses(text: str) -> bool:
    """Whether somebody declines to answer: a refusal, and next to nothing besides."""
    if not _REFUSAL.search(text):
        return False
    rest = [stem for stem in stems(_REFUSAL.sub(" ", text)) if stem not in _EMPTY]
    return len(rest) <= _MOST_LEFT
