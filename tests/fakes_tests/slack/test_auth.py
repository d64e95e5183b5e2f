"""Tokens, scopes, OAuth, rotation and removal."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore, Installation
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from tests.fakes.slack.server import FakeSlack


async def test_who_one_is(slack: FakeSlack, client: Any, fails: Any) -> None:
    me = await client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == (slack.team.id, slack.bot.id, slack.install.bot_id)
    await fails("not_authed", AsyncWebClient(base_url=slack.api_url).auth_test())
    await fails("invalid_auth", client.auth_test(token="xoxb-unknown"))
    await fails("not_allowed_token_type", client.chat_postMessage(token=slack.app_token, channel="general", text="x"))
    await fails("not_allowed_token_type", client.apps_connections_open(app_token=slack.bot_token))
    await fails("unknown_method", client.api_call("chat.shout"))
    slack.app.socket_mode = False
    await fails("forbidden_team", client.apps_connections_open(app_token=slack.app_token))


async def test_a_missing_scope_is_named(slack: FakeSlack, client: Any, fails: Any) -> None:
    slack.grant("chat:write")
    data = await fails("missing_scope", client.users_info(user=slack.user("ada").id))
    assert (data["needed"], data["provided"]) == ("users:read", "chat:write")


async def test_revoked_and_uninstalled(slack: FakeSlack, client: Any, fails: Any) -> None:
    assert not (await client.auth_revoke(test=True))["revoked"]
    assert (await client.auth_revoke())["revoked"]
    assert slack.deliveries("tokens_revoked")
    await fails("token_revoked", client.auth_test())


async def test_the_app_can_uninstall_itself(slack: FakeSlack, client: Any, fails: Any) -> None:
    mine = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    await fails("invalid_client_id", client.apps_uninstall(client_id="1.2", client_secret="x"))
    slack.clock.advance(60)
    await fails("bad_client_secret", client.apps_uninstall(client_id=slack.app.client_id, client_secret="x"))
    slack.clock.advance(60)
    await client.apps_uninstall(**mine)
    assert slack.deliveries("app_uninstalled")
    await fails("account_inactive", client.auth_test())


async def authorised(slack: FakeSlack, scope: str = "chat:write,commands", redirect: str = "https://bot.test/redirect") -> str:
    """The code that somebody's browser brings back."""
    query = {"client_id": slack.app.client_id, "scope": scope, "redirect_uri": redirect, "state": "s"}
    async with aiohttp.ClientSession() as session, session.get(slack.authorize_url, params=query, allow_redirects=False) as answer:
        location = URL(answer.headers["Location"])
        assert location.query["state"] == "s"
        return str(location.query.get("code") or location.query["error"])


async def test_a_code_is_exchanged_once(slack: FakeSlack, fails: Any) -> None:
    other = slack.add_team("Globex", "globex", installed=False)
    slack.oauth.decides("globex-admin", "globex")
    code = await authorised(slack)
    client = AsyncWebClient(base_url=slack.api_url)
    app = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    await fails("bad_redirect_uri", client.oauth_v2_access(**app, code=code, redirect_uri="https://elsewhere.test"))
    await fails("bad_client_secret", client.oauth_v2_access(client_id=app["client_id"], client_secret="x", code=code))
    await fails("invalid_code", client.oauth_v2_access(**app, code="made up"))
    answer = await client.oauth_v2_access(**app, code=code, redirect_uri="https://bot.test/redirect")
    assert (answer["team"]["id"], answer["scope"], answer["token_type"]) == (other.id, "chat:write,commands", "bot")
    assert answer["authed_user"]["id"] == slack.user("globex-admin").id
    await fails("invalid_code", client.oauth_v2_access(**app, code=code, redirect_uri="https://bot.test/redirect"))
    assert (await client.auth_test(token=answer["access_token"]))["user_id"] == answer["bot_user_id"]
    slack.oauth.decides("globex-admin", "globex", allow=False)
    assert await authorised(slack) == "access_denied"


