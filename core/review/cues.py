"""The little words and turns of phrase by which the scope reader knows what a clause does. General English, no rubric."""

from __future__ import annotations

import re

from core.review.tokens import root


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _roots(text: str) -> frozenset[str]:
    return frozenset(root(word) for word in text.split())


SUBJECT = _set("i we you it they he she this that these there someone somebody everyone everybody nobody people one who which")
AUXILIARY = _set("is are was were be am do does did has have had will would shall should can could may might must gets get got goes go 's")
BOUNDARY = _set(
    "but however although though whereas while because since so which unless except otherwise instead rather if when until once yet therefore hence"
    " even nevertheless afterwards meanwhile"
)
CONTRAST = _set("but however although though whereas instead yet nevertheless still otherwise")
PURPOSE = _set("so because to make ensure ensures sure otherwise that guarantee guarantees prevents prevent")
SKIP = _set("really even just ever also only simply actually going want let been be being able to have has had much any the a an our all that this necessarily")

VERBS = frozenset(
    form
    for verb in (
        "use keep store save send resend return retry repeat check look read write put take make let give add set start stop wait answer reply call ask tell"
        " call count measure watch alert alarm page wake run move copy split share drop delete remove create insert update change compare find see show know"
        " need want try skip ignore mark note record log track limit cap block queue process handle deliver publish consume serve route switch turn open close"
        " lock pick choose prefer assume avoid prevent protect cut reduce shed reject refuse accept allow fall fail break lose grow spread happen come go"
        " work mean help cost pay charge cover test prove replay restore recover roll back deploy release ship build design own agree decide write talk meet explain"
        " expire invalidate refresh rebuild reindex load fetch query scan sort filter join lead follow carry hold release claim commit leave throw catch hash sign"
        " pass fix solve learn notice realise realize trace debug ping contact warn inform remember forget guess estimate depend become stay remain point match apply"
        " treat group batch buffer order number compress encrypt validate verify confirm schedule trigger emit push pull poll subscribe scale double halve shrink"
    ).split()
    for form in (verb, verb + "s", verb + "es", verb + "ed", verb + "d", verb[:-1] + "ies", verb[:-1] + "ied")
) | _set("sent kept held wrote took gave went came told said knew broke found saw paid built ran began left made thought caught chose grew fell stopped dropped")

ADOPT = _roots(
    "need use want add bother build care implement bring introduce require consider have deploy cache log monitor index shard partition replicate"
    " measure check validate like plan version think believe see point reason benefit worth necessary"
) | _roots("include put keep store idempotency queue timeout breaker alarm alert replica")
BAD = _roots(
    "lose loss lost duplicate double twice second again same repeat fail failure crash block clash conflict overwrite stale down downtime hurt break error leak miss"
    " missing slow wait hang stuck overload flood stampede orphan corrupt wrong drown starve race collide gap late delay notice see pile harm damage exceed"
    " disappear vanish interrupt affect touch charge charged overcharge forget suffer drop lag spike melt oversell oversold disturb blame guess surprise stop"
    " stay forever never two both anyone everybody anybody other rest"
)

NEGATOR = {
    word: 1
    for word in (
        "not no never none nothing nobody without neither nor hardly unnecessary pointless overkill instead rather avoid avoiding skip skipping against"
    ).split()
}
NEUTRAL_NEGATION = re.compile(
    r"not (?:only|just|merely|simply|until|yet|without|more than|less than|later than|necessarily enough|enough|all|every|always|sure|certain)\b"
    r"|no (?:more|less|later|fewer|longer|matter|doubt|problem|sooner|single|one|two|user|customer|order|message|event|data|request|extra|other)\b"
    r"|nothing (?:but|else)\b|never mind|nor\b|instead (?!of)|rather (?!than)|without (?:\w+ )?(?:\w+ing|any \w+ing|downtime|loss)\b"
    r"|(?:not|never) (?:be |get |been |even )?(?:trust|rely|block|blame|assume|guess|depend)\b|against (?:the|a|its|our|each|that)\b|not (?:on|in) the\b"
)

