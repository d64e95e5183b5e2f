"""Which characters of a text stay: everything a reader sees, nothing that hides in it."""

from __future__ import annotations

import re
import unicodedata

_SUSPECT = re.compile(r"[^\n\t\x20-\x7e]")
_UNSEEN = frozenset(map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0)))
"""Fillers and joiners that Unicode counts among the letters and marks, though nothing is drawn."""
_JOINERS = frozenset("\u200c\u200d")
_PRESENTATION = frozenset("\ufe0e\ufe0f")
_KEYCAP = "\u20e3"
_KEYS = frozenset("0123456789#*")
_MOST_MARKS = 3
"""On one letter. No language's everyday spelling needs more."""


def visible(text: str) -> str:
    """The text without control, direction and zero-width characters; letters of odd alphabets as plain ones."""
    if not _SUSPECT.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept: list[str] = []
    for index, sign in enumerate(text):
        if _stays(sign, kept, text[index + 1 : index + 2]):
            kept.append(_ordinary(sign))
    return unicodedata.normalize("NFC", _few_marks("".join(kept)))


def emoji(sign: str) -> bool:
    """Whether a character is drawn as a picture, or may be."""
    return (
        unicodedata.category(sign) == "So" or "\U0001f000" <= sign <= "\U0001faff" or ("\u203c" <= sign <= "\u2b55" and not sign.isalpha())
    )


def _stays(sign: str, kept: list[str], following: str) -> bool:
    if " " <= sign <= "~" or sign in "\n\t":
        return True
    before = kept[-1][-1:] if kept else ""
    if sign in _JOINERS:
        return _joins(before, following)
    if sign in _PRESENTATION:
        return bool(before) and (emoji(before) or before in _KEYS)
    if sign == _KEYCAP:
        return before in _KEYS or before in _PRESENTATION
    if sign in _UNSEEN or "\ufe00" <= sign <= "\ufe0d" or "\U000e0000" <= sign <= "\U000e0fff":
        return False
    return (
        unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Me")
        and ord(sign) & 0xFFFE != 0xFFFE
        and not "\ufdd0" <= sign <= "\ufdef"
    )


def _joins(before: str, following: str) -> bool:
    """Families and flags among the emoji, and scripts from Arabic to Sinhala, are spelt with joiners."""
    if not before or not following:
        return False
    if _spelt_with_joiners(before) and _spelt_with_joiners(following):
        return True
    return (emoji(before) or before in _PRESENTATION) and emoji(following)


def _spelt_with_joiners(sign: str) -> bool:
    return "\u0600" <= sign <= "\u06ff" or "\u0750" <= sign <= "\u077f" or "\u0900" <= sign <= "\u0dff"


def _ordinary(sign: str) -> str:
    """A full-width, mathematical, circled or joined-up letter or digit as the ordinary one."""
    if sign < "\u2100":
        return sign
    letter = unicodedata.category(sign)[0] in "LN"
    if letter and (
        "\uff00" <= sign <= "\uffef" or "\U0001d400" <= sign <= "\U0001d7ff" or "\u2100" <= sign <= "\u214f" or "\ufb00" <= sign <= "\ufb06"
    ):
        return unicodedata.normalize("NFKC", sign)
    if "\u249c" <= sign <= "\u24e9" or "\U0001f110" <= sign <= "\U0001f149":
        return unicodedata.normalize("NFKC", sign).strip("()〔〕")
    return sign


def _few_marks(text: str) -> str:
    """Piles of accents reach into the lines above and below; the first ones stay."""
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) == "Mn" else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
