"""Messages that grow on Slack: what is called, what stands there in the end, and what goes wrong in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack.flowing import LONGEST, streamed
from adapters.slack.looking import metadata
from adapters.slack.platform import SlackPlatform
from core.chat import Button, Card, Person, Place, Post, Receipt, literal, when
from core.errors import RetryLater, Uncertain
from core.ports import Absent
from tests.adapters.slack.stage import slack_platform
from tests.fakes.clock import FakeClock
from tests.fakes.slack.model import Message
from tests.fakes.slack.server import FakeSlack

START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
POST, UPDATE = "chat.postMessage", "chat.update"
FINAL = Card(text="How many writes a second?", buttons=(Button(label="Done", line="done x 1"),))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def platform(slack: FakeSlack) -> AsyncIterator[SlackPlatform]:
    async with slack_platform(slack) as made:
        yield made


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    id = slack.user("ada").id
    return Person(key=f"slack:{slack.team.id}:{id}", id=id, name="Ada")


@pytest.fixture
async def room(slack: FakeSlack) -> Place:
    """A thread of Ada's in a channel."""
    root = await slack.user("ada").says("general", "a mock, please")
    return Place(platform="slack", space=slack.team.id, channel=root.channel, thread=root.ts)


def growing(room: Place, ada: Person | None, text: str = "How many", key: str = "k1") -> Post:
    return Post(key=key, into=room, card=Card(text=text), growing=True, about=ada.key if ada else None)


def last(room: Place, of: str = "k1", card: Card = FINAL) -> Post:
    return Post(key=f"{of}/last", into=room, card=card, replaces=of)


def called(slack: FakeSlack) -> list[str]:
    """The methods that write, in order."""
    return [call.method for call in slack.calls() if call.method.startswith("chat.")]


def ours(slack: FakeSlack, room: Place) -> list[Message]:
    return slack.bot_messages("general", room.thread)


async def grows(slack: FakeSlack, platform: SlackPlatform, at: Receipt, *texts: str, seconds: float = 1.0) -> None:
    for text in texts:
        slack.clock.advance(seconds)
        await platform.grow(at, Card(text=text))


# --- streams ---------------------------------------------------------------------------------------------------------


