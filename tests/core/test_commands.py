"""The parser: what is a command and what is not."""

import pytest

from core.commands import BY_NAME, COMMANDS, LONE, parse, parse_button
from core.features import COMMANDS as HANDLERS


@pytest.mark.parametrize(
    ("line", "name", "fields"),
    [
        ("/mock", "mock", {}),
        ("/mock api 2 15", "mock", {"round": "api_data", "level": "sde2", "minutes": "15"}),
        (
            '/mock round:"API and data" level:II minutes:15 where:open',
            "mock",
            {"round": "api_data", "level": "sde2", "minutes": "15", "where": "open"},
        ),
        ("/coach mock 5", "mock", {"minutes": "5"}),
        ("/coach", "coach", {}),
        ("/drill pause until 2026-12-24", "drill", {"action": "pause", "until": "until 2026-12-24"}),
        ("/review It depends: on\nthe load", "review", {"text": "It depends: on\nthe load"}),
        ("/question caching", "question", {"topic": "caching"}),
        ("/privacy erase yes", "privacy", {"action": "erase", "sure": "yes"}),
    ],
)
def test_a_line_with_a_slash_is_understood(line: str, name: str, fields: dict[str, str]) -> None:
    assert parse(line) == (name, fields)


@pytest.mark.parametrize("line", ["mock 5", "guide pitfalls", "help", "privacy erase", "coach", "coach mock"])
def test_bare_words_count_where_the_bot_is_alone_with_somebody(line: str) -> None:
    assert parse(line, bare=True)
    assert parse(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "guide me through it",
        "question about caches, then",
        "progress was slow that year",
        "mock the service in tests",
        "help me please now",
        "done",
        "coach us",
    ],
)
def test_a_sentence_is_never_a_command(line: str) -> None:
    assert parse(line, bare=True) is None


@pytest.mark.parametrize("word", sorted(LONE))
def test_a_lone_word_counts_in_a_mock_and_inside_a_sentence_it_does_not(word: str) -> None:
    assert parse(word, lone=True) == (word, {})
    assert parse(f" {word.upper()}. ", lone=True) == (word, {})
    assert parse(f"{word} of something", lone=True) is None


def test_nobody_can_type_what_only_a_timer_says() -> None:
    for command in COMMANDS:
        if command.due:
            assert parse(f"/{command.name} x") is None
            assert parse(f"/coach {command.name} x") in (None, ("coach", {"text": f"{command.name} x"}))


@pytest.mark.parametrize("line", ["/nothing", "/", "", "   ", "/ mock", "//mock", "/mock\x00"])
def test_rubbish_is_no_command(line: str) -> None:
    assert parse(line, bare=True) in (None, ("mock", {}))


def test_every_command_has_a_handler_and_every_handler_a_row() -> None:
    assert set(HANDLERS) == set(BY_NAME)


def test_a_button_names_its_arguments_in_the_rows_order() -> None:
    assert parse_button("done i1 4") == ("done", {"id": "i1", "turn": "4"})
    assert parse_button("followup slow-tax-service short-timeout") == (
        "followup",
        {"question": "slow-tax-service", "point": "short-timeout"},
    )
