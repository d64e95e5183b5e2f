"""Messages that grow on Discord: how often they are edited, and what stands there in the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.discord.cards import LETTERS, marker
from adapters.discord.platform import DiscordPlatform
from core.chat import Audience, Button, Card, Person, Place, Post, Receipt, literal
from core.errors import Uncertain
from core.ports import Absent
from tests.adapters.discord.stage import discord_platform
from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import Message
from tests.fakes.discord.server import FakeDiscord

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
FINAL = Card(title="Next", text="How many writes a second?", buttons=(Button(label="Done", line="done x 1"),))
SAID = "### Next\n\nHow many writes a second?"


class Room:
    """A channel with Ada in it, and what is said there."""

    def __init__(self, fake: FakeDiscord, platform: DiscordPlatform, clock: FakeClock) -> None:
        self.fake, self.platform, self.clock = fake, platform, clock
        self.guild = fake.guild()
        self.channel = self.guild.text()
        self.ada = self.guild.member("Ada")
        self.place = Place(platform="discord", space=str(self.guild.id), channel=str(self.channel.id))
        self.person = Person(key=f"discord:{self.ada.id}", id=str(self.ada.id), name="Ada")

    def growing(self, key: str = "k1", text: str = "How many", **more: Any) -> Post:
        return Post(key=key, into=self.place, card=Card(text=text), growing=True, about=self.person.key, **more)

    def last(self, of: str = "k1", card: Card = FINAL) -> Post:
        return Post(key=f"{of}/last", into=self.place, card=card, replaces=of)

    async def grows(self, at: Receipt, *texts: str, seconds: float = 1.2) -> None:
        for text in texts:
            self.clock.advance(seconds=seconds)
            await self.platform.grow(at, Card(text=text))

    @property
    def messages(self) -> list[Message]:
        return self.fake.messages(self.channel, by_bot=True)

    @property
    def edits(self) -> list[Any]:
        return self.fake.requests(EDIT)


@pytest.fixture
def room(fake: FakeDiscord, platform: DiscordPlatform, clock: FakeClock) -> Room:
    return Room(fake, platform, clock)


async def test_it_is_one_message_of_the_last_ones_kind_edited_and_calling_nobody(room: Room) -> None:
    receipt = await room.platform.deliver(room.growing(), None)
    await room.grows(receipt, "How many writes", f"How many writes {literal('<@1> @everyone https://x.example')}")
    for edit in room.edits:
        assert edit.body["allowed_mentions"]["parse"] == []
        assert edit.body["components"][0]["id"] == marker("k1")
        assert "attachments" not in edit.body
    (message,) = room.messages
    assert message.text == "How many writes \\<@1> \\@everyone https\\://x.example"
    flags = message.flags
    await room.platform.deliver(room.last(), receipt)
    (message,) = room.messages
    assert (str(message.id), message.text, message.flags) == (receipt.id, SAID, flags)
    assert len(room.edits) == 3


async def test_a_channel_is_edited_once_a_beat_at_most(room: Room) -> None:
    first = await room.platform.deliver(room.growing(), None)
    second = await room.platform.deliver(room.growing("k2"), None)
    await room.grows(first, "How many writes", seconds=1.1)
    assert not room.edits, "what has just been sent is not edited at once"
    await room.grows(first, "How many writes", seconds=0.1)
    await room.grows(second, "How many reads", seconds=0.5)
    await room.grows(second, "How many reads now", seconds=0.7)
    assert [message.text for message in room.messages] == ["How many writes", "How many reads now"]
    assert len(room.edits) == 2


async def test_while_discord_asks_for_patience_nothing_queues_up_and_the_last_words_are_the_last(room: Room) -> None:
    receipt = await room.platform.deliver(room.growing(), None)
    await room.grows(receipt, "How")  # from now on the library knows that several edits at once are allowed
    room.fake.faults.limit(EDIT, 0.3)
    room.clock.advance(seconds=2)
    piece = asyncio.create_task(room.platform.grow(receipt, Card(text="How many writes")))
    await room.fake.until(lambda: len(room.edits) == 2)
    await room.grows(receipt, "How many writes a", "How many writes a second", seconds=5)
    assert len(room.edits) == 2
    await room.platform.deliver(room.last(), receipt)
    await piece
    assert [edit.status for edit in room.edits] == [200, 429, 200, 200]
    assert [message.text for message in room.messages] == [SAID]


async def test_a_long_wait_is_kept_by_the_whole_channel(room: Room) -> None:
    first = await room.platform.deliver(room.growing(), None)
    second = await room.platform.deliver(room.growing("k2"), None)
    room.fake.faults.limit(EDIT, 60)
    await room.grows(first, "How many writes")
    await room.grows(second, "How many reads")
    await room.grows(first, "How many writes a", seconds=30)
    assert len(room.edits) == 1
    await room.grows(first, "How many writes a second", seconds=30)
    assert room.messages[0].text == "How many writes a second"


async def test_one_that_is_gone_is_left(room: Room) -> None:
    receipt = await room.platform.deliver(room.growing(), None)
    room.fake.faults.fail(EDIT, 404)
    await room.grows(receipt, "How many writes", "How many writes a second")
    assert len(room.edits) == 1


async def test_what_may_have_arrived_is_found_and_goes_on(room: Room) -> None:
    room.fake.faults.reset(SEND, after=True, times=2)
    with pytest.raises(Uncertain):
        await room.platform.deliver(room.growing(), None)
    receipt = await room.platform.find(room.growing())
    assert isinstance(receipt, Receipt)
    assert await room.platform.find(room.growing("k2")) == Absent()
    await room.grows(receipt, "How many writes")
    assert [message.text for message in room.messages] == ["How many writes"]
    await room.platform.deliver(room.last(), receipt)
    assert [message.text for message in room.messages] == [SAID]


async def test_another_process_shows_nothing_more_and_says_the_last_words(room: Room) -> None:
    receipt = await room.platform.deliver(room.growing(), None)
    async with discord_platform(room.fake) as another:
        room.clock.advance(seconds=5)
        await another.grow(receipt, Card(text="How many writes"))
        assert not room.edits, "it does not know by what key the message is found"
        await another.deliver(room.last(), receipt)
    assert [message.text for message in room.messages] == [SAID]


async def test_what_is_for_one_person_does_not_grow_in_the_note_that_stands_for_it(room: Room) -> None:
    room.ada.closes_dms()
    kept = room.growing(audience=Audience(kind="kept", person=room.person))
    receipt = await room.platform.deliver(kept, None)
    await room.grows(receipt, "Your weak point is")
    assert not room.edits
    assert "weak" not in room.messages[0].text


async def test_what_grows_is_cut_and_what_it_ends_as_is_not(room: Room) -> None:
    receipt = await room.platform.deliver(room.growing(), None)
    await room.grows(receipt, "How many" + " words" * 1000)
    assert 0 < len(room.messages[0].text) <= LETTERS
    assert room.messages[0].text.startswith("How many words")
    text = "word " * 780
    await room.platform.deliver(room.last(card=Card(text=text)), receipt)
    assert room.messages[0].text == text.strip()
