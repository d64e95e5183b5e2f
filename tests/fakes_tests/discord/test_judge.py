"""The judge bites: on requests, on the fake's own answers and events, on both levels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.core.world import Event
from tests.fakes.discord.judge.spec import judge
from tests.fakes.discord.payloads import people
from tests.fakes.discord.rest.routing import ROUTES
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw, judged

pytestmark = [judged]


def test_there_is_a_judge() -> None:
    assert judge() is not None


def test_every_route_is_in_the_description() -> None:
    description = judge()
    assert description is not None
    assert [each.name for each in ROUTES if description.operation(each.method, each.template) is None] == []


BUTTON = {"type": 2, "style": 1, "custom_id": "a", "label": "x"}


def row(**more: Any) -> list[dict[str, Any]]:
    return [{"type": 1, "components": [{**BUTTON, **more}]}]


@pytest.mark.parametrize(
    ("body", "level", "path"),
    [
        ({"content": "x", "tts": "yes"}, "violation", "tts"),
        ({"content": "x", "colour": "red"}, "lint", ""),
        ({"content": "x", "components": row(lable="x")}, "lint", "components.0.components.0"),
        ({"content": "x", "components": row(style=9)}, "violation", "components.0.components.0.style"),
    ],
)
async def test_a_request_is_judged(fake: FakeDiscord, raw: Raw, body: dict[str, Any], level: str, path: str) -> None:
    channel = fake.guild().text()
    status, _ = await raw("POST", f"/channels/{channel.id}/messages", body)
    assert status == (400 if level == "violation" else 200)
    assert [(each.level, each.side, each.path) for each in fake.verdicts.take()] == [(level, "client", path)]


async def test_a_query_is_judged(fake: FakeDiscord, raw: Raw) -> None:
    channel = fake.guild().text()
    assert (await raw("GET", f"/channels/{channel.id}/messages?limit=101"))[0] == 400
    assert (await raw("GET", f"/channels/{channel.id}/messages?lmit=10"))[0] == 200
    assert [each.level for each in fake.verdicts.take()] == ["violation", "lint"]


async def test_choices_are_of_the_options_type(fake: FakeDiscord, raw: Raw) -> None:
    channel, ada = (guild := fake.guild()).text(), guild.member("Ada")
    minutes = {"type": 4, "name": "minutes", "description": "x", "autocomplete": True}
    command = {"name": "mock", "description": "x", "options": [minutes]}
    path = f"/applications/{fake.bot.id}/commands"
    assert await raw.code("PUT", path, [{**command, "options": [{**minutes, "choices": [{"name": "x", "value": "x"}]}]}]) == 50035
    assert await raw.code("PUT", path, [command]) == 0
    ada.patience = 0.01
    await ada.types_option("mock", "minutes", "3", channel)
    asked = next(iter(fake.world.interactions.values()))
    for value, code in (("30", 50035), (30, 0)):
        choices = {"type": 8, "data": {"choices": [{"name": "x", "value": value}]}}
        assert await raw.code("POST", f"/interactions/{asked.id}/{asked.token}/callback", choices) == code
    assert len(fake.verdicts.take()) == 2


async def test_the_fakes_own_answers_are_judged(fake: FakeDiscord, raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = people.user
    monkeypatch.setattr("tests.fakes.discord.rest.routes.users.user", lambda who: {**honest(who), "id": who.id, "shoe_size": 42})
    await raw("GET", f"/users/{fake.owner.id}")
    monkeypatch.setattr("tests.fakes.discord.rest.routes.users.user", lambda who: {**honest(who), "shoe_size": 42})
    await raw("GET", f"/users/{fake.owner.id}")
    assert [(each.level, each.path) for each in fake.verdicts.take(side="fake")] == [("violation", "id"), ("lint", "")]


async def test_the_fakes_own_events_are_judged(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel = guild.text()
    wire = await raw.gateway()
    await wire.identify(513)
    fake.world.emit(Event("MESSAGE_DELETE", {"id": 1, "channel_id": str(channel.id)}, guild.id, channel))
    fake.world.emit(Event("MESSAGE_DELETE", {"id": "1", "channel_id": str(channel.id), "why": "x"}, guild.id, channel))
    assert [each.where for each in fake.verdicts.take(side="fake")] == ["MESSAGE_DELETE", "MESSAGE_DELETE"]


async def test_without_a_judge_it_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord(judged=False) as fake, Raw(fake) as raw:
        channel = fake.guild().text()
        assert await raw.code("POST", f"/channels/{channel.id}/messages", {"content": "x"}) == 0
        assert await raw.code("POST", f"/channels/{channel.id}/messages", {"content": "x" * 2001}) == 50035
        assert await raw.code("POST", f"/channels/{channel.id}/threads", {}) == 50035
