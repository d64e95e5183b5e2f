"""Files: uploading one (which nobody sees yet), sharing one (which they do), and reading one that somebody sent."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api, call
from core.chat import Attachment
from core.errors import Refused, RetryLater, Uncertain

LARGEST = 20_000_000
"""Bytes of a file that is read."""


async def upload(api: Api, client: AsyncWebClient, name: str, content: bytes, alt: str = "") -> str:
    """Bring the bytes to Slack; the file's id. Doing it again leaves nothing that anybody sees, so failing is never uncertain."""
    try:
        answer = await call(client.files_getUploadURLExternal(filename=name, length=len(content), alt_txt=alt or None))
        async with api.session.post(answer["upload_url"], data=content) as sent:
            if sent.status != 200:
                raise RetryLater(2, f"uploading ended with status {sent.status}")
    except (Uncertain, aiohttp.ClientError, TimeoutError) as error:
        raise RetryLater(2, type(error).__name__) from None
    return str(answer["file_id"])


async def keep(client: AsyncWebClient, file: str, title: str) -> None:
    """Finish an upload that only a message of ours will show."""
    try:
        await call(client.files_completeUploadExternal(files=[{"id": file, "title": title}]))
    except Uncertain as error:
        raise RetryLater(2, str(error)) from None


async def share(client: AsyncWebClient, file: str, title: str, channel: str, thread: str | None) -> None:
    """Finish an upload in a channel, where everybody there sees it."""
    await call(client.files_completeUploadExternal(files=[{"id": file, "title": title}], channel_id=channel, thread_ts=thread))


async def fetch(api: Api, client: AsyncWebClient, attachment: Attachment) -> bytes:
    """The bytes of a file, from where Slack says they are; our token goes to nobody else."""
    if attachment.size > LARGEST:
        raise Refused(f"a file of {attachment.size:,} bytes is too large")
    answer = await call(client.files_info(file=urlsplit(attachment.url).path.strip("/")))
    url = str(answer["file"].get("url_private_download") or answer["file"].get("url_private") or "")
    host = urlsplit(url).hostname or ""
    if not (host == urlsplit(api.base_url).hostname or host == "slack.com" or host.endswith(".slack.com")):
        raise Refused("the file is not on Slack")
    async with api.session.get(url, headers={"Authorization": f"Bearer {client.token}"}) as answered:
        if answered.status != 200:
            raise Refused(f"the file cannot be read, status {answered.status}")
        content = await answered.content.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused("the file is too large")
    return content
