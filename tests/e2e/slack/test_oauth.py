"""Any workspace may install it: the page, the way through Slack and back, tokens at rest, renewal, and the end of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from tests.e2e.slack.conftest import Slackcoach, noted, said
from tests.fakes.slack.server import FakeSlack

pytestmark = [pytest.mark.asyncio, pytest.mark.e2e]


class Openhouse(Slackcoach):
    """A Loopcoach without a workspace of its own."""

    @property
    def surroundings(self) -> dict[str, str]:
        mine = {"SLACK_CLIENT_ID": self.slack.app.client_id, "SLACK_CLIENT_SECRET": self.slack.app.client_secret, "PUBLIC_URL": self.url}
        kept = {name: value for name, value in super().surroundings.items() if name != "SLACK_BOT_TOKEN"}
        return {**kept, **mine, "ENCRYPTION_KEY": "any text at all"}


@pytest_asyncio.fixture
async def house(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Openhouse]:
    coach = Openhouse(tmp_path, slack, "http")
    slack.app.redirect_urls = [f"{coach.url}/slack/oauth_redirect"]
    slack.install.active = False
    await coach.connect()
    yield coach
    await coach.quit()
    assert "Traceback" not in coach.complained


async def install(house: Openhouse) -> aiohttp.ClientResponse:
    """As a browser does it: the page, Slack's question, the way back."""
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[URL(house.url)])
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(f"{house.url}/slack/install") as page:
            text = await page.text()
        found = re.search(r'href="([^"]*/oauth/v2/authorize[^"]*)"', text)
        assert found, text
        async with browser.get(unescape(found[1])) as back:
            await back.text()
            return back


async def test_from_the_page_to_the_first_answer_and_out_again(slack: FakeSlack, house: Openhouse) -> None:
    slack.oauth.decides("ada")
    back = await install(house)
    assert back.status == 200
    assert "Installed" in await back.text()
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")
    assert slack.install.token.encode() not in house.database.read_bytes()
    leads = house.rows("SELECT body FROM space WHERE key = ?", f"slack/{slack.team.id}")
    assert f"slack:{slack.team.id}:{slack.user('ada').id}" in leads[0][0]
    slack.uninstall()
    await slack.wait_for(lambda: not house.rows("SELECT 1 FROM slack_install"), timeout=10)
    before = len(slack.calls("chat.postMessage"))
    await slack.settled(0.3)
    assert len(slack.calls("chat.postMessage")) == before


async def test_two_workspaces_know_nothing_of_each_other(slack: FakeSlack, house: Openhouse) -> None:
    slack.add_team("Other", "other", installed=False)
    slack.oauth.decides("ada")
    await install(house)
    slack.oauth.decides("other-admin")
    await install(house)
    stranger = slack.user("other-admin")
    assert (await stranger.command("/guide", "screens", slack.world.user("other-admin").team_id and "general")).acked
    await slack.user("ada").command("/guide", "screens", "general")
    await noted(slack, "ada", "What Amazon screens for")
    assert len(house.rows("SELECT team FROM slack_install")) == 2


async def test_tokens_are_renewed_before_they_end(slack: FakeSlack, house: Openhouse) -> None:
    slack.app.token_rotation = True
    slack.oauth.decides("ada")
    await install(house)
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")
    assert slack.install.token.startswith("xoxe.xoxb-")


@pytest.mark.parametrize("query", ["code=stolen&state=made-up", "error=access_denied", "state=x", ""])
async def test_whatever_comes_back_that_we_did_not_send_is_refused(slack: FakeSlack, house: Openhouse, query: str) -> None:
    async with aiohttp.ClientSession() as browser, browser.get(f"{house.url}/slack/oauth_redirect?{query}") as page:
        assert "Not installed" in await page.text()
    assert not house.rows("SELECT 1 FROM slack_install")


async def test_a_code_and_a_state_count_once(slack: FakeSlack, house: Openhouse) -> None:
    slack.oauth.decides("ada")
    back = await install(house)
    async with aiohttp.ClientSession() as browser, browser.get(back.url) as page:
        assert "Not installed" in await page.text()
