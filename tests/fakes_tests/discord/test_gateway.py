"""The gateway's protocol, without a library: what it accepts, and with which code it hangs up."""

from __future__ import annotations

import json

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.discord.gateway import intents
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw

ALL = intents.GUILDS | intents.GUILD_MESSAGES | intents.DIRECT_MESSAGES | intents.CONTENT | intents.MEMBERS


@pytest.mark.parametrize("compress", [False, True])
async def test_identify_gives_ready_and_guilds(fake: FakeDiscord, raw: Raw, compress: bool) -> None:
    guild = fake.guild()
    guild.text("interviews")
    wire = await raw.gateway(compress=compress)
    ready = await wire.identify(ALL)
    assert (ready["t"], ready["s"]) == ("READY", 1)
    assert ready["d"]["guilds"] == [{"id": str(guild.id), "unavailable": True}]
    assert ready["d"]["resume_gateway_url"].startswith("ws://127.0.0.1:")
    created = await wire.until("GUILD_CREATE")
    assert [each["name"] for each in created["channels"]] == ["interviews"]
    assert [each["user"]["bot"] for each in created["members"]] == [True]


async def test_heartbeats_are_answered_in_text_and_in_bytes(fake: FakeDiscord, raw: Raw) -> None:
    wire = await raw.gateway()
    await wire.identify()
    await wire.send(1, wire.sequence)
    assert (await wire.read())["op"] == 11
    await wire.socket.send_bytes(json.dumps({"op": 1, "d": None}).encode())
    assert (await wire.read())["op"] == 11
    await wire.send(3, {"since": None, "activities": [], "status": "dnd", "afk": False})
    await wire.send(1, None)
    assert (await wire.read())["op"] == 11
    assert fake.gateway.presences[-1]["status"] == "dnd"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": 1 << 40}, 4013),
        ({"intents": None}, 4013),
        ({"intents": intents.PRESENCES}, 4014),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_is_fatal(fake: FakeDiscord, raw: Raw, asked: dict[str, object], code: int) -> None:
    wire = await raw.gateway()
    assert await wire.identify(**asked) == {"closed": code}  # type: ignore[arg-type]


async def test_a_revoked_intent_is_disallowed(fake: FakeDiscord, raw: Raw) -> None:
    wire = await raw.gateway()
    assert (await wire.identify(ALL))["t"] == "READY"
    fake.revoke("message_content")
    assert await wire.read() == {"closed": 4014}
    fake.gateway.identify_window = 0
    assert await (await raw.gateway()).identify(ALL) == {"closed": 4014}
    assert (await (await raw.gateway()).identify(ALL & ~intents.CONTENT))["t"] == "READY"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", 4002),
        ('{"op": "x"}', 4002),
        (json.dumps({"op": 1, "d": "x" * 4096}), 4002),
        ('{"op": 5}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 8, "d": {}}', 4003),
        (json.dumps({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}), 4004),
    ],
)
async def test_nonsense_before_identify_hangs_up(fake: FakeDiscord, raw: Raw, frame: str, code: int) -> None:
    wire = await raw.gateway()
    await wire.read()
    await wire.socket.send_str(frame)
    assert await wire.read() == {"closed": code}


async def test_a_second_identify_and_a_wrong_version_hang_up(fake: FakeDiscord, raw: Raw) -> None:
    wire = await raw.gateway()
    await wire.identify()
    await wire.send(2, {"token": fake.token, "intents": 0, "properties": {}})
    assert await wire.read() == {"closed": 4005}
    assert await (await raw.gateway(query="v=9&encoding=json")).read() == {"closed": 4012}


async def test_a_hundred_and_twenty_frames_a_minute(fake: FakeDiscord, raw: Raw) -> None:
    wire = await raw.gateway()
    await wire.identify()
    for _ in range(119):
        await wire.send(1, None)
        assert (await wire.read())["op"] == 11
    await wire.send(1, None)
    assert await wire.read() == {"closed": 4008}


async def test_a_silent_client_is_dropped(fake: FakeDiscord, raw: Raw) -> None:
    fake.gateway.heartbeat_interval = 50
    wire = await raw.gateway()
    await wire.identify()
    assert await wire.read() == {"closed": 4000}


