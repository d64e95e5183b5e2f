"""Talk around an answer: thanks, warming up, opinions on life. It says nothing about the question."""

from __future__ import annotations

import re

from core.review.cues import alternatives

_CHATTER = re.compile(
    rf"(?:(?:so|well|ok|okay|now|and|but|also|anyway|alright|right|yeah|yes|hm+|first of all) ?,? )*(?:{alternatives('chatter')})\b"
)
_WORTH = re.compile(r"\d|\b(?:because|so that)\b")


def chatter(text: str) -> bool:
    """Whether a sentence, in plain lower-case words, is only talk around the answer."""
    return bool(_CHATTER.match(text)) and not _WORTH.search(text)
