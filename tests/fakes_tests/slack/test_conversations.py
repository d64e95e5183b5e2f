"""conversations.*: history, threads, pages, membership, direct messages; and reactions, users, limits."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack.server import FakeSlack


async def several(slack: FakeSlack, count: int) -> list[str]:
    return [(await slack.user("ada").says("general", f"m{n}")).ts for n in range(count)]


async def test_history_is_newest_first_and_comes_in_pages(slack: FakeSlack, client: Any, fails: Any) -> None:
    await several(slack, 5)
    general = slack.channel("general").id
    texts, sizes = [], []
    async for page in await client.conversations_history(channel=general, limit=2):
        texts += [one["text"] for one in page["messages"]]
        sizes.append((len(page["messages"]), page["has_more"]))
    assert texts == ["m4", "m3", "m2", "m1", "m0"]
    assert sizes == [(2, True), (2, True), (1, False)]
    await fails("invalid_cursor", client.conversations_history(channel=general, cursor="nonsense"))


async def test_history_has_open_ends_unless_inclusive(slack: FakeSlack, client: Any, fails: Any) -> None:
    stamps = await several(slack, 4)
    general = slack.channel("general").id

    async def texts(**window: Any) -> list[str]:
        return [one["text"] for one in (await client.conversations_history(channel=general, **window))["messages"]]

    assert await texts(oldest=stamps[1]) == ["m3", "m2"]
    assert await texts(oldest=stamps[1], inclusive=True) == ["m3", "m2", "m1"]
    assert await texts(latest=stamps[1]) == ["m0"]
    assert await texts(oldest=stamps[0], latest=stamps[3]) == ["m2", "m1"]
    assert await texts(latest=stamps[2], inclusive=True, limit=1) == ["m2"]
    await fails("invalid_ts_oldest", client.conversations_history(channel=general, oldest="yesterday"))


async def test_replies_begin_with_the_root_on_every_page(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await slack.user("ada").says("general", "root")
    for n in range(3):
        reply = await slack.user("bob").says("general", f"r{n}", root.ts)
    general = slack.channel("general").id
    first = await client.conversations_replies(channel=general, ts=root.ts, limit=2)
    assert [one["text"] for one in first["messages"]] == ["root", "r0", "r1"]
    second = await client.conversations_replies(channel=general, ts=root.ts, limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [one["text"] for one in second["messages"]] == ["root", "r2"]
    assert not second["has_more"]
    by_reply = await client.conversations_replies(channel=general, ts=reply.ts)
    assert len(by_reply["messages"]) == 4
    await fails("thread_not_found", client.conversations_replies(channel=general, ts="1000000000.000001"))
    await slack.user("ada").deletes(root)
    stone = (await client.conversations_replies(channel=general, ts=root.ts))["messages"][0]
    assert (stone["subtype"], stone["user"], stone["text"]) == ("tombstone", "USLACKBOT", "This message was deleted.")


async def test_history_needs_membership_and_the_scope_of_that_kind(slack: FakeSlack, client: Any, fails: Any) -> None:
    await fails("not_in_channel", client.conversations_history(channel=slack.channel("random").id))
    slack.grant("chat:write", "channels:history")
    await client.conversations_history(channel=slack.channel("general").id)
    data = await fails("missing_scope", client.conversations_history(channel=slack.channel("leads").id))
    assert (data["needed"], data["provided"]) == ("groups:history", "chat:write,channels:history")
    data = await fails("missing_scope", client.conversations_history(channel=slack.dm_of("ada").id))
    assert data["needed"] == "im:history"


async def test_an_app_sold_outside_the_marketplace_reads_once_a_minute_fifteen_objects(slack: FakeSlack, client: Any, fails: Any) -> None:
    slack.limits.commercial = True
    await several(slack, 20)
    general = slack.channel("general").id
    assert len((await client.conversations_history(channel=general, limit=200))["messages"]) == 15
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel=general)
    assert caught.value.response.status_code == 429
    assert 1 <= int(caught.value.response.headers["Retry-After"]) <= 60
    await client.conversations_replies(channel=general, ts=slack.messages("general")[0].ts)
    slack.clock.advance(60)
    await client.conversations_history(channel=general)


async def test_tiers_count_per_method_and_workspace(slack: FakeSlack, client: Any) -> None:
    for _ in range(20):
        await client.users_list()
    with pytest.raises(SlackApiError) as caught:
        await client.users_list()
    assert caught.value.response["error"] == "ratelimited"
    await client.users_info(user=slack.user("ada").id)
    slack.clock.advance(60)
    await client.users_list()


async def test_a_small_burst_then_one_a_second(slack: FakeSlack, client: Any) -> None:
    general = slack.channel("general").id
    for _ in range(3):
        await client.chat_postMessage(channel=general, text="x")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=general, text="x")
    slack.clock.advance(1)
    await client.chat_postMessage(channel=general, text="x")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=general, text="x")


async def test_direct_messages_are_opened_once(slack: FakeSlack, client: Any, fails: Any) -> None:
    bob = slack.user("bob")
    first = await client.conversations_open(users=bob.id)
    again = await client.conversations_open(users=bob.id, return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"] == bob.dm.id
    assert again["already_open"]
    assert again["channel"]["user"] == bob.id
    await fails("user_not_found", client.conversations_open(users="U99999999"))
    await fails("cannot_dm_bot", client.conversations_open(users=slack.bot.id))
    await fails("users_list_not_supplied", client.api_call("conversations.open"))
    slack.change_user("cyd", deleted=True)
    await fails("user_disabled", client.conversations_open(users=slack.user("cyd").id))
    bob.user.refuses_dm = "user_not_visible"
    await fails("user_not_visible", client.conversations_open(users=bob.id))
    slack.grant("chat:write")
    assert (await fails("missing_scope", client.conversations_open(users=bob.id)))["needed"].startswith("im:write")


async def test_what_there_is(slack: FakeSlack, client: Any, fails: Any) -> None:
    info = (await client.conversations_info(channel=slack.channel("leads").id, include_num_members=True))["channel"]
    assert (info["is_private"], info["is_member"], info["num_members"]) == (True, True, 2)
    assert (await client.conversations_info(channel=slack.dm_of("ada").id))["channel"]["is_im"]
    await fails("channel_not_found", client.conversations_info(channel="C99999999"))
    members = await client.conversations_members(channel=slack.channel("general").id, limit=3)
    assert len(members["members"]) == 3
    assert members["response_metadata"]["next_cursor"]
    named = await client.conversations_list(types="public_channel,private_channel")
    assert [one["name"] for one in named["channels"]] == ["general", "interviews", "random", "leads"]


async def test_joining(slack: FakeSlack, client: Any, fails: Any) -> None:
    await client.conversations_join(channel=slack.channel("random").id)
    assert slack.bot.id in slack.channel("random").members
    assert (await client.conversations_join(channel=slack.channel("random").id))["warning"] == "already_in_channel"
    await fails("method_not_supported_for_channel_type", client.conversations_join(channel=slack.channel("leads").id))
    slack.archive("interviews")
    await fails("is_archived", client.conversations_join(channel=slack.channel("interviews").id))


async def test_reactions(slack: FakeSlack, client: Any, fails: Any) -> None:
    message = await slack.user("ada").says("general", "hello")
    target = {"channel": message.channel, "timestamp": message.ts}
    await client.reactions_add(name="eyes", **target)
    assert [(one.name, one.users) for one in message.reactions] == [("eyes", [slack.bot.id])]
    await fails("already_reacted", client.reactions_add(name="eyes", **target))
    await client.reactions_remove(name="eyes", **target)
    await fails("no_reaction", client.reactions_remove(name="eyes", **target))
    await fails("invalid_name", client.reactions_add(name="Not an emoji", **target))
    await fails("message_not_found", client.reactions_add(name="eyes", channel=message.channel, timestamp="1000000000.000001"))


async def test_people(slack: FakeSlack, client: Any, fails: Any) -> None:
    user = (await client.users_info(user=slack.user("cyd").id, include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"], user["is_admin"], user["locale"]) == ("America/New_York", -18000, False, "en-GB")
    assert "email" not in user["profile"]
    assert (await client.users_info(user=slack.user("ada").id))["user"]["is_owner"]
    assert (await client.users_info(user=slack.bot.id))["user"]["is_bot"]
    await fails("user_not_found", client.users_info(user="U99999999"))
    assert (await client.bots_info(bot=slack.install.bot_id))["bot"]["app_id"] == slack.app.id
    assert (await client.team_info())["team"]["domain"] == "acme"
