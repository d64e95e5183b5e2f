"""Settings: typed, all wrong ones named at once, no secret in any sentence."""

import pytest

from bot.settings import BadSettings, load


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "PORT", "WEB_PASSWORD", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL", "DISCORD_TOKEN"):
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


def test_others_may_reach_the_page_with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("WEB_PASSWORD", "a long one")
    settings = load()
    assert not settings.loopback
    assert "a long one" not in repr(settings)
