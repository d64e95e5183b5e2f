"""Sentences that are no answer: said to the reviewer, a machine's line, or the question's own text handed back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.review.tokens import Token, plain

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip) (?:all |any |your |the |my |these |those |every |of )*(?:previous|prior|above|earlier|rules?|instructions?|rubric|guidelines|system prompt|safety|criteria|prompt)\b"
    r"|\b(?:mark|score|rate|count|treat|grade|set|label|flag|consider|accept|assume|report|return|output|record|list) (?:me |this |that |it |all |every|each |everything|the |my |any |of )*"
    r"(?:\w+ ){0,3}?(?:as |is |are |to be |to |with )?(?:fully )?(?:covered|correct|complete|passed|satisfied|excellent|perfect|full (?:marks|points|score|credit)|a pass|100|10/10|strong hire|hire)\b"
    r"|\b(?:give|award|grant|assign|deserve|deserves|want|need) (?:me |this |it |us |the )?(?:answer |candidate )?(?:the )?(?:full|maximum|max|top|perfect|highest|all)(?: the)? (?:marks?|points?|scores?|credits?|grades?|rating|coverage)\b"
    r"|\b(?:dear|note to|message (?:to|for)|attention|hey|hello|hi|important for|instructions? (?:to|for)) (?:the )?(?:ai |llm |automated |auto |automatic )?(?:grader|reviewer|evaluator|judge|assessor|examiner|model|bot|marker|matcher|system|assistant)\b"
    r"|\b(?:as|you are|act as|acting as|pretend (?:to be|you are)|you are now|for|to|by|from) (?:the |an? |my |your )?(?:ai |llm |automated |strict |lenient |generous |helpful )*(?:grader|reviewer|evaluator|judge|examiner|grading|marker|bar raiser)\b(?!.{0,40}\b(?:queue|service|team)\b)"
    r"|\b(?:grader|reviewer|evaluator|assessor|language model|grading (?:system|bot|script|model))\b.{0,60}\b(?:must|should|please|will|ignore|mark|give|cover|pass|note|accept|always)\b"
    r"|\b(?:all|every|each|the|these|following|both) (?:\w+ )?(?:rubric )?(?:points?|items?|criteria|bullets|criterion|rubric) (?:\w+ )?(?:is|are|was|were|have been|has been|should be|must be|count as) (?:\w+ )?(?:covered|met|satisfied|correct|passed|addressed|complete|mentioned|fulfilled)\b"
    r"|\b(?:the |this )(?:candidate|applicant|answer|response|interviewee) (?:\w+ )?(?:covers?|covered|mentions?|mentioned|explains?|demonstrates?|addresses|addressed|meets|satisfies|deserves|shows|is (?:correct|complete|perfect|excellent)|correctly|fully|clearly|should (?:be|get|receive)|has (?:covered|already))\b"
    r"|\b(?:end|begin|start|beginning) of (?:the )?(?:answer|response|candidate|prompt|instructions?|system|user|rubric|evaluation|grading)\b"
    r"|\b(?:system|developer|admin|root) (?:prompt|message|override|note|mode|notice|instruction)\b|\b(?:jailbreak|dan mode|developer mode|debug mode|test mode)\b"
    r"|\bnew (?:instructions?|rules?|rubric|task)\s*:|\b(?:override|maintenance|calibration|grading) (?:mode|notice|note|instruction)s?\b"
    r"|\b(?:no need to|do not|stop) (?:check|evaluate|grade|review|verify|read)(?:ing)? (?:the rest|further|any|anything|this answer|my answer|it)\b"
    r"|\b(?:begin|start|stop|finish) (?:the )?(?:grading|evaluation|scoring|marking)\b|\bpretend to be\b"
    r"|\b(?:pass|passes|passed) (?:me|this candidate|the candidate)\b"
)
_MACHINE = re.compile(
    r"^\W*(?:system|assistant|user|developer|human|ai|grader|reviewer|verdict|verdicts|score|status|result|grade|evaluation|rubric|rating|admin|instruction|instructions|points?)\s*(?:\([^)]*\)|\[[^\]]*\])?\s*[:=>]"
    r"|[\"'“](?:status|verdict|verdicts|covered|score|point|points|id|role|content|confidence|sentences|grade|evidence|missing|next_probe|reviewer|question)[\"'”]\s*:"
    r"|<\|?/?(?:system|im_start|im_end|assistant|user|instructions?|answer|rubric|inst|endoftext)\b|\[/?(?:inst|system|end)\]|###? ?(?:system|instruction|response|evaluation|end)"
    r"|\b[a-z0-9]+(?:[-_][a-z0-9]+)+\b\"?\s*[:=]+>?\s*\"?(?:covered|true|1\b|yes|pass|ok|met|full)|[✅✓☑✔]\s*\w|\[x\]|\b(?:status|verdict|result)\b\W{0,4}\b(?:covered|pass|passed|full|hire)\b|:\s*covered\b"
)
_HARMLESS_LABEL = re.compile(r"^\W*(?:points?|result|system|user|status|instructions?|admin|developer|human)\s*[:=>]")
_SAYS_GRADING = re.compile(r"\b(?:covered|mark|marks|score|grade|rubric|ignore|instruction|instructions|candidate|reviewer|grader|verdict|pass|hire|points|full)\b")
_FIRST = frozenset(["i", "we", "my", "our", "me", "us", "you"])


def addressed(text: str) -> bool:
    """Whether a sentence speaks to the reviewer instead of about the question."""
    low = " ".join(plain(text).split())
    if _ORDERS.search(low):
        return True
    found = _MACHINE.search(low)
    return bool(found) and not (_HARMLESS_LABEL.match(low) and not _SAYS_GRADING.search(low[found.end() :] if found else ""))


class Echo:
    """Knows a question's own texts by runs of words, so that pasting them back is no answer."""

    def __init__(self, texts: Iterable[Sequence[Token]], width: int = 3) -> None:
        self._width = width
        self._runs: set[tuple[str, ...]] = set()
        self._whole: set[tuple[str, ...]] = set()
        for found in texts:
            stems = tuple(token.stem for token in found if token.stem)
            self._whole.add(stems)
            self._runs.update(self._cut(stems))

    def share(self, found: Sequence[Token]) -> float:
        """Which share of a sentence's runs of words stands in the question, 0 to 1."""
        stems = tuple(token.stem for token in found if token.stem)
        if stems in self._whole and len(stems) > 1:
            return 1.0
        runs = self._cut(stems)
        return sum(run in self._runs for run in runs) / len(runs) if len(runs) > 1 else 0.0

    def _cut(self, stems: tuple[str, ...]) -> list[tuple[str, ...]]:
        return [stems[at : at + self._width] for at in range(len(stems) - self._width + 1)]


def first_person(found: Sequence[Token]) -> bool:
    """Whether somebody speaks of their own doing."""
    return any(token.word in _FIRST for token in found)
