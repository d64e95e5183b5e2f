"""Many workspaces: who let us in, kept in our own database with its tokens encrypted, and tokens renewed before they run out."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from time import time
from typing import Any, Protocol

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.api import LEFT, Api, Left, code_of
from adapters.slack.manifest import SCOPES
from core.errors import RetryLater, StoreUnavailable

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
STATE_LASTS = 600
"""Seconds between pressing *Add to Slack* and coming back."""
BEFORE = 120
"""Minutes before its end that a token is renewed."""

PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Loopcoach</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}a{{color:#12685c}}</style>
<h1>{title}</h1><p>{text}</p>"""
REASONS = {
    "access_denied": "You chose not to let me in. Nothing was installed.",
    "invalid_browser": "This page was opened in another browser than the one that began. Start again.",
    "invalid_state": "That took too long, or the page was opened twice. Start again.",
    "storage_error": "I could not keep the installation just now. Start again in a moment.",
}


class Vault(Protocol):
    """Where installations are kept. What it is given is a secret. Raises StoreUnavailable."""

    async def keep(self, team: str, secret: str) -> None:
        """Instead of what was there."""

    async def find(self, team: str) -> str | None:
        """What was kept; None where there is nothing, or it can no longer be read."""

    async def drop(self, team: str) -> None:
        """Gone."""

    async def expect(self, state: str, seconds: int) -> None:
        """Somebody was sent to Slack with this state and is expected back."""

    async def arrived(self, state: str) -> bool:
        """Whether they were expected; true once."""


class Installs(AsyncInstallationStore):
    """Bolt's installation store over a vault."""

    def __init__(self, vault: Vault, api: Api, client_id: str, client_secret: str, logger: logging.Logger) -> None:
        self._vault = vault
        self._logger = logger
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=api.client())
        self._renewing: dict[str, asyncio.Lock] = {}
        self._unsaved: dict[str, Installation] = {}
        """Renewed, and the database would not have it yet: the old refresh token counts no more, so this one must not be lost."""

    @property
    def logger(self) -> logging.Logger:
        """Bolt asks for it."""
        return self._logger

    async def async_save(self, installation: Installation) -> None:
        """Keep it. BoltError, which Bolt shows on its page, where the database would not."""
        team = installation.team_id
        if team is None or installation.bot_token is None:
            raise BoltError("an installation for a whole organisation is not supported; install it into a workspace")
        try:
            await self._keep(team, installation)
        except StoreUnavailable as error:
            raise BoltError(str(error)) from None
        self._unsaved.pop(team, None)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace, as it was kept."""
        found = await self._find(team_id or "")
        return found.to_bot() if found else None

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """The workspace removed us."""
        await self.drop(team_id or "")

    async def drop(self, team: str) -> None:
        """Forget its tokens."""
        self._unsaved.pop(team, None)
        await self._vault.drop(team)

    async def bot(self, team: str) -> Bot | None:
        """The bot of a workspace with a token that still counts; renewed where it soon would not."""
        async with self._renewing.setdefault(team, asyncio.Lock()):
            found = self._unsaved.get(team) or await self._find(team)
            if found is None:
                return None
            if team in self._unsaved:
                await self._keep(team, found)
                del self._unsaved[team]
            return await self._renewed(team, found)

    async def _renewed(self, team: str, found: Installation) -> Bot:
        bot = found.to_bot()
        if bot.bot_token_expires_at is None or bot.bot_token_expires_at > time() + BEFORE * 60:
            return bot
        await self._keep(team, found)  # a refresh token counts once: do not spend it while nothing can be kept
        try:
            fresh = await self._rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=BEFORE)
        except SlackTokenRotationError as error:
            return await self._not_renewed(team, bot, error)
        if fresh is None:
            return bot
        found.bot_token, found.bot_refresh_token = fresh.bot_token, fresh.bot_refresh_token
        found.bot_token_expires_at = fresh.bot_token_expires_at
        self._unsaved[team] = found
        await self._keep(team, found)
        del self._unsaved[team]
        return fresh

    async def _not_renewed(self, team: str, bot: Bot, error: SlackTokenRotationError) -> Bot:
        """Another process may have been faster; else the old token serves as long as it lasts."""
        again = await self._find(team)
        if again and again.bot_token and again.bot_token != bot.bot_token:
            return again.to_bot()
        cause = error.api_error
        if (
            isinstance(cause, SlackApiError)
            and code_of(cause) in (*LEFT, "invalid_refresh_token")
            and (bot.bot_token_expires_at or 0) <= time()
        ):
            raise Left("the workspace's token ran out and cannot be renewed: install the app again")
        if (bot.bot_token_expires_at or 0) > time():
            return bot
        raise RetryLater(30, "the workspace's token is being renewed")

    async def _find(self, team: str) -> Installation | None:
        kept = await self._vault.find(team)
        return Installation(**json.loads(kept)) if kept else None

    async def _keep(self, team: str, installation: Installation) -> None:
        await self._vault.keep(team, json.dumps(installation.to_dict_for_copying(), default=str))


class States(AsyncOAuthStateStore):
    """Bolt's state store over a vault."""

    def __init__(self, vault: Vault, logger: logging.Logger) -> None:
        self._vault = vault
        self._logger = logger

    @property
    def logger(self) -> logging.Logger:
        """Bolt asks for it."""
        return self._logger

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """A new one."""
        state = secrets.token_urlsafe(32)
        await self._vault.expect(state, STATE_LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours and was not used yet."""
        return await self._vault.arrived(state)


def oauth_flow(
    api: Api,
    installs: Installs,
    states: States,
    *,
    client_id: str,
    client_secret: str,
    redirect_uri: str | None,
    installed: Callable[[Installation], Awaitable[None]],
    logger: logging.Logger,
) -> AsyncOAuthFlow:
    """Bolt's flow with our stores and our pages. `installed` is told of each new workspace."""

    async def success(args: AsyncSuccessArgs) -> BoltResponse:
        await installed(args.installation)
        name = escape(args.installation.team_name or "your workspace")
        return page("Installed", f"I am in {name} now. In Slack, open <b>Apps → Loopcoach</b>, or type /coach.")

    async def failure(args: AsyncFailureArgs) -> BoltResponse:
        text = REASONS.get(args.reason, "Slack did not let me in with that. Start again.")
        return page("Not installed", f'{text} <a href="{INSTALL}">Install</a>', args.suggested_status_code)

    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(SCOPES),
        user_scopes=[],
        redirect_uri=redirect_uri,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        callback_options=AsyncCallbackOptions(success=success, failure=failure),
        authorization_url=api.authorize_url,
        installation_store=installs,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=STATE_LASTS,
        logger=logger,
    )
    return AsyncOAuthFlow(client=api.client(), settings=settings, logger=logger)


def page(title: str, text: str, status: int = 200) -> BoltResponse:
    """A small page of ours."""
    headers: dict[str, str | Sequence[str]] = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return BoltResponse(status=status, body=PAGE.format(title=title, text=text), headers=headers)
