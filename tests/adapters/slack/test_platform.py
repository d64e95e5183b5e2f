"""What becomes of a post on Slack: which sort of message, what each failure means, and that nothing comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack.api import Left
from adapters.slack.looking import metadata
from adapters.slack.platform import SlackPlatform
from core.chat import Attachment, Audience, Button, Card, Chart, File, Person, Place, Post, Series
from core.errors import Refused, RetryLater, Uncertain
from core.ports import Absent, CannotTell
from core.records import short_id
from tests.adapters.slack.stage import slack_platform
from tests.fakes.slack.server import FakeSlack

CHART = Chart(shape="bars", title="Points", labels=("a",), series=(Series(name="n", values=(1,)),), alt="one bar")


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


def room(slack: FakeSlack, name: str = "general") -> Place:
    return Place(platform="slack", space=slack.team.id, channel=slack.channel(name).id)


def post(into: Place, key: str = "k1", **more: object) -> Post:
    return Post.model_validate({"key": key, "into": into, "card": Card(title="A title", text="Words"), **more})


# --- which sort of message -------------------------------------------------------------------------------------------


async def test_a_message_carries_its_key_and_unfurls_nothing(slack: FakeSlack, platform: SlackPlatform) -> None:
    await platform.deliver(post(room(slack)), None)
    call = slack.calls("chat.postMessage")[0]
    assert call.args["metadata"] == metadata("k1")
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)
    assert slack.bot_messages("general")[0].text == "A title\nWords"


async def test_passing_is_ephemeral_in_a_channel_and_a_message_in_ones_own_room(
    slack: FakeSlack, platform: SlackPlatform, ada: Person
) -> None:
    passing = Audience(kind="passing", person=ada)
    await platform.deliver(post(room(slack), audience=passing), None)
    assert [message.text for message in slack.ephemerals("ada")] == ["A title\nWords"]
    await platform.deliver(post(Place.dm("slack", slack.team.id, ada.id), "k2", audience=passing), None)
    assert len(slack.bot_messages("@ada")) == 1


async def test_passing_goes_to_direct_messages_where_it_cannot_be_said_in_place(
    slack: FakeSlack, platform: SlackPlatform, ada: Person
) -> None:
    await platform.deliver(post(room(slack, "random"), audience=Audience(kind="passing", person=ada)), None)
    assert len(slack.bot_messages("@ada")) == 1
    assert not slack.ephemerals("ada")


async def test_a_press_is_answered_through_its_own_address(slack: FakeSlack, platform: SlackPlatform, ada: Person) -> None:
    await platform.deliver(post(room(slack), card=Card(text="Press", buttons=(Button(label="Go", line="help"),))), None)
    slack.app.socket_mode = False
    await slack.user("ada").presses(slack.bot_messages("general")[0], "Go")
    url = slack.deliveries("block_actions")[0].payload["response_url"]
    await platform.deliver(post(room(slack), "k2", audience=Audience(kind="passing", person=ada), handle=url), None)
    assert len(slack.calls("response_url")) == 1
    assert len(slack.ephemerals("ada")) == 1
    assert not slack.calls("chat.postEphemeral")


async def test_an_address_that_counts_no_more_is_not_the_end(slack: FakeSlack, platform: SlackPlatform, ada: Person) -> None:
    handle = f"{slack.base}/actions/{slack.team.id}/1/expired"
    await platform.deliver(post(room(slack), audience=Audience(kind="passing", person=ada), handle=handle), None)
    assert len(slack.calls("chat.postEphemeral")) == 1


async def test_where_direct_messages_are_closed_a_private_stub_stands_in_place(
    slack: FakeSlack, platform: SlackPlatform, ada: Person
) -> None:
    slack.world.user("ada").refuses_dm = "user_disabled"
    receipt = await platform.deliver(post(room(slack), "review/1", audience=Audience(kind="kept", person=ada), about=ada.key), None)
    shown = slack.ephemerals("ada")[0]
    assert "Words" not in shown.text
    button = shown.blocks[-1]["elements"][0]
    assert (button["text"]["text"], button["value"]) == ("Show me", f"show {short_id('review/1')}")
    assert receipt.place == room(slack)
    assert not slack.bot_messages("general")
    with pytest.raises(Refused, match="passing"):
        await platform.deliver(post(room(slack), "k2", replaces="review/1"), receipt)


async def test_an_edit_changes_the_message_and_keeps_its_key(slack: FakeSlack, platform: SlackPlatform) -> None:
    first = await platform.deliver(post(room(slack)), None)
    await platform.deliver(post(room(slack), "k2", replaces="k1", card=Card(text="Newer")), first)
    message = slack.bot_messages("general")[0]
    assert message.text == "Newer"
    assert await platform.find(post(room(slack))) == first


async def test_a_chart_is_a_picture_with_words(slack: FakeSlack, platform: SlackPlatform) -> None:
    await platform.deliver(post(room(slack), card=Card(title="Progress", chart=CHART)), None)
    image = next(block for block in slack.bot_messages("general")[0].blocks if block["type"] == "image")
    assert image["alt_text"] == "one bar"
    assert image["slack_file"]["id"]


async def test_a_picture_that_slack_does_not_know_yet_is_waited_for_then_said(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.faults.error("chat.postMessage", "invalid_blocks", after=False, times=3)
    charted = post(room(slack), card=Card(title="Progress", chart=CHART))
    for _ in range(3):
        with pytest.raises(RetryLater):
            await platform.deliver(charted, None)
    assert len(slack.calls("files.getUploadURLExternal")) == 1
    await platform.deliver(charted, None)
    assert "one bar" in slack.bot_messages("general")[0].text


async def test_a_file_is_shared_once_beside_its_card(slack: FakeSlack, platform: SlackPlatform, ada: Person) -> None:
    export = post(room(slack), card=Card(text="Your data", file=File(name="loopcoach.md", mime="text/markdown", text="# All")))
    export = export.model_copy(update={"audience": Audience(kind="kept", person=ada)})
    slack.faults.drop("chat.postMessage", after=False)
    with pytest.raises(Uncertain):
        await platform.deliver(export, None)
    assert await platform.find(export) == Absent()
    await platform.deliver(export, None)
    assert [file.name for file in slack.files("@ada")] == ["loopcoach.md"]
    assert slack.files("@ada")[0].content == b"# All"


# --- what failures mean ----------------------------------------------------------------------------------------------


async def test_dropped_after_the_effect_is_found_and_not_sent_again(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.faults.drop("chat.postMessage", after=True)
    with pytest.raises(Uncertain):
        await platform.deliver(post(room(slack)), None)
    found = await platform.find(post(room(slack)))
    assert getattr(found, "id", None) == slack.bot_messages("general")[0].ts
    assert len(slack.calls("chat.postMessage")) == 1, "the library tried by itself"


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
async def test_slacks_own_trouble_is_uncertain(slack: FakeSlack, platform: SlackPlatform, code: str) -> None:
    slack.faults.error("chat.postMessage", code, after=True)
    with pytest.raises(Uncertain):
        await platform.deliver(post(room(slack)), None)
    assert await platform.find(post(room(slack))) != Absent()


@pytest.mark.parametrize("after", [True, False])
async def test_a_server_error_is_uncertain(slack: FakeSlack, platform: SlackPlatform, after: bool) -> None:
    slack.faults.server_error("chat.postMessage", after=after)
    with pytest.raises(Uncertain):
        await platform.deliver(post(room(slack)), None)
    assert (await platform.find(post(room(slack))) == Absent()) is not after


async def test_slack_asks_for_patience(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.faults.rate_limited("chat.postMessage", retry_after=7)
    with pytest.raises(RetryLater) as caught:
        await platform.deliver(post(room(slack)), None)
    assert (caught.value.after, caught.value.reach) == (7, "channel")
    assert not slack.bot_messages("general")
    await platform.deliver(post(room(slack)), None)


async def test_nobody_there_is_certainly_not_sent(platform: SlackPlatform, slack: FakeSlack) -> None:
    await platform.teams.start()
    await slack.stop()
    await asyncio.sleep(0.05)  # until the pool has noticed that its connection is gone
    with pytest.raises(RetryLater):
        await platform.deliver(post(room(slack)), None)


@pytest.mark.parametrize(("where", "words"), [("random", "/invite @Loopcoach"), ("nowhere", "no such channel"), ("archived", "archived")])
async def test_where_we_cannot_write_a_sentence_says_so(slack: FakeSlack, platform: SlackPlatform, where: str, words: str) -> None:
    place = Place(platform="slack", space=slack.team.id, channel="C0NOWHERE") if where == "nowhere" else room(slack, "random")
    if where == "archived":
        slack.archive("general")
        place = room(slack)
    with pytest.raises(Refused, match=words):
        await platform.deliver(post(place), None)


async def test_a_message_that_is_gone_is_not_changed(slack: FakeSlack, platform: SlackPlatform) -> None:
    first = await platform.deliver(post(room(slack)), None)
    slack.happenings.delete(slack.bot_messages("general")[0])
    with pytest.raises(Refused, match="gone"):
        await platform.deliver(post(room(slack), "k2", replaces="k1"), first)


async def test_a_revoked_token_ends_it_for_that_workspace(slack: FakeSlack, platform: SlackPlatform) -> None:
    lost: list[str] = []

    async def left(team: str) -> None:
        lost.append(team)
        await platform.teams.leave(team)

    platform.left = left
    await platform.teams.start()
    slack.revoke()
    with pytest.raises(Left):
        await platform.deliver(post(room(slack)), None)
    with pytest.raises(Left):
        await platform.deliver(post(room(slack), "k2"), None)
    assert lost == [slack.team.id, slack.team.id]
    assert len(slack.calls("chat.postMessage")) == 1


async def test_a_missing_scope_for_histories_cannot_tell(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.grant("chat:write", "im:write")
    assert isinstance(await platform.find(post(room(slack))), CannotTell)


async def test_looking_is_patient_within_the_limit_of_apps_outside_the_marketplace(slack: FakeSlack, platform: SlackPlatform) -> None:
    slack.limits.commercial = True
    slack.faults.drop("chat.postMessage", after=True)
    wanted = post(room(slack))
    with pytest.raises(Uncertain):
        await platform.deliver(wanted, None)
    for number in range(20):
        await slack.user("ada").says("general", f"chatter {number}")
    with pytest.raises(RetryLater) as caught:
        await platform.find(wanted)
    slack.clock.advance(caught.value.after + 1)
    assert getattr(await platform.find(wanted), "id", None) == slack.bot_messages("general")[0].ts


async def test_ephemeral_messages_cannot_be_looked_for(slack: FakeSlack, platform: SlackPlatform, ada: Person) -> None:
    passing = post(room(slack), audience=Audience(kind="passing", person=ada))
    assert isinstance(await platform.find(passing), CannotTell)


# --- signs and files -------------------------------------------------------------------------------------------------


async def test_it_shows_that_it_is_at_work_until_it_answers(slack: FakeSlack, platform: SlackPlatform, ada: Person) -> None:
    opened = await platform.deliver(post(Place.dm("slack", slack.team.id, ada.id), opens=True, thread_name="Mock", conversation="c"), None)
    await platform.show(opened.place, "heard")
    channel = slack.dm_of(ada.id).id
    session = slack.session_of(channel, opened.place.thread or "")
    assert session and session.status == "processing"
    await platform.deliver(post(opened.place, "k2"), None)
    await slack.wait_for(lambda: session.status == "active")


async def test_a_file_is_read_from_slack_and_nowhere_else(slack: FakeSlack, platform: SlackPlatform) -> None:
    said = await slack.user("ada").says("dm", "", files=[("answer.txt", b"My answer.")])
    file = said.files[0]
    url = f"slack://{slack.team.id}/{file.id}"
    assert await platform.fetch(Attachment(name=file.name, mime="text/plain", size=10, url=url)) == b"My answer."
    with pytest.raises(Refused):
        await platform.fetch(Attachment(name="big", mime="text/plain", size=10**9, url=url))
