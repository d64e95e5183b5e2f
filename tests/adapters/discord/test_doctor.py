"""What the doctor says: all that is needed to set the bot up, and what is wrong with the next step."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from adapters.discord.doctor import MANY, Told, examine
from tests.adapters.discord.stage import pointed
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.world import BANK


async def lines(fake: FakeDiscord, token: str = "") -> list[Told]:
    with pointed(fake):
        return [line async for line in examine(token or fake.token, BANK, content=True)]


def about(found: list[Told], words: str) -> Told:
    return next(line for line in found if words in line.what)


async def test_the_invite_link_asks_for_the_least(fake: FakeDiscord) -> None:
    link = about(await lines(fake), "Invite link").what.split(": ", 1)[1]
    asked = parse_qs(urlsplit(link).query)
    wanted = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 35 | 1 << 36 | 1 << 38
    assert int(asked["permissions"][0]) == wanted
    assert set(asked["scope"][0].split()) == {"bot", "applications.commands"}


async def test_it_says_what_works_without_the_intent(fake: FakeDiscord) -> None:
    fake.revoke("message_content")
    line = about(await lines(fake), "Message Content intent")
    assert (line.state, "All works without it" in line.what) == ("warn", True)
    assert line.then
    fake.grant("message_content")
    assert about(await lines(fake), "Message Content intent").state == "ok"


async def test_commands_and_servers_that_are_missing_are_named(fake: FakeDiscord) -> None:
    found = await lines(fake)
    assert "not there yet" in about(found, "Commands").what
    assert about(found, "Servers").what == "Servers: none yet"
    fake.guild()
    assert about(await lines(fake), "Servers").state == "ok"
    assert MANY < 10_000


async def test_a_wrong_token_is_said_without_showing_it(fake: FakeDiscord) -> None:
    for token in ("not a token", "aaaa.bbbb.cccc"):
        (line,) = await lines(fake, token)
        assert line.state == "bad"
        assert token not in line.what + line.then
        assert "Reset Token" in line.then


async def test_a_discord_that_is_away_is_said(fake: FakeDiscord) -> None:
    fake.faults.fail("GET /users/@me", 503)
    (line,) = await lines(fake)
    assert (line.state, "status 503" in line.what) == ("bad", True)
