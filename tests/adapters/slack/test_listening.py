"""Kept, then acknowledged: what each payload is answered with, and what stands in the inbox by then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.app import Keys, Slack
from adapters.slack.interactions import team_of
from core.chat import Kind, Message
from tests.adapters.slack import payloads
from tests.adapters.slack.stage import SlackTime, png
from tests.fakes.door import FakeDoor
from tests.fakes.slack.server import FakeSlack


class StillDoor(FakeDoor):
    """Keeps what comes, and answers nothing."""

    async def _answer(self, message: Message) -> None:
        return


@dataclass
class Ears:
    """The whole adapter, with a door that works behind it."""

    slack: FakeSlack
    adapter: Slack
    door: FakeDoor

    async def hears(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """As Bolt hands it over: the status and the answer."""
        answer = await self.adapter.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=self.ours(body)))
        return answer.status, json.loads(answer.body) if answer.body.startswith("{") else {}

    def ours(self, body: dict[str, Any]) -> dict[str, Any]:
        """The recorded payload, with the names of the fake's workspace."""
        names = {payloads.TEAM: self.slack.team.id, payloads.BOT: self.slack.bot.id, payloads.ADA: self.slack.user("ada").id}
        names |= {payloads.CHANNEL: self.slack.channel("general").id, payloads.DM: self.slack.dm_of(self.slack.user("ada").id).id}
        text = json.dumps(body)
        for old, new in names.items():
            text = text.replace(old, new)
        ours: dict[str, Any] = json.loads(text.replace("https://hooks.slack.com", self.slack.base))
        return ours

    @property
    def kept(self) -> list[Message]:
        """What went through the door, besides that we are there."""
        return [message for message in self.door.accepted if message.kind is not Kind.LIFECYCLE or message.text != "installed"]


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    async with FakeSlack() as slack:
        clock = SlackTime(slack)
        keys = Keys(api_url=slack.api_url, bot_token=slack.bot_token, signing_secret="s")
        adapter = Slack(keys, None, clock, png, lambda event, **facts: None)
        door = StillDoor(adapter.platform, clock)
        running = asyncio.create_task(adapter.listen(door))
        await slack.wait_for(lambda: door.accepted)
        yield Ears(slack, adapter, door)
        await door.settle()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_an_event_is_kept_and_then_acknowledged(ears: Ears) -> None:
    assert await ears.hears(payloads.message("hello", channel=payloads.DM)) == (200, {})
    assert [message.text for message in ears.kept] == ["hello"]
    assert ears.kept[0].author.zone == "Europe/London"
    assert ears.kept[0].author.may_manage


async def test_what_could_not_be_kept_is_not_acknowledged(ears: Ears) -> None:
    ears.door.unavailable = 1
    assert (await ears.hears(payloads.message("hello", channel=payloads.DM)))[0] == 500
    assert not ears.kept
    assert (await ears.hears(payloads.message("hello", channel=payloads.DM)))[0] == 200
    assert len(ears.kept) == 1


@pytest.mark.parametrize(
    "body",
    [
        payloads.message("lunch?"),
        payloads.event({"type": "something_new"}),
        payloads.event({"type": "reaction_added", "user": payloads.ADA}),
        {"type": "view_closed", "team": {"id": payloads.TEAM}, "user": {"id": payloads.ADA}, "view": {"id": "V1", "type": "modal"}},
        {"type": "block_suggestion", "team": {"id": payloads.TEAM}, "user": {"id": payloads.ADA}},
        {"type": "app_rate_limited", "team_id": payloads.TEAM, "minute_rate_limited": 1},
        {"type": "shortcut", "callback_id": "x", "team": {"id": payloads.TEAM}, "user": {"id": payloads.ADA}, "trigger_id": "1"},
    ],
)
async def test_what_is_not_for_us_is_acknowledged_and_not_kept(ears: Ears, body: dict[str, Any]) -> None:
    assert await ears.hears(body) == (200, {})
    assert not ears.kept


async def test_a_payload_that_cannot_be_read_stops_nothing(ears: Ears) -> None:
    assert (await ears.hears(payloads.event({"type": "message", "channel": payloads.DM, "user": payloads.ADA, "ts": "soon"})))[0] == 200
    assert (await ears.hears(payloads.message("hello", channel=payloads.DM)))[0] == 200


async def test_nobody_is_let_in_before_we_are_there(ears: Ears) -> None:
    ears.adapter._listening.door = None
    assert (await ears.hears(payloads.message("hello", channel=payloads.DM)))[0] == 503


async def test_a_workspace_that_nobody_let_us_into(ears: Ears) -> None:
    stranger = {"team_id": "T0STRANGER", "authorizations": [{"team_id": "T0STRANGER", "user_id": "U0", "is_bot": True}]}
    assert (await ears.hears(payloads.message("hello", channel=payloads.DM) | stranger))[0] == 200
    assert not ears.kept


async def test_a_command_that_opens_a_form_opens_it_and_keeps_nothing(ears: Ears) -> None:
    trigger = ears.slack.world.trigger(ears.slack.user("ada").id, ears.slack.team.id, ears.slack.app.id)
    assert await ears.hears(payloads.slash("/drill", "setup") | {"trigger_id": trigger}) == (200, {})
    assert ears.slack.view_of("ada")
    assert not ears.kept


