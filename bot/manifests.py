"""`loopcoach manifest`: the JSON on standard output, the link beside it on standard error, so that either can be piped."""

from __future__ import annotations

import json
import re

from adapters.slack.manifest import create_link, manifest
from core.errors import NotUnderstood


def slack(prefix: str = "", url: str | None = None) -> tuple[str, str]:
    """The manifest as text, and the sentence with the link. NotUnderstood where the prefix or the address cannot be meant."""
    if not re.fullmatch(r"[a-z0-9_-]{0,12}", prefix):
        raise NotUnderstood("A prefix has up to twelve small letters, digits, - or _: lc- for example.")
    if url is not None and not re.match(r"https?://[^/\s]+", url):
        raise NotUnderstood("--http wants our public address: https://coach.example.org")
    made = manifest(prefix, url)
    return json.dumps(made, indent=2, ensure_ascii=False), f"Create the app with all of this filled in:\n{create_link(made)}"
