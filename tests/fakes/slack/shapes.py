"""State as JSON, in the forms that the Web API and the events give it."""

from __future__ import annotations

from tests.fakes.slack.model import JSON, Channel, File, Install, Message, Team, User, View
from tests.fakes.slack.world import World

_PICTURE = "https://a.slack-edge.com/80588/img/plugins/app"


def bot_profile(world: World, install: Install) -> JSON:
    app = world.apps[install.app_id]
    return {
        "id": install.bot_id,
        "app_id": app.id,
        "user_id": install.bot_user,
        "name": app.name,
        "icons": {f"image_{size}": f"{_PICTURE}/bot_{size}.png" for size in (36, 48, 72)},
        "deleted": not install.active,
        "updated": int(world.clock.now()),
        "team_id": install.team_id,
    }


def message_json(world: World, message: Message, *, metadata: bool = False, event: bool = False) -> JSON:
    """A message as history gives it; `event`: as message events carry it, without counts."""
    channel = world.channel(message.channel)
    if message.tombstone:
        out: JSON = {
            "type": "message",
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "text": "This message was deleted.",
            "hidden": True,
            "ts": message.ts,
        }
        return out | {"thread_ts": message.ts} | _counts(channel, message)
    out = {"user": message.user, "type": "message", "ts": message.ts}
    if message.subtype:
        out["subtype"] = message.subtype
    elif message.broadcast and not event:
        out["subtype"] = "thread_broadcast"
    if message.client_msg_id:
        out["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        out |= {"bot_id": message.bot_id, "app_id": message.app_id}
    out |= {"text": message.text, "team": message.team_id}
    install = world.bot_of(message.user)
    if message.bot_id and install:
        out["bot_profile"] = bot_profile(world, install)
    if message.username:
        out["username"] = message.username
    if message.icons:
        out["icons"] = message.icons
    if message.edited:
        out["edited"] = message.edited
    if message.files:
        out |= {"files": [file_json(world, one) for one in message.files], "upload": False, "display_as_bot": False}
    if message.blocks:
        out["blocks"] = message.blocks
    if message.attachments:
        out["attachments"] = message.attachments
    if message.inviter:
        out["inviter"] = message.inviter
    if message.metadata is not None and metadata:
        out["metadata"] = message.metadata
    if message.thread_ts:
        out["thread_ts"] = message.thread_ts
        if message.is_reply:
            root = channel.messages.get(message.thread_ts)
            out["parent_user_id"] = root.user if root else ""
            if message.broadcast and root:
                out["root"] = _root_json(world, channel, root)
    if not event and not message.is_reply:
        out |= _counts(channel, message)
    if message.reactions:
        out["reactions"] = [{"name": one.name, "users": one.users, "count": len(one.users)} for one in message.reactions]
    return out


def _root_json(world: World, channel: Channel, root: Message) -> JSON:
    """The short form of a thread's first message beside a reply sent to the channel."""
    out: JSON = {"user": root.user, "type": "message", "ts": root.ts, "text": root.text}
    install = world.bot_of(root.user)
    if root.bot_id and install:
        out |= {"bot_id": root.bot_id, "bot_profile": bot_profile(world, install), "team": root.team_id}
    if root.subtype:
        out["subtype"] = root.subtype
    if root.edited:
        out["edited"] = root.edited
    counts = _counts(channel, root)
    return out | {key: counts[key] for key in counts if key != "is_locked"}


def _counts(channel: Channel, message: Message) -> JSON:
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(one.user for one in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": max(one.ts for one in replies),
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": False,
    }


def channel_json(world: World, channel: Channel, bot_user: str) -> JSON:
    """A conversation as conversations.info gives it to one bot."""
    topic = {"value": channel.topic, "creator": "", "last_set": 0}
    shared: JSON = {"is_archived": channel.archived, "created": channel.created, "is_org_shared": False}
    if channel.kind == "im":
        person = next((one for one in channel.members if one != bot_user), bot_user)
        return {
            "id": channel.id,
            **shared,
            "is_im": True,
            "context_team_id": channel.team_id,
            "updated": channel.created * 1000,
            "user": person,
            "last_read": "0000000000.000000",
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        **shared,
        "is_general": channel.general,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": channel.team_id,
        "updated": channel.created * 1000,
        "creator": channel.creator,
        "is_ext_shared": False,
        "shared_team_ids": [channel.team_id],
        "pending_connected_team_ids": [],
        "is_member": bot_user in channel.members,
        "topic": topic,
        "purpose": {**topic, "value": channel.purpose},
        "previous_names": channel.previous_names,
    }


def user_json(user: User, *, locale: bool = False, email: bool = False) -> JSON:
    profile: JSON = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": "g0000000000",
        **{f"image_{size}": f"https://secure.gravatar.com/avatar/{user.id}.jpg?s={size}" for size in (24, 32, 48, 72, 192, 512)},
        "status_text_canonical": "",
        "team": user.team_id,
        "first_name": user.real_name.partition(" ")[0],
        "last_name": user.real_name.partition(" ")[2],
    }
    if email and user.email:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"api_app_id": user.app_id, "bot_id": user.bot_id, "always_active": True}
    out: JSON = {"id": user.id, "team_id": user.team_id, "name": user.name, "deleted": user.deleted, "profile": profile}
    if not user.deleted:
        out |= {
            "color": "9f69e7",
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": user.tz_label,
            "tz_offset": user.tz_offset,
            "is_admin": user.is_admin,
            "is_owner": user.is_owner,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": not user.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }
    if locale:
        out["locale"] = user.locale
    return out | {"is_bot": user.is_bot, "is_app_user": False, "updated": user.updated}


def file_json(world: World, file: File) -> JSON:
    extension = file.name.rpartition(".")[2] or "binary"
    kinds: dict[str, list[str]] = {"public": [], "private": [], "im": []}
    shares: dict[str, JSON] = {}
    for where, stamps in file.shares.items():
        channel = world.channel(where)
        kinds[channel.kind].append(where)
        entry = [
            {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "ts": ts, "channel_name": channel.name, "team_id": file.team_id}
            for ts in stamps
        ]
        shares.setdefault("public" if channel.kind == "public" else "private", {})[where] = entry
    base = f"{world.files_url}/files-pri/{file.team_id}-{file.id}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": file.user,
        "user_team": file.team_id,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(kinds["public"]),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{base}/{file.name}",
        "url_private_download": f"{base}/download/{file.name}",
        "media_display_type": "unknown",
        "permalink": f"https://{world.teams[file.team_id].domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "permalink_public": f"https://slack-files.com/{file.team_id}-{file.id}-0000000000",
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": file.alt_txt} if file.alt_txt else {}),
        "comments_count": 0,
        "is_starred": False,
        "shares": shares,
        "channels": kinds["public"],
        "groups": kinds["private"],
        "ims": kinds["im"],
        "has_more_shares": False,
    }


def view_json(world: World, view: View) -> JSON:
    install = world.install_of(view.app_id, view.team_id)
    body = view.body
    out: JSON = {
        "id": view.id,
        "team_id": view.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(body.get("clear_on_close", False)),
        "notify_on_close": bool(body.get("notify_on_close", False)),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": view.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": view.team_id,
        "bot_id": install.bot_id if install else "",
    }
    if view.type == "modal":
        out["submit_disabled"] = bool(body.get("submit_disabled", False))
    return out


def team_short(team: Team) -> JSON:
    return {"id": team.id, "domain": team.domain}


def user_short(user: User) -> JSON:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}


def spoken_name(channel: Channel) -> str:
    """The channel name that interaction payloads carry."""
    return {"public": channel.name, "private": "privategroup", "im": "directmessage"}[channel.kind]
