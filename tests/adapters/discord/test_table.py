"""Every row of the table in facts/discord.md section 4: what a person sees when Discord, the network or we ourselves fail in the middle."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.opening import tagged
from adapters.discord.platform import DiscordPlatform
from core.chat import Audience, Button, Card, Person, Place, Post, Receipt
from core.errors import Refused, RetryLater, Uncertain
from core.ports import Absent
from tests.adapters.discord.stage import Whole, discord_platform, whole
from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import Channel
from tests.fakes.discord.people.places import Server
from tests.fakes.discord.server import FakeDiscord

SEND = "POST /channels/{channel_id}/messages"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
FROM_MESSAGE = "POST /channels/{channel_id}/messages/{message_id}/threads"
WITHOUT = "POST /channels/{channel_id}/threads"
OPEN_DM = "POST /users/@me/channels"
COMMANDS = "PUT /applications/{application_id}/commands"


class Place_:
    """A server with a channel, and somebody in it."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.guild: Server = fake.guild()
        self.channel: Channel = self.guild.text()
        self.ada = self.guild.member("Ada")
        self.place = Place(platform="discord", space=str(self.guild.id), channel=str(self.channel.id))
        self.person = Person(key=f"discord:{self.ada.id}", id=str(self.ada.id), name="Ada")

    def post(self, key: str = "daily/1", **more: object) -> Post:
        return Post.model_validate({"key": key, "into": self.place, "card": Card(title="A question", text="Words"), **more})

    def aside(self, key: str = "mock/1") -> Post:
        own = Place.dm("discord", self.place.space, self.person.id)
        return self.post(key, into=own, aside=self.place, opens=True, conversation="c", thread_name="Mock", about=self.person.key)

    @property
    def seen(self) -> list[str]:
        """What Ada reads in the channel."""
        return [each.text for each in self.fake.visible_to(self.ada, self.channel)]


@pytest.fixture
def there(fake: FakeDiscord) -> Place_:
    return Place_(fake)


# --- messages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_a_send_that_failed_after_its_effect(fake: FakeDiscord, platform: DiscordPlatform, there: Place_, status: int) -> None:
    fake.faults.fail(SEND, status, after=True, times=2)
    await platform.deliver(there.post(), None)
    assert len(there.seen) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_reset_connection(fake: FakeDiscord, platform: DiscordPlatform, there: Place_, after: bool) -> None:
    fake.faults.reset(SEND, after=after)
    await platform.deliver(there.post(), None)
    assert len(there.seen) == 1


