"""The manifest is the command table, within Slack's own description of one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import pytest

from adapters.slack.manifest import PROMPTS, SCOPES, create_link, manifest
from core.commands import COMMANDS, parse

SCHEMA = Path(__file__).parents[4] / "shared" / "specs" / "slack" / "manifest.schema.json"


def test_every_shown_command_is_in_it_and_slacks_own_is_not() -> None:
    names = [command["command"] for command in manifest()["features"]["slash_commands"]]
    assert names == [f"/{command.name}" for command in COMMANDS if command.shown and command.name != "help"]
    assert manifest("lc-")["features"]["slash_commands"][0]["command"] == "/lc-coach"


def test_over_http_every_request_has_its_address() -> None:
    made = manifest(url="https://coach.example.org/")
    here = "https://coach.example.org/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == made["settings"]["interactivity"]["request_url"] == here
    assert {command["url"] for command in made["features"]["slash_commands"]} == {here}
    assert made["oauth_config"]["redirect_urls"] == ["https://coach.example.org/slack/oauth_redirect"]
    assert made["settings"]["socket_mode_enabled"] is False
    assert manifest()["settings"]["socket_mode_enabled"] is True


def test_what_slack_suggests_is_understood() -> None:
    for prompt in PROMPTS:
        assert parse(prompt["message"], bare=True) is not None, prompt
    assert len(PROMPTS) <= 4


def test_the_agents_view_and_not_the_old_one() -> None:
    features = manifest()["features"]
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert "assistant_view" not in features


def test_every_permission_says_what_for() -> None:
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(SCOPES.values())


def test_the_page_says_what_every_permission_is_for() -> None:
    page = (Path(__file__).parents[3] / "docs" / "slack.md").read_text()
    table = page.partition("## Permissions")[2].partition("\n## ")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == [f"| `{scope}` | {why} |" for scope, why in SCOPES.items()]


def test_the_link_carries_all_of_it() -> None:
    link = create_link(manifest("lc-"))
    assert json.loads(parse_qs(urlsplit(link).query)["manifest_json"][0]) == manifest("lc-")
    assert len(link) < 8000


@pytest.mark.e2e
@pytest.mark.parametrize("made", [manifest(), manifest("lc-"), manifest("", "https://coach.example.org", rotation=True)])
def test_slacks_schema_takes_it(made: dict[str, object]) -> None:
    if not SCHEMA.exists():
        (pytest.fail if os.environ.get("SPECS_REQUIRED") == "1" else pytest.skip)("the published descriptions are not here")
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text())).validate(made)
