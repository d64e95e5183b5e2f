"""Undoes the usual disguises of a sentence: lookalike letters, digits for letters, escapes, encodings."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_PAIRS = (
    "аa вb гr еe зe іi јj кk мm нh оo рp сc тt уy хx ьb ѕs ԁd ԛq ԝw һh ӏl үy иn пn лn дd яr "  # Cyrillic
    "αa βb γy δd εe ζz ηn ιi κk μu νv οo ρp σo ςc τt υu χx ωw ϲc ϳj "  # Greek
    "հh ոn սu օo ցg ԍg "  # Armenian
    "ɑa ɡg ɩi ıi ʋu ɪi ɢg ɴn ʀr ʙb ʜh ʟl ᴀa ᴄc ᴅd ᴇe ꜰf ᴊj ᴋk ᴍm ᴏo ᴘp ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz łl øo đd ħh"  # Latin
)
_LOOKALIKES = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_LEET = str.maketrans("013457@$|!", "oieastasli")
_MIXED = re.compile(r"[a-z][013457@$|!]|[013457@$|!][a-z]")
_PARTED = re.compile(r"\b(?:[^\W\d_][-._*~]){3,}[^\W\d_]\b")
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){9,}[^\W\d_](?!\S)")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_BASE64 = re.compile(r"(?<![\w+/.-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w+/-]|\.\w)")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}[ :,]?){12,}(?![0-9A-Za-z])")
_BINARY = re.compile(r"(?<!\d)(?:[01]{8}[ ,]?){4,}(?!\d)")
_READABLE = 0.95
"""Of its bytes. Of a hash or a random id, hardly more than a third are."""
_LONGEST = 4000  # characters of one run; more adds nothing to what it is


def views(text: str) -> Iterator[str]:
    """Other ways to read a sentence, each only where the text gives cause for it."""
    low = text.lower()
    if not low.isascii():
        low = latin(low)
        yield low
    if _MIXED.search(low):
        yield low.translate(_LEET)
    if _PARTED.search(low):
        yield _PARTED.sub(lambda found: re.sub(r"[-._*~]", "", found.group()), low)
    opened = _opened(text)
    if opened != text:
        yield opened.lower()


def latin(low: str) -> str:
    """Letters of other alphabets and squares that look like Latin ones, as Latin ones; no accents."""
    parts = "".join(sign for sign in unicodedata.normalize("NFKD", low) if unicodedata.category(sign) not in ("Cf", "Mn", "Me"))
    return "".join(map(_from_square, parts)).lower().translate(_LOOKALIKES)


def encoded(text: str) -> bool:
    """Whether a piece of the sentence is text in base64, hexadecimal or binary digits, or spelt with a space after each letter."""
    if _SPACED.search(text):
        return True
    return any(_hides_text(found.group()) for found in _BASE64.finditer(text)) or any(
        _reads(_from_digits(found.group())) for pattern in (_HEX, _BINARY) for found in pattern.finditer(text)
    )


def _opened(text: str) -> str:
    opened = _ESCAPE.sub(lambda found: chr(int(found.group(1) or found.group(2), 16)), text) if "\\" in text else text
    opened = html.unescape(opened) if "&" in opened else opened
    return unquote(opened) if "%" in opened else opened


def _from_square(sign: str) -> str:
    for first in (0x1F150, 0x1F170, 0x1F1E6):  # white in a black circle, in a black square, letters of flags
        if first <= ord(sign) < first + 26:
            return chr(ord("a") + ord(sign) - first)
    return sign


def _hides_text(run: str) -> bool:
    """Long names and paths are made of the same signs: what tells is that it can be read when decoded, or the padding."""
    body = run.rstrip("=")[:_LONGEST]
    mixed = all(re.search(kind, body) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    if mixed and run.endswith("="):
        return True
    for altchars in (b"+/", b"-_"):
        try:
            if _reads(base64.b64decode(body[: len(body) // 4 * 4], altchars=altchars, validate=True)):
                return True
        except (binascii.Error, ValueError):
            continue
    return False


def _from_digits(run: str) -> bytes:
    digits = re.sub(r"0x|[ :,]", "", run)[: _LONGEST * 2]
    if set(digits) <= {"0", "1"} and len(digits) % 8 == 0:
        return bytes(int(digits[at : at + 8], 2) for at in range(0, len(digits), 8))
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _reads(raw: bytes) -> bool:
    return len(raw) >= 4 and sum(32 <= byte < 127 for byte in raw) >= _READABLE * len(raw)