async def test_a_form_that_is_wrong_says_where(ears: Ears) -> None:
    body = submitted({"at": "09:00", "reveal": "08:00"})
    status, answer = await ears.hears(body)
    assert (status, answer["response_action"]) == (200, "errors")
    assert "later time" in answer["errors"]["reveal"]
    assert not ears.kept


async def test_a_form_is_kept_once_however_often_it_comes(ears: Ears) -> None:
    for _ in range(2):
        assert await ears.hears(submitted({"at": "09:00", "reveal": "16:30"})) == (200, {})
    assert [message.fields["reveal"] for message in ears.kept] == ["16:30"]


async def test_a_form_whose_words_could_not_be_kept_stays_open(ears: Ears) -> None:
    ears.door.unavailable = 1
    status, answer = await ears.hears(submitted({"at": "09:00", "reveal": "16:30"}))
    assert (status, answer["response_action"]) == (200, "errors")
    assert "still here" in next(iter(answer["errors"].values()))


async def test_a_press_that_could_not_be_kept_is_told(ears: Ears) -> None:
    ears.door.unavailable = 1
    assert (await ears.hears(payloads.pressed("pass q1")))[0] == 500
    assert "could not store" in ears.slack.calls("response_url")[0].args["text"]


async def test_what_is_meant_for_the_person_is_told_to_them_and_acknowledged(ears: Ears) -> None:
    assert await ears.hears(payloads.pressed("skip m1")) == (200, {})  # the door says that the mock is over
    assert await ears.hears(payloads.pressed("frobnicate")) == (200, {})
    assert await ears.hears(payloads.slash("/weather")) == (200, {})
    told = [call.args["text"] for call in ears.slack.calls("response_url")]
    assert [text.split(".")[0] for text in told] == [
        "That mock is over",
        "That button is from another version of me",
        "I do not know /weather",
    ]


async def test_a_bug_behind_the_door_is_one_sentence_for_the_person(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(message: Message) -> bool:
        raise RuntimeError("what somebody wrote")

    monkeypatch.setattr(ears.door, "accept", broken)
    assert await ears.hears(payloads.pressed("pass q1")) == (200, {})
    assert "on my side" in ears.slack.calls("response_url")[0].args["text"]
    assert (await ears.hears(payloads.message("hello", channel=payloads.DM)))[0] == 500


async def test_texts_of_one_thread_are_kept_in_their_order(ears: Ears) -> None:
    thread = "1770999999.000001"
    bodies = [payloads.message(f"part {n}", channel=payloads.DM, ts=f"1771000000.0001{n:02}", thread_ts=thread) for n in range(20)]
    await asyncio.gather(*(ears.hears(body) for body in bodies))
    assert [message.text for message in ears.kept] == [f"part {n}" for n in range(20)]


async def test_removed_is_kept_and_then_nothing_is_said_any_more(ears: Ears) -> None:
    assert (await ears.hears(payloads.event({"type": "app_uninstalled"})))[0] == 200
    assert [(message.kind, message.text) for message in ears.kept] == [(Kind.LIFECYCLE, "removed")]
    assert await ears.adapter._teams.find(ears.slack.team.id) is None


def submitted(fields: dict[str, str]) -> dict[str, Any]:
    meta = {"line": "drill setup", "place": f"slack/{payloads.TEAM}/{payloads.CHANNEL}", "about": None, "handle": None}
    values = {name: {name: {"type": "timepicker", "selected_time": value}} for name, value in fields.items()}
    view = {"id": "V1", "type": "modal", "hash": "1.x", "private_metadata": json.dumps(meta), "state": {"values": values}}
    view["blocks"] = [{"type": "input", "block_id": name} for name in fields]
    return {
        "type": "view_submission",
        "team": {"id": payloads.TEAM, "domain": "acme"},
        "user": {"id": payloads.ADA, "name": "ada"},
        "view": view,
    }


@pytest.mark.parametrize("lost", ["channel", "ts", "user", "type"])
async def test_an_event_that_cannot_be_read_is_acknowledged_and_not_kept(ears: Ears, lost: str) -> None:
    """Slack would send it again and again, and in the end nothing any more."""
    body = payloads.message("hello", channel=payloads.DM)
    del body["event"][lost]
    assert (await ears.hears(body))[0] == 200
    assert ears.kept == []


async def test_an_event_without_an_id_of_its_own_is_acknowledged(ears: Ears) -> None:
    body = {**payloads.message("hello", channel=payloads.DM), "event": {"type": "member_joined_channel", "user": ears.slack.bot.id}}
    body.pop("event_id", None)
    assert (await ears.hears(body))[0] == 200


def test_a_press_in_an_organisation_names_its_team_by_the_person() -> None:
    assert team_of({"team": None, "user": {"id": "U1", "team_id": "T7"}, "enterprise": {"id": "E1"}}) == "T7"
    assert team_of({"team": None, "user": {"id": "U1"}, "enterprise": {"id": "E1"}}) == "E1"
    assert team_of({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T7"}}) == "T1"
