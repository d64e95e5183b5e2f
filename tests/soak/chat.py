"""Our side of the badly behaved platform: a `core.ports.Platform` over HTTP, as a real adapter would be written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp

from adapters.fence import FencedRequest
from core.chat import Attachment, Card, Place, Post, Receipt
from core.errors import RetryLater, Uncertain
from core.ports import Absent, CannotTell, Door


class Chat:
    """`naive`: never looks, so that whatever is unsure is sent again. `impatient`: comes back at once, whatever it is told."""

    name = "chat"

    def __init__(self, url: str, *, naive: bool = False, impatient: bool = False) -> None:
        self._url, self._naive, self._impatient = url, naive, impatient
        self._http: aiohttp.ClientSession | None = None

    @property
    def http(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None), request_class=FencedRequest
            )
        return self._http

    async def run(self, door: Door) -> None:
        await asyncio.Event().wait()

    def fit(self, card: Card) -> Sequence[Card]:
        return (card,)

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        try:
            async with self.http.post(f"{self._url}/post", json={"key": post.key, "channel": str(post.into)}) as answer:
                if answer.status == 429:
                    asked = (await answer.json())["retry_after"]
                    raise RetryLater(asked / 20 if self._impatient else asked, "429")
                if answer.status >= 500:
                    raise Uncertain(f"{answer.status}")
                return self._receipt(post)
        except aiohttp.ClientConnectorError as error:
            raise RetryLater(0.5, "nobody answers") from error
        except aiohttp.ClientError as error:
            raise Uncertain(type(error).__name__) from error

    async def find(self, post: Post) -> Receipt | Absent | CannotTell:
        if self._naive:
            return Absent()
        try:
            async with self.http.get(f"{self._url}/find", params={"key": post.key}) as answer:
                return self._receipt(post) if (await answer.json())["there"] else Absent()
        except aiohttp.ClientError as error:
            raise RetryLater(0.5, type(error).__name__) from error

    async def show(self, at: Place, sign: str) -> None:
        return

    async def fetch(self, attachment: Attachment) -> bytes:
        return b""

    def _receipt(self, post: Post) -> Receipt:
        return Receipt(place=post.into.at(post.key.replace("/", "-")) if post.opens else post.into, id=post.key)
