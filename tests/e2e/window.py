"""A window of the practice page as a stranger would write one: it knows the wire's words and nothing of the code behind them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

Json = dict[str, Any]
CHANNEL = "web/page/backend-interviews"
ANSWERS = ("heard", "form", "errors", "problem")


class Window:
    """Says hello, remembers what it is shown, and waits for what should come."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._news = asyncio.Event()
        self.entries: dict[str, Json] = {}
        """By id; the highest `seq` counts."""
        self.shown: list[tuple[str, int]] = []
        """Id and seq of every entry, in the order they came, as often as they came."""
        self.answers: dict[str, list[Json]] = {}
        self.me: Json = {}
        self.people: list[Json] = []
        self.closed = False
        self._reader = asyncio.create_task(self._read())

    async def hello(self, who: str | None = None, last: int = 0) -> None:
        """Be somebody: by name, or whoever the page puts first."""
        key = next((person["key"] for person in self.people if person["name"] == who), who)
        self.me = {}
        await self._socket.send_json({"type": "hello", "as": key, "last": last, "zone": "Europe/Berlin", "view": "web"})
        await self.until(lambda: bool(self.me), "a welcome")

    @property
    def dm(self) -> str:
        """One's own room."""
        return f"web/page/@{self.me['id']}"

    # --- doing ---

    async def say(self, text: str, place: str | None = None, id: str | None = None) -> Json:
        """Type it; the answer."""
        return await self._ask({"type": "say", "place": self.dm if place is None else place, "text": text}, id)

    async def press(self, line: str, place: str | None = None, entry: str | None = None, id: str | None = None) -> Json:
        """A button; the answer."""
        return await self._ask({"type": "press", "place": self.dm if place is None else place, "line": line, "entry": entry}, id)

    async def push(self, label: str, entry: Json, place: str | None = None) -> Json:
        """The button of this label on this entry; the answer."""
        return await self.press(line_of(entry, label), place or entry["place"], entry["id"])

    async def submit(self, line: str, place: str | None = None, entry: str | None = None, id: str | None = None, **fields: str) -> Json:
        """A form; the answer."""
        return await self._ask(
            {"type": "submit", "place": self.dm if place is None else place, "line": line, "fields": fields, "entry": entry}, id
        )

    async def send(self, message: Json) -> None:
        """Anything at all."""
        await self._socket.send_json(message)

    async def act(self, message: Json, id: str | None = None) -> Json:
        """Anything that has an id; the answer."""
        return await self._ask(message, id)

    async def _ask(self, message: Json, id: str | None) -> Json:
        id = id or uuid.uuid4().hex
        before = len(self.answers.get(id, []))
        await self._socket.send_json({**message, "id": id})
        await self.until(lambda: len(self.answers.get(id, [])) > before, f"an answer to {message['type']}")
        return {**self.answers[id][-1], "id": id}

    # --- seeing ---

    def see(self, words: str) -> list[Json]:
        """Entries with these words anywhere on them, oldest first."""
        found = [entry for entry in self.entries.values() if not entry["gone"] and words in text_of(entry)]
        return sorted(found, key=lambda entry: entry["seq"])

    async def find(self, words: str, within: float = 10.0, after: int = 0) -> Json:
        """The newest entry with these words, as soon as there is one (of a seq above `after`)."""
        await self.until(lambda: any(entry["seq"] > after for entry in self.see(words)), f"“{words}”", within)
        return self.see(words)[-1]

    @property
    def newest(self) -> int:
        """The highest seq it knows."""
        return max((entry["seq"] for entry in self.entries.values()), default=0)

    async def until(self, true: Callable[[], bool], what: str, within: float = 10.0) -> None:
        """Wait for it; AssertionError where it does not come."""
        try:
            async with asyncio.timeout(within):
                while not true():
                    self._news.clear()
                    assert not self.closed, f"the connection closed while waiting for {what}"
                    await self._news.wait()
        except TimeoutError:
            seen = "\n".join(f"  {entry['seq']} {entry['author']['name']}: {text_of(entry)[:120]!r}" for entry in self.entries.values())
            raise AssertionError(f"{what} did not come within {within:g} s; there is\n{seen}") from None

    # --- within ---

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                self._take(frame.json())
                self._news.set()
        finally:
            self.closed = True
            self._news.set()

    def _take(self, message: Json) -> None:
        match message["type"]:
            case "welcome":
                if message["reset"]:
                    self.entries.clear()
                self.people = message["people"]
                self.me = message["me"]
            case "people":
                self.people = message["people"]
            case "entries":
                for entry in message["entries"]:
                    self._keep(entry)
            case "entry":
                self._keep(message["entry"])
            case "erased":
                self.entries.clear()
            case kind if kind in ANSWERS and message.get("id"):
                self.answers.setdefault(message["id"], []).append(message)

    def _keep(self, entry: Json) -> None:
        self.shown.append((entry["id"], entry["seq"]))
        if self.entries.get(entry["id"], entry)["seq"] <= entry["seq"]:
            self.entries[entry["id"]] = entry

    async def close(self) -> None:
        """Gone, without waiting for the other side."""
        self._reader.cancel()
        await self._socket.close()


@asynccontextmanager
async def window(url: str, who: str | None = None, last: int = 0) -> AsyncIterator[Window]:
    """An open window that has said hello."""
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{url}/ws", max_msg_size=0) as socket:
        made = Window(socket)
        await made.hello(last=last)
        if who:
            await made.hello(who, last)  # now it knows who there is
        try:
            yield made
        finally:
            await made.close()


def text_of(entry: Json) -> str:
    """All the words of an entry, markup and all."""
    return "\n".join([entry["text"], *(_words(card) for card in entry["cards"])])


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_words(part) for part in value.values())
    if isinstance(value, list):
        return "\n".join(map(_words, value))
    return value if isinstance(value, str) else ""


def buttons(entry: Json) -> list[Json]:
    """All its buttons, those of menus too."""
    found = [button for card in entry["cards"] for button in card.get("buttons", [])]
    return [inner for button in found for inner in button.get("buttons", [button])]


def line_of(entry: Json, label: str) -> str:
    """The command line that a button carries."""
    lines = {button["label"]: button["line"] for button in buttons(entry)}
    assert label in lines, f"there is no {label!r} among {sorted(lines)}"
    line: str = lines[label]
    return line
