"""Every operation there is, once, with what it answers; the judge looks at each answer."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.permissions import ALL
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.rest.routing import ROUTES
from tests.fakes.discord.server import FakeDiscord
from tests.fakes_tests.discord.raw import Raw

THUMB = "%F0%9F%91%8D"


class Tour:
    """Calls that must succeed."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw

    async def __call__(self, call: str, body: Any = None) -> Any:
        method, path = call.split()
        status, answer = await self._raw(method, path, body)
        assert status < 300, (call, status, answer)
        return answer


async def test_every_operation(fake: FakeDiscord, raw: Raw) -> None:
    go = Tour(raw)
    guild = fake.guild(permissions=ALL)
    ada = guild.member("Ada")
    await _about_itself(fake, go)
    await _commands(fake, go, guild.id)
    await _messages(fake, go, guild.text("interviews").id, guild.announcement().id, ada)
    await _threads(fake, go, guild, ada)
    await _guilds(fake, go, guild, ada)
    await _interactions(fake, go, guild, ada)
    await go(f"DELETE /users/@me/guilds/{guild.id}")
    assert fake.world.joined_guilds() == []
    done = {each.route for each in fake.requests() if 200 <= each.status < 300}
    assert {each.name for each in ROUTES} - done == set()
    assert len(done) >= 33


async def _about_itself(fake: FakeDiscord, go: Tour) -> None:
    assert (await go("GET /users/@me"))["id"] == str(fake.bot.id)
    assert (await go("PATCH /users/@me", {"username": "loopcoach"}))["username"] == "loopcoach"
    assert (await go(f"GET /users/{fake.owner.id}"))["username"] == "owner"
    assert (await go("GET /gateway"))["url"] == fake.gateway_url
    assert (await go("GET /gateway/bot"))["shards"] == 1
    for call in ("GET /applications/@me", "PATCH /applications/@me", "GET /oauth2/applications/@me"):
        assert (await go(call, {} if "PATCH" in call else None))["owner"]["id"] == str(fake.owner.id)
    assert len(await go("GET /users/@me/guilds?with_counts=true")) == 1


async def _commands(fake: FakeDiscord, go: Tour, guild_id: int) -> None:
    mine = {"name": "mock", "description": "x", "name_localizations": {"de": "probe"}}
    for base in (f"/applications/{fake.bot.id}/commands", f"/applications/{fake.bot.id}/guilds/{guild_id}/commands"):
        await go(f"PUT {base}", [])
        made = await go(f"POST {base}", mine)
        assert "name_localizations" not in (await go(f"GET {base}"))[0]
        assert (await go(f"GET {base}?with_localizations=true"))[0]["name_localizations"] == {"de": "probe"}
        changed = await go(f"PATCH {base}/{made['id']}", {"description": "y"})
        assert (changed["description"], changed["version"] != made["version"]) == ("y", True)
        assert (await go(f"GET {base}/{made['id']}")) == changed
        await go(f"DELETE {base}/{made['id']}")
    await go(f"PUT /applications/{fake.bot.id}/commands", [mine])


async def _messages(fake: FakeDiscord, go: Tour, channel: int, news: int, ada: Any) -> None:
    base = f"/channels/{channel}/messages"
    sent = [await go(f"POST {base}", {"content": str(each)}) for each in range(5)]
    ids = [each["id"] for each in sent]
    for query, expected in (
        ("?limit=2", [4, 3]),
        (f"?before={ids[2]}", [1, 0]),
        (f"?after={ids[1]}&limit=2", [3, 2]),
        (f"?around={ids[2]}&limit=3", [3, 2, 1]),
    ):
        assert [each["content"] for each in await go(f"GET {base}{query}")] == [str(each) for each in expected]
    assert (await go(f"PATCH {base}/{ids[0]}", {"content": "new"}))["edited_timestamp"]
    assert (await go(f"GET {base}/{ids[0]}"))["content"] == "new"
    await go(f"POST /channels/{channel}/typing")
    await go(f"PUT {base}/{ids[0]}/reactions/{THUMB}/@me")
    await ada.reacts(fake.world.channels[channel].messages[int(ids[0])], "👍")
    assert len(await go(f"GET {base}/{ids[0]}/reactions/{THUMB}")) == 2
    assert (await go(f"GET {base}/{ids[0]}"))["reactions"][0]["me"] is True
    await go(f"DELETE {base}/{ids[0]}/reactions/{THUMB}/{ada.id}")
    await go(f"DELETE {base}/{ids[0]}/reactions/{THUMB}/@me")
    for pins in (f"/channels/{channel}/messages/pins", f"/channels/{channel}/pins"):
        await go(f"PUT {pins}/{ids[1]}")
        await go(f"GET {pins}")
        await go(f"DELETE {pins}/{ids[1]}")
    await go(f"DELETE {base}/{ids[0]}")
    await go(f"POST {base}/bulk-delete", {"messages": ids[1:3]})
    assert [each.text for each in fake.messages(fake.world.channels[channel])] == ["3", "4"]
    told = await go(f"POST /channels/{news}/messages", {"content": "news"})
    assert (await go(f"POST /channels/{news}/messages/{told['id']}/crosspost"))["flags"] == 1
    poll = {"question": {"text": "Which?"}, "answers": [{"poll_media": {"text": "A"}}, {"poll_media": {"text": "B"}}]}
    assert len((await go(f"POST {base}", {"poll": poll}))["poll"]["answers"]) == 2


