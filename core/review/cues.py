"""The little words and turns of phrase of `cues.yaml`, ready for use."""

from __future__ import annotations

import re
from functools import cache

from core.review.listed import listed
from core.review.tokens import root


@cache
def words(section: str) -> frozenset[str]:
    """The words of a section; KeyError where there is none."""
    return frozenset(listed("cues")[section].split())


@cache
def roots(section: str) -> frozenset[str]:
    """The stems of the words of a section."""
    return frozenset(root(word) for word in words(section))


def alternatives(*sections: str) -> str:
    """The lines of one or several sections as one expression, parts filled in."""
    return "|".join(_filled(line) for section in sections for line in listed("cues")[section])


@cache
def pattern(*sections: str) -> re.Pattern[str]:
    """Matches where any line of the sections does; the text must be plain and in lower case."""
    return re.compile(alternatives(*sections))


def _filled(line: str) -> str:
    for part in ("who", "says", "scale", "deed", "other", "party", "count", "unit"):
        if f"{{{part}}}" in line:
            line = line.replace(f"{{{part}}}", f"(?:{'|'.join(listed('cues')[part])})")
    return line


def _forms(verb: str) -> tuple[str, ...]:
    return verb, verb + "s", verb + "es", verb + "ed", verb + "d", verb[:-1] + "ies", verb[:-1] + "ied"


SUBJECT = words("subject")
AUXILIARY = words("auxiliary")
VERBS = frozenset(form for verb in words("verb") for form in _forms(verb)) | words("irregular")
BOUNDARY = words("boundary")
CONTRAST = words("contrast")
PURPOSE = words("purpose")
SKIP = words("skip")
TELLING = words("telling")
NEGATOR = words("negator")
GIVES_UP = words("gives_up")
ADOPT = roots("adopt")
BAD = roots("bad")
AGAIN = roots("again")
AGAIN_STRICTLY = roots("again_strictly")
HARM_DONE = roots("harm_done")
HEDGE_REACH = 12
"""Words. Who explains at length what they "maybe" do, proposes it."""
