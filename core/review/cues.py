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
    for verb in ["use", "keep", "store", "save", "send", "resend", "return", "retry", "repeat", "check", "look", "read", "write", "put", "take", "make", "let", "give", "add", "set", "start", "stop", "wait", "answer", "reply", "call", "ask", "tell", "call", "count", "measure", "watch", "alert", "alarm", "page", "wake", "run", "move", "copy", "split", "share", "drop", "delete", "remove", "create", "insert", "update", "change", "compare", "find", "see", "show", "know", "need", "want", "try", "skip", "ignore", "mark", "note", "record", "log", "track", "limit", "cap", "block", "queue", "process", "handle", "deliver", "publish", "consume", "serve", "route", "switch", "turn", "open", "close", "lock", "pick", "choose", "prefer", "assume", "avoid", "prevent", "protect", "cut", "reduce", "shed", "reject", "refuse", "accept", "allow", "fall", "fail", "break", "lose", "grow", "spread", "happen", "come", "go", "work", "mean", "help", "cost", "pay", "charge", "cover", "test", "prove", "replay", "restore", "recover", "roll", "back", "deploy", "release", "ship", "build", "design", "own", "agree", "decide", "write", "talk", "meet", "explain", "expire", "invalidate", "refresh", "rebuild", "reindex", "load", "fetch", "query", "scan", "sort", "filter", "join", "lead", "follow", "carry", "hold", "release", "claim", "commit", "leave", "throw", "catch", "hash", "sign", "pass", "fix", "solve", "learn", "notice", "realise", "realize", "trace", "debug", "ping", "contact", "warn", "inform", "remember", "forget", "guess", "estimate", "depend", "become", "stay", "remain", "point", "match", "apply", "treat", "group", "batch", "buffer", "order", "number", "compress", "encrypt", "validate", "verify", "confirm", "schedule", "trigger", "emit", "push", "pull", "poll", "subscribe", "scale", "double", "halve", "shrink"]
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
    " stay forever never two both anyone everybody anybody other rest old low lower small seen known unknown invalid bad"
)

AGAIN = _roots("twice second again same duplicate double both two other rest lose lost wait block everyone everybody anyone never until forever old")
"""What makes a denial in the first person a promise: "we do not charge anybody twice"."""
NEGATOR = dict.fromkeys(
    (
        "not no never none nothing nobody without neither nor hardly instead rather avoid avoiding skip skipping against ignore ignoring omit refuse refused"
        " drop dropping leave leaving"
    ).split(),
    1,
)
GIVES_UP = frozenset(["ignore", "ignoring", "omit", "refuse", "refused", "drop", "dropping", "skip", "skipping", "avoid", "avoiding", "leave", "leaving"])
"""Verbs that deny what follows only where somebody gives up a means by them: "drop the alarm", not "drop the duplicate"."""
DISMISSED = re.compile(
    r"\b(?:is|are|seems?|would be|feels?|looks?|was|were|be) (?:just |simply |really |probably |perhaps |maybe |also |way |far |a bit |quite |much )*"
    r"(?:overkill|over-?engineer\w*|superfluous|unnecessary|unneeded|pointless|useless|needless|exaggerated|a waste|too (?:much|complex|complicated|heavy|expensive)|not (?:\w+ )?(?:needed|necessary|required|worth|useful|important|relevant"
    r"|for us|something (?:i|we|that)|an option|my|what (?:i|we)|going to|convincing|the way))\b"
    r"|\b(?:does|do|did|would|will) not (?:really |actually |even )?(?:matter|help|convince|pay off|make sense|bring|add (?:anything|much|value)|interest|appeal|apply here|belong)\b|\bbrings? (?:nothing|little|no)\b|\bsomething (?:that )?(?:i|we) (?:do|would|will|did|can) not\b"
    r"|\b(?:leave|leaves|left) (?:me )?(?:cold|it out|them out)\b|\bnot (?:worth|convinced|needed|necessary)\b"
)
NEUTRAL_NEGATION = re.compile(
    r"not (?:only|just|merely|simply|until|yet|without|more than|less than|later than|necessarily enough|enough|all|every|always|sure|certain)\b"
    r"|refused? (?!to\b)|leav(?:e|ing) (?!out\b|away\b|off\b)|drop(?:ping)? (?:out|off|below|by|to|from|in)\b"
    r"|no (?:more|less|later|fewer|longer|matter|doubt|problem|sooner|single|one|two|user|customer|order|message|event|data|request|extra|other)\b"
    r"|nothing (?:but|else)\b|never mind|nor\b|instead (?!of)|rather (?!than)|without (?:\w+ )?(?:\w+ing|any \w+ing|downtime|loss)\b"
    r"|(?:not|never) (?:be |get |been |even )?(?:trust|rely|block|blame|assume|guess|depend)\b|not (?:on|in) the\b"
)

