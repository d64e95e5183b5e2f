"""Public holidays by country, and by part of a country where it has its own, from the `holidays` package."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from threading import Lock

from core.errors import CoachError

_LOCK = Lock()
"""A calendar works out a year when it is first asked for it; two threads must not do that at once."""


@lru_cache(maxsize=256)
def calendar(code: str) -> Mapping[date, str]:
    """The calendar of `DE` or `DE-BY`. CoachError says what is not known: the country, or the part of it."""
    import holidays  # the first calendar of a country takes its time, and most drills keep none

    country, _, part = code.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        raise CoachError(f"I have no public holidays for {code!r}. Use a country code such as DE, GB or US, or leave it empty.")
    parts = {name.upper(): name for name in known[country]}
    if part and part not in parts:
        some = f"its parts are {_listed(list(parts))}; or leave it at {country}" if parts else f"it has no parts; write only {country}"
        raise CoachError(f"I know {country}, but no part of it called {part!r}: {some}.")
    return _in_english(country, parts.get(part))


def _in_english(country: str, part: str | None) -> Mapping[date, str]:
    import holidays

    with _LOCK:
        spoken = holidays.country_holidays(country, subdiv=part).supported_languages
        language = next((name for name in ("en_GB", "en_US") if name in spoken), None)
        return holidays.country_holidays(country, subdiv=part, language=language)


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:20]) + (" and more" if len(parts) > 20 else "")


def holiday(code: str, day: date) -> str:
    """The holiday's name, or nothing on a date that is none. CoachError where the country is not known."""
    days = calendar(code)
    with _LOCK:
        return (days.get(day) or "a public holiday") if day in days else ""
