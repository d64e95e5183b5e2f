"""What people do, and which events the app gets of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack.people.person import Refused
from tests.fakes.slack.server import FakeSlack


def events(slack: FakeSlack, type: str = "") -> list[dict[str, Any]]:
    return [one.payload["event"] for one in slack.deliveries(type) if one.kind == "events_api"]


async def test_a_message_in_a_channel(slack: FakeSlack) -> None:
    message = await slack.user("ada").says("general", "is 1 < 2 & true? see https://example.com/a.")
    (event,) = events(slack)
    assert event["text"] == "is 1 &lt; 2 &amp; true? see <https://example.com/a>."
    assert event["ts"] == message.ts
    assert event["channel_type"] == "channel"
    assert event["client_msg_id"]
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "is 1 < 2 & true? see "},
        {"type": "link", "url": "https://example.com/a"},
        {"type": "text", "text": "."},
    ]


async def test_a_mention_comes_as_message_and_as_app_mention_with_its_own_event_id(slack: FakeSlack) -> None:
    await slack.user("ada").says("general", f"<@{slack.bot.id}> hello")
    message, mention = slack.deliveries()
    assert (message.type, mention.type) == ("message", "app_mention")
    assert message.event_id != mention.event_id
    assert message.payload["event"]["ts"] == mention.payload["event"]["ts"]
    assert "channel_type" not in mention.payload["event"]


async def test_the_bot_hears_only_where_it_is(slack: FakeSlack) -> None:
    await slack.user("ada").says("random", f"<@{slack.bot.id}> hello")
    assert not slack.deliveries()
    slack.invite("random")
    assert [one["type"] for one in events(slack)] == ["member_joined_channel", "message"]
    assert events(slack)[0]["inviter"] == slack.user("ada").id
    assert events(slack)[1]["subtype"] == "channel_join"
    await slack.user("ada").says("random", "hello")
    assert events(slack)[-1]["text"] == "hello"
    slack.kick("random")
    await slack.user("ada").says("random", "alone")
    assert events(slack)[-1]["type"] == "channel_left"


async def test_private_channels_and_direct_messages_have_their_own_subscriptions(slack: FakeSlack) -> None:
    await slack.user("ada").says("leads", "hello")
    await slack.user("bob").says("dm", f"<@{slack.bot.id}> hello")
    assert [one["channel_type"] for one in events(slack)] == ["group", "im"], "no app_mention in a direct message"
    slack.app.events -= {"message.groups"}
    await slack.user("ada").says("leads", "hello again")
    slack.grant("chat:write")
    await slack.user("bob").says("dm", "hello again")
    assert len(events(slack)) == 2


async def test_threads_edits_and_deletions(slack: FakeSlack) -> None:
    ada = slack.user("ada")
    root = await ada.says("general", "root")
    reply = await slack.user("bob").says("general", "reply", root.ts)
    assert events(slack)[-1]["thread_ts"] == root.ts
    assert events(slack)[-1]["parent_user_id"] == ada.id
    await slack.user("bob").edits(reply.ts, "better")
    changed = events(slack)[-1]
    assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == ("message_changed", "better", "reply")
    assert changed["message"]["edited"]["user"] == slack.user("bob").id
    await ada.deletes(root.ts)
    assert events(slack)[-1]["message"]["subtype"] == "tombstone", "a root with replies leaves a stone"
    await slack.user("bob").deletes(reply.ts)
    assert (events(slack)[-1]["subtype"], events(slack)[-1]["deleted_ts"]) == ("message_deleted", reply.ts)
    with pytest.raises(Refused):
        await ada.edits(reply.ts, "not mine")


async def test_a_reply_that_is_also_sent_to_the_channel(slack: FakeSlack) -> None:
    root = await slack.user("ada").says("general", "root")
    await slack.user("bob").says("general", "for all", root.ts, broadcast=True)
    event = events(slack)[-1]
    assert event["subtype"] == "thread_broadcast"
    assert event["root"]["ts"] == root.ts


async def test_a_link_preview_changes_a_message_without_anybodys_edit(slack: FakeSlack) -> None:
    message = await slack.user("ada").says("general", "see https://example.com/a")
    slack.unfurl(message)
    event = events(slack)[-1]
    assert event["subtype"] == "message_changed"
    assert "edited" not in event["message"]
    assert event["message"]["text"] == event["previous_message"]["text"]


async def test_files(slack: FakeSlack) -> None:
    await slack.user("ada").says("dm", "my notes", files=[("notes.txt", b"STAR")])
    event = events(slack)[-1]
    assert event["subtype"] == "file_share"
    assert event["files"][0]["name"] == "notes.txt"
    assert event["files"][0]["size"] == 4


async def test_reactions_channels_and_profiles(slack: FakeSlack) -> None:
    message = await slack.user("ada").says("general", "hello")
    await slack.user("bob").reacts(message, "eyes")
    await slack.user("bob").unreacts(message, "eyes")
    slack.rename("general", "everybody")
    slack.archive("everybody")
    slack.archive("leads")
    slack.unarchive("leads")
    slack.delete_channel("random")
    slack.change_user("cyd", tz="Asia/Tokyo")
    assert [one["type"] for one in events(slack)[1:]] == [
        "reaction_added",
        "reaction_removed",
        "channel_rename",
        "channel_archive",
        "group_archive",
        "group_unarchive",
        "channel_deleted",
        "user_change",
    ]
    assert events(slack, "channel_rename")[0]["channel"]["name"] == "everybody"
    with pytest.raises(Refused):
        await slack.user("ada").says("everybody", "too late")


async def test_the_apps_home_and_messages_tab(slack: FakeSlack) -> None:
    await slack.user("ada").opens_home()
    await slack.user("ada").opens_home("messages")
    first, second = events(slack, "app_home_opened")
    assert first["tab"] == "home"
    assert "view" not in first
    assert (second["tab"], second["channel"]) == ("messages", slack.dm_of("ada").id)
    slack.app.home_tab = False
    with pytest.raises(Refused):
        await slack.user("ada").opens_home()


async def test_the_bots_own_messages_come_back_to_it(slack: FakeSlack, client: Any) -> None:
    await client.chat_postMessage(channel=slack.channel("general").id, text="mine")
    (event,) = events(slack)
    assert event["bot_id"] == slack.install.bot_id
    assert event["app_id"] == slack.app.id
    assert "subtype" not in event
    slack.other_bot_says("general", f"<@{slack.bot.id}> hello from another bot")
    assert events(slack)[-1]["type"] == "app_mention"
    assert events(slack)[-1]["bot_id"] != slack.install.bot_id


async def test_uninstalling_says_so_and_kills_the_token(slack: FakeSlack, client: Any, fails: Any) -> None:
    slack.uninstall()
    assert [one["type"] for one in events(slack)] == ["tokens_revoked", "app_uninstalled"]
    assert events(slack)[0]["tokens"] == {"oauth": [], "bot": [slack.bot.id]}
    await fails("account_inactive", client.auth_test())
    await slack.user("ada").says("general", "bye")
    assert len(slack.deliveries()) == 2


async def test_two_workspaces_know_nothing_of_each_other(slack: FakeSlack, client: Any, fails: Any) -> None:
    other = slack.add_team("Globex", "globex")
    await slack.user("globex-admin").says(next(iter(other.channels)), "hello")
    assert slack.deliveries()[0].payload["team_id"] == other.id
    await fails("channel_not_found", client.chat_postMessage(channel=next(iter(other.channels)), text="hello"))
    await fails("user_not_found", client.users_info(user=slack.user("globex-admin").id))


async def test_a_manifest_sets_what_the_app_gets(slack: FakeSlack) -> None:
    slack.use_manifest(
        {
            "display_information": {"name": "Coach"},
            "features": {
                "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
                "slash_commands": [{"command": "/mock", "description": "A mock"}],
                "shortcuts": [{"callback_id": "coach_me", "type": "message", "name": "Coach me", "description": "…"}],
            },
            "oauth_config": {"scopes": {"bot": ["chat:write", "im:history", "commands"]}},
            "settings": {
                "event_subscriptions": {"bot_events": ["message.im", "message.channels"]},
                "interactivity": {"is_enabled": False},
                "socket_mode_enabled": True,
            },
        }
    )
    await slack.user("ada").says("general", "no scope for this")
    assert not slack.deliveries()
    await slack.user("ada").says("dm", "this is heard")
    assert len(slack.deliveries()) == 1
    assert "not a valid command" in (await slack.user("ada").command("/other")).error
    assert "not configured" in (await slack.user("ada").shortcut("coach_me", slack.messages("general")[0])).error
    assert "no such shortcut" in (await slack.user("ada").shortcut("unknown", slack.messages("general")[0])).error
    assert not slack.app.agent


async def test_one_cannot_write_where_one_is_not(slack: FakeSlack) -> None:
    with pytest.raises(Refused):
        await slack.user("bob").says("leads", "let me in")


async def test_ids_and_timestamps_are_the_same_in_every_run() -> None:
    from tests.fakes.slack.clock import Clock

    stamps = []
    for _ in range(2):
        async with FakeSlack(clock=Clock.standing()) as slack:
            message = await slack.user("ada").says("general", "hello")
            stamps.append((message.ts, slack.deliveries()[0].event_id, slack.bot_token, slack.app.signing_secret))
    assert stamps[0] == stamps[1]
    assert stamps[0][0] == "1795510800.000001"
