"""Who may what, per channel: the codes Discord refuses with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.core.permissions import USUAL
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.people.options import Impossible
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw

EMBED = {"embeds": [{"title": "x"}]}


async def test_each_permission_is_asked_for(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    said = await ada.says(channel, "hello")
    base, message = f"/channels/{channel.id}", f"/channels/{channel.id}/messages/{said.id}"
    cases: list[tuple[P, str, str, Any]] = [
        (P.SEND_MESSAGES, "POST", f"{base}/messages", {"content": "x"}),
        (P.EMBED_LINKS, "POST", f"{base}/messages", EMBED),
        (P.CREATE_PUBLIC_THREADS, "POST", f"{message}/threads", {"name": "x"}),
        (P.CREATE_PUBLIC_THREADS, "POST", f"{base}/threads", {"name": "x", "type": 11}),
        (P.CREATE_PRIVATE_THREADS, "POST", f"{base}/threads", {"name": "x"}),
        (P.READ_MESSAGE_HISTORY, "GET", message, None),
        (P.ADD_REACTIONS, "PUT", f"{message}/reactions/%F0%9F%91%8D/@me", None),
    ]
    for need, method, path, body in cases:
        guild.deny(channel, guild.bot_role, need)
        assert await raw.code(method, path, body) == 50013, need
        guild.allow(channel, guild.bot_role, need)
        assert await raw.code(method, path, body) == 0, need
    for need, method, path in ((P.MANAGE_MESSAGES, "DELETE", message), (P.PIN_MESSAGES, "PUT", f"{base}/messages/pins/{said.id}")):
        assert await raw.code(method, path) == 50013, need
    guild.deny(channel, guild.bot_role, P.READ_MESSAGE_HISTORY)
    assert await raw("GET", f"{base}/messages") == (200, [])
    reply = {"content": "x", "message_reference": {"message_id": str(said.id)}}
    assert await raw.code("POST", f"{base}/messages", reply) == 160002


async def test_an_upload_needs_attach_files(fake: FakeDiscord, start: Any) -> None:
    import discord

    guild = fake.guild()
    channel = guild.text()
    bot = await start()
    guild.deny(channel, guild.bot_role, P.ATTACH_FILES)
    with pytest.raises(discord.Forbidden) as refused:
        await bot.get_channel(channel.id).send(file=discord.File(__file__))
    assert refused.value.code == 50013


async def test_what_cannot_be_seen_is_no_access(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    hidden = await ada.starts_thread(channel, "Private", private=True)
    assert await raw.code("GET", f"/channels/{hidden.id}") == 50001
    await ada.adds(hidden, fake.bot)
    assert await raw.code("GET", f"/channels/{hidden.id}") == 0
    guild.deny(channel, guild.everyone, P.VIEW_CHANNEL)
    for path in (f"/channels/{channel.id}", f"/channels/{hidden.id}", f"/channels/{channel.id}/messages"):
        assert await raw.code("GET", path) == 50001
    with pytest.raises(Impossible):
        await ada.says(channel, "x")
    guild.allow(channel, guild.bot_role, P.VIEW_CHANNEL)
    assert await raw.code("GET", f"/channels/{channel.id}") == 0


async def test_unknown_things(fake: FakeDiscord, raw: Raw) -> None:
    guild, other = fake.guild(), fake.guild("Other", bot=False)
    channel, stranger = guild.text(), fake.person("Zoe")
    foreign = other.text()
    for path, code in (
        ("/channels/1", 10003),
        (f"/channels/{channel.id}/messages/1", 10008),
        ("/users/1", 10013),
        ("/guilds/1", 10004),
        (f"/guilds/{other.id}", 10004),
        (f"/channels/{foreign.id}", 50001),
        (f"/guilds/{guild.id}/members/1", 10013),
        (f"/guilds/{guild.id}/members/{stranger.id}", 10007),
    ):
        assert await raw.code("GET", path) == code, path
    assert await raw.code("POST", "/users/@me/channels", {"recipient_id": "1"}) == 50033
    assert (await raw("GET", "/nothing/here"))[0] == 404


async def test_roles_and_members_add_up(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild(permissions=0)
    channel = guild.text()
    ada = guild.member("Ada", guild.role("Lead", P.MANAGE_MESSAGES))
    send = (f"/channels/{channel.id}/messages", {"content": "x"})
    guild.permit(guild.everyone, USUAL & ~P.SEND_MESSAGES)
    assert await raw.code("POST", *send) == 50013
    guild.allow(channel, guild.bot_role, P.SEND_MESSAGES)
    assert await raw.code("POST", *send) == 0
    bot = next(each for each in fake.world.users.values() if each is fake.bot)
    guild.deny(channel, bot, P.SEND_MESSAGES)
    assert await raw.code("POST", *send) == 50013
    guild.permit(guild.bot_role, P.ADMINISTRATOR)
    assert await raw.code("POST", *send) == 0
    await ada.deletes(fake.messages(channel)[0])


async def test_others_messages_are_not_the_bots(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    said = await ada.says(channel, "hello")
    assert await raw.code("PATCH", f"/channels/{channel.id}/messages/{said.id}", {"content": "x"}) == 50005
    direct = await ada.says(None, "hello")
    assert await raw.code("DELETE", f"/channels/{ada.dm.id}/messages/{direct.id}") == 50003


async def test_a_command_is_offered_to_whom_it_is_for(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    commands = [
        {"name": "drill", "description": "x", "default_member_permissions": str(int(P.MANAGE_GUILD)), "contexts": [0]},
        {"name": "everywhere", "description": "x", "integration_types": [1], "contexts": [0, 1, 2]},
    ]
    assert (await raw("PUT", f"/applications/{fake.bot.id}/commands", commands))[0] == 200
    with pytest.raises(Impossible, match="permissions"):
        await ada.slash("drill", channel=channel)
    with pytest.raises(Impossible, match="direct"):
        await ada.slash("drill", channel=ada.dm)
    with pytest.raises(Impossible, match="installed"):
        await ada.slash("everywhere", channel=channel)
    ada.installs_the_app()
    await ada.slash("everywhere", channel=channel, wait=False)
    guild.give(ada, guild.role("Lead", P.MANAGE_GUILD))
    await ada.slash("drill", channel=channel, wait=False)
    guild.deny(channel, guild.everyone, P.USE_APPLICATION_COMMANDS)
    with pytest.raises(Impossible, match="application commands"):
        await ada.slash("drill", channel=channel)
