"""facts/discord.md section 4: what a person sees when a request fails before or after its effect. Every row that is the server's."""

from __future__ import annotations

from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.discord.core.models import Channel
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw

SEND = "POST /channels/{channel_id}/messages"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOWUP = "POST /webhooks/{webhook_id}/{webhook_token}"
FROM_MESSAGE = "POST /channels/{channel_id}/messages/{message_id}/threads"
WITHOUT = "POST /channels/{channel_id}/threads"


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py sleeps one, three, five seconds between its own attempts."""

    async def at_once(delay: float, *_: Any) -> None:
        await real(min(delay, 0.02) if delay >= 1 else delay)

    import asyncio

    real = asyncio.sleep
    for module in (discord.http, discord.webhook.async_):
        monkeypatch.setattr(module, "asyncio", _Patched(asyncio, at_once))


class _Patched:
    """asyncio with another sleep."""

    def __init__(self, module: Any, sleep: Any) -> None:
        self._module = module
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


async def _set(fake: FakeDiscord, start: Any) -> tuple[Any, Channel, Any]:
    guild = fake.guild()
    channel, ada = guild.text(), guild.member("Ada")
    bot = await start()
    return bot, channel, ada


@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_a_send_that_failed_after_its_effect_stands_there_once(fake: FakeDiscord, start: Any, status: int) -> None:
    bot, channel, ada = await _set(fake, start)
    fake.faults.fail(SEND, status, after=True, times=2)
    await bot.get_channel(channel.id).send("question")
    assert len(fake.requests(SEND)) == 3
    assert [each.text for each in fake.visible_to(ada, channel)] == ["question"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_reset_reaches_the_bot_and_the_same_nonce_is_safe(fake: FakeDiscord, start: Any, after: bool) -> None:
    bot, channel, ada = await _set(fake, start)
    fake.faults.reset(SEND, after=after)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.get_channel(channel.id).send("question", nonce="daily:2026-11-23:1")
    assert len(fake.messages(channel)) == int(after)
    await bot.get_channel(channel.id).send("question", nonce="daily:2026-11-23:1")
    assert len(fake.visible_to(ada, channel)) == 1
    assert fake.doubles(channel) == []


async def test_a_nonce_counts_per_author_for_a_few_minutes(fake: FakeDiscord, raw: Raw, clock: FakeClock) -> None:
    channel, other = (guild := fake.guild()).text("one"), guild.text("two")
    body = {"content": "question", "nonce": "key", "enforce_nonce": True}
    first = (await raw("POST", f"/channels/{channel.id}/messages", body))[1]
    count = len(fake.messages(channel))
    again = (await raw("POST", f"/channels/{other.id}/messages", {**body, "content": "else"}))[1]
    assert (first["id"], first["nonce"]) == (again["id"], again["nonce"])
    assert len(fake.messages(other)) == 0
    assert (await raw("POST", f"/channels/{channel.id}/messages", {"content": "question", "nonce": "key"}))[1]["id"] != first["id"]
    clock.advance(minutes=4)
    await raw("POST", f"/channels/{channel.id}/messages", body)
    assert len(fake.messages(channel)) == count + 1
    clock.advance(minutes=6)
    await raw("POST", f"/channels/{channel.id}/messages", body)
    assert len(fake.messages(channel)) == count + 2
    assert fake.doubles(channel) == ["question"]
    assert await raw.code("POST", f"/channels/{channel.id}/messages", {"content": "x", "nonce": "x" * 26}) == 50035
    assert len(fake.verdicts.take()) == 1


async def test_a_followup_that_failed_after_its_effect_is_doubled(fake: FakeDiscord, start: Any) -> None:
    bot, channel, ada = await _set(fake, start)
    await ada.slash("ping", channel=channel)
    fake.faults.fail(FOLLOWUP, 502, after=True)
    await bot.interactions[0].followup.send("more")
    assert fake.doubles(channel, ada) == ["more"]


async def test_an_edit_of_the_first_answer_is_idempotent(fake: FakeDiscord, start: Any) -> None:
    _, channel, ada = await _set(fake, start)
    fake.faults.fail("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", 502, after=True)
    shown = await (await ada.slash("think", channel=channel)).answered()
    assert [each.text for each in fake.visible_to(ada, channel)] == ["thought"] == [shown.text]


async def test_a_callback_retried_after_its_effect_is_already_acknowledged(fake: FakeDiscord, start: Any) -> None:
    bot, channel, ada = await _set(fake, start)
    shown = await ada.slash("silent", channel=channel, wait=False)
    await fake.until(lambda: bot.interactions)
    fake.faults.fail(CALLBACK, 502, after=True)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.interactions[0].response.send_message("there")
    assert (refused.value.status, refused.value.code) == (400, 40060)
    assert [each.text for each in fake.visible_to(ada, channel)] == ["there"] == [shown.text]


async def test_the_deadlines_of_an_interaction(fake: FakeDiscord, start: Any, clock: FakeClock) -> None:
    bot, channel, ada = await _set(fake, start)
    await ada.slash("silent", channel=channel, wait=False)
    await ada.slash("ping", channel=channel)
    await fake.until(lambda: len(bot.interactions) == 2)
    late, answered = sorted(bot.interactions, key=lambda each: each.id)
    clock.advance(seconds=4)
    for act in (late.response.defer, lambda: late.response.send_message("x")):
        with pytest.raises(discord.NotFound) as refused:
            await act()
        assert refused.value.code == 10062
    await answered.edit_original_response(content="still")
    clock.advance(minutes=15)
    for act in (lambda: answered.edit_original_response(content="x"), lambda: answered.followup.send("x")):
        with pytest.raises(discord.HTTPException) as gone:
            await act()
        assert (gone.value.status, gone.value.code) == (401, 50027)
    await bot.get_channel(channel.id).send("so here")
    assert [each.text for each in fake.visible_to(ada, channel)] == ["still", "so here"]


async def test_the_first_followup_after_a_deferral_fills_the_answer(fake: FakeDiscord, start: Any) -> None:
    bot, channel, ada = await _set(fake, start)
    shown = await ada.slash("silent", channel=channel, wait=False)
    await fake.until(lambda: bot.interactions)
    await bot.interactions[0].response.defer(ephemeral=True)
    await bot.interactions[0].followup.send("one", ephemeral=False)
    await bot.interactions[0].followup.send("two")
    assert (shown.text, shown.ephemeral, [each.text for each in shown.followups]) == ("one", True, ["two"])
    assert [each.text for each in fake.messages(channel)] == ["two"]


async def test_a_user_install_gets_five_followups(fake: FakeDiscord, start: Any) -> None:
    fake.guild()
    bot = await start()
    bot.tree.get_command("silent").allowed_installs = discord.app_commands.AppInstallationType(guild=True, user=True)
    await bot.tree.sync()
    elsewhere = fake.guild("Elsewhere", bot=False)
    channel, ada = elsewhere.text(), elsewhere.member("Ada")
    ada.installs_the_app()
    await ada.slash("silent", channel=channel, wait=False)
    await fake.until(lambda: bot.interactions)
    interaction = bot.interactions[0]
    assert (interaction.is_guild_integration(), interaction.is_user_integration()) == (False, True)
    await interaction.response.send_message("first")
    for index in range(5):
        await interaction.followup.send(str(index))
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.followup.send("5")
    assert refused.value.code == 40094
    assert [each.text for each in fake.visible_to(ada, channel)] == ["first", "0", "1", "2", "3", "4"]


async def test_a_thread_from_a_message_is_made_once(fake: FakeDiscord, start: Any) -> None:
    bot, channel, _ = await _set(fake, start)
    sent = await bot.get_channel(channel.id).send("mock", nonce="mock:1")
    fake.faults.fail(FROM_MESSAGE, 502, after=True)
    with pytest.raises(discord.HTTPException) as refused:
        await sent.create_thread(name="Mock")
    assert refused.value.code == 160004
    found = await bot.fetch_channel(sent.id)
    assert (found.id, found.name, len(fake.threads(channel))) == (sent.id, "Mock", 1)


@pytest.mark.parametrize("kind", ["private", "forum"])
async def test_a_thread_without_a_message_is_doubled(fake: FakeDiscord, start: Any, kind: str) -> None:
    guild = fake.guild()
    channel = guild.text() if kind == "private" else guild.forum()
    bot = await start()
    fake.faults.fail(WITHOUT, 502, after=True)
    place = bot.get_channel(channel.id)
    made = await (place.create_thread(name="Mock 7") if kind == "private" else place.create_thread(name="Mock 7", content="q"))
    assert [each.name for each in fake.threads(channel)] == ["Mock 7", "Mock 7"]
    spare = next(each for each in await place.guild.active_threads() if each.id != (made if kind == "private" else made.thread).id)
    assert spare.name == "Mock 7"
    guild.permit(guild.bot_role, 1 << 34 | 1 << 10)
    await spare.delete()
    assert len(fake.threads(channel)) == 1


async def test_idempotent_requests_may_be_repeated(fake: FakeDiscord, start: Any) -> None:
    bot, channel, ada = await _set(fake, start)
    before = {each["name"]: each["id"] for each in fake.commands}
    fake.faults.fail("PUT /applications/{application_id}/commands", 502, after=True)
    await bot.tree.sync()
    assert {each["name"]: each["id"] for each in fake.commands} == before
    fake.faults.fail("POST /users/@me/channels", 502, after=True)
    assert (await (await bot.fetch_user(ada.id)).create_dm()).id == ada.dm.id
    thread = await bot.get_channel(channel.id).create_thread(name="Private")
    fake.faults.fail("PUT /channels/{channel_id}/thread-members/{user_id}", 502, after=True)
    await thread.add_user(discord.Object(ada.id))
    assert len(fake.world.channels[thread.id].thread_members) == 2


async def test_a_bucket_is_waited_for(fake: FakeDiscord, start: Any) -> None:
    import asyncio

    bot, channel, ada = await _set(fake, start)
    fake.rest.buckets.scale = 0.04
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(bot.get_channel(channel.id).send(str(index)) for index in range(12)))
    assert 0.35 < asyncio.get_running_loop().time() - started < 1.5
    assert len(fake.visible_to(ada, channel)) == 12
    assert not [each for each in fake.requests(SEND) if each.status == 429]


async def test_a_bucket_that_is_not_waited_for(fake: FakeDiscord, raw: Raw) -> None:
    channel = fake.guild().text()
    other = fake.guild().text()
    fake.rest.buckets.limits[SEND] = (2, 5.0)
    sent = [await raw("POST", f"/channels/{channel.id}/messages", {"content": "x"}) for _ in range(3)]
    assert [status for status, _ in sent] == [200, 200, 429]
    assert (raw.headers["X-RateLimit-Limit"], raw.headers["X-RateLimit-Remaining"], raw.headers["X-RateLimit-Scope"]) == ("2", "0", "user")
    assert float(raw.headers["X-RateLimit-Reset-After"]) <= 0.1
    assert (await raw("POST", f"/channels/{other.id}/messages", {"content": "x"}))[0] == 200


async def test_too_many_requests(fake: FakeDiscord, start: Any, raw: Raw) -> None:
    bot, channel, ada = await _set(fake, start)
    fake.faults.limit(SEND, 0.05)
    await bot.get_channel(channel.id).send("one")
    fake.faults.limit(SEND, 0.05, everywhere=True)
    await bot.get_channel(channel.id).send("two")
    assert len(fake.requests(SEND)) == 4
    fake.faults.limit(SEND, 0.3)
    status, body = await raw("POST", f"/channels/{channel.id}/messages", {"content": "x"})
    assert (status, body["retry_after"], body["global"]) == (429, 0.3, False)
    assert (raw.headers["Via"], raw.headers["Content-Type"], raw.headers["Retry-After"]) == ("1.1 google", "application/json", "1")
    fake.faults.ban(SEND)
    with pytest.raises(discord.HTTPException) as banned:
        await bot.get_channel(channel.id).send("three")
    assert banned.value.status == 429
    assert [each.text for each in fake.visible_to(ada, channel)] == ["one", "two"]


async def test_the_global_limit_spares_interactions(fake: FakeDiscord, raw: Raw) -> None:
    fake.rest.buckets.limits[""] = (1000, 1.0)
    fake.rest.buckets.global_limit = 3
    statuses = [(await raw("GET", "/users/@me"))[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert raw.headers["X-RateLimit-Global"] == "true"
    assert (await raw("POST", "/interactions/1/token/callback", {"type": 5}))[0] == 404
    assert not [each for each in raw.headers if each.startswith("X-RateLimit")]


async def test_many_invalid_requests_are_a_ban(fake: FakeDiscord, raw: Raw) -> None:
    fake.rest.buckets.limits[""] = (1000, 1.0)
    fake.rest.buckets.invalid_limit = 3
    for _ in range(3):
        assert (await raw("GET", "/users/@me", token="wrong"))[0] == 401
    status, body = await raw("GET", "/users/@me")
    assert (status, "Via" in raw.headers) == (429, False)
    assert "1015" in body


async def test_service_unavailable_is_raised_at_once(fake: FakeDiscord, start: Any) -> None:
    bot, channel, _ = await _set(fake, start)
    fake.faults.fail(SEND, 503)
    with pytest.raises(discord.DiscordServerError):
        await bot.get_channel(channel.id).send("x")
    assert (len(fake.requests(SEND)), fake.messages(channel)) == (1, [])


async def test_a_slow_answer_is_only_slow(fake: FakeDiscord, start: Any) -> None:
    bot, channel, ada = await _set(fake, start)
    fake.faults.slow(SEND, 0.05)
    await bot.get_channel(channel.id).send("x")
    assert len(fake.visible_to(ada, channel)) == 1
