"""The four habits of the prep playbook, the four pitfalls beside them, and the pitfalls of a question, as checks on an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.questions.bank import Question
from core.review.clauses import Reading, Stance
from core.review.feedback import Habit, PitfallHit
from core.review.phrases import Phrasebook
from core.review.playbook import HABITS, PITFALLS

_LOAD = (
    r"traffic|load|volume|peak|requests?|updates?|orders?|messages?|events?|users?|customers?|calls?|rows?|size|scale|rate|growth|per (?:second|minute|hour|day)|data|latency|budget|failures?|outages?|loss|stale|consisten\w+|deadline"
)
_CLARIFY = re.compile(
    rf"\b(?:assum(?:e|ing|ption|ptions)|suppose|let us say|i take it|i would (?:first )?(?:ask|clarify|check|find out)|(?:first|before \w+) i (?:would )?(?:ask|clarify|check|want to know)|i need to know|how (?:many|much|often|big|fresh|long|large|fast|old|quickly)|what (?:is|are) the)\b.*\b(?:{_LOAD})\b"
)
_COMPARE = re.compile(
    r"\b(?:rather than|instead of|trade-? ?offs?|compared (?:to|with)|versus|vs|on the other hand|the alternative|alternatives?|two (?:ways|options|choices)|either .{3,80} or|(?:cheaper|simpler|faster|slower|safer|harder|easier|costlier|more \w+|less \w+) (?:than|but)"
    r"|the (?:downside|drawback|price|cost) (?:is|of|here)|(?:i|we) (?:would )?(?:prefer|choose|pick|chose|picked|preferred)\b.{3,120}\b(?:over|because|since|to|than)|costs? (?:us|more)|in exchange|at the (?:cost|price|expense) of|(?:pro|con)s? (?:and|is|are))\b"
)
_PRODUCTION = re.compile(
    r"\b(?:(?:at|in) (?:my|our) (?:last|previous|current|former|old|team|company|job|present)|in production|(?:we|i) (?:once )?(?:had|saw|ran|hit|ran into|learned|used to|did this|did that|built|shipped|measured|lost|spent|debugged|fixed|was paged|got paged) (?:\w+ ){0,6}?(?:outage|incident|bug|night|year|last|production|once|when|at|customers|pages?|job|weeks?|months?)"
    r"|last (?:year|spring|summer|autumn|winter|month|quarter|black friday|christmas)|when i (?:was|worked)|i (?:was paged|remember|have seen this|have done this|have run)|it (?:bit|happened to) us|during (?:an|our|the last|one) (?:outage|incident|sale))\b"
)
_OPERATE = re.compile(
    r"\b(?:alarm\w*|alert\w*|dashboard\w*|monitor\w*|metrics?|page (?:me|us|somebody|the on-?call|on|when|if)|pages (?:me|us|somebody|the)|on-?call|runbook\w*|roll(?:ing|ed)? ?back|rollback\w*|rollout|roll (?:it |this )?out|canary|canaries|feature flag\w*|flag off|tracing|traces|logs?|slo|error budget|game day|drill|rehears\w+|dead letter|replay|backfill|load test\w*|one percent|1 ?%|p99|p95|percentile|wakes? (?:me|us|somebody|someone|up))\b"
)
_FAILURE = re.compile(
    r"\b(?:fail\w*|time ?out\w*|times? out|timed out|retr(?:y|ies|ied|ying)|crash\w*|down|outage\w*|late|twice|duplicat\w*|again|slow\w*|lost|lose|loses|losing|stale|error\w*|unavailable|broken|breaks?|dead|stuck|conflict\w*|overload\w*|rollback|undo|goes wrong|went wrong|out of order|wrong|corrupt\w*|degrad\w*|fallback|fall back|miss\w*|partial\w*|race\w*|repeat\w*)\b"
)
_TOOLS = re.compile(
    r"\b(?:kafka|redis|dynamodb|dynamo|sqs|sns|kinesis|lambda|postgres\w*|mysql|mongo\w*|cassandra|elasticsearch|opensearch|kubernetes|k8s|docker|s3|cloudfront|api gateway|rabbitmq|memcached|grpc|graphql|terraform|prometheus|grafana|datadog|spark|flink|airflow|nginx|istio|envoy|hystrix|resilience4j|cloudwatch|aurora|rds|ecs|eks|step functions|eventbridge)\b"
)
_WHY = re.compile(r"\b(?:because|since|so that|so|in order|otherwise|which means|that way|to (?:avoid|keep|make|let|cut|prevent|survive)|but|costs?|trade|instead|rather|cheaper|simpler|faster|slower|downside|price|than)\b")
_DATA = re.compile(
    r"\b(?:key|keys|keyed|index\w*|quer(?:y|ies)|reads?|lookups?|look up|table\w*|schema\w*|columns?|rows?|partition\w*|shard\w*|by (?:the )?(?:\w+ )?(?:id|user|customer|order|seller|date|time|day|city|region)|access patterns?|primary|sort\w*|document\w*|records?|fields?)\b"
)
_CONCRETE = re.compile(r"\d|\b(?:half|twice|two|three|four|five|ten|twenty|hundred|thousand|percent|seconds?|minutes?|hours?|weeks?|days?)\b")
_AMPLE = 60  # words; below that, absence shows nothing


def habits(readings: Sequence[Reading]) -> tuple[Habit, ...]:
    """The four habits, each with the sentences in which it showed."""
    texts = [(reading, text_of(reading)) for reading in readings]

    def where(test: Callable[[str], object], loosest: Stance = Stance.HEDGED) -> tuple[int, ...]:
        return tuple(reading.id for reading, text in texts if test(text) and _firmest(reading) <= loosest)[:3]

    found = {
        "clarify": where(_CLARIFY.search, Stance.ASKED),
        "compare": where(_COMPARE.search, Stance.ATTRIBUTED),
        "production": where(_PRODUCTION.search),
        "operate": where(_OPERATE.search),
    }
    return tuple(Habit(id=id, shown=bool(found[id]), sentences=found[id]) for id in HABITS)


def pitfalls(question: Question, readings: Sequence[Reading]) -> tuple[PitfallHit, ...]:
    """The question's own pitfalls and the playbook's. A false alarm is worse than silence."""
    return (*_of_question(question, readings), *_of_playbook(question, readings))


def _of_question(question: Question, readings: Sequence[Reading]) -> list[PitfallHit]:
    hits = []
    for pitfall in question.pitfalls:
        if not pitfall.groups:
            continue
        book = Phrasebook((number, phrase) for number, group in enumerate(pitfall.groups) for phrase in group)
        for reading in readings:
            met = {hit.key for hit in book.find(reading) if hit.stance is Stance.ASSERTED}
            if len(met) == len(pitfall.groups):
                hits.append(PitfallHit(id=pitfall.id, text=pitfall.text, sentences=(reading.id,)))
                break
    return hits


def _of_playbook(question: Question, readings: Sequence[Reading]) -> list[PitfallHit]:
    texts = [text_of(reading) for reading in readings]
    whole = " ".join(texts)
    if question.competency == "leadership" or len(whole.split()) < _AMPLE:
        return []
    tools = [reading.id for reading, text in zip(readings, texts, strict=True) if _TOOLS.search(text)]
    found: dict[str, tuple[int, ...]] = {}
    if not _FAILURE.search(whole) and question.competency in ("design", "api_data", "reliability"):
        found["happy-path"] = ()
    if len({match for text in texts for match in _TOOLS.findall(text)}) >= 3 and not any(_WHY.search(text) for text in texts if _TOOLS.search(text)):
        found["tool-names"] = tuple(tools[:3])
    if question.competency in ("design", "api_data") and not _DATA.search(whole):
        found["no-data-model"] = ()
    if not _CONCRETE.search(whole) and not _OPERATE.search(whole) and not _PRODUCTION.search(whole):
        found["abstract"] = ()
    return [PitfallHit(id=id, text=PITFALLS[id], sentences=sentences) for id, sentences in found.items()]


def _firmest(reading: Reading) -> Stance:
    return min((stance for token, stance in zip(reading.tokens, reading.stances, strict=True) if token.stem), default=Stance.RETRACTED)


def text_of(reading: Reading) -> str:
    """A sentence's words in plain lower case, for the patterns here."""
    return " ".join(token.word for token in reading.tokens)
