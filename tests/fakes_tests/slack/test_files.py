"""Uploads in three steps, and downloads that need a token."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.fakes.slack.server import FakeSlack


async def test_the_sdk_uploads_into_a_thread(slack: FakeSlack, client: Any, fails: Any) -> None:
    root = await slack.user("ada").says("general", "chart, please")
    answer = await client.files_upload_v2(
        filename="chart.png", content=b"\x89PNG", title="Progress", alt_txt="A line", channel=root.channel, thread_ts=root.ts
    )
    assert answer["file"]["title"] == "Progress"
    (message,) = slack.bot_messages("general", root.ts)
    assert message.subtype == "file_share"
    (file,) = slack.files("general")
    assert (file.content, file.mimetype, file.alt_txt) == (b"\x89PNG", "image/png", "A line")
    info = (await client.files_info(file=file.id))["file"]
    assert info["shares"]["public"][root.channel][0]["ts"] == message.ts
    assert slack.deliveries("message")[-1].payload["event"]["files"][0]["id"] == file.id
    assert not slack.complaints
    picture = {"type": "image", "slack_file": {"id": file.id}, "alt_text": "A line"}
    await client.chat_postMessage(channel=root.channel, text="again", blocks=[picture])
    picture["slack_file"] = {"id": "F99999999"}
    await fails("invalid_blocks", client.chat_postMessage(channel=root.channel, text="again", blocks=[picture]))


async def test_what_can_go_wrong(slack: FakeSlack, client: Any, fails: Any) -> None:
    await fails("missing_argument", client.files_getUploadURLExternal(filename="x.txt", length=0))
    ticket = await client.files_getUploadURLExternal(filename="x.txt", length=3)
    complete = {"files": [{"id": ticket["file_id"], "title": "x"}], "channel_id": slack.channel("general").id}
    await fails("file_not_found", client.files_completeUploadExternal(**complete))
    async with aiohttp.ClientSession() as session, session.post(ticket["upload_url"], data=b"abc") as answer:
        assert (answer.status, await answer.text()) == (200, "OK - 3")
    await fails("not_in_channel", client.files_completeUploadExternal(**{**complete, "channel_id": slack.channel("random").id}))
    await client.files_completeUploadExternal(**complete, initial_comment="Here")
    assert slack.messages("general")[0].text == "Here"
    await fails("file_not_found", client.files_completeUploadExternal(**complete))
    await fails("file_not_found", client.files_info(file="F99999999"))
    slack.grant("chat:write")
    assert (await fails("missing_scope", client.files_getUploadURLExternal(filename="x", length=1)))["needed"] == "files:write"


async def test_downloads(slack: FakeSlack, client: Any) -> None:
    await slack.user("ada").says("dm", "my notes", files=[("notes.txt", b"STAR", "text/plain")])
    url = slack.deliveries("message")[0].payload["event"]["files"][0]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Authorization": f"Bearer {slack.bot_token}"}) as answer:
            assert (answer.status, await answer.read(), answer.content_type) == (200, b"STAR", "text/plain")
        async with session.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html"), "without a token: the sign-in page, with 200"
        slack.faults.server_error("download", status=502)
        async with session.get(url, headers={"Authorization": f"Bearer {slack.bot_token}"}) as answer:
            assert answer.status == 502


@pytest.mark.parametrize("after", [False, True])
async def test_an_upload_may_break(slack: FakeSlack, client: Any, after: bool) -> None:
    slack.faults.drop("upload", after=after)
    with pytest.raises(aiohttp.ClientError):
        await client.files_upload_v2(filename="x.txt", content="abc", channel=slack.channel("general").id)
    assert [one.uploaded for one in slack.world.files.values()] == [after]