CONDITION = re.compile(
    r"\bif (?:\w+ ){0,5}?(?:were|had (?!already|just|come)(?:\w+ ){0,3}?(?:more|enough|time|money|people|budget|bigger|a )|grew|grows|became|becomes|ever|got bigger|gets bigger|wanted|was (?:bigger|larger|much|more|needed|not))\b"
    r"|\bif (?:there is|i have|we have|we had|i had|there was|there were) (?:\w+ )?(?:time|money|budget|need|demand)\b"
    r"|\b(?:in|at|for|with|on) (?:a |an )?(?:\w+ )?(?:bigger|larger|huge|ideal|perfect|real|different) (?:system|scale|world|shop|company|team|traffic|project|setup)\b"
    r"|\bif (?:time|money|budget) (?:permits|allows)|\bsome ?day\b|\bin theory\b|\bin future\b|\bin the future\b|\bone day\b"
    r"|\bat (?:amazon|google|netflix|massive|large|bigger|larger|huge|web) scale\b|\bif (?:needed|necessary|required|asked)\b"
)
SUPPOSED = re.compile(
    CONDITION.pattern
    + r"|\b(?:one|you|someone|somebody|people|they) (?:could|might|may|can|would)(?: also| perhaps| even| theoretically| in theory)? (?!see|find|notice|only|no |not|be charged|get|lose|pay)"
    r"|\b(?:we|i) (?:could|might) (?:also |perhaps |maybe )?(?:consider|think about|look (?:at|into)|explore)\b"
    r"|\b(?:might|could|may) be (?:an? |worth |another )?(?:option|idea|alternative|nice|useful|possible|worth|good|considered|added|overkill)"
    r"|\bnice to have\b|\bwould be (?:nice|ideal|possible|an option|overkill|another option|the alternative|cool|great)\b|\bwould have (?!to\b)"
    r"|\b(?:my first (?:idea|thought|instinct)|at first i|initially i|i (?:first )?(?:was thinking|thought about|considered|was tempted))\b"
    r"|\b(?:is|are) (?:also )?(?:an|one|another) (?:option|alternative|possibility)\b|\bthe alternative (?:is|would)|\banother (?:option|way|approach|alternative) (?:is|would|could)\b"
    r"|\bi wish\b|\bif only\b|\bideally\b|\bit (?:would|might|could) help to\b"
)
HEDGE = re.compile(
    r"\b(?:maybe|perhaps|possibly|i might|we might|not (?:really |so |too )?(?:sure|certain)|i guess|no idea|do not know|not know|something like|somehow|kind of|sort of|i suppose)\b"
)
ATTRIBUTED = re.compile(
    r"\b(?:some|many|most|other|few|several|certain) (?:of \w+ )?(?:\w+ )?(?:teams|people|companies|engineers|developers|folks|colleagues|candidates|shops|systems|places|authors|textbooks|books|architects|designs)\b"
    r"(?= (?:\w+ )?(?:would|will|might|could|say|use|do|like|prefer|suggest|recommend|put|add|tend|swear|argue|believe|think|go|have|always|usually|build|reach|keep|\w+s?\b))"
    r"|\b(?:some|others|people) (?:would|say|suggest|recommend|prefer|like to|might|will|usually|often|tend to|argue|swear|do|use|always)\b"
    r"|\b(?:my|a|our|the|one|another) (?:\w+ )?(?:colleague|coworker|friend|manager|boss|lead|mate|teammate|architect|senior|cto|mentor|consultant|vendor|engineer|guy|neighbor|predecessor|brother|professor|teacher)"
    r"(?: of mine| at \w+| on \w+ \w+| from \w+ \w+| \w+)? (?:once |always |often |also |keeps |kept |has |had |would |will |might |could )*"
    r"(?:suggest|suggested|suggests|suggesting|say|says|said|propose|proposed|proposes|recommend|recommended|recommends|want|wanted|wants|like|likes|prefer|prefers|preferred|think|thinks|thought|argue|argued|argues|use|used|uses|do|does|did|mention|mentioned|insist|insists|insisted|push|pushed|advise|advised|told|swear|swears|claim|claims|claimed|believe|believes|favor|favors|add|put|send|keep|store)\b"
    r"|\b(?:the|every|a|any|standard|usual|classic|some) ?(?:\w+ )?(?:textbook|book|blog|blogs|article|articles|paper|documentation|docs|literature|course|tutorial|talk|video|handbook|best practice|internet|wiki|vendor|consultants?)s? "
    r"(?:\w+ )?(?:answer|solution|says|say|said|tells|suggest|suggests|suggested|recommend|recommends|recommended|would|is|mention|mentions|describes|claims|advice)\b"
    r"|\b(?:they|people|it is often|it is sometimes|it is usually) (?:say|says|said|usually|often|recommended|suggested|advised|claim)\b|\baccording to\b"
    r"|\bi (?:read|heard|have read|have heard|have seen|saw|once read|once heard|watched) (?:that|about|of|somewhere|people|teams|a |an |in )"
    r"|\b(?:netflix|google|amazon|uber|facebook|stripe|airbnb|meta|microsoft) (?:uses|does|would|has|use|do|calls|did|built|famously)\b|\bas (?:they|the \w+) (?:say|says|recommends|suggests)\b"
    r"|\bit (?:was|has been|is) (?:suggested|proposed|said|recommended|argued)\b|\b(?:a|one|another|the usual|the popular|the common|common|popular) (?:suggestion|proposal|advice|recommendation) (?:was|is|would|has)\b"
)
