"""The PostgreSQL that TEST_POSTGRES_URL names: each worker of a test run has a database of its own on it."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

import asyncpg

SERVER = os.environ.get("TEST_POSTGRES_URL", "")


async def _create(name: str) -> None:
    connection = await asyncpg.connect(SERVER)
    with suppress(asyncpg.DuplicateDatabaseError):
        await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()


def own_database() -> str:
    """Its URL; empty where there is no server. Called while tests are collected, when no loop runs."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not SERVER or not worker:
        return SERVER
    server, _, name = SERVER.rpartition("/")
    asyncio.run(_create(f"{name}_{worker}"))
    return f"{server}/{name}_{worker}"


POSTGRES = own_database()
"""A database that tests may empty."""
