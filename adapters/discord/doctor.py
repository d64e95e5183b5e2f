"""Asks Discord itself whether everything is as it has to be. What is wrong comes with the next step; nothing is posted anywhere."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
import discord

from adapters.discord.menus import Tree, fingerprint
from adapters.discord.suggesting import Suggesting
from core.questions.bank import Bank

PORTAL = "discord.com/developers/applications → your application"
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    create_public_threads=True,
    create_private_threads=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""The least that everything works with. Not Administrator, not Manage Messages, not Mention Everyone."""
MANY = 8_000
"""People within reach from which on Discord's review comes near; it wants one at 10,000."""
SKEW = 60.0
"""Seconds by which the clocks may differ; an interaction counts for three."""
PAGE = 200


@dataclass(frozen=True)
class Told:
    """One line: green, yellow, red, or only for information."""

    state: Literal["ok", "off", "warn", "bad"]
    what: str
    then: str = ""


def invite(application: int) -> str:
    """The link that brings us into a server, with exactly the least permissions."""
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


async def examine(token: str, bank: Bank, *, content: bool) -> AsyncIterator[Told]:
    """Line by line, as it is found out. `content`: whether plain messages are to be read. The library must point at Discord already."""
    if token.count(".") != 2:
        yield Told("bad", "DISCORD_TOKEN does not look like one: it has three parts with dots between", f"{PORTAL} → Bot → Reset Token")
        return
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        await client.login(token)
        async for line in _logged_in(client, bank, content):
            yield line
    except discord.LoginFailure:
        yield Told("bad", "Token: Discord does not take it", f"{PORTAL} → Bot → Reset Token, and copy it into .env")
    except discord.HTTPException as error:
        yield Told("bad", f"Discord answers with status {error.status}, code {error.code}", "try again in a few minutes")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        yield Told("bad", f"Discord cannot be reached ({type(error).__name__})", "check the network, and DISCORD_API_URL where it is set")
    finally:
        await client.close()


async def _logged_in(client: discord.Client, bank: Bank, content: bool) -> AsyncIterator[Told]:
    application: Any = await client.http.application_info()
    id = int(application["id"])
    yield Told("ok", f"Token: {client.user}, application {application['name']}")
    yield _content(client, content)
    yield _installs(application)
    yield await _commands(client, id, bank)
    for line in await _servers(client, id):
        yield line
    yield await _gateway(client)
    yield await _clock(client)
    yield Told("ok", f"Invite link: {invite(id)}")


def _content(client: discord.Client, wanted: bool) -> Told:
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Told("ok", "Message Content intent: on" + ("" if wanted else ", and not asked for: DISCORD_MESSAGE_CONTENT is off"))
    return Told(
        "warn",
        "Message Content intent: off. All works without it, but for two comforts: plain messages in a mock's thread count only as replies "
        "with the ping on or through the Answer button, and what is said there without either is not heard",
        f"{PORTAL} → Bot → Message Content Intent",
    )


def _installs(application: Any) -> Told:
    kinds = application.get("integration_types_config") or {}
    if "1" in kinds:
        return Told("ok", "Installs: servers, and people for themselves (/question, /guide, coaching anywhere)")
    return Told("off", "Installs: servers only; people cannot take it along", f"{PORTAL} → Installation → User Install")


async def _commands(client: discord.Client, application: int, bank: Bank) -> Told:
    tree = Tree(client, Suggesting(bank))
    wanted = {row.name for row in tree.get_commands()}
    there = {str(row["name"]) for row in await client.http.get_global_commands(application)}
    name = (await fingerprint(tree))[:8]
    if wanted <= there:
        return Told("ok", f"Commands: all {len(wanted)} are there (ours are {name})")
    return Told(
        "off", f"Commands: {len(wanted - there)} of {len(wanted)} are not there yet (ours are {name})", "they come with the next start"
    )


async def _servers(client: discord.Client, application: int) -> list[Told]:
    servers, people, after = 0, 0, None
    while True:
        page: list[Any] = await client.http.get_guilds(PAGE, after=after, with_counts=True)
        servers += len(page)
        people += sum(int(guild.get("approximate_member_count") or 0) for guild in page)
        if len(page) < PAGE:
            break
        after = int(page[-1]["id"])
    if not servers:
        return [Told("warn", "Servers: none yet", "open the invite link below")]
    if people >= MANY:
        return [
            Told(
                "warn",
                f"Servers: {servers}, about {people:,} people within reach; from 10,000 on Discord reviews the Message Content intent",
                f"{PORTAL} → Bot: apply in time, or do without",
            )
        ]
    return [Told("ok", f"Servers: {servers}, about {people:,} people within reach")]


async def _gateway(client: discord.Client) -> Told:
    shards, _, limit = await client.http.get_bot_gateway()
    left = limit["remaining"]
    return Told(
        "ok" if left > 20 else "warn", f"Gateway: {shards} shard{'s' * (shards != 1)}, {left} of {limit['total']} starts left today"
    )


async def _clock(client: discord.Client) -> Told:
    session: aiohttp.ClientSession = client.http._HTTPClient__session  # type: ignore[attr-defined]
    async with session.get(f"{discord.http.Route.BASE}/gateway") as answer:
        said = answer.headers.get("Date")
    try:
        away = time.time() - parsedate_to_datetime(str(said)).timestamp()
    except (TypeError, ValueError):
        return Told("warn", "Clock: Discord did not say what time it is")
    if abs(away) > SKEW:
        return Told("bad", f"Clock: {abs(away):.0f} s {'ahead' if away > 0 else 'behind'}", "set this computer's time")
    return Told("ok", "Clock: as Discord's")