async def test_a_stream_is_begun_for_its_person_added_to_closed_and_rewritten(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    await grows(slack, platform, receipt, "How many writes", "How many writes a second")
    assert ours(slack, room)[0].text == "How many writes a second"
    await platform.deliver(last(room), receipt)
    assert called(slack) == [START, APPEND, APPEND, STOP, UPDATE]
    begun = slack.calls(START)[0].args
    assert begun["thread_ts"] == room.thread
    assert (begun["recipient_team_id"], begun["recipient_user_id"]) == (slack.team.id, ada.id)
    assert [call.args["markdown_text"] for call in slack.calls() if "markdown_text" in call.args] == ["How many", " writes", " a second"]
    (message,) = ours(slack, room)
    assert (message.ts, message.text, message.metadata) == (receipt.id, FINAL.text, metadata("k1"))
    assert message.sent_blocks[-1]["elements"][0]["value"] == "done x 1"


async def test_what_does_not_begin_with_what_stands_there_is_not_shown(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    await grows(slack, platform, receipt, "Something else", "How many", "How many writes")
    assert [call.args["markdown_text"] for call in slack.calls(APPEND)] == [" writes"]


async def test_pieces_of_one_workspace_keep_slacks_rate(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    first = await platform.deliver(growing(room, ada), None)
    second = await platform.deliver(growing(room, ada, key="k2"), None)
    await grows(slack, platform, first, "How many writes")
    await grows(slack, platform, second, "How many reads", seconds=0.3)
    await grows(slack, platform, second, "How many reads now", seconds=0.5)
    assert [call.args["markdown_text"] for call in slack.calls(APPEND)] == [" writes", " reads now"]


async def test_a_person_who_stops_it_sees_no_more_until_the_last_words(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    stream = ours(slack, room)[0].stream
    assert stream
    stream.state = "stopped_by_user"
    await grows(slack, platform, receipt, "How many writes", "How many writes a second", seconds=5)
    assert called(slack) == [START, APPEND]
    await platform.deliver(last(room), receipt)
    assert ours(slack, room)[0].text == FINAL.text


async def test_slack_asks_for_patience_in_the_middle(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.faults.rate_limited(APPEND, retry_after=7)
    await grows(slack, platform, receipt, "How many writes", "How many writes a", "How many writes a second")
    assert len(slack.calls(APPEND)) == 1
    await grows(slack, platform, receipt, "How many writes a second?", seconds=7)
    assert slack.calls(APPEND)[-1].args["markdown_text"] == " writes a second?"


async def test_a_piece_that_may_have_arrived_is_not_sent_again(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.faults.drop(APPEND, after=True)
    await grows(slack, platform, receipt, "How many writes", "How many writes a second", seconds=5)
    assert ours(slack, room)[0].text == "How many writes"
    await platform.deliver(last(room), receipt)
    assert [message.text for message in ours(slack, room)] == [FINAL.text]


async def test_a_stream_that_slack_closed_goes_on_as_changes(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    await grows(slack, platform, receipt, "How many writes", seconds=301)
    await grows(slack, platform, receipt, "How many writes a second", seconds=3)
    assert called(slack) == [START, APPEND, UPDATE]
    assert ours(slack, room)[0].text == "How many writes a second"
    await platform.deliver(last(room), receipt)
    assert called(slack)[3:] == [UPDATE]
    assert [message.text for message in ours(slack, room)] == [FINAL.text]


async def test_a_stream_that_is_closed_already_still_gets_its_last_words(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.clock.advance(301)
    await platform.deliver(last(room), receipt)
    assert slack.calls(STOP)[0].answer["error"] == "message_not_in_streaming_state"
    assert [message.text for message in ours(slack, room)] == [FINAL.text]


async def test_too_many_streams_end_at_once(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.faults.rate_limited(STOP, retry_after=9)
    with pytest.raises(RetryLater) as caught:
        await platform.deliver(last(room), receipt)
    assert (caught.value.after, caught.value.reach) == (9, "post")
    await grows(slack, platform, receipt, "How many writes")
    assert not slack.calls(APPEND), "its last words are on their way"
    await platform.deliver(last(room), receipt)
    assert [message.text for message in ours(slack, room)] == [FINAL.text]


async def test_another_process_finds_out_that_a_stream_is_open(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    async with slack_platform(slack) as another:
        await another.deliver(last(room), receipt)
    assert called(slack) == [START, UPDATE, STOP, UPDATE]
    assert [message.text for message in ours(slack, room)] == [FINAL.text]


async def test_a_stream_that_cannot_be_closed_yet_is_waited_for(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.faults.error(STOP, "channel_not_found", after=False, times=2)
    with pytest.raises(RetryLater):
        await platform.deliver(last(room), receipt)
    await platform.deliver(last(room), receipt)
    assert [message.text for message in ours(slack, room)] == [FINAL.text]


async def test_last_words_come_after_a_piece_that_is_under_way(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.faults.slow(APPEND, seconds=0.2, after=False)
    slack.clock.advance(1)
    piece = asyncio.create_task(platform.grow(receipt, Card(text="How many writes")))
    await slack.wait_for(lambda: slack.calls(APPEND))
    await platform.deliver(last(room), receipt)
    await piece
    assert [call.method for call in slack.calls() if call.ok][-3:] == [APPEND, STOP, UPDATE]


async def test_while_a_piece_is_under_way_no_other_is_sent(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    slack.faults.slow(APPEND, seconds=0.2, after=False)
    slack.clock.advance(1)
    piece = asyncio.create_task(platform.grow(receipt, Card(text="How many writes")))
    await slack.wait_for(lambda: slack.calls(APPEND))
    await grows(slack, platform, receipt, "How many writes a second")
    await piece
    assert len(slack.calls(APPEND)) == 1


async def test_somebody_is_thought_about_until_the_last_words(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    await platform.show(room, "thinking")
    session = slack.session_of("general", room.thread or "")
    assert session and session.status == "processing"
    receipt = await platform.deliver(growing(room, ada), None)
    await grows(slack, platform, receipt, "How many writes")
    assert [call.args["status"] for call in slack.calls("agents.sessions.setStatus")] == ["processing"]
    await platform.deliver(last(room), receipt)
    assert session.status == "active"
    await slack.wait_for(lambda: slack.calls("agents.sessions.setStatus")[-1].args["status"] == "active")


# --- where there are no streams --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["unknown_method", "missing_scope", "feature_not_enabled", "not_allowed_token_type"])
async def test_where_streams_are_refused_a_message_is_changed_and_slack_is_not_asked_again(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person, code: str
) -> None:
    slack.faults.error(START, code, after=False)
    receipt = await platform.deliver(growing(room, ada), None)
    await grows(slack, platform, receipt, "How many writes", "How many writes a", "How many writes a second")
    assert called(slack) == [START, POST, UPDATE]
    (message,) = ours(slack, room)
    assert (message.text, message.metadata) == ("How many writes a second", metadata("k1"))
    await platform.deliver(last(room), receipt)
    await platform.deliver(growing(room, ada, key="k2"), None)
    assert called(slack)[3:] == [UPDATE, POST]
    slack.clock.advance(3601)
    await platform.deliver(growing(room, ada, key="k3"), None)
    assert called(slack)[5:] == [START], "somebody may have installed the app anew"


async def test_too_many_streams_begin_at_once(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    slack.faults.rate_limited(START, retry_after=20)
    for key in ("k1", "k2"):
        await platform.deliver(growing(room, ada, key=key), None)
    assert called(slack) == [START, POST, POST]
    slack.clock.advance(20)
    await platform.deliver(growing(room, ada, key="k3"), None)
    assert called(slack)[-1] == START


async def test_a_refusal_of_this_one_is_not_one_of_all(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    slack.faults.error(START, "user_not_found", after=False)
    await platform.deliver(growing(room, ada), None)
    await platform.deliver(growing(room, ada, key="k2"), None)
    assert called(slack) == [START, POST, START]


async def test_without_a_thread_or_somebody_to_write_for_there_is_no_stream(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    await platform.deliver(growing(room.outside, ada), None)
    await platform.deliver(growing(room, None, key="k2"), None)
    assert called(slack) == [POST, POST]


async def test_changes_of_one_workspace_keep_slacks_rate(slack: FakeSlack, platform: SlackPlatform, room: Place) -> None:
    first = await platform.deliver(growing(room, None), None)
    second = await platform.deliver(growing(room, None, key="k2"), None)
    await grows(slack, platform, first, "How many writes", seconds=3)
    await grows(slack, platform, second, "How many reads", seconds=1)
    assert len(slack.calls(UPDATE)) == 1
    await grows(slack, platform, second, "How many reads now", seconds=1)
    assert len(slack.calls(UPDATE)) == 2


async def test_a_change_that_broke_off_is_made_by_the_next(slack: FakeSlack, platform: SlackPlatform, room: Place) -> None:
    receipt = await platform.deliver(growing(room, None), None)
    slack.faults.drop(UPDATE, after=False)
    await grows(slack, platform, receipt, "How many writes", "How many writes a second", seconds=3)
    assert ours(slack, room)[0].text == "How many writes a second"


# --- what may or may not have begun ----------------------------------------------------------------------------------


async def test_a_stream_that_may_have_begun_is_found_and_goes_on(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    await platform.deliver(Post(key="k0", into=room, card=Card(text="How many x y there are")), None)
    slack.faults.drop(START, after=True)
    post = growing(room, ada, "How **many**: x < y?")
    with pytest.raises(Uncertain):
        await platform.deliver(post, None)
    receipt = await platform.find(post)
    assert isinstance(receipt, Receipt)
    assert receipt.id == ours(slack, room)[-1].ts
    assert await platform.find(growing(room, ada, "Something else")) == Absent()
    await grows(slack, platform, receipt, "How **many**: x < y? Why?")
    await platform.deliver(last(room), receipt)
    assert [message.text for message in ours(slack, room)][1:] == [FINAL.text]
    assert called(slack) == [POST, START, APPEND, STOP, UPDATE]


async def test_a_stream_that_did_not_begin_is_begun_again(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    await slack.user("ada").says("general", "How many", thread_ts=room.thread)
    slack.faults.drop(START, after=False)
    post = growing(room, ada)
    with pytest.raises(Uncertain):
        await platform.deliver(post, None)
    assert await platform.find(post) == Absent(), "what somebody else said is not ours"
    await platform.deliver(post, None)
    assert len(ours(slack, room)) == 1


async def test_what_stood_there_before_the_attempt_is_not_what_began(
    slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person
) -> None:
    await platform.deliver(growing(room, ada), None)  # its process died, and its last words are still to come
    slack.clock.advance(60)
    slack.faults.drop(START, after=False)
    with pytest.raises(Uncertain):
        await platform.deliver(growing(room, ada, key="k2"), None)
    assert await platform.find(growing(room, ada, key="k2")) == Absent()


async def test_an_ordinary_message_that_may_have_been_posted_is_found_and_goes_on(
    slack: FakeSlack, platform: SlackPlatform, room: Place
) -> None:
    slack.faults.drop(POST, after=True)
    post = growing(room, None)
    with pytest.raises(Uncertain):
        await platform.deliver(post, None)
    receipt = await platform.find(post)
    assert isinstance(receipt, Receipt)
    await grows(slack, platform, receipt, "How many writes", seconds=3)
    assert [message.text for message in ours(slack, room)] == ["How many writes"]


# --- what a stream is told -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("How **many**, `then`?", "How **many**, `then`?"),
        ("call <@U1> or <!channel>", "call &lt;@U1> or &lt;!channel>"),
        (literal("<@U1> & *stars* user_id [x](y)"), "&lt;@U1&gt; &amp; \\*stars\\* user\\_id \\[x\\](y)"),
        (literal("see https://x.example/a"), "see https:\u200b//x.example/a"),
        (literal("- one, 1-2"), "\\- one, 1-2"),
        ("open \\", "open "),
        ("a \\\\", "a \\\\"),
        ("at {when:2026-11-24T09:00:00+00:00|time}, no", "at 09:00 UTC, no"),
        ("at {when:2026-11", "at "),
        ("a {", "a "),
        ("a {b}", "a {b}"),
        ("{when:nonsense|time}", "{when:nonsense|time}"),
    ],
)
def test_a_stream_calls_nobody_and_links_nothing(text: str, shown: str) -> None:
    assert streamed(text) == shown


def test_what_is_shown_is_never_taken_back() -> None:
    theirs = literal("<@U1> https://x.example *y* \\ {z}")
    text = f"How **many** {theirs} at {when(FakeClock().now())}, {{then}} <!here> \\\\ https://y.example &amp; end"
    for end in range(len(text)):
        assert streamed(text).startswith(streamed(text[:end])), text[:end]


async def test_what_grows_is_cut_and_what_it_ends_as_is_not(slack: FakeSlack, platform: SlackPlatform, room: Place, ada: Person) -> None:
    receipt = await platform.deliver(growing(room, ada), None)
    long = "How many" + " words" * 2500
    await grows(slack, platform, receipt, long, f"{long} and more")
    assert (len(ours(slack, room)[0].markdown), len(slack.calls(APPEND))) == (LONGEST, 1)
    changed = await platform.deliver(growing(room, None, key="k2"), None)
    await grows(slack, platform, changed, f"{long}, {literal('*')}", seconds=3)
    assert slack.calls(UPDATE)[-1].ok
    card = FINAL.model_copy(update={"text": "word " * 2300})
    await platform.deliver(last(room, card=card), receipt)
    assert ours(slack, room)[0].sent_blocks[0]["text"] == card.text.strip()