async def test_a_code_dies_after_ten_minutes(slack: FakeSlack, fails: Any) -> None:
    code = await authorised(slack)
    slack.clock.advance(601)
    app = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    call = AsyncWebClient(base_url=slack.api_url).oauth_v2_access(**app, code=code, redirect_uri="https://bot.test/redirect")
    await fails("invalid_code", call)


async def test_rotation(slack: FakeSlack, fails: Any) -> None:
    slack.app.token_rotation = True
    code = await authorised(slack)
    client = AsyncWebClient(base_url=slack.api_url)
    app = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    first = await client.oauth_v2_access(**app, code=code, redirect_uri="https://bot.test/redirect")
    assert first["access_token"].startswith("xoxe.xoxb-")
    assert (first["refresh_token"][:5], first["expires_in"]) == ("xoxe-", 43200)
    bot = Installation(
        user_id="U1", bot_token=first["access_token"], bot_refresh_token=first["refresh_token"], bot_token_expires_at=0
    ).to_bot()
    rotator = AsyncTokenRotator(client_id=app["client_id"], client_secret=app["client_secret"], client=client)
    rotated = await rotator.perform_bot_token_rotation(bot=bot)
    assert rotated
    assert rotated.bot_token != first["access_token"]
    refresh = {**app, "grant_type": "refresh_token"}
    await fails("invalid_refresh_token", client.oauth_v2_access(**refresh, refresh_token=first["refresh_token"]))
    await client.auth_test(token=rotated.bot_token)
    slack.clock.advance(43201)
    await fails("token_expired", client.auth_test(token=rotated.bot_token))
    again = await client.oauth_v2_access(**refresh, refresh_token=rotated.bot_refresh_token)
    assert (await client.auth_test(token=again["access_token"]))["expires_in"] > 0


@pytest.fixture
async def installing(slack: FakeSlack, tmp_path: Any) -> AsyncIterator[tuple[str, FileInstallationStore]]:
    """Bolt with OAuth, served over HTTP; its install page."""
    store = FileInstallationStore(base_dir=str(tmp_path / "installs"), client_id=slack.app.client_id)
    settings = AsyncOAuthSettings(
        client_id=slack.app.client_id,
        client_secret=slack.app.client_secret,
        scopes=["chat:write", "commands", "channels:history"],
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
        authorization_url=slack.authorize_url,
        install_page_rendering_enabled=False,
        logger=logging.getLogger("test"),
    )
    client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=slack.app.signing_secret, oauth_settings=settings)

    @app.event("message")
    async def message(event: Any, say: Any) -> None:
        await say(f"echo {event['text']}")

    runner = web.AppRunner(app.server(0, path="/slack/events").web_app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    slack.app.redirect_urls = [f"{base}/slack/oauth_redirect"]
    await slack.use_http(f"{base}/slack/events", verify=False)
    yield base, store
    await runner.cleanup()


async def test_bolt_installs_and_answers_with_that_workspaces_token(
    slack: FakeSlack, installing: tuple[str, FileInstallationStore]
) -> None:
    base, store = installing
    other = slack.add_team("Globex", "globex", installed=False)
    slack.oauth.decides("globex-admin", "globex")
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[URL(base)])
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(f"{base}/slack/install") as answer:
            assert answer.status == 200, await answer.text()
            landed = answer.url
        assert landed.path == "/slack/oauth_redirect"
        async with session.get(landed) as replayed:
            assert replayed.status == 400, "the state is used up"
    bot = store.find_bot(enterprise_id=None, team_id=other.id)
    assert bot
    made = slack.world.install_of(slack.app.id, other.id)
    assert made
    assert bot.bot_token == made.token
    place = next(iter(other.channels.values()))
    slack.happenings.join(place, made.bot_user)
    await slack.user("globex-admin").says(place.id, "hello")
    await slack.wait_for(lambda: any(one.text == "echo hello" for one in place.messages.values()))
    assert [call.team_id for call in slack.calls("chat.postMessage")][-1] == other.id
