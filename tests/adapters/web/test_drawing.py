"""Cards become safe HTML, and other platforms' limits lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.drawing import VIEWS, block, draw, draw_form, inline
from adapters.web.limits import DISCORD, SLACK, Limits, split
from core.chat import Button, Card, Fact, Form, Input, Line, Mark, literal, when
from tests.fakes.door import daily_card, progress_card, review_card


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "![x](http://a/b.png)",
        "<javascript:a>",
    ],
)
def test_no_markup_and_no_other_scheme_gets_through(text: str) -> None:
    for html in (block(text), inline(text)):
        assert not any(part in html for part in ("<script", "<img", 'href="javascript', 'href="data'))


def test_links_open_elsewhere_and_give_nothing_away() -> None:
    assert (
        inline("[a](https://example.org/?x=1&y)")
        == '<a href="https://example.org/?x=1&amp;y" target="_blank" rel="noopener noreferrer">a</a>'
    )


def test_a_moment_is_left_for_the_readers_own_zone() -> None:
    html = inline(f"Reveal {when(datetime(2026, 3, 2, 16, 30, tzinfo=UTC), 'relative')} ~~late~~")
    assert html == 'Reveal <time datetime="2026-03-02T16:30:00+00:00" data-style="relative">02 Mar 2026, 16:30 UTC</time> <s>late</s>'


@given(st.text())
def test_somebodys_words_stay_words(text: str) -> None:
    html = inline(literal(text))
    assert not any(tag in html for tag in ("<a ", "<time", "<em", "<strong", "<code", "<script"))


def test_not_even_a_moment_can_be_typed() -> None:
    assert "<time" not in inline(literal("{when:2026-03-02T16:30:00+00:00|time}"))
    assert inline("{when:tomorrow|time}") == "{when:tomorrow|time}"


def test_a_quote_is_letter_for_letter() -> None:
    said = "**PUT** <b>x</b>\n  {when:2026-01-01T00:00:00+00:00|time}"
    card = draw(Card(quote=said, bullets=(Line(text="p", mark=Mark.COVERED, quote=said),)))
    assert card["quote"] == card["bullets"][0]["quote"] == said


def test_empty_parts_are_left_out() -> None:
    assert draw(Card(text="a")) == {"text": "<p>a</p>\n"}


def test_a_form_keeps_its_fields_as_they_are() -> None:
    form = draw_form(Form(title="T", line="answer q", text="*x*", fields=(Input(name="text", label="A", kind="paragraph", value="<b>"),)))
    assert form["text"] == "<p><em>x</em></p>\n"
    assert form["fields"][0]["value"] == "<b>"


@pytest.mark.parametrize("card", [daily_card(datetime(2026, 3, 2, tzinfo=UTC), 1), review_card("One. Two. Three."), progress_card()])
def test_an_ordinary_card_is_one_message_everywhere(card: Card) -> None:
    assert split(card, SLACK) == split(card, DISCORD) == [card]
    assert VIEWS["slack"](card) == VIEWS["web"](card) == [draw(card)]


words = st.text(alphabet="ab \n", max_size=60)
cards = st.builds(
    Card,
    title=words,
    text=words,
    after=words,
    footer=words,
    facts=st.lists(st.builds(Fact, label=words, value=words), max_size=4).map(tuple),
    bullets=st.lists(st.builds(Line, text=words), max_size=8).map(tuple),
    buttons=st.lists(st.builds(Button, label=words, line=st.just("guide")), max_size=12).map(tuple),
)


@given(
    cards,
    st.builds(
        Limits, piece=st.integers(5, 40), message=st.integers(130, 200), pieces=st.integers(6, 12), row=st.just(5), label=st.just(80)
    ),
)
def test_splitting_keeps_to_the_limits_and_loses_nothing(card: Card, limits: Limits) -> None:
    parts = split(card, limits)
    for name in ("title", "text", "after", "footer"):
        assert "".join(getattr(part, name) for part in parts) == getattr(card, name)
    for name in ("facts", "bullets", "buttons"):
        assert tuple(one for part in parts for one in getattr(part, name)) == getattr(card, name)
    for part in parts:
        lengths = [len(part.title), len(part.text), len(part.after), len(part.footer)]
        lines = sum(len(line.text) for line in part.bullets) + sum(len(fact.label + fact.value) for fact in part.facts)
        assert sum(lengths) + lines <= limits.message
        assert max(lengths) <= limits.piece


def test_a_long_label_is_cut_where_it_must_be() -> None:
    card = Card(text="a", buttons=(Button(label="x" * 200, line="guide"),))
    label = split(card, DISCORD)[0].buttons[0].label
    assert len(label) == 80
    assert label.endswith("…")
