"""Settings: typed, all wrong ones named at once, no secret in any sentence."""

import pytest

from bot.settings import BadSettings, load

SLACK = ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_API_URL", "ENCRYPTION_KEY")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "PORT", "WEB_PASSWORD", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL", "DISCORD_TOKEN", *SLACK):
        monkeypatch.delenv(name, raising=False)


def test_without_anything_the_page_is_for_this_computer() -> None:
    settings = load()
    assert (settings.host, settings.port, settings.loopback) == ("127.0.0.1", 8420, True)
    assert settings.database_url == "sqlite:///var/loopcoach.db"


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PASSWORD", "  ")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert load().web_password is None
    assert load().discord_token is None


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xoxb-not-an-app-token")
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    with pytest.raises(BadSettings) as caught:
        load()
    sentences = "\n".join(caught.value.sentences)
    assert len(caught.value.sentences) == 3
    assert "set WEB_PASSWORD" in sentences
    assert "swapped" in sentences
    assert "not-an-app-token" not in sentences


def test_a_port_that_is_no_number_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(BadSettings, match="PORT"):
        load()


def test_slack_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_API_URL": ""}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        load()
    assert [sentence.split()[0] for sentence in caught.value.sentences] == ["SLACK_CLIENT_ID", "Slack"]
    monkeypatch.setenv("ENCRYPTION_KEY", "any text")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    settings = load()
    assert (settings.slack, settings.slack_many, settings.slack_api_url) == (True, True, "https://slack.com/api/")
    monkeypatch.delenv("SLACK_CLIENT_ID")
    monkeypatch.delenv("SLACK_CLIENT_SECRET")
    with pytest.raises(BadSettings, match="SLACK_BOT_TOKEN is missing"):
        load()


def test_others_may_reach_the_page_with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("WEB_PASSWORD", "a long one")
    settings = load()
    assert not settings.loopback
    assert "a long one" not in repr(settings)
