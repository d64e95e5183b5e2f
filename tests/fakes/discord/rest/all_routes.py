"""Importing this registers every route."""

from __future__ import annotations

from tests.fakes.discord.rest.routes import (  # noqa: F401
    channels,
    commands,
    guilds,
    interactions,
    messages,
    reactions,
    thread_members,
    threads,
    users,
    webhooks,
)
