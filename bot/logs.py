"""Logs: one line an event, with the message's id and place where there is one; no secret and no answer text, ever."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_NEVER = ("text", "answer", "token", "secret", "password", "body", "card", "quote")


def configure(level: str = "INFO", as_json: bool = False) -> None:
    """Send structlog and the libraries' own logs to standard error in one shape."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _withhold,
        _where_it_broke,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", force=True)
    for noisy in ("apscheduler", "alembic", "aiohttp.access", "bm25s"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def _withhold(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what must not be in a log, should somebody ever hand it in."""
    for name in _NEVER:
        if name in event:
            event[name] = "(withheld)"
    return event


def _where_it_broke(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the places it came through; its text may hold what somebody wrote."""
    error = event.get("error")
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        event["error"] = type(error).__name__
        event["through"] = " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames)
    return event


def log(event: str, **facts: object) -> None:
    """Note that something happened; trouble is what has an `error` or a `why`. A log that cannot be written is no trouble."""
    logger = structlog.get_logger()
    with contextlib.suppress(OSError):  # the disk that the log lies on may be the one that is full
        (logger.warning if "error" in facts or "why" in facts else logger.info)(event, **facts)