async def test_resume_replays_what_was_missed_then_says_so(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    wire = await raw.gateway()
    session = (await wire.identify(ALL))["d"]["session_id"]
    await wire.until("GUILD_CREATE")
    await wire.socket.close(code=4000)
    await fake.until(lambda: not fake.gateway.live)
    await ada.says(channel, "one")
    await ada.says(channel, "two")

    again = await raw.gateway()
    await again.resume(session, wire.sequence)
    assert [(await again.read())["d"]["content"] for _ in range(2)] == ["one", "two"]
    resumed = await again.read()
    assert (resumed["t"], resumed["s"]) == ("RESUMED", wire.sequence + 3)  # type: ignore[operator]
    await ada.says(channel, "three")
    assert (await again.read())["d"]["content"] == "three"


async def test_sessions_end(fake: FakeDiscord, raw: Raw, clock: FakeClock) -> None:
    fake.gateway.identify_window = 0
    wire = await raw.gateway()
    session = (await wire.identify())["d"]["session_id"]
    ahead = await raw.gateway()
    await ahead.resume(session, 99)
    assert await ahead.read() == {"closed": 4007}
    await wire.socket.close(code=1000)
    await fake.until(lambda: not fake.gateway.live)
    for name in (session, "unknown"):
        again = await raw.gateway()
        await again.resume(name, 1)
        assert await again.read() == {"op": 9, "d": False, "s": None, "t": None}

    wire = await raw.gateway()
    session = (await wire.identify())["d"]["session_id"]
    await wire.socket.close(code=4000)
    await fake.until(lambda: not fake.gateway.live)
    clock.advance(minutes=4)
    late = await raw.gateway()
    await late.resume(session, 1)
    assert (await late.read())["op"] == 9


async def test_identify_is_rationed(fake: FakeDiscord, raw: Raw) -> None:
    fake.gateway.identify_window = 5
    assert (await (await raw.gateway()).identify(shard=[0, 2]))["t"] == "READY"
    assert (await (await raw.gateway()).identify(shard=[1, 2]))["op"] == 9
    fake.world.starts.max_concurrency = 2
    assert (await (await raw.gateway()).identify(shard=[1, 2]))["t"] == "READY"
    fake.gateway.identify_window = 0
    limits = (await raw("GET", "/gateway/bot"))[1]["session_start_limit"]
    assert (limits["total"], limits["remaining"], limits["max_concurrency"]) == (1000, 998, 2)
    assert 0 < limits["reset_after"] <= 86_400_000


async def test_the_thousandth_identify_resets_the_token(fake: FakeDiscord, raw: Raw) -> None:
    fake.gateway.identify_window = 0
    fake.world.starts.remaining = 1
    old = fake.token
    first = await raw.gateway()
    assert (await first.identify())["t"] == "READY"
    await (await raw.gateway()).identify()
    assert fake.token != old
    assert await first.read() == {"closed": 4004}
    assert (await raw("GET", "/users/@me", token=old))[0] == 401


async def test_members_are_asked_for(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    ada = guild.member("Ada")
    for index in range(3):
        guild.member(f"Bob{index}")
    wire = await raw.gateway()
    await wire.identify(ALL)
    await wire.until("GUILD_CREATE")
    await wire.send(8, {"guild_id": str(guild.id), "query": "bob", "limit": 2, "nonce": "n"})
    chunk = await wire.until("GUILD_MEMBERS_CHUNK")
    assert ([each["user"]["username"] for each in chunk["members"]], chunk["nonce"]) == (["bob0", "bob1"], "n")
    await wire.send(8, {"guild_id": str(guild.id), "user_ids": [str(ada.id), "1"], "limit": 0})
    chunk = await wire.until("GUILD_MEMBERS_CHUNK")
    assert ([each["user"]["username"] for each in chunk["members"]], chunk["not_found"]) == (["ada"], ["1"])
    await wire.send(8, {"guild_id": str(guild.id), "query": "", "limit": 0})
    assert len((await wire.until("GUILD_MEMBERS_CHUNK"))["members"]) == 6


async def test_only_what_was_asked_for_is_sent(fake: FakeDiscord, raw: Raw) -> None:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    wire = await raw.gateway()
    await wire.identify(intents.DIRECT_MESSAGES)
    await ada.says(channel, "not for you")
    await ada.says(None, "for you")
    event = await wire.read()
    assert (event["t"], event["d"]["content"], "guild_id" in event["d"]) == ("MESSAGE_CREATE", "for you", False)
