"""The rules that Discord's description lacks, and those it has, as a request meets them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.core.models import Flag
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw

V2 = Flag.COMPONENTS_V2


def text(content: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": f"b{number}", **more}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts or [button()])}


def select(count: int = 2, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": f"o{each}", "value": str(each)} for each in range(count)], **more}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"content": "x", "components": [text()]}, "components.0.type"),
    ({"content": "x", "components": [row(button(each)) for each in range(6)]}, "components"),
    ({"flags": V2, "content": "x", "components": [text()]}, "content"),
    ({"flags": V2, "embeds": [{"title": "x"}], "components": [text()]}, "embeds"),
    ({"flags": V2, "components": [text()] * 41}, "components"),
    ({"flags": V2, "components": [{"type": 17, "components": [text()] * 40}]}, "components"),
    ({"flags": V2, "components": [text("x" * 2001), text("x" * 2000)]}, "components"),
    ({"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://none.txt"}}]}, "components.0.file.url"),
    ({"flags": V2, "components": [{"type": 9, "components": [text()]}]}, "components.0.accessory"),
    ({"content": "x", "components": [row(button(), button())]}, "components"),
    ({"content": "x", "components": [row(*[button(each) for each in range(6)])]}, "components.0.components"),
    ({"content": "x", "components": [row(button(custom_id="x" * 101))]}, "components.0.components.0.custom_id"),
    ({"content": "x", "components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
    ({"content": "x", "components": [row(button(label=None))]}, "components.0.components.0"),
    ({"content": "x", "components": [row(button(custom_id=None))]}, "components.0.components.0.custom_id"),
    ({"content": "x", "components": [row({"type": 2, "style": 5, "label": "x"})]}, "components.0.components.0.url"),
    ({"content": "x", "components": [row(select(26))]}, "components.0.components.0.options"),
    ({"content": "x", "components": [row(select(), button())]}, "components.0"),
    ({"content": "x", "components": [row(select(min_values=2, max_values=1))]}, "components.0.components.0.min_values"),
    ({"content": "x", "embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
    ({"content": "x", "embeds": [{}]}, "embeds.0.description"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
]


@pytest.mark.parametrize(("body", "at"), REFUSED, ids=[f"{index}-{at}" for index, (_, at) in enumerate(REFUSED)])
async def test_a_message_that_breaks_a_rule(fake: FakeDiscord, raw: Raw, body: dict[str, Any], at: str) -> None:
    channel = fake.guild().text()
    status, answer = await raw("POST", f"/channels/{channel.id}/messages", body)
    assert (status, answer["code"]) == (400, 50035), answer
    node = answer["errors"]
    for step in at.split("."):
        node = node[step]
    assert node["_errors"], answer
    assert fake.messages(channel) == []
    assert [each.level for each in fake.verdicts.take()] == ["violation"]


ALLOWED: list[dict[str, Any]] = [
    {"content": "x" * 2000},
    {"flags": V2, "components": [{"type": 17, "components": [text()] * 39}]},
    {"flags": V2, "components": [text("x" * 4000)]},
    {"content": "", "embeds": [{"description": "x" * 4096}, {"description": "x" * 1904}]},
    {"content": "x", "components": [row(*[button(each) for each in range(5)]), row(select(25))]},
]


@pytest.mark.parametrize("body", ALLOWED)
async def test_a_message_at_its_limit(fake: FakeDiscord, raw: Raw, body: dict[str, Any]) -> None:
    channel = fake.guild().text()
    assert (await raw("POST", f"/channels/{channel.id}/messages", body))[0] == 200


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": " \n "}, {"flags": V2}, {"embeds": []}])
async def test_an_empty_message(fake: FakeDiscord, raw: Raw, body: dict[str, Any]) -> None:
    channel = fake.guild().text()
    assert await raw.code("POST", f"/channels/{channel.id}/messages", body) == 50006


async def test_edits(fake: FakeDiscord, raw: Raw) -> None:
    channel = fake.guild().text()
    path = f"/channels/{channel.id}/messages"
    plain = (await raw("POST", path, {"content": "x"}))[1]["id"]
    card = (await raw("POST", path, {"flags": V2, "components": [text()]}))[1]["id"]
    assert await raw.code("PATCH", f"{path}/{plain}", {"content": ""}) == 50006
    assert await raw.code("PATCH", f"{path}/{plain}", {"content": "x" * 2001}) == 50035
    assert await raw.code("PATCH", f"{path}/{card}", {"content": "x"}) == 50035
    assert await raw.code("PATCH", f"{path}/{plain}", {"flags": V2, "components": [text()]}) == 50035
    assert await raw.code("PATCH", f"{path}/{plain}", {"flags": V2, "components": [text()], "content": None}) == 0
    assert (await raw("PATCH", f"{path}/{card}", {"components": [text("y")], "flags": 0}))[1]["flags"] & V2
    assert len(fake.verdicts.take()) == 3


async def test_components_come_back_filled_in(fake: FakeDiscord, raw: Raw) -> None:
    channel = fake.guild().text()
    parts = [{"type": 17, "components": [text(), {"type": 14}, row(button(), {"type": 2, "style": 5, "label": "x", "url": "https://a.b"})]}]
    sent = (await raw("POST", f"/channels/{channel.id}/messages", {"flags": V2, "components": parts}))[1]["components"][0]
    assert (sent["id"], sent["accent_color"], sent["spoiler"]) == (1, None, False)
    assert sent["components"][1] == {"type": 14, "id": 3, "divider": True, "spacing": 1}
    assert [each["id"] for each in sent["components"][2]["components"]] == [5, 6]


async def test_mentions_are_what_is_allowed(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    lead = guild.role("Lead", mentionable=True)
    words = f"<@{ada.id}> <@&{lead.id}> @everyone"
    guild.give(ada, lead)
    said = await ada.says(channel, "q")
    path = f"/channels/{channel.id}/messages"
    loud = (await raw("POST", path, {"content": words}))[1]
    assert ([each["id"] for each in loud["mentions"]], loud["mention_roles"], loud["mention_everyone"]) == (
        [str(ada.id)],
        [str(lead.id)],
        True,
    )
    quiet = {"content": words, "allowed_mentions": {"parse": []}, "message_reference": {"message_id": str(said.id)}}
    still = (await raw("POST", path, quiet))[1]
    assert (still["mentions"], still["mention_roles"], still["mention_everyone"]) == ([], [], False)
    first, second = (channel.messages[int(each["id"])] for each in (loud, still))
    assert (ada.was_pinged_by(first), ada.was_pinged_by(second)) == (True, False)


async def test_uploads(fake: FakeDiscord, raw: Raw) -> None:
    import aiohttp

    channel = fake.guild().text()
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"attachments": [{"id": 0, "description": "a chart"}]}', content_type="application/json")
    form.add_field("files[0]", b"\x89PNG\r\n\x1a\n0000IHDR\x00\x00\x00\x05\x00\x00\x00\x07", filename="chart.png", content_type="image/png")
    headers = {"Authorization": f"Bot {fake.token}"}
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{fake.api_url}/channels/{channel.id}/messages", data=form, headers=headers) as answer:
            file = (await answer.json())["attachments"][0]
        assert (file["filename"], file["description"], file["width"], file["height"]) == ("chart.png", "a chart", 5, 7)
        large = aiohttp.FormData()
        large.add_field("files[0]", b"x" * (10 * 1024 * 1024 + 1), filename="large.bin")
        async with client.post(f"{fake.api_url}/channels/{channel.id}/messages", data=large, headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (413, 40005)
        async with client.post(
            f"{fake.api_url}/channels/{channel.id}/messages", data=b"{", headers={**headers, "Content-Type": "application/json"}
        ) as answer:
            assert (await answer.json())["code"] == 50109


def command(**more: Any) -> dict[str, Any]:
    return {"name": "mock", "description": "x", **more}


def option(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "x", **more}


COMMANDS: list[tuple[list[dict[str, Any]], int]] = [
    ([command(name="Mock")], 50035),
    ([command(description=None)], 50035),
    ([command(), command()], 50035),
    ([command(name="Coach me", type=3)], 50035),
    ([command(options=[option(), option("b", required=True)])], 50035),
    ([command(options=[option(autocomplete=True, choices=[{"name": "x", "value": "x"}])])], 50035),
    ([command(name=f"m{each}") for each in range(101)], 30032),
    ([command(nsfw=False), {"name": "Coach me on this", "type": 3}], 0),
]


@pytest.mark.parametrize(("commands", "code"), COMMANDS)
async def test_commands(fake: FakeDiscord, raw: Raw, commands: list[dict[str, Any]], code: int) -> None:
    assert await raw.code("PUT", f"/applications/{fake.bot.id}/commands", commands) == code
    assert len(fake.verdicts.take()) == (1 if code == 50035 else 0)


async def test_commands_keep_their_ids(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    path = f"/applications/{fake.bot.id}/commands"
    first = (await raw("PUT", path, [{"name": "a", "description": "x"}, {"name": "b", "description": "x"}]))[1]
    second = (await raw("PUT", path, [{"name": "b", "description": "y"}, {"name": "a", "description": "x"}]))[1]
    assert [second[1]["id"], second[0]["id"]] == [first[0]["id"], first[1]["id"]]
    assert (second[1]["version"] == first[0]["version"], second[0]["version"] == first[1]["version"]) == (True, False)
    mine = (await raw("PUT", f"/applications/{fake.bot.id}/guilds/{guild.id}/commands", [{"name": "a", "description": "x"}]))[1]
    assert mine[0]["guild_id"] == str(guild.id)
    assert await raw.code("GET", f"/applications/{fake.bot.id}/guilds/1/commands") == 50001
    assert len((await raw("GET", path))[1]) == 2
    assert await raw.code("DELETE", f"{path}/{first[0]['id']}") == 0
    assert await raw.code("GET", f"{path}/{first[0]['id']}") == 10063
