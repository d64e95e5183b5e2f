"""Markdown read once: what it says, what it looks like, and how it is cut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.markup import mrkdwn, rich
from adapters.text import pieces, plain, read, split, write
from core.chat import literal, when

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_looks_and_words() -> None:
    spans = read("**Bold**, *slanted*, `code`, [a link](https://example.org) and ~~no~~.")[0].spans
    looks = [
        (span.text, span.bold, span.italic, span.code, span.link, span.struck)
        for span in spans
        if span.text.strip(" ,.") not in ("", "and")
    ]
    assert looks == [
        ("Bold", True, False, False, None, False),
        ("slanted", False, True, False, None, False),
        ("code", False, False, True, None, False),
        ("a link", False, False, False, "https://example.org", False),
        ("no", False, False, False, None, True),
    ]


def test_lists_quotes_and_code_are_paragraphs() -> None:
    found = read("Intro\nsecond line\n\n- one\n- two\n   - inner\n\n3. three\n\n> said\n\n```\na\nb\n```")
    assert [(item.kind, item.depth, item.number, item.text) for item in found] == [
        ("text", 0, None, "Intro\nsecond line"),
        ("item", 0, None, "one"),
        ("item", 0, None, "two"),
        ("item", 1, None, "inner"),
        ("item", 0, 3, "three"),
        ("quote", 0, None, "said"),
        ("code", 0, None, "a\nb"),
    ]


def test_a_moment_is_one_thing_and_an_escaped_one_is_not() -> None:
    moment = read(f"at {when(NOW)}")[0].spans[1]
    assert (moment.when, moment.text) == ((NOW, "time"), "09:00 UTC")
    assert not any(span.when for paragraph in read(literal(when(NOW))) for span in paragraph.spans)
    assert plain(read(literal(when(NOW)))) == when(NOW)


@pytest.mark.parametrize("evil", ["*b* _i_ `c` [l](https://x.y) # h\n- item", "1. not a list", "> no quote", "a\\b", "<b>&amp;</b>"])
def test_somebodys_words_stay_words(evil: str) -> None:
    folded = " ".join(evil.split())
    found = read(literal(evil))
    assert plain(found) == folded
    assert [paragraph.kind for paragraph in found] == ["text"]


@given(st.text(alphabet="ab *_`[]()<>#+-.!|~&:@/\\{}1\n", max_size=80))
def test_writing_what_was_read_reads_the_same_words(text: str) -> None:
    assert plain(read(write(read(text)))).split() == plain(read(text)).split()


def test_a_short_text_is_left_alone() -> None:
    assert split("*as* it is ", 100) == ["*as* it is "]


def test_cuts_fall_at_sentence_ends_then_between_words() -> None:
    assert split("One sentence. Another one here. And a third.", 32) == ["One sentence. Another one here. ", "And a third."]
    assert split("words without any end at all in them", 12) == ["words ", "without any ", "end at all ", "in them"]
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_a_link_and_a_moment_are_never_cut() -> None:
    link = "[a rather long name of a link](https://example.org/a/long/path)"
    parts = split(f"Words before it. {link} and words after it. {when(NOW, 'datetime')} is when.", 70)
    assert any(link in part for part in parts)
    assert any(when(NOW, "datetime") in part for part in parts)


@given(st.text(max_size=300), st.integers(5, 60))
def test_pieces_of_somebodys_words_are_the_words(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == text
    assert all(len(piece) <= limit + 1 for piece in found)


def test_mrkdwn_and_rich_text_say_the_same() -> None:
    found = read("**Bold** & <not> a tag\n\n- one\n- two")
    assert mrkdwn(found) == "*Bold* &amp; &lt;not&gt; a tag\n\n• one\n• two"
    section, listed = rich(found)
    assert section["elements"][0] == {"type": "text", "text": "Bold", "style": {"bold": True}}
    assert [item["elements"][0]["text"] for item in listed["elements"]] == ["one", "two"]
