"""Many workspaces: what is kept and how, states that count once, tokens renewed in time and never lost."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from time import time
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation

from adapters.database.store import open_engine
from adapters.database.vault import SqlVault, cipher
from adapters.slack.api import Api, Left
from adapters.slack.installs import Installs
from adapters.slack.teams import Teams
from core.errors import RetryLater, StoreUnavailable
from tests.fakes.clock import FakeClock
from tests.fakes.slack.builder import issue
from tests.fakes.slack.server import FakeSlack

QUIET = logging.Logger("quiet", logging.CRITICAL)


@dataclass
class Shelf:
    """A vault in a dictionary; `away`: how many of the next writes fail."""

    kept: dict[str, str] = field(default_factory=dict)
    away: int = 0

    async def keep(self, team: str, secret: str) -> None:
        if self.away:
            self.away -= 1
            raise StoreUnavailable("the disk is full")
        self.kept[team] = secret

    async def find(self, team: str) -> str | None:
        return self.kept.get(team)

    async def drop(self, team: str) -> None:
        self.kept.pop(team, None)

    async def expect(self, state: str, seconds: int) -> None:
        self.kept[state] = ""

    async def arrived(self, state: str) -> bool:
        return self.kept.pop(state, None) is not None


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def api(slack: FakeSlack) -> AsyncIterator[Api]:
    made = Api(slack.api_url, QUIET)
    yield made
    await made.close()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def installs(shelf: Shelf, api: Api, slack: FakeSlack) -> Installs:
    return Installs(shelf, api, slack.app.client_id, slack.app.client_secret, QUIET)


def installation(slack: FakeSlack, **more: Any) -> Installation:
    made = slack.install
    given = {"app_id": slack.app.id, "team_id": made.team_id, "team_name": "Acme", "bot_token": made.token, "bot_id": made.bot_id}
    return Installation(**{**given, "bot_user_id": made.bot_user, "user_id": slack.user("ada").id, "bot_scopes": "chat:write", **more})


async def test_what_was_installed_is_found_by_its_workspace(slack: FakeSlack, installs: Installs) -> None:
    await installs.async_save(installation(slack))
    bot = await installs.bot(slack.team.id)
    assert bot and (bot.bot_token, bot.bot_user_id) == (slack.bot_token, slack.install.bot_user)
    assert await installs.bot("T0OTHER") is None


async def test_a_token_that_soon_ends_is_renewed_without_any_event(slack: FakeSlack, installs: Installs, shelf: Shelf) -> None:
    ends = int(time()) + 3600
    refresh, before = _rotating(slack), slack.bot_token
    await installs.async_save(installation(slack, bot_refresh_token=refresh, bot_token_expires_at=ends))
    first = await installs.bot(slack.team.id)
    assert first and first.bot_token == slack.bot_token != before
    assert first.bot_token in shelf.kept[slack.team.id]
    again = await installs.bot(slack.team.id)
    assert again and again.bot_token == first.bot_token
    assert len(slack.calls("oauth.v2.access")) == 1


async def test_a_renewed_token_is_not_lost_while_the_database_is_away(slack: FakeSlack, installs: Installs, shelf: Shelf) -> None:
    refresh = _rotating(slack)
    await installs.async_save(installation(slack, bot_refresh_token=refresh, bot_token_expires_at=int(time()) + 3600))
    shelf.away = 1
    with pytest.raises(StoreUnavailable):
        await installs.bot(slack.team.id)
    assert not slack.calls("oauth.v2.access"), "it was spent while nothing could be kept"
    bot = await installs.bot(slack.team.id)
    assert bot and bot.bot_token in shelf.kept[slack.team.id]


async def test_a_refresh_token_that_counts_no_more_keeps_the_old_one_as_long_as_it_lasts(slack: FakeSlack, installs: Installs) -> None:
    await installs.async_save(installation(slack, bot_refresh_token="xoxe-1-spent", bot_token_expires_at=int(time()) + 3600))
    bot = await installs.bot(slack.team.id)
    assert bot and bot.bot_token == slack.bot_token
    await installs.async_save(installation(slack, bot_refresh_token="xoxe-1-spent", bot_token_expires_at=int(time()) - 5))
    with pytest.raises((Left, RetryLater)):
        await installs.bot(slack.team.id)


async def test_a_workspace_that_left_is_forgotten(slack: FakeSlack, installs: Installs, api: Api, shelf: Shelf) -> None:
    await installs.async_save(installation(slack))
    teams = Teams(api, None, installs)
    assert (await teams.client(slack.team.id)).token == slack.bot_token
    await teams.leave(slack.team.id)
    assert not shelf.kept
    with pytest.raises(Left):
        await teams.client(slack.team.id)


async def test_one_by_its_token_others_by_their_installation(slack: FakeSlack, installs: Installs, api: Api) -> None:
    other = slack.add_team("Other", "other")
    made = slack.world.install_of(slack.app.id, other.id)
    assert made
    await installs.async_save(installation(slack, team_id=other.id, bot_token=made.token, bot_user_id=made.bot_user))
    teams = Teams(api, slack.bot_token, installs)
    assert (await teams.client(slack.team.id)).token == slack.bot_token
    assert (await teams.client(other.id)).token == made.token


# --- the vault -------------------------------------------------------------------------------------------------------


async def test_tokens_are_encrypted_and_readable_after_the_key_was_changed() -> None:
    engine = open_engine("sqlite://")
    try:
        clock = FakeClock()
        await SqlVault(engine, clock, "an-old-key").keep("T1", "xoxb-secret")
        body = await engine.read(lambda connection: connection.exec_driver_sql("SELECT body FROM slack_install").scalar())
        assert body and "xoxb" not in body
        assert await SqlVault(engine, clock, "a-new-key an-old-key").find("T1") == "xoxb-secret"
        assert await SqlVault(engine, clock, "another-key").find("T1") is None
        vault = SqlVault(engine, clock, "a-new-key an-old-key")
        await vault.keep("T1", "xoxb-newer")
        assert await SqlVault(engine, clock, "a-new-key").find("T1") == "xoxb-newer"
        await vault.drop("T1")
        assert await vault.find("T1") is None
    finally:
        await engine.close()


async def test_a_state_counts_once_and_not_for_ever() -> None:
    engine = open_engine("sqlite://")
    try:
        clock = FakeClock()
        vault = SqlVault(engine, clock, "key")
        await vault.expect("one", 600)
        assert (await vault.arrived("one"), await vault.arrived("one"), await vault.arrived("never")) == (True, False, False)
        await vault.expect("two", 600)
        clock.advance(seconds=601)
        assert not await vault.arrived("two")
    finally:
        await engine.close()


def test_a_key_is_any_text_but_not_nothing() -> None:
    assert cipher("x").decrypt(cipher("x").encrypt(b"secret")) == b"secret"
    with pytest.raises(ValueError):
        cipher("  ")


def _rotating(slack: FakeSlack) -> str:
    """The workspace's token ends from now on; what renews it."""
    slack.app.token_rotation = True
    issue(slack.world, slack.app, slack.install)
    return slack.install.refresh_token