async def _threads(fake: FakeDiscord, go: Tour, guild: Any, ada: Any) -> None:
    channel, forum = guild.text("threads"), guild.forum()
    message = await go(f"POST /channels/{channel.id}/messages", {"content": "q"})
    thread = (await go(f"POST /channels/{channel.id}/messages/{message['id']}/threads", {"name": "T"}))["id"]
    hidden = (await go(f"POST /channels/{channel.id}/threads", {"name": "H", "type": 12}))["id"]
    post = await go(f"POST /channels/{forum.id}/threads", {"name": "P", "message": {"content": "q"}})
    assert post["message"]["id"] == post["id"]
    await go(f"PUT /channels/{hidden}/thread-members/{ada.id}")
    assert (await go(f"GET /channels/{hidden}/thread-members/{ada.id}?with_member=true"))["member"]["user"]["username"] == "ada"
    assert len(await go(f"GET /channels/{hidden}/thread-members")) == 2
    await go(f"DELETE /channels/{hidden}/thread-members/{ada.id}")
    await go(f"DELETE /channels/{thread}/thread-members/@me")
    await go(f"PUT /channels/{thread}/thread-members/@me")
    assert len((await go(f"GET /guilds/{guild.id}/threads/active"))["threads"]) == 3
    await go(f"PATCH /channels/{thread}", {"archived": True, "locked": True})
    await go(f"PATCH /channels/{hidden}", {"archived": True})
    for where in ("threads/archived/public", "threads/archived/private", "users/@me/threads/archived/private"):
        assert len((await go(f"GET /channels/{channel.id}/{where}"))["threads"]) == 1
    assert (await go(f"DELETE /channels/{hidden}"))["id"] == hidden


async def _guilds(fake: FakeDiscord, go: Tour, guild: Any, ada: Any) -> None:
    base, channel, role = f"/guilds/{guild.id}", guild.text("other"), guild.role("Lead")
    assert (await go(f"GET {base}?with_counts=true"))["approximate_member_count"] == 3
    assert all(each["type"] not in (10, 11, 12) for each in await go(f"GET {base}/channels"))
    assert len(await go(f"GET {base}/members?limit=10")) == 3
    assert [each["user"]["id"] for each in await go(f"GET {base}/members/search?query=ad")] == [str(ada.id)]
    await go(f"PUT {base}/members/{ada.id}/roles/{role.id}")
    assert (await go(f"GET {base}/members/{ada.id}"))["roles"] == [str(role.id)]
    await go(f"DELETE {base}/members/{ada.id}/roles/{role.id}")
    assert (await go(f"PATCH {base}/members/@me", {"nick": "Coach"}))["nick"] == "Coach"
    assert len(await go(f"GET {base}/roles")) == 3
    assert (await go(f"GET {base}/roles/{role.id}"))["name"] == "Lead"
    await go(f"PUT /channels/{channel.id}/permissions/{role.id}", {"type": 0, "deny": str(int(P.VIEW_CHANNEL))})
    assert (await go(f"GET /channels/{channel.id}"))["permission_overwrites"][0]["deny"] == "1024"
    await go(f"DELETE /channels/{channel.id}/permissions/{role.id}")
    changed = await go(f"PATCH /channels/{channel.id}", {"name": "renamed", "topic": "x", "rate_limit_per_user": 5})
    assert (changed["name"], changed["topic"], changed["rate_limit_per_user"]) == ("renamed", "x", 5)
    bob = guild.member("Bob")
    await go(f"DELETE {base}/members/{bob.id}")
    assert (await go("POST /users/@me/channels", {"recipient_id": ada.id}))["recipients"][0]["id"] == str(ada.id)


async def _interactions(fake: FakeDiscord, go: Tour, guild: Any, ada: Any) -> None:
    shown = await ada.slash("mock", channel=guild.text("commands"), wait=False)
    token, hook = shown.interaction.token, f"/webhooks/{fake.bot.id}/{shown.interaction.token}"
    await go(f"POST /interactions/{shown.interaction.id}/{token}/callback", {"type": 4, "data": {"content": "one"}})
    assert (await go(f"GET {hook}/messages/@original"))["content"] == "one"
    await go(f"PATCH {hook}/messages/@original", {"content": "two"})
    more = await go(f"POST {hook}?wait=true", {"content": "more", "flags": 64})
    assert more["message_reference"]["message_id"] == str(shown.message.id) if "message_reference" in more else True
    assert (await go(f"GET {hook}/messages/{more['id']}"))["content"] == "more"
    await go(f"PATCH {hook}/messages/{more['id']}", {"content": "most"})
    assert [each.text for each in shown.messages] == ["two", "most"]
    await go(f"DELETE {hook}/messages/{more['id']}")
    await go(f"DELETE {hook}/messages/@original")
    assert shown.messages == []
