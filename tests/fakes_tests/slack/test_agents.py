"""Streams, agent sessions and the assistant methods."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.messages.chunk import MarkdownTextChunk, TaskUpdateChunk

from tests.fakes.slack.people.person import Refused
from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import section


@pytest.fixture(autouse=True)
def no_pace(slack: FakeSlack) -> None:
    slack.limits.on = False


async def asked(slack: FakeSlack, channel: str = "general") -> Any:
    return await slack.user("ada").says(channel, "a question")


def recipient(slack: FakeSlack) -> dict[str, str]:
    return {"recipient_user_id": slack.user("ada").id, "recipient_team_id": slack.team.id}


async def test_l_the_sdks_stream_sends_chunks(slack: FakeSlack, client: Any) -> None:
    root = await asked(slack)
    stream = await client.chat_stream(channel=root.channel, thread_ts=root.ts, buffer_size=5, **recipient(slack))
    await stream.append(markdown_text="Hello, ")
    await stream.append(markdown_text="world & all")
    message = slack.messages("general", root.ts)[-1]
    assert slack.streaming(message)
    metadata = {"event_type": "loopcoach_post", "event_payload": {"key": "k"}}
    answer = await stream.stop(markdown_text=".", blocks=[section("the end")], metadata=metadata)
    assert message.markdown == "Hello, world & all."
    assert message.sent_blocks == [section("the end")]
    assert not slack.streaming(message)
    assert answer["message"]["metadata"] == metadata
    for call in slack.calls("chat.startStream") + slack.calls("chat.appendStream") + slack.calls("chat.stopStream"):
        assert "markdown_text" not in call.args
        assert call.args["chunks"][0]["type"] == "markdown_text"
    assert slack.effects() == {(root.channel, "k"): 1}


async def test_a_channel_stream_needs_its_recipient_a_direct_one_its_thread(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack)
    where = {"channel": root.channel, "thread_ts": root.ts}
    await fails("missing_recipient_user_id", client.chat_startStream(**where))
    await fails("missing_recipient_team_id", client.chat_startStream(**where, recipient_user_id=slack.user("ada").id))
    await fails("team_not_found", client.chat_startStream(**where, recipient_user_id=slack.user("ada").id, recipient_team_id="T9"))
    direct = await asked(slack, "dm")
    await client.chat_startStream(channel=direct.channel, thread_ts=direct.ts)
    await fails("invalid_arguments", client.api_call("chat.startStream", json={"channel": direct.channel}))


async def test_a_stream_dies_after_five_minutes_however_active(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack)
    started = await client.chat_startStream(channel=root.channel, thread_ts=root.ts, markdown_text="a", **recipient(slack))
    where = {"channel": root.channel, "ts": started["ts"]}
    slack.clock.advance(290)
    await client.chat_appendStream(**where, markdown_text="b")
    await fails("streaming_state_conflict", client.chat_update(**where, text="not while it streams"))
    slack.clock.advance(11)
    await fails("message_not_in_streaming_state", client.chat_appendStream(**where, markdown_text="c"))
    await fails("message_not_in_streaming_state", client.chat_stopStream(**where))
    await client.chat_update(**where, text="the whole answer")
    assert slack.messages("general", root.ts)[-1].text == "the whole answer"


async def test_text_and_chunks_do_not_mix(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack)
    started = await client.chat_startStream(channel=root.channel, thread_ts=root.ts, markdown_text="a", **recipient(slack))
    where = {"channel": root.channel, "ts": started["ts"]}
    chunk = [MarkdownTextChunk(text="b")]
    await fails("streaming_mode_mismatch", client.chat_appendStream(**where, chunks=chunk))
    await fails("cannot_provide_both_markdown_text_and_chunks", client.chat_appendStream(**where, markdown_text="b", chunks=chunk))
    await fails("markdown_text_or_chunks_required", client.chat_appendStream(**where))
    await fails("msg_too_long", client.chat_appendStream(**where, markdown_text="x" * 12_001))
    plain = await client.chat_postMessage(channel=root.channel, text="no stream")
    await fails("message_not_in_streaming_state", client.chat_appendStream(channel=root.channel, ts=plain["ts"], markdown_text="x"))
    await fails("message_not_owned_by_app", client.chat_appendStream(channel=root.channel, ts=root.ts, markdown_text="x"))
    await fails("message_not_found", client.chat_appendStream(channel=root.channel, ts="1000000000.000001", markdown_text="x"))


async def test_tasks_replace_themselves(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack)
    started = await client.chat_startStream(channel=root.channel, thread_ts=root.ts, task_display_mode="plan", **recipient(slack))
    where = {"channel": root.channel, "ts": started["ts"]}
    await client.chat_appendStream(**where, chunks=[TaskUpdateChunk(id="1", title="Reading", status="in_progress", details="a")])
    await client.chat_appendStream(**where, chunks=[TaskUpdateChunk(id="1", title="Read", status="complete", details="b")])
    stream = slack.messages("general", root.ts)[-1].stream
    assert stream
    assert stream.tasks["1"] | {} == {"type": "task_update", "id": "1", "title": "Read", "status": "complete", "details": "ab"}
    await fails("invalid_chunks", client.chat_appendStream(**where, chunks=[{"type": "nonsense"}]))


async def test_an_agent_session_and_its_stop_button(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack)
    where = {"channel_id": root.channel, "thread_ts": root.ts}
    answer = await client.agents_sessions_setStatus(status="processing", title="A question", **where)
    assert (answer["status"], answer["title"]) == ("processing", "A question")
    assert "warning" not in answer
    started = await client.chat_startStream(channel=root.channel, thread_ts=root.ts, markdown_text="a", **recipient(slack))
    assert await slack.user("ada").stops_agent(root) == 1
    event = slack.deliveries("agent_session_stopped")[0].payload["event"]
    assert (event["thread_ts"], event["streaming_message_ts"]) == (root.ts, [started["ts"]])
    await fails("stopped_by_user", client.chat_appendStream(channel=root.channel, ts=started["ts"], markdown_text="b"))
    assert slack.session_of(root.channel, root.ts).status == "processing", "the app must change it"  # type: ignore[union-attr]
    await client.agents_sessions_setStatus(status="active", **where)
    with pytest.raises(Refused):
        await slack.user("ada").stops_agent(root)
    await client.agents_sessions_rename(title="Renamed", **where)
    assert slack.session_of(root.channel, root.ts).title == "Renamed"  # type: ignore[union-attr]


async def test_stopping_a_stream_settles_the_session(slack: FakeSlack, client: Any) -> None:
    root = await asked(slack, "dm")
    await client.agents_sessions_setStatus(channel_id=root.channel, thread_ts=root.ts, status="processing")
    started = await client.chat_startStream(channel=root.channel, thread_ts=root.ts)
    await client.chat_stopStream(channel=root.channel, ts=started["ts"], markdown_text="done", session_status="closed")
    assert slack.session_of(root.channel, root.ts).status == "closed"  # type: ignore[union-attr]


async def test_processing_ends_by_itself_after_an_hour(slack: FakeSlack, client: Any) -> None:
    root = await asked(slack)
    await client.agents_sessions_setStatus(channel_id=root.channel, thread_ts=root.ts, status="processing")
    slack.clock.advance(3600)
    assert slack.session_of(root.channel, root.ts).status == "active"  # type: ignore[union-attr]


async def test_what_is_no_session(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack)
    where = {"channel_id": root.channel, "thread_ts": root.ts}
    await fails("invalid_status", client.agents_sessions_setStatus(status="is thinking…", **where))
    await fails("thread_ts_required", client.agents_sessions_setStatus(status="active", channel_id=root.channel))
    await fails("channel_not_found", client.agents_sessions_setStatus(status="active", channel_id="C9", thread_ts=root.ts))
    await fails(
        "not_authorized", client.agents_sessions_setStatus(status="active", channel_id=slack.channel("random").id, thread_ts=root.ts)
    )
    await fails("session_not_found", client.agents_sessions_rename(title="x", **where))
    slack.app.events -= {"agent_session_stopped"}
    answer = await client.agents_sessions_setStatus(status="processing", **where)
    assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
    slack.app.agent = False
    await fails("not_agent_app", client.agents_sessions_setStatus(status="active", **where))


async def test_the_status_line_of_a_thread(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await asked(slack, "dm")
    where = {"channel_id": root.channel, "thread_ts": root.ts}
    await client.assistant_threads_setStatus(status="is thinking…", loading_messages=["reading"], **where)
    assert slack.status_of(root.channel, root.ts) == "is thinking…"
    await client.chat_postMessage(channel=root.channel, thread_ts=root.ts, text="the answer")
    assert not slack.status_of(root.channel, root.ts)
    await client.assistant_threads_setStatus(status="again", **where)
    slack.clock.advance(121)
    assert not slack.status_of(root.channel, root.ts)
    await fails("invalid_thread_ts", client.assistant_threads_setStatus(channel_id=root.channel, thread_ts="1000000000.000001", status="x"))


async def test_suggested_prompts_are_pinned_without_a_thread(slack: FakeSlack, client: Any, fails: Any) -> None:
    dm = slack.dm_of("ada").id
    prompts = [{"title": "Mock", "message": "mock api 15"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts, title="Try")
    pinned = slack.prompts_of("ada")
    assert pinned
    assert (pinned.title, pinned.prompts) == ("Try", prompts)
    await slack.user("ada").clicks_prompt()
    assert slack.messages("@ada")[-1].text == "mock api 15"
    other = slack.dm_of("bob").id
    await client.assistant_threads_setSuggestedPrompts(channel_id=other, prompts=prompts, thread_ts="1795510800.000001")
    assert slack.prompts_of("bob") is None, "with thread_ts it fails silently in an agent app"
    assert "silently" in slack.complaints[-1]
    await fails("invalid_arguments", client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts * 5))
