"""Messages as Discord writes them. A key that Discord omits is omitted here: `null` in its place makes libraries fall over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.ids import iso, moment
from tests.fakes.discord.core.models import File, Interaction, Kind, Message, User
from tests.fakes.discord.payloads.channels import thread
from tests.fakes.discord.payloads.people import member, short_user

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World


def message(world: World, one: Message, *, nested: bool = False, with_nonce: bool = False) -> dict[str, Any]:
    """A message object as REST returns it. `nested`: inside another one, where no third is shown."""
    body: dict[str, Any] = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "type": one.kind,
        "author": short_user(one.author),
        "content": one.content,
        "timestamp": iso(moment(one.id)),
        "edited_timestamp": iso(one.edited_at) if one.edited_at else None,
        "tts": one.tts,
        "mention_everyone": one.mention_everyone,
        "mentions": [short_user(world.users[each]) for each in one.mentions],
        "mention_roles": [str(each) for each in one.mention_roles],
        "attachments": [attachment(world, one, each) for each in one.attachments],
        "embeds": [_embed(world, one, each) for each in one.embeds],
        "components": with_urls(world, one),
        "pinned": one.pinned,
        "flags": one.flags,
    }
    if one.reactions and not nested:
        body["reactions"] = [_reaction(world, emoji, users) for emoji, users in one.reactions.items()]
    if with_nonce and one.nonce is not None:
        body["nonce"] = one.nonce
    if one.reference is not None:
        body["message_reference"] = one.reference
        if one.kind in (Kind.REPLY, Kind.THREAD_STARTER) and not nested:
            original = one.replied_to
            body["referenced_message"] = None if original is None or original.deleted else message(world, original, nested=True)
    if one.position is not None:
        body["position"] = one.position
    if one.thread is not None and not nested:
        body["thread"] = thread(one.thread, world.bot.id)
    if one.poll is not None:
        body["poll"] = one.poll
    if one.interaction is not None:
        body["webhook_id"] = body["application_id"] = str(world.application.id)
        body["interaction_metadata"] = metadata(one.interaction)
        if one.interaction.kind == 2 and one.interaction.command is not None and one is one.interaction.original:
            body["interaction"] = {
                "id": str(one.interaction.id),
                "type": 2,
                "name": one.interaction.data["name"],
                "user": short_user(one.interaction.user),
            }
    return body


def event(world: World, one: Message, *, created: bool) -> dict[str, Any]:
    """MESSAGE_CREATE and MESSAGE_UPDATE: in a guild with `guild_id` and the author's member."""
    body = message(world, one, with_nonce=created)
    guild = one.channel.guild
    body["channel_type"] = one.channel.kind
    if guild is not None:
        body["guild_id"] = str(guild.id)
        author = guild.members.get(one.author.id)
        if author is not None and one.interaction is None:
            body["member"] = member(author, with_user=False)
        for mentioned in body["mentions"]:
            known = guild.members.get(int(mentioned["id"]))
            if known is not None:
                mentioned["member"] = member(known, with_user=False)
    return body


def metadata(one: Interaction) -> dict[str, Any]:
    """`interaction_metadata` of an answer."""
    body: dict[str, Any] = {
        "id": str(one.id),
        "type": one.kind,
        "user": short_user(one.user),
        "authorizing_integration_owners": one.owners,
    }
    if one.kind == 3 and one.message is not None:
        body["interacted_message_id"] = str(one.message.id)
    if one.kind == 5 and one.parent is not None:
        body["triggering_interaction_metadata"] = metadata(one.parent)
    if isinstance(one.target, User):
        body["target_user"] = short_user(one.target)
    if isinstance(one.target, Message):
        body["target_message_id"] = str(one.target.id)
    return body


def attachment(world: World, one: Message, file: File) -> dict[str, Any]:
    """An attachment object; its address is one that this fake serves."""
    url = f"{world.cdn_url}/attachments/{one.channel.id}/{file.id}/{file.name}"
    body: dict[str, Any] = {"id": str(file.id), "filename": file.name, "size": len(file.content), "url": url, "proxy_url": url}
    body["content_type"] = file.content_type
    size = picture_size(file.content)
    if size is not None:
        body["width"], body["height"] = size
    if file.description is not None:
        body["description"] = file.description
    if file.duration is not None:
        body["duration_secs"], body["waveform"] = file.duration, file.waveform or ""
    if one.ephemeral or file.ephemeral:
        body["ephemeral"] = True
    return body


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, from its header."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def with_urls(world: World, one: Message) -> list[dict[str, Any]]:
    """Components with `attachment://` made into addresses, as Discord returns them."""
    files = {file.name: attachment(world, one, file) for file in one.attachments}

    def media(value: dict[str, Any]) -> dict[str, Any]:
        name = value["url"].removeprefix("attachment://")
        if name not in files or name == value["url"]:
            return {"id": str(one.id), "url": value["url"], "proxy_url": value["url"], "width": 0, "height": 0, "content_type": None}
        file = files[name]
        shown = {key: file[key] for key in ("url", "proxy_url", "content_type")}
        return {**shown, "id": file["id"], "attachment_id": file["id"], "width": file.get("width"), "height": file.get("height")}

    def resolve(part: Any) -> Any:
        if isinstance(part, list):
            return [resolve(each) for each in part]
        if not isinstance(part, dict):
            return part
        body = {key: media(value) if key in ("media", "file") else resolve(value) for key, value in part.items()}
        if part.get("type") == 13:
            file = files.get(part["file"]["url"].removeprefix("attachment://"))
            body["name"], body["size"] = (file["filename"], file["size"]) if file else (None, None)
        return body

    resolved: list[dict[str, Any]] = resolve(one.components)
    return resolved


def _embed(world: World, one: Message, embed: dict[str, Any]) -> dict[str, Any]:
    """With `attachment://` made into addresses."""
    files = {f"attachment://{file.name}": attachment(world, one, file) for file in one.attachments}
    body = dict(embed)
    for key in ("image", "thumbnail"):
        url = (embed.get(key) or {}).get("url")
        if url:
            file = files.get(url, {})
            address = file.get("url", url)
            body[key] = {"url": address, "proxy_url": address, "width": file.get("width", 0), "height": file.get("height", 0)}
    return body


def _reaction(world: World, emoji: str, users: list[int]) -> dict[str, Any]:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": world.bot.id in users,
    }
