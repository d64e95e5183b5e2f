"""chat.*: what is posted, changed, deleted, and what Slack refuses."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import actions, button, section


@pytest.fixture(autouse=True)
def no_pace(slack: FakeSlack) -> None:
    slack.limits.on = False


async def test_a_message_comes_back_as_slack_keeps_it(slack: FakeSlack, client: Any) -> None:
    general = slack.channel("general").id
    answer = await client.chat_postMessage(channel=general, text="1 < 2 & <@U00000001>")
    message = answer["message"]
    assert message["text"] == "1 &lt; 2 &amp; <@U00000001>"
    assert message["blocks"][0]["elements"][0]["elements"][1] == {"type": "user", "user_id": "U00000001"}
    assert (message["bot_id"], message["user"], message["app_id"]) == (slack.install.bot_id, slack.bot.id, slack.app.id)
    assert message["bot_profile"]["name"] == "Loopcoach"


@pytest.mark.parametrize("where", ["general", "#general"])
async def test_a_channel_may_be_named(slack: FakeSlack, client: Any, where: str) -> None:
    assert (await client.chat_postMessage(channel=where, text="x"))["channel"] == slack.channel("general").id


async def test_a_user_id_means_the_direct_message(slack: FakeSlack, client: Any) -> None:
    answer = await client.chat_postMessage(channel=slack.user("bob").id, text="x")
    assert answer["channel"] == slack.dm_of("bob").id
    assert slack.messages("@bob")[0].text == "x"


async def test_where_one_may_not_post(slack: FakeSlack, client: Any, fails: Any) -> None:
    async def post(channel: str) -> Any:
        return await client.chat_postMessage(channel=channel, text="x")

    slack.add_channel("secret", "ada", kind="private", bot=False)
    await fails("not_in_channel", post(slack.channel("random").id))
    await fails("channel_not_found", post(slack.channel("secret").id))
    await fails("channel_not_found", post("C99999999"))
    await fails("channel_not_found", post("no-such-channel"))
    slack.archive("general")
    await fails("is_archived", post(slack.channel("general").id))
    slack.channel("interviews").restricted = True
    await fails("restricted_action", post(slack.channel("interviews").id))
    slack.channel("leads").read_only = True
    await fails("restricted_action_read_only_channel", post(slack.channel("leads").id))
    slack.app.messages_tab = False
    await fails("messages_tab_disabled", post(slack.user("ada").id))
    slack.app.messages_tab = True
    slack.user("bob").user.refuses_dm = "user_not_visible"
    await fails("user_not_visible", post(slack.user("bob").id))
    slack.grant("chat:write", "chat:write.public")
    await post(slack.channel("random").id)


async def test_what_is_no_message(slack: FakeSlack, client: Any, fails: Any) -> None:
    general = slack.channel("general").id
    await fails("no_text", client.chat_postMessage(channel=general, text=""))
    await fails("msg_too_long", client.chat_postMessage(channel=general, text="x" * 40_001))
    await fails("msg_too_long", client.chat_postMessage(channel=general, markdown_text="x" * 12_001))
    await fails("markdown_text_conflict", client.chat_postMessage(channel=general, text="x", markdown_text="y"))
    await fails("invalid_thread_ts", client.chat_postMessage(channel=general, text="x", thread_ts="0"))
    await fails("invalid_metadata_format", client.chat_postMessage(channel=general, text="x", metadata={"event_type": "x"}))
    await fails("invalid_blocks_format", client.api_call("chat.postMessage", data={"channel": general, "blocks": "{not json"}))
    await fails("invalid_blocks", client.chat_postMessage(channel=general, text="x", blocks=[section("x")] * 51))
    data = await fails("invalid_blocks", client.chat_postMessage(channel=general, text="x", blocks=[section("x" * 3001)]))
    assert data["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert not slack.messages("general")


async def test_text_over_40_000_may_be_truncated_as_the_documentation_says(slack: FakeSlack, client: Any) -> None:
    slack.limits.long_text = "truncate"
    answer = await client.chat_postMessage(channel=slack.channel("general").id, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(slack.messages("general")[0].text) == 40_000


async def test_metadata_shows_only_to_who_asks(slack: FakeSlack, client: Any) -> None:
    general = slack.channel("general").id
    metadata = {"event_type": "loopcoach_post", "event_payload": {"key": "k1"}}
    await client.chat_postMessage(channel=general, text="x", metadata=metadata)
    assert "metadata" not in (await client.conversations_history(channel=general))["messages"][0]
    shown = await client.conversations_history(channel=general, include_all_metadata=True)
    assert shown["messages"][0]["metadata"] == metadata
    assert slack.effects() == {(general, "k1"): 1}
    assert not slack.doubles()


async def test_threads(slack: FakeSlack, client: Any) -> None:
    general = slack.channel("general").id
    root = await slack.user("ada").says("general", "root")
    reply = await client.chat_postMessage(channel=general, text="reply", thread_ts=root.ts)
    assert (reply["message"]["thread_ts"], reply["message"]["parent_user_id"]) == (root.ts, slack.user("ada").id)
    await client.chat_postMessage(channel=general, text="for all", thread_ts=root.ts, reply_broadcast=True)
    history = (await client.conversations_history(channel=general))["messages"]
    assert [one["text"] for one in history] == ["for all", "root"]
    assert history[0]["subtype"] == "thread_broadcast"
    assert (history[1]["reply_count"], history[1]["reply_users"]) == (2, [slack.bot.id])
    assert [one.text for one in slack.messages("general", root.ts)] == ["root", "reply", "for all"]
    await client.chat_postMessage(channel=general, text="to a reply", thread_ts=reply["ts"])
    assert slack.messages("general", root.ts)[-1].text == "to a reply"
    await client.chat_postMessage(channel=general, text="to nothing", thread_ts="1000000000.000001")
    assert len(slack.complaints) == 2


async def test_markdown_text_and_markdown_blocks_are_rendered(slack: FakeSlack, client: Any) -> None:
    general = slack.channel("general").id
    answer = await client.chat_postMessage(channel=general, markdown_text="**bold**")
    assert answer["message"]["blocks"][0]["type"] == "rich_text"
    message = slack.messages("general")[0]
    assert (message.markdown, message.sent_blocks) == ("**bold**", [{"type": "markdown", "text": "**bold**"}])


async def test_blocks_come_back_with_ids_and_defaults(slack: FakeSlack, client: Any) -> None:
    answer = await client.chat_postMessage(channel=slack.channel("general").id, text="x", blocks=[section("a & b"), actions(button())])
    first, second = answer["message"]["blocks"]
    assert first["text"] == {"type": "mrkdwn", "text": "a &amp; b", "verbatim": False}
    assert len(first["block_id"]) == 5
    assert second["elements"][0]["text"]["emoji"] is True
    assert slack.messages("general")[0].sent_blocks == [section("a & b"), actions(button())]
    assert not slack.complaints
    await client.api_call("chat.postMessage", json={"channel": slack.channel("general").id, "blocks": [section("no text")]})
    assert slack.messages("general")[-1].text == "no text"
    assert "screen readers" in slack.complaints[0]


async def test_a_form_or_a_query_will_do_as_well(slack: FakeSlack) -> None:
    body = {"channel": slack.channel("general").id, "text": "x", "token": slack.bot_token, "blocks": '[{"type": "divider"}]'}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{slack.api_url}chat.postMessage", data=body) as answer:
            assert (await answer.json())["ok"]
        headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
        async with session.post(f"{slack.api_url}chat.postMessage", headers=headers, data=b'{"channel": "general", "text": "y"}') as answer:
            assert (await answer.json())["warning"] == "missing_charset"
        async with session.get(f"{slack.api_url}auth.test", headers=headers) as answer:
            assert "chat:write" in answer.headers["X-OAuth-Scopes"]
    assert [one.text for one in slack.messages("general")] == ["x", "y"]


async def test_ephemeral_messages_are_seen_by_one_and_kept_nowhere(slack: FakeSlack, client: Any, fails: Any) -> None:
    general, bob = slack.channel("general").id, slack.user("bob").id
    await client.chat_postEphemeral(channel=general, user=bob, text="psst")
    assert [one.text for one in slack.ephemerals("bob")] == ["psst"]
    assert not slack.ephemerals("ada")
    assert (await client.conversations_history(channel=general))["messages"] == []
    await fails("user_not_in_channel", client.chat_postEphemeral(channel=slack.channel("leads").id, user=bob, text="psst"))
    root = await slack.user("ada").says("general", "no thread yet")
    await client.chat_postEphemeral(channel=general, user=bob, text="unseen", thread_ts=root.ts)
    assert len(slack.ephemerals("bob")) == 1, "in a thread only where there is one already"
    await slack.user("ada").says("general", "a reply", root.ts)
    await client.chat_postEphemeral(channel=general, user=bob, text="seen", thread_ts=root.ts)
    assert slack.ephemerals("bob")[-1].thread_ts == root.ts


async def test_updates(slack: FakeSlack, client: Any, fails: Any) -> None:
    general = slack.channel("general").id
    metadata = {"event_type": "loopcoach_post", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel=general, text="x", blocks=[section("x")], metadata=metadata)
    message = slack.messages("general")[0]
    answer = await client.chat_update(channel=general, ts=posted["ts"], text="y", blocks=[section("y")])
    assert "edited" not in answer["message"], "with blocks no (edited) is shown"
    assert message.metadata == metadata
    answer = await client.chat_update(channel=general, ts=posted["ts"], text="only text")
    assert answer["message"]["edited"]["user"] == slack.bot.id
    assert answer["message"]["blocks"][0]["type"] == "rich_text", "text without blocks takes the blocks away"
    assert message.edits == 2
    assert slack.effects() == {(general, "k1"): 1}
    await fails("message_not_found", client.chat_update(channel=general, ts="1000000000.000001", text="x"))
    await fails("no_text", client.chat_update(channel=general, ts=posted["ts"], text=""))
    await fails("msg_too_long", client.chat_update(channel=general, ts=posted["ts"], text="x" * 4_001))
    theirs = await slack.user("ada").says("general", "mine")
    await fails("cant_update_message", client.chat_update(channel=general, ts=theirs.ts, text="x"))
    slack.archive("general")
    await fails("is_inactive", client.chat_update(channel=general, ts=posted["ts"], text="x"))


async def test_deletions_and_permalinks(slack: FakeSlack, client: Any, fails: Any) -> None:
    general = slack.channel("general").id
    theirs = await slack.user("ada").says("general", "mine")
    posted = await client.chat_postMessage(channel=general, text="x", thread_ts=theirs.ts)
    link = (await client.chat_getPermalink(channel=general, message_ts=posted["ts"]))["permalink"]
    assert link == f"https://acme.slack.com/archives/{general}/p{posted['ts'].replace('.', '')}?thread_ts={theirs.ts}&cid={general}"
    await client.chat_delete(channel=general, ts=posted["ts"])
    await fails("message_not_found", client.chat_delete(channel=general, ts=posted["ts"]))
    await fails("message_not_found", client.chat_getPermalink(channel=general, message_ts=posted["ts"]))
    await fails("cant_delete_message", client.chat_delete(channel=general, ts=theirs.ts))


async def test_a_custom_name_needs_its_scope(slack: FakeSlack, client: Any, fails: Any) -> None:
    general = slack.channel("general").id
    data = await fails("missing_scope", client.chat_postMessage(channel=general, text="x", username="Somebody"))
    assert data["needed"] == "chat:write.customize"
    assert "chat:write" in data["provided"]
