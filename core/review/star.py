"""Story checks: what a STAR story shows on its face. Nudges, never a grade."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.review.feedback import Sentence, StoryCheck
from core.review.tokens import plain

_DEED = (
    r"wrote|rewrote|built|designed|proposed|decided|led|drove|fixed|found|traced|measured|added|removed|moved|changed|asked|called|set|ran|tested|talked|persuaded"
    r"|convinced|pushed|shipped|deployed|rolled|stopped|started|created|organi[sz]ed|negotiated|escalated|documented|automated|migrated|refactored|reviewed|taught"
    r"|trained|mentored|hired|cut|reduced|split|replaced|analy[sz]ed|investigated|debugged|told|explained|wrote|drew|sat|went|spoke|offered|took|made|gave|showed"
    r"|prepared|presented|suggested|volunteered|booked|collected|compared|checked|looked|dug|planned|agreed|refused|disagreed|chose|picked|put|turned|brought|met|sent"
)
OWN = re.compile(rf"\bi (?:\w+ ){{0,2}}?(?:{_DEED}|had to \w+|\w+ed)\b|\bmy (?:part|job|role|decision|idea|proposal|task|mistake|call)\b")
TEAM = re.compile(r"\bwe\b")
NUMBER = re.compile(
    r"(?:[$€£]\s?\d[\d.,]*|\b\d[\d.,]*\s*(?:%|percent|ms|milliseconds?|s\b|sec\w*|min\w*|hours?|h\b|days?|weeks?|months?|years?|times|x\b|k\b|m\b|gb|mb|tb|users?|customers?|orders?"
    r"|requests?|tickets?|errors?|calls?|people|engineers?|teams?|incidents?|pages?|rows?|records?|euros?|dollars?|pounds?|points?|services?|deploys?|queries|messages|parcels|[a-z]{4,}s\b))"
    r"|\b(?:half|halved|doubled|tripled|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand)(?: (?:hundred|thousand|million))?"
    r" (?:percent|times|minutes?|hours?|days?|weeks?|months?|seconds?|users?|customers?|orders?|tickets?|people|errors?|teams?|requests?|[a-z]{4,}s\b))"
)
SPAN = re.compile(
    r"\b(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|several|couple of|half an?|first|last|next|within|in|for|over|after|per) "
    r"(?:\w+ )?(?:minutes?|hours?|days?|weeks?|weekends?|months?|quarters?|years?|sprints?|nights?|afternoons?|mornings?)\b|\b(?:since|until|by) (?:january|february|march|april|may|june|july"
    r"|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|christmas)\b|\bovernight\b|\bq[1-4]\b"
)
RESULT = re.compile(
    r"\b(?:as a result|in the end|the (?:result|outcome|effect)|since then|after that|afterwards|from then on|eventually|finally|today|now|which (?:led|meant|saved|cut|brought)|(?:went|came|fell|dropped|rose|grew|shrank) "
    r"(?:\w+ ){0,2}?(?:down|up|away|from|to|by)|(?:reduced|cut|improved|saved|increased|halved|doubled|lowered|raised) (?:\w+ ){0,4}?(?:from|to|by|in half)|no longer|never (?:came back|happened again)"
    r"|stopped \w+ing|launched|shipped on time|on time|still (?:use|uses|used|runs|in use)|was adopted|adopted by)\b"
)
LEARNING = re.compile(
    r"\b(?:i (?:\w+ )?(?:learn(?:ed|t)|realised|realized|understood)|(?:what|one thing|the thing|something|lesson|lessons) (?:i |we )?(?:learn(?:ed|t)|took)|lesson|taught me|next time|in hindsight|looking back"
    r"|(?:i|we) (?:would|should) (?:have )?(?:\w+ )?(?:done|do|asked|ask|started|start|told|tell|tested|involved|involve|measured)(?: \w+){0,3} (?:differently|earlier|sooner|first|before)|since then i|now i always"
    r"|i now \w+|what i (?:would|do) (?:change|differently)|from then on i)\b"
)
SITUATION = re.compile(r"\b(?:was|were|had|used to|there was|there were|at the time|back then|our|the team|the company)\b")
_ACTION = re.compile(rf"\b(?:i|we|then|and) (?:\w+ ){{0,2}}?(?:{_DEED})\b")


def story(sentences: Sequence[Sentence]) -> tuple[StoryCheck, ...]:
    """The checks of a story, each with the sentences in which it showed."""
    texts = [(sentence.id, " ".join(plain(sentence.text).split())) for sentence in sentences]

    def where(test: Callable[[str], object]) -> tuple[int, ...]:
        return tuple(id for id, text in texts if test(text))

    own, team = where(OWN.search), where(TEAM.search)
    actions = where(_ACTION.search)
    deeds = sum(len(_ACTION.findall(text)) for _, text in texts)
    opening = _opening(texts)
    length = sum(len(text.split()) for _, text in texts)
    result = where(RESULT.search)
    return (
        StoryCheck(id="own", name="own part", shown=bool(own) and 2 * len(own) >= len(set(team) - set(own)), sentences=own[:3]),
        _check("number", "number with its unit", where(NUMBER.search)),
        _check("span", "time span", where(SPAN.search)),
        StoryCheck(id="actions", name="three deeds in a row", shown=deeds >= 3, sentences=actions[:4]),
        _check("result", "result", result[-2:]),
        _check("learning", "what it taught you", where(LEARNING.search)),
        StoryCheck(id="situation", name="situation in a quarter or less", shown=length >= 40 and opening <= 0.25 * length + 15, sentences=()),
    )


def _check(id: str, name: str, found: tuple[int, ...]) -> StoryCheck:
    return StoryCheck(id=id, name=name, shown=bool(found), sentences=found[:3])


def _opening(texts: Sequence[tuple[int, str]]) -> int:
    """Words before the first deed: the situation."""
    words = 0
    for _, text in texts:
        if OWN.search(text) or _ACTION.search(text):
            return words
        words += len(text.split())
    return words
