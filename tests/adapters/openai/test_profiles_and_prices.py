"""What suits which server, and what it costs."""

from __future__ import annotations

import pytest

from adapters.openai.prices import PRICES, Price, counted, guessed, price_of, read_price
from adapters.openai.profiles import LADDER, OPENAI, PROFILES, Abilities, profile_for
from core.ports import Usage

PRICE = Price(fresh=2.0, cached=0.5, output=8.0)


@pytest.mark.parametrize(
    ("url", "chosen", "name"),
    [
        (OPENAI, "auto", "openai"),
        ("https://api.openai.com/v1/", "auto", "openai"),
        ("http://localhost:11434/v1", "auto", "compat"),
        ("https://api.openai.com.example.org/v1", "auto", "compat"),
        ("https://example.org/api.openai.com/v1", "auto", "compat"),
        (OPENAI, "compat", "compat"),
        ("http://localhost:11434/v1", "openai", "openai"),
    ],
)
def test_a_profile_follows_the_choice_and_without_one_the_host(url: str, chosen: str, name: str) -> None:
    assert profile_for(url, chosen).name == name


def test_only_openai_is_told_of_keys_and_persons() -> None:
    assert PROFILES["openai"].cache_key and PROFILES["openai"].identifier
    assert not PROFILES["compat"].cache_key and not PROFILES["compat"].identifier


def test_a_refusal_of_something_we_do_not_send_teaches_nothing() -> None:
    able = Abilities(PROFILES["compat"])
    assert not able.learn("messages", "messages.0.content is too long")
    assert not able.learn(None, "bad request")
    assert (able.dropped, able.structure, able.cap) == (set(), LADDER[0], "max_tokens")


def test_a_lesson_is_learnt_by_its_parameter_or_by_the_words() -> None:
    able = Abilities(PROFILES["compat"])
    assert able.learn("seed", "not supported") and able.learn(None, "Temperature must be 1")
    assert able.dropped == {"seed", "temperature"}
    assert not able.learn("seed", "not supported"), "never twice"


def test_a_price_is_read() -> None:
    assert read_price("0.10/0.01/0.50") == Price(0.10, 0.01, 0.50)
    assert read_price("0/0/0").of(10, 10, 10) == 0.0


@pytest.mark.parametrize("text", ["", "1", "1/2", "1/2/3/4", "-1/0/0", "a/b/c"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_price(text)


def test_a_given_price_goes_before_a_published_one_and_an_unknown_model_has_none() -> None:
    assert price_of("gpt-6-luna") == PRICES["gpt-6-luna"]
    assert price_of("gpt-6-luna", "1/1/1") == Price(1.0, 1.0, 1.0)
    assert price_of("my-own") is None
    assert price_of("my-own", "0/0/0") == Price(0.0, 0.0, 0.0)


def test_what_came_from_the_cache_is_cheaper_and_counted_once() -> None:
    assert counted(1_000_000, 400_000, 100_000, PRICE) == Usage(
        input_tokens=1_000_000, cached_tokens=400_000, output_tokens=100_000, dollars=2.2, calls=1
    )


def test_a_guess_is_four_letters_a_token_and_says_that_it_is_one() -> None:
    assert guessed(4_000, 400, PRICE) == Usage(input_tokens=1_000, output_tokens=100, dollars=0.0028, calls=1, estimated=True)
    assert guessed(4_000, 400, None).dollars is None
    assert counted(4, 0, 4, None).dollars is None
