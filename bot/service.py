"""Starts the parts, supervises them, and drains them on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.clock import ServerClock
from bot.logs import log
from bot.wiring import Parts

DRAIN = 20.0
"""Seconds that sends in flight get to finish."""
RESTART_FROM, RESTART_TO = 1.0, 60.0
"""Seconds to wait before a platform that fell over is started again."""


async def serve(parts: Parts, listener: socket.socket, ready: Callable[[], Awaitable[None]]) -> None:
    """Run until SIGINT or SIGTERM. `ready` is awaited once everything is up."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    runner = web.AppRunner(parts.web, access_log=None, shutdown_timeout=2)
    tasks: list[asyncio.Task[None]] = []
    try:
        await runner.setup()
        loop.add_signal_handler(signal.SIGUSR1, parts.ticker.trust)
        await _join(parts)
        tasks += _background(parts)
        parts.ticker.start()
        await web.SockSite(runner, listener).start()
        await parts.greet()
        await ready()
        gc.collect()
        gc.freeze()  # a full collection would look through all that a start leaves behind, and hold the loop for some 70 ms
        await stop.wait()
    finally:  # from the first moment on: a database that is not closed keeps the process alive
        await _stop(parts, runner, tasks)


def _background(parts: Parts) -> list[asyncio.Task[None]]:
    """What runs until it is cancelled."""
    tasks = [asyncio.create_task(parts.delivery.run(), name="delivery"), asyncio.create_task(parts.pulse.run(), name="pulse")]
    if parts.keeper:
        tasks.append(asyncio.create_task(parts.keeper.run(), name="leases"))
    if isinstance(parts.clock, ServerClock):
        tasks.append(asyncio.create_task(parts.clock.run(_clockless), name="clock"))
    return tasks + [asyncio.create_task(_supervised(parts, name), name=name) for name in parts.platforms]


async def _join(parts: Parts) -> None:
    """Take up what a process that died left behind; where others are alive, join them."""
    if isinstance(parts.clock, ServerClock):
        await parts.clock.measure()
    if parts.keeper:
        await parts.keeper.beat()
    await parts.delivery.take_over()
    await parts.coach.recover()


def _clockless(error: Exception) -> None:
    log("server_clock_not_read", error=type(error).__name__)


async def _supervised(parts: Parts, name: str) -> None:
    """One platform, started again after a fall, each time a little later."""
    pause = RESTART_FROM
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await parts.platforms[name].run(parts.coach)
            return
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log("platform_fell", platform=name, error=error)
        if asyncio.get_running_loop().time() - began > 5 * RESTART_TO:
            pause = RESTART_FROM
        await asyncio.sleep(pause)
        pause = min(pause * 2, RESTART_TO)


async def _stop(parts: Parts, runner: web.AppRunner, tasks: list[asyncio.Task[None]]) -> None:
    """Not ready any more → no new work → sends in flight finish → everything else is cancelled and will be done again."""
    parts.health.draining = True
    await parts.ticker.stop()
    await parts.delivery.drain(DRAIN)
    await parts.coach.stop()
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=5)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(runner.cleanup(), 5)
    await parts.engine.close()
