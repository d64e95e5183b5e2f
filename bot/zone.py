"""Which time zone this machine lives in."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo


def local_zone() -> str:
    """The IANA name: from TZ, from /etc/localtime, or UTC where nobody says."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _linked(Path("/etc/localtime")), _written(Path("/etc/timezone"))):
        if name and _known(name):
            return name
    return "UTC"


def _linked(path: Path) -> str:
    try:
        target = path.resolve().as_posix()
    except OSError:
        return ""
    return target.partition("zoneinfo/")[2]


def _written(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
