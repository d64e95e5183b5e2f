"""Starts Loopcoaches that die at a chosen await. Run by test_kill.py; nothing of this is part of the product.

Reads one JSON order a line: `{"database", "port", "log", "dies", "naive"}`, answers with the process id. The modules are imported
once; every Loopcoach is a fork that builds its parts with `bot.wiring.build`, as `loopcoach run` does. From one SIGUSR2 to the next it
notes in its log the moments before and after each awaited call to the store and the platform, each with its number of its kind, and dies
by SIGKILL at the one that `dies` names, such as `before SqlOutbox.sent 2`. An empty `dies` is an ordinary life.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import bot.service
import bot.start
import bot.wiring
from adapters.database.unit import SqlUnit
from bot.settings import Settings
from core.chat import Message, Post, Receipt
from core.questions.bank import load
from core.review.matcher import review

MOMENT = "moment: "
build = bot.wiring.build


class Death:
    """Counts the moments, and comes when its own is there."""

    def __init__(self, at: str) -> None:
        self._at = at
        self._counts: Counter[str] = Counter()
        self._armed = False
        signal.signal(signal.SIGUSR2, lambda *_: self._turn())

    def _turn(self) -> None:
        self._armed = not self._armed

    def moment(self, name: str) -> None:
        if not self._armed:
            return
        self._counts[name] += 1
        now = f"{name} {self._counts[name]}"
        os.write(1, f"{MOMENT}{now}\n".encode())
        if now == self._at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, owner: object, name: str, label: str) -> None:
        """Count the moments before and after each call."""
        call: Callable[..., Awaitable[Any]] = getattr(owner, name)

        @functools.wraps(call)
        async def watched(*given: Any, **named: Any) -> Any:
            self.moment(f"before {label}")
            result = await call(*given, **named)
            self.moment(f"after {label}")
            return result

        setattr(owner, name, watched)


def deadly(order: dict[str, Any], *given: Any, **named: Any) -> bot.wiring.Parts:
    """The real parts, watched."""
    parts = build(*given, **named)
    if order["naive"]:
        NAIVE[order["naive"]](parts)
    if order["dies"]:
        death = Death(order["dies"])
        for owner, names in (
            (parts.store.inbox, ("receive",)),
            (parts.engine, ("read", "write")),
            (parts.platforms["web"], ("deliver", "find")),
            (parts.store.outbox, ("claim", "sent")),
        ):
            for name in names:
                death.watch(owner, name, f"{type(owner).__name__}.{name}")
        parts.ticker.start = lambda: None  # type: ignore[method-assign]  # it would count along, each time at other moments
    return parts


# --- two ways to do it wrong, to see that the test notices -------------------------------------------------------------


def without_inbox(parts: bot.wiring.Parts) -> None:
    """Whatever is said is acknowledged and handled, and kept nowhere until then."""

    async def accept(message: Message) -> bool:
        return parts.coach.take_up(message)

    parts.coach.accept = accept  # type: ignore[method-assign]
    SqlUnit.done = lambda self, message: None  # type: ignore[method-assign]


def without_keys(parts: bot.wiring.Parts) -> None:
    """A post does not bear its key on the platform, so that nobody can see whether it arrived."""
    page: Any = parts.platforms["web"]
    deliver = page.deliver

    async def nameless(post: Post, replaced: Receipt | None) -> Receipt:
        receipt: Receipt = await deliver(post.model_copy(update={"key": uuid.uuid4().hex}), replaced)
        return receipt

    page.deliver = nameless


NAIVE = {"without_inbox": without_inbox, "without_keys": without_keys}


# --- forking ---------------------------------------------------------------------------------------------------------


def live(order: dict[str, Any]) -> int:
    """What the fork does: all that `loopcoach run` does."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(Path(order["database"]).parent)
    bot.wiring.build = functools.partial(deadly, order)
    return bot.start.start(Settings(database_url=f"sqlite:///{order['database']}", port=order["port"], open_browser=False))


def main() -> None:
    bank = load()
    bot.wiring.load = lambda: bank  # type: ignore[assignment]
    review(bank.get("order-status-api"), ("The table is keyed by order id because nearly every read asks for one order.",))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                sys.stdin.close()
                code = live(json.loads(line))
            finally:
                os._exit(code)
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
