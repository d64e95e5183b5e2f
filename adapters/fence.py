"""For whoever speaks to a platform with aiohttp: `ClientSession(request_class=FencedRequest)`.

Between the decision to send and the first byte lies a moment in which a process can be stopped (a suspended machine, SIGSTOP). If it goes
on after its lease ran out, somebody else has sent the post by then. So the lease is asked once more in the very step that writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ClientRequest

from core.sending import may_start

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.connector import Connection


class FencedRequest(ClientRequest):
    """A request with a body that is not written when its attempt comes too late; the connection is closed instead."""

    async def write_bytes(self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None) -> None:
        """The headers wait for the body, so nothing has left yet."""
        if not may_start():
            conn.close()
            return
        await super().write_bytes(writer, conn, content_length)