async def test_two_resets_are_looked_into_before_a_third_attempt(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    fake.faults.reset(SEND, after=True, times=2)
    with pytest.raises(Uncertain):
        await platform.deliver(there.post(), None)
    found = await platform.find(there.post())
    assert not isinstance(found, Absent)
    assert len(there.seen) == 1


async def test_a_new_process_knows_the_message_of_the_old_one(fake: FakeDiscord, there: Place_) -> None:
    async with discord_platform(fake) as first:
        receipt = await first.deliver(there.post(), None)
    async with discord_platform(fake) as second:
        assert await second.deliver(there.post(), None) == receipt
    assert len(there.seen) == 1


async def test_long_after_the_nonce_the_marker_is_found(
    fake: FakeDiscord, platform: DiscordPlatform, there: Place_, clock: FakeClock
) -> None:
    receipt = await platform.deliver(there.post(), None)
    for number in range(130):
        await there.ada.says(there.channel, f"chatter {number}")
    clock.advance(hours=2)
    assert await platform.find(there.post()) == receipt
    assert await platform.find(there.post("daily/2")) == Absent()


async def test_a_channels_history_that_we_may_not_read_cannot_tell(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    there.guild.deny(there.channel, there.guild.bot_role, 1 << 10)
    found = await platform.find(there.post())
    assert not isinstance(found, Absent)


async def test_service_unavailable_is_left_to_the_outbox(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    fake.faults.fail(SEND, 503, times=2)
    with pytest.raises(Uncertain):
        await platform.deliver(there.post(), None)
    await platform.deliver(there.post(), None)
    assert len(there.seen) == 1


async def test_limits_are_waited_for_and_a_ban_is_kept_quiet_for(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    fake.faults.limit(SEND, 0.05)
    await platform.deliver(there.post(), None)
    fake.faults.limit(SEND, 0.05, everywhere=True)
    await platform.deliver(there.post("daily/2"), None)
    fake.faults.ban(SEND)
    with pytest.raises(RetryLater) as banned:
        await platform.deliver(there.post("daily/3"), None)
    assert (banned.value.reach, banned.value.after >= 120) == ("platform", True)
    assert len(there.seen) == 2


async def test_a_token_that_counts_no_more_stops_everything(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    fake.reset_token()
    with pytest.raises(RetryLater) as refused:
        await platform.deliver(there.post(), None)
    assert "DISCORD_TOKEN" in str(refused.value)
    asked = len(fake.rest.requests)
    with pytest.raises(RetryLater):
        await platform.deliver(there.post("daily/2"), None)
    assert len(fake.rest.requests) == asked, "a token that is refused is not tried again"


async def test_what_is_said_calls_nobody(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    card = Card(text=f"@everyone <@{there.ada.id}>", quote=f"<@{there.ada.id}> @here")
    receipt = await platform.deliver(there.post(card=card), None)
    message = there.channel.messages[int(receipt.id)]
    assert not there.ada.was_pinged_by(message)
    assert not message.mentions


# --- threads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
async def test_a_thread_from_a_message_is_made_once(fake: FakeDiscord, platform: DiscordPlatform, there: Place_, after: bool) -> None:
    fake.faults.fail(FROM_MESSAGE, 502, after=after)
    opening = there.post(opens=True, conversation="c", thread_name="Question 1")
    receipt = await platform.deliver(opening, None)
    assert [each.name for each in fake.threads(there.channel)] == ["Question 1"]
    assert receipt.place.thread == receipt.id
    assert await platform.find(opening) == receipt


async def test_a_message_whose_thread_was_not_made_gets_it_when_it_is_found(
    fake: FakeDiscord, platform: DiscordPlatform, there: Place_
) -> None:
    fake.faults.reset(FROM_MESSAGE)
    opening = there.post(opens=True, conversation="c", thread_name="Question 1")
    with pytest.raises(Uncertain):
        await platform.deliver(opening, None)
    found = await platform.find(opening)
    assert not isinstance(found, Absent)
    assert [len(fake.threads(there.channel)), len(there.seen)] == [1, 1]


async def test_a_private_thread_that_was_made_twice_is_there_once(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    ticks = iter(range(100))
    platform.opening._steady = lambda: float(next(ticks))
    there.guild.permit(there.guild.bot_role, 1 << 34 | 0x400000F800 | 1 << 10 | 1 << 36 | 1 << 35 | 1 << 38)
    fake.faults.fail(WITHOUT, 502, after=True)
    receipt = await platform.deliver(there.aside(), None)
    assert [each.name for each in fake.threads(there.channel)] == [tagged(there.aside())]
    thread = fake.threads(there.channel)[0]
    assert there.ada.sees(thread)
    assert [each.text.split("\n")[0] for each in fake.visible_to(there.ada, thread)] == ["### A question"]
    assert str(thread.id) == receipt.place.thread


async def test_a_spare_private_thread_that_we_may_not_delete_is_seen_by_nobody(
    fake: FakeDiscord, platform: DiscordPlatform, there: Place_
) -> None:
    ticks = iter(range(100))
    platform.opening._steady = lambda: float(next(ticks))
    fake.faults.fail(WITHOUT, 502, after=True)
    await platform.deliver(there.aside(), None)
    seen = [each for each in fake.threads(there.channel) if there.ada.sees(each)]
    assert len(seen) == 1


async def test_a_private_thread_that_was_left_half_made_is_gone_on_with(fake: FakeDiscord, there: Place_) -> None:
    async with discord_platform(fake) as first:
        fake.faults.reset(WITHOUT, after=True)
        with pytest.raises(Uncertain):
            await first.deliver(there.aside(), None)
    async with discord_platform(fake) as second:
        assert await second.find(there.aside()) == Absent()
        await second.deliver(there.aside(), None)
    assert len(fake.threads(there.channel)) == 1


async def test_a_forum_post_is_found_by_its_name(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    forum = there.guild.forum("bank")
    into = there.place.model_copy(update={"channel": str(forum.id)})
    opening = there.post(into=into, opens=True, conversation="c", thread_name="Daily question 3: Queues")
    fake.faults.reset(WITHOUT, after=True)
    with pytest.raises(Uncertain):
        await platform.deliver(opening, None)
    found = await platform.find(opening)
    assert not isinstance(found, Absent)
    assert len(fake.threads(forum)) == 1
    changed = there.post("daily/1/closed", into=into, replaces="daily/1", card=Card(title="Closed"))
    assert await platform.deliver(changed, found) == found  # type: ignore[arg-type]
    assert "Closed" in fake.messages(fake.threads(forum)[0])[0].text


async def test_an_archived_thread_is_written_into_and_changed(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    opened = await platform.deliver(there.post(opens=True, conversation="c", thread_name="Q"), None)
    inside = await platform.deliver(there.post("r/1", into=opened.place, conversation="c"), None)
    thread = fake.threads(there.channel)[0]
    await there.ada.archives(thread)
    await platform.deliver(there.post("r/1/changed", into=opened.place, replaces="r/1", card=Card(text="Newer")), inside)
    assert "Newer" in fake.messages(thread)[-1].text
    await there.ada.archives(thread)
    await platform.deliver(there.post("r/2", into=opened.place, conversation="c"), None)
    assert not thread.archived
    await there.ada.archives(thread, locked=True)
    with pytest.raises(Refused):
        await platform.deliver(there.post("r/3", into=opened.place, conversation="c"), None)


async def test_a_channel_without_threads_gets_its_question_all_the_same(
    fake: FakeDiscord, platform: DiscordPlatform, there: Place_
) -> None:
    told: list[Place] = []
    platform.opening.threadless = told.append
    there.guild.deny(there.channel, there.guild.bot_role, 1 << 35)
    receipt = await platform.deliver(there.post(opens=True, conversation="c", thread_name="Q"), None)
    assert (receipt.place, len(there.seen), told) == (there.place, 1, [there.place])


# --- direct messages -------------------------------------------------------------------------------------------------


async def test_opening_direct_messages_twice_is_opening_them_once(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    fake.faults.fail(OPEN_DM, 502, after=True)
    await platform.deliver(there.post(audience=Audience(kind="kept", person=there.person)), None)
    assert len(fake.visible_to(there.ada)) == 1


@pytest.mark.parametrize("how", ["closed", "left"])
async def test_closed_direct_messages_leave_a_note_in_place_and_are_remembered(
    fake: FakeDiscord, platform: DiscordPlatform, there: Place_, how: str
) -> None:
    there.ada.closes_dms()
    kept = there.post("review/1", audience=Audience(kind="kept", person=there.person), card=Card(title="Your review", text="secret"))
    await platform.deliver(kept, None)
    assert len(there.seen) == 1
    assert "Ada, I cannot write to you directly" in there.seen[0]
    assert "secret" not in there.seen[0]
    tried = len(fake.requests(SEND))
    await platform.deliver(kept.model_copy(update={"key": "review/2"}), None)
    assert len(fake.requests(SEND)) == tried + 1, "what is closed is not knocked at again"


async def test_what_stands_where_others_read_is_never_changed_into_the_card_itself(
    fake: FakeDiscord, platform: DiscordPlatform, there: Place_
) -> None:
    there.ada.closes_dms()
    kept = there.post("review/1", audience=Audience(kind="kept", person=there.person), card=Card(title="Your review", text="secret"))
    noted = [await platform.deliver(kept, None), await platform.find(kept)]
    for receipt in noted:
        assert isinstance(receipt, Receipt)
        edit = there.post("review/1>claimed", replaces="review/1", card=Card(title="Your review", text="secret, changed"))
        with pytest.raises(Refused):
            await platform.deliver(edit, receipt)
    assert len(there.seen) == 1
    assert not any("secret" in text for text in there.seen)


# --- refusals that are for somebody ----------------------------------------------------------------------------------


async def test_refusals_are_sentences(fake: FakeDiscord, platform: DiscordPlatform, there: Place_) -> None:
    there.guild.deny(there.channel, there.guild.bot_role, 1 << 11)
    with pytest.raises(Refused, match="I may not do that in that channel"):
        await platform.deliver(there.post(), None)
    there.guild.deny(there.channel, there.guild.bot_role, 1 << 10)
    with pytest.raises(Refused, match="I cannot see that channel"):
        await platform.deliver(there.post(), None)
    there.guild.delete(there.channel)
    with pytest.raises(Refused, match="the channel is gone"):
        await platform.deliver(there.post(), None)


# --- interactions ----------------------------------------------------------------------------------------------------


async def test_an_acknowledgement_that_was_given_already_counts(fake: FakeDiscord, bot: Whole) -> None:
    fake.faults.fail(CALLBACK, 502, after=True)
    shown = await (await bot.ada.slash("guide", {"action": "screens"}, bot.channel)).answered()
    assert "What Amazon screens for" in shown.text
    assert len(fake.visible_to(bot.ada, bot.channel)) == 1


async def test_an_answer_that_failed_after_its_effect_stands_there_once(fake: FakeDiscord, bot: Whole) -> None:
    fake.faults.fail(ORIGINAL, 502, after=True)
    shown = await (await bot.ada.slash("guide", {"action": "screens"}, bot.channel)).answered()
    assert "What Amazon screens for" in shown.text
    assert len(fake.visible_to(bot.ada, bot.channel)) == 1


async def test_too_late_to_acknowledge_goes_another_way(fake: FakeDiscord, bot: Whole, clock: FakeClock) -> None:
    fake.faults.slow(CALLBACK, 0.2)
    slow = asyncio.create_task(bot.ada.slash("guide", {"action": "screens"}, bot.channel))
    await asyncio.sleep(0.05)
    clock.advance(seconds=3.5)
    await bot.hears(bot.ada.dm, "What Amazon screens for")
    assert (await slow).failed


async def test_after_fifteen_minutes_an_answer_goes_to_their_direct_messages(fake: FakeDiscord, bot: Whole, clock: FakeClock) -> None:
    hold = asyncio.Event()
    review = bot.coach._kit.panel.review

    async def slowly(*given: object, **more: object) -> object:
        await hold.wait()
        return await review(*given, **more)  # type: ignore[arg-type]

    bot.coach._kit.panel.review = slowly  # type: ignore[method-assign,assignment]
    await bot.ada.slash("question", {"id": "order-status-api"}, bot.channel)
    await bot.hears(bot.ada.dm, "Order status")
    shown = await bot.ada.slash("review", {"text": "I would use a queue, because a slow call must not hold our threads."}, bot.channel)
    await fake.until(lambda: shown.thinking)
    clock.advance(minutes=16)
    hold.set()
    await bot.hears(bot.ada.dm, "not a grade")
    await bot.hears(bot.ada.dm, "Your review is in your direct messages")


async def test_a_store_that_is_away_is_said_in_one_sentence(fake: FakeDiscord, bot: Whole) -> None:
    from core.errors import StoreUnavailable

    async def away(message: object) -> bool:
        raise StoreUnavailable("locked")

    bot.discord.interactions.door.accept = away  # type: ignore[union-attr,method-assign,assignment]
    shown = await bot.ada.slash("guide", {"action": "screens"}, bot.channel)
    assert "could not store that" in shown.text
    assert shown.ephemeral


async def test_a_press_that_comes_twice_counts_once(fake: FakeDiscord, bot: Whole) -> None:
    fake.gateway.duplicate("INTERACTION_CREATE")
    await bot.ada.slash("question", {"id": "order-status-api"}, bot.channel)
    await bot.hears(bot.ada.dm, "Order status")
    await fake.quiet(0.2)
    assert len(fake.messages(bot.ada.dm, by_bot=True)) == 1


# --- the gateway -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["drop", "close", "op 7", "op 9 true", "op 9 false"])
async def test_what_was_said_while_the_gateway_was_away_counts_once(fake: FakeDiscord, bot: Whole, how: str) -> None:
    thread, first = await bot.mock()
    await bot.ada.says(thread, "Writes go to a table keyed by order id, because reads are one order at a time.")
    await fake.quiet(0.1)
    readies = len(bot.says("discord_listens"))
    match how:
        case "drop":
            fake.gateway.drop()
        case "close":
            fake.gateway.drop(4000)
        case "op 7":
            fake.gateway.reconnect()
        case "op 9 true":
            fake.gateway.invalidate(resumable=True)
        case "op 9 false":
            fake.gateway.invalidate(resumable=False)
    await bot.ada.says(thread, "A stream off the table feeds the other teams.")
    if how == "op 9 false":
        await fake.until(lambda: len(bot.says("discord_listens")) > readies, 12)
    await bot.ada.says(thread, "done")
    probe = await bot.hears(thread, "", after=first.id, timeout=10)
    await bot.ada.presses(probe, "End")
    interview = next(iter(await _interviews(bot)))
    assert [turn.text.count("A stream off the table") for turn in interview.turns if turn.who == "candidate"] in ([1], [1, 0])


async def _interviews(bot: Whole) -> list[object]:
    from core.interview.stages import Interview

    async with bot.store.begin() as unit:
        return list(await unit.find(Interview))


async def test_what_was_said_while_we_were_stopped_counts_once(fake: FakeDiscord, bot: Whole) -> None:
    thread, first = await bot.mock()
    await bot.ada.slash("question", {"id": "tax-service-slow"} if False else {"id": "order-status-api"}, bot.channel)
    await bot.hears(bot.ada.dm, "Order status")
    await bot.stop()
    await bot.ada.says(thread, "Writes go to a table keyed by order id, because reads are one order at a time.")
    await bot.ada.says(thread, "done")
    await bot.ada.says(None, "I would key the writes by order id because reads are one order at a time, and cache them briefly.")
    await bot.bob.says(bot.channel, "lunch?")
    await bot.start()
    await bot.hears(thread, "", after=first.id)
    await bot.hears(bot.ada.dm, "not a grade")
    assert len(bot.store.memory.inbox) == len(set(bot.store.memory.inbox))
    await bot.stop()
    await bot.start()
    await fake.quiet(0.3)


async def test_an_intent_that_is_taken_away_is_done_without(fake: FakeDiscord, bot: Whole) -> None:
    fake.revoke("message_content")
    await fake.until(lambda: len(bot.says("discord_listens")) > 1, 5)
    assert bot.says("discord_without_content")
    await bot.hears(fake.owner.dm, "Message Content intent is off")
    _, first = await bot.mock()
    assert "Answer" in [part.get("label") for part in _buttons(first)]


def _buttons(message: object) -> list[dict[str, object]]:
    from tests.fakes.discord.core.models import walk

    return [part for part in walk(message.components) if part["type"] == 2]  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013])
async def test_a_fatal_refusal_ends_with_one_sentence(fake: FakeDiscord, bot: Whole, code: int) -> None:
    fake.gateway.drop(code)
    await fake.until(lambda: bot.ended, 5)
    [told] = bot.says("discord_ended")
    assert str(told["why"])
    asked = len(fake.gateway.identifies)
    await asyncio.sleep(0.2)
    assert len(fake.gateway.identifies) == asked, "it is not tried again"


async def test_a_wrong_token_ends_with_one_sentence(fake: FakeDiscord) -> None:
    async with whole(fake, starts=False) as bot:
        fake.reset_token()
        token = fake.token
        fake.world.application.token = "a.b.c"
        bot.fake.world.application.token = token
        await bot.start(listens=False) if False else None
        from adapters.discord.app import Keys

        await _with_token(bot, Keys("x.y.z", guild_ready=0.05))
        [told] = bot.says("discord_ended")
        assert "DISCORD_TOKEN" in str(told["why"])
        assert "x.y.z" not in str(bot.told)


async def _with_token(bot: Whole, keys: object) -> None:
    from adapters.discord.gateway import Gateway

    init = Gateway.__init__

    def changed(self: Gateway, _: object, *rest: object, **more: object) -> None:
        init(self, keys, *rest, **more)  # type: ignore[arg-type]

    Gateway.__init__ = changed  # type: ignore[method-assign,assignment]
    try:
        await bot.start(listens=False)
        await bot.fake.until(lambda: bot.ended, 5)
    finally:
        Gateway.__init__ = init  # type: ignore[method-assign]


async def test_commands_are_told_once_and_again_where_they_changed(fake: FakeDiscord, bot: Whole) -> None:
    await bot.stop()
    await bot.start()
    await fake.quiet(0.1)
    assert len(fake.requests(COMMANDS)) == 1
    bot.notes["discord:commands"] = "another version"
    await bot.stop()
    await bot.start()
    await fake.until(lambda: len(fake.requests(COMMANDS)) == 2)
    assert {each["name"] for each in fake.commands} >= {"mock", "drill", "question", "Coach me on this"}
    assert Button  # the row of the table about buttons is shown in test_interactions
