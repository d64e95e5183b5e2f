"""The callback of an interaction: what fits it, what does not, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import Channel, Flag
from tests.fakes.discord.people.options import Impossible
from tests.fakes.discord.people.person import Person
from tests.fakes.discord.people.shown import Shown
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw


@pytest.fixture
async def scene(fake: FakeDiscord, raw: Raw) -> tuple[Channel, Person]:
    guild = fake.guild()
    commands = [
        {"name": "go", "description": "x", "options": [{"type": 3, "name": "topic", "description": "x", "autocomplete": True}]},
        {"name": "About", "type": 2},
    ]
    await raw("PUT", f"/applications/{fake.bot.id}/commands", commands)
    return guild.text(), guild.member("Ada")


def callback(shown: Shown, query: str = "") -> str:
    return f"/interactions/{shown.interaction.id}/{shown.interaction.token}/callback{query}"


def original(fake: FakeDiscord, shown: Shown) -> str:
    return f"/webhooks/{fake.bot.id}/{shown.interaction.token}/messages/@original"


INPUT = {"type": 18, "label": "Answer", "component": {"type": 4, "custom_id": "t", "style": 2}}
MODAL = {"type": 9, "data": {"custom_id": "m", "title": "Form", "components": [INPUT]}}


async def test_with_and_without_the_response(fake: FakeDiscord, raw: Raw, scene: Any) -> None:
    channel, ada = scene
    shown = await ada.slash("go", channel=channel, wait=False)
    assert await raw("POST", callback(shown), {"type": 4, "data": {"content": "x"}}) == (204, "")
    shown = await ada.slash("go", channel=channel, wait=False)
    status, body = await raw("POST", callback(shown, "?with_response=1"), {"type": 4, "data": {"content": "x", "flags": 64}})
    assert status == 200
    assert body["interaction"]["response_message_ephemeral"] is True
    assert body["resource"]["message"]["flags"] & Flag.EPHEMERAL
    assert shown.ephemeral
    shown = await ada.slash("go", channel=channel, wait=False)
    body = (await raw("POST", callback(shown, "?with_response=true"), {"type": 5}))[1]
    assert (body["interaction"]["response_message_loading"], "resource" in body) == (True, False)


async def test_what_does_not_fit(fake: FakeDiscord, raw: Raw, scene: Any) -> None:
    channel, ada = scene
    shown = await ada.slash("go", channel=channel, wait=False)
    for body in (
        {"type": 6},
        {"type": 7, "data": {"content": "x"}},
        {"type": 8, "data": {"choices": []}},
        {"type": 1},
        {"type": 99},
        {"type": 5, "data": {"flags": Flag.COMPONENTS_V2}},
        {"type": 4, "data": {"content": "x" * 2001}},
    ):
        assert await raw.code("POST", callback(shown), body) == 50035, body
    assert not shown.acked
    assert await raw.code("POST", callback(shown), {"type": 4, "data": {}}) == 50006
    assert await raw.code("GET", original(fake, shown)) == 10015
    assert await raw.code("POST", callback(shown), {"type": 5, "data": {"flags": 64}}) == 0
    assert await raw.code("POST", callback(shown), MODAL) == 40060
    assert await raw.code("POST", callback(shown), {"type": 4, "data": {"content": "x"}}) == 40060
    assert await raw.code("POST", f"/interactions/{shown.interaction.id}/wrong/callback", {"type": 5}) == 10062
    assert await raw.code("GET", f"/webhooks/{fake.bot.id}/wrong/messages/@original") == 50027
    assert len(fake.verdicts.take()) == 7


async def test_modals(fake: FakeDiscord, raw: Raw, scene: Any) -> None:
    channel, ada = scene
    shown = await ada.slash("go", channel=channel, wait=False)
    data = MODAL["data"]
    assert isinstance(data, dict)
    six = [{**INPUT, "component": {"type": 4, "custom_id": str(each), "style": 1}} for each in range(6)]
    for wrong in (
        {"title": "x" * 46},
        {"custom_id": "x" * 101},
        {"components": []},
        {"components": six},
        {"components": [INPUT, INPUT]},
        {"components": [{"type": 10, "content": "only words"}]},
        {"components": [{**INPUT, "component": {"type": 4, "custom_id": "t", "style": 2, "max_length": 4001}}]},
        {"components": [{"type": 1, "components": [{"type": 4, "custom_id": "t", "style": 1}]}]},
    ):
        assert await raw.code("POST", callback(shown), {"type": 9, "data": {**data, **wrong}}) == 50035, wrong
    assert await raw.code("POST", callback(shown), MODAL) == 0
    assert await raw.code("GET", original(fake, shown)) == 10008
    sent = await ada.submits(shown, {"Answer": "x"}, wait=False)
    assert await raw.code("POST", callback(sent), MODAL) == 50035
    assert await raw.code("POST", callback(sent), {"type": 7, "data": {"content": "x"}}) == 50035
    assert await raw.code("POST", callback(sent), {"type": 4, "data": {"content": "thanks"}}) == 0
    assert len(fake.verdicts.take()) == 10


async def test_components_update_their_message(fake: FakeDiscord, raw: Raw, scene: Any) -> None:
    channel, ada = scene
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    off = {**button, "custom_id": "no", "label": "No", "disabled": True}
    body = {"content": "one", "components": [{"type": 1, "components": [button, off]}]}
    message = channel.messages[int((await raw("POST", f"/channels/{channel.id}/messages", body))[1]["id"])]
    with pytest.raises(Impossible, match="disabled"):
        await ada.presses(message, "No")
    pressed = await ada.presses(message, "Go", wait=False)
    assert await raw.code("POST", callback(pressed), {"type": 6}) == 0
    assert await raw.code("PATCH", original(fake, pressed), {"content": "two"}) == 0
    assert (message.content, message.versions) == ("two", ["one"])
    pressed = await ada.presses(message, "Go", wait=False)
    assert await raw.code("POST", callback(pressed), {"type": 4, "data": {"content": "new", "flags": 64}}) == 0
    assert [each.text for each in fake.visible_to(ada, channel)] == ["two", "new"]
    assert pressed.message is not None
    assert await raw.code("GET", f"/channels/{channel.id}/messages/{pressed.message.id}") == 10008
    pressed = await ada.presses(message, "Go", wait=False)
    assert await raw.code("POST", callback(pressed), MODAL) == 0
    sent = await ada.submits(pressed, {"Answer": "x"}, wait=False)
    assert await raw.code("POST", callback(sent), {"type": 7, "data": {"content": "three", "components": []}}) == 0
    assert (message.content, message.components) == ("three", [])


async def test_autocompletion_has_three_seconds_and_twenty_five_choices(fake: FakeDiscord, raw: Raw, scene: Any, clock: FakeClock) -> None:
    channel, ada = scene
    ada.patience = 0.01
    assert await ada.types_option("go", "topic", "c", channel) is None
    asked = list(fake.world.interactions.values())[-1]
    path = f"/interactions/{asked.id}/{asked.token}/callback"
    many = [{"name": str(each), "value": str(each)} for each in range(26)]
    assert await raw.code("POST", path, {"type": 8, "data": {"choices": many}}) == 50035
    assert await raw.code("POST", path, {"type": 4, "data": {"content": "x"}}) == 50035
    clock.advance(seconds=4)
    assert await raw.code("POST", path, {"type": 8, "data": {"choices": many[:25]}}) == 10062
    assert len(fake.verdicts.take()) == 2


async def test_the_original_is_read_edited_and_deleted(fake: FakeDiscord, raw: Raw, scene: Any) -> None:
    channel, ada = scene
    shown = await ada.slash("go", channel=channel, wait=False)
    await raw("POST", callback(shown), {"type": 5})
    assert (await raw("GET", original(fake, shown)))[1]["flags"] & Flag.LOADING
    card = {"flags": Flag.COMPONENTS_V2, "components": [{"type": 10, "content": "card"}]}
    body = (await raw("PATCH", original(fake, shown), card))[1]
    assert (body["flags"], body["type"], body["interaction_metadata"]["user"]["username"]) == (Flag.COMPONENTS_V2, 20, "ada")
    assert shown.text == "card"
    assert await raw.code("DELETE", original(fake, shown)) == 0
    assert await raw.code("GET", original(fake, shown)) == 10008
    assert (shown.message, fake.visible_to(ada, channel)) == (None, [])


async def test_a_user_command_resolves_the_user(fake: FakeDiscord, raw: Raw, scene: Any) -> None:
    channel, ada = scene
    ada.patience = 0.01
    shown = await ada.context_menu("About", fake.owner, channel)
    data = shown.interaction.data
    assert data["resolved"]["users"][data["target_id"]]["username"] == "owner"
    assert shown.interaction.owners == {"0": str(channel.guild_id)}