_SCALE = r"(?:it|this|that|we|i|they|traffic|load|volume|usage|demand|business|money|(?:the|our|this|my) (?:\w+ )?(?:shop|company|business|system|team|service|traffic|load|volume|site|product|budget|data|project|scale|app|table)|updates|orders|uploads|requests|customers|users|sensors|numbers|there)"
CONDITION = re.compile(
    r"\bif (?:the|our|we|it|there) (?:\w+ )?had (?:\w+ )?(?:times|hundreds|thousands|millions)\b|\bwould only (?:help|work|matter|be)\b|"
    rf"\bif (?:ever )?{_SCALE} (?:\w+ ){{0,2}}?(?:were|was (?:bigger|larger|much|more|really|a )|grew|became|got bigger|doubled|tripled|exploded|had (?!already|just|come)(?:\w+ ){{0,3}}?(?:more|enough|time|money|people|budget|bigger|hundreds|thousands|millions|a ))\b"
    rf"|\bif (?:ever )?{_SCALE} (?:ever )?(?:grows|gets bigger|becomes|doubles|explodes|need)\b.*\b(?:would|might|could|may)\b|\b(?:would|might|could|may)\b.*\bif (?:ever )?{_SCALE} (?:ever )?(?:grows|gets bigger|becomes|doubles|explodes)\b"
    r"|\bif (?:\w+ ){1,4}?(?:were|weren) (?:not )?(?:\w+ )?(?:bigger|larger|less|more|huge|important|critical|reliable|cheaper|a |an |in |really|different|worse|tighter|stricter)"
    r"|\bif (?:there is|i have|we have|we had|i had|there was|there were) (?:\w+ )?(?:time|money|budget|need|demand)\b|\bif only\b"
    r"|\b(?:in|at|for|with|on) (?:a |an |the )?(?:\w+ )?(?:bigger|larger|huge|ideal|perfect|real|different|massive|another|other) (?:system|scale|world|shop|company|team|traffic|project|setup|product|budget)\b"
    r"|\bif (?:time|money|budget) (?:permits|allows|permitted|allowed)|\bsome ?day\b|\bin theory\b|\bin (?:the )?(?:\w+ )?future\b|\bone day\b"
    r"|\bat (?:amazon|google|netflix|massive|large|bigger|larger|huge|web) scale\b|\bif (?:needed|necessary|required|asked)\b"
    r"|^(?:were (?:it|we|this|i|the)|should (?:traffic|we ever|it ever|the \w+ ever|load|this ever)|suppose (?:we|i|it|this)|imagine (?:we|i|it)|had (?:we|i) (?:more|the))\b"
)
SUPPOSED = re.compile(
    CONDITION.pattern
    + r"|\bone (?:could|might|may|would|should)(?: also| perhaps| even| theoretically| in theory)? (?!see|find|notice|only|no |not|be charged|get|lose|pay)"
    r"|\byou (?:could|might)(?: also| perhaps| even| theoretically| in theory)? (?!see|find|notice|only|no |not|be charged|get|lose|pay)"
    r"|\b(?:someone|somebody) (?:could|might) (?:argue|say|suggest|add|use|propose|think)"
    r"|\b(?:we|i) (?:could|might|may) (?:also |perhaps |maybe )?(?:consider|think about|look (?:at|into)|explore|imagine)\b|\bi (?:can|could) imagine\b"
    r"|\b(?:might|could|may|would) be (?:an? |worth |another |one )?(?:option|idea|alternative|nice|useful|possible|worth|good|considered|added|overkill|possibility|obvious|tempting|an? \w+ (?:option|idea|choice))"
    r"|\bnice to have\b|\bwould be (?:ideal|the (?:alternative|obvious|usual|other)|cool|great|tempting|lovely)\b|\bwould have (?:been|put|built|gone|done|used|made|taken|chosen|kept|written|sent|set|had|added|wanted|liked|needed|preferred|tried|started|stored|moved)\b|\b(?:would|could|might) (?:also |surely |certainly |probably )?help\b"
    r"|\b(?:my first (?:idea|thought|instinct)|at first i|initially i|initially we|i (?:first )?(?:was thinking|thought about|considered|was tempted)|(?:we|i) (?:discussed|considered|thought of|toyed with|looked at|used to|debated|evaluated))\b"
    r"|\b(?:is|are) (?:also )?(?:an|one|another) (?:option|alternative|possibility)\b|\b(?:the|an|one) alternative (?:is|would|could|might)\b|\banother (?:option|way|approach|alternative|possibility) (?:is|would|could|might)\b"
    r"|\bi wish\b|\bsupposedly\b|\bit (?:would|might|could) help to\b|\b(?:there is|there are) (?:a |an |also |this |the )*(?:pattern|technique|trick|concept|approach|idea|thing|tool|method)s? (?:called|named|known)\b"
)
HEDGE = re.compile(
    r"\b(?:maybe|perhaps|possibly)\b(?! (?:\d|a\b|an\b|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|half|some|in|by|after|for))|\b(?:i|we) might\b|\bsomehow\b|\bsomething like\b"
    r"|\bi (?:do not|am not) (?:really |so |too )?(?:know|sure|certain)\b(?! (?:if|whether))|\bno idea\b"
)
HEDGE_REACH = 12
"""Words. Who explains at length what they "maybe" do, proposes it."""
_SAYS = (
    r"(?:suggest|suggested|suggests|suggesting|say|says|said|propose|proposed|proposes|recommend|recommended|recommends|want|wanted|wants|like|likes|liked|prefer|prefers|preferred|think|thinks|thought|argue|argued|argues"
    r"|mention|mentioned|insist|insists|insisted|push|pushed|advise|advised|advises|swear|swears|claim|claims|claimed|believe|believes|believed|favor|favors|favored|describe|describes|tell|tells|told (?:me|us)|teach|teaches|talk|talks|talked|keep saying|asked for|loves|love|loved|dreams|voted|pitched|brought up)"
)
_WHO = r"(?:colleague|colleagues|coworker|coworkers|friend|friends|manager|boss|lead|mate|teammate|teammates|architect|architects|senior|seniors|cto|mentor|consultant|consultants|vendor|engineer|engineers|guy|neighbor|predecessor|brother|professor|teacher|intern|developer|developers|expert|experts|people|team|teams|somebody|someone)"
ATTRIBUTED = re.compile(
    r"\b(?:some|many|most|few|several|certain|lots of|a lot of|plenty of) (?:of \w+ )?(?:\w+ )?(?:teams|people|companies|engineers|developers|folks|colleagues|candidates|shops|systems|places|authors|textbooks|books|architects|designs|providers|experts|firms|banks|startups)\b"
    r"(?= (?:\w+ )?(?:would|might|could|say|use|like|prefer|suggest|recommend|put|add|tend|swear|argue|believe|think|always|usually|build|reach|keep|set|store|send|hide|split|wake|cache|retry|limit|page|publish))"
    r"|\b(?:some|others|people|many|most) (?:would|say|suggest|recommend|prefer|like to|might|will|usually|often|tend to|argue|swear|do|use|always|normally|typically)\b|\bother (?:teams|people|companies|engineers|shops) (?:would|might|prefer|suggest|swear|usually|like|recommend|say)\b"
    rf"|\b(?:my|a|our|the|one|another|some|one of (?:my|our|the)|two of (?:my|our|the)) (?:\w+ )?{_WHO}(?: (?:of|at|from|on|in|who) (?:\w+ ){{0,3}}?\w+| \w+)? (?:once |always |often |also |keeps |kept |has |had |would |will |might |could |have |even )*{_SAYS}\b"
    rf"|\b(?:my|a|one of (?:my|our)) (?:\w+ )?(?:colleague|coworker|friend|teammate)s?(?: of mine)? (?:would|always|usually|often|might|could|uses|used|does|did|adds|added|puts|stores|sends|keeps)\b|^experts (?:\w+ )?{_SAYS}\b|\b(?:\w+ )?(?:blogs|people|fans|folks|colleague|colleagues|experts) (?:will |would )?(?:tell you|say|tell us|says)\b"
    r"|\b(?:the|every|a|any|standard|usual|classic|some|most) ?(?:\w+ )?(?:textbooks?|books?|blogs?|articles?|papers?|literature|courses?|tutorials?|talks?|videos?|handbook|best practices?|internet|wiki|vendors?|consultants?|wisdom|advice|recommendation|standard answer|usual answer|theory|guides?|experts?) "
    r"(?:\w+ )?(?:answer|solution|says?|said|tells?|suggests?|suggested|recommends?|recommended|would|is|are|mentions?|describes?|claims?|advice)\b"
    r"|\b(?:textbook|common|usual|standard|classic|popular|typical|obvious|conventional) (?:answer|solution|advice|wisdom|approach|recommendation|suggestion|proposal|way|recipe|pattern|trick|fix|remedy) (?:is|would|says|was|here)\b"
    r"|(?:^|[,;] |but )(?:they|people) say\b|\bpeople (?:usually|often|claim)\b|\bit is (?:often|sometimes|usually|commonly) (?:said|recommended|suggested|advised)\b|\baccording to\b|\b(?:normally|usually|typically|traditionally|classically) (?:one|people|you|teams|they) (?:would|could|might|\w+)\b"
    r"|\bi (?:read|heard|have read|have heard|have seen|saw|once read|once heard|watched|was told) (?:that|about|of|somewhere|people|teams|a |an |in )"
    r"|\b(?:netflix|google|amazon|uber|facebook|stripe|airbnb|meta|microsoft) (?:uses|does|would|has|use|do|calls|did|built|famously|kills|recommends)\b|\bas (?:they|the \w+) (?:say|says|recommends|suggests)\b"
    r"|\b(?:something|what|a thing|things|that) (?:that |which )?(?:other|some|most|big|many) \w+ (?:do|use|have|would|like|need|can)\b"
    r"|\bit (?:was|has been|is|had been) (?:once )?(?:suggested|proposed|said|recommended|argued)\b|\b(?:a|one|another|the usual|the popular|the common) (?:suggestion|proposal|recommendation) (?:was|is|would|has)\b"
)
