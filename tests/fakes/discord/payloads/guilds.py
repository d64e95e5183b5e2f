"""Guilds and the application as Discord writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.ids import iso
from tests.fakes.discord.core.models import Guild
from tests.fakes.discord.core.permissions import in_guild, sees
from tests.fakes.discord.payloads.channels import channel, thread
from tests.fakes.discord.payloads.people import member, role, short_user

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World


def guild(one: Guild) -> dict[str, Any]:
    """A guild object as REST returns it."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "features": [],
        "owner_id": str(one.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role(each) for each in one.roles.values()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": one.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def create_event(world: World, one: Guild, *, all_members: bool) -> dict[str, Any]:
    """GUILD_CREATE: the guild, its channels, the active threads the bot sees; members only with the members intent."""
    viewer = world.bot.id
    members = list(one.members.values()) if all_members else [one.members[viewer]]
    return {
        **guild(one),
        "joined_at": iso(one.members[viewer].joined_at),
        "large": len(one.members) > 50,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [member(each) for each in members],
        "channels": [_without_guild(channel(each, viewer)) for each in one.channels.values() if not each.is_thread],
        "threads": [thread(each, viewer) for each in one.channels.values() if each.is_thread and not each.archived and sees(each, viewer)],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def mine(world: World, one: Guild) -> dict[str, Any]:
    """One line of GET /users/@me/guilds."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "banner": None,
        "owner": one.owner_id == world.bot.id,
        "permissions": str(int(in_guild(one, world.bot.id))),
        "features": [],
    }


def application(world: World) -> dict[str, Any]:
    """GET /applications/@me: what `doctor` reads, flags of the granted intents among it."""
    app = world.application
    return {
        "id": str(app.id),
        "name": app.name,
        "icon": None,
        "description": "A coach",
        "type": None,
        "bot": short_user(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": app.flags,
        "flags_new": str(app.flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": short_user(app.owner),
        "approximate_guild_count": len(world.joined_guilds()),
        "approximate_user_install_count": sum(each.installed for each in world.users.values()),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "integration_types_config": {str(kind): {} for kind in sorted(app.install_kinds)},
        "install_params": {"scopes": ["bot", "applications.commands"], "permissions": "0"},
        "event_webhooks_status": 1,
    }


def _without_guild(body: dict[str, Any]) -> dict[str, Any]:
    """Channels in GUILD_CREATE carry no guild_id."""
    del body["guild_id"]
    return body
