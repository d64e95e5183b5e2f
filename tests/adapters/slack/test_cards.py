"""Cards as blocks: what stands where, what is never parsed, and that nothing is ever too long or lost."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.cards import blocks, fallback
from adapters.slack.fitting import fit
from core.chat import Button, Card, Chart, Fact, Line, Mark, Menu, Series, literal, when
from tests.adapters.slack.judging import judge, text_of, walk
from tests.fakes.door import daily_card, progress_card, review_card

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def kinds(card: Card) -> list[str]:
    return [block["type"] for block in blocks(card)]


def test_a_daily_question_reads_from_top_to_bottom() -> None:
    drawn = blocks(daily_card(NOW, 12))
    judge(drawn)
    assert [block["type"] for block in drawn] == ["context", "header", "markdown", "section", "actions", "context"]
    assert "<!date^" in drawn[3]["fields"][1]["text"]
    assert [element.get("value") for element in drawn[4]["elements"]][:3] == ["answer tax-12", "mock question:tax-12", "pass tax-12"]
    assert drawn[4]["elements"][0]["style"] == "primary"


def test_a_menu_keeps_its_label() -> None:
    drawn = blocks(Card(buttons=(Menu(label="Remind me", buttons=(Button(label="At lunch", line="remind lunch"),)),)))
    select = drawn[0]["elements"][0]
    assert (select["type"], select["placeholder"]["text"]) == ("static_select", "Remind me")
    assert select["options"][0]["value"] == "remind lunch"


def test_a_review_shows_signs_and_the_persons_sentences_letter_for_letter() -> None:
    evil = "<!channel> *not bold* <@U123> & `code` https://example.org"
    card = review_card("One. Two.").model_copy(update={"bullets": (Line(text="**A point**", mark=Mark.MAYBE, quote=evil, note="near"),)})
    rich = next(block for block in blocks(card) if block["type"] == "rich_text")
    head, quote, note = rich["elements"]
    assert head["elements"][0]["text"] == "? "
    assert head["elements"][1] == {"type": "text", "text": "A point", "style": {"bold": True}}
    assert quote == {"type": "rich_text_quote", "elements": [{"type": "text", "text": evil}]}
    assert note["elements"][0]["text"] == "near"


@pytest.mark.parametrize("evil", ["<!channel>", "<@U123>", "*bold*", "_it_", "~no~", "`x`", "<https://a.b|c>", "&lt;"])
def test_words_inside_our_text_cannot_mean_anything(evil: str) -> None:
    for card in (Card(text=f"Kept: {literal(evil)}."), Card(title=literal(evil)), Card(quote=evil), Card(eyebrow=literal(evil))):
        for thing in walk(blocks(card)):
            assert thing.get("type") not in ("user", "broadcast", "link", "markdown")
            if thing.get("type") == "mrkdwn":
                assert not re.search(r"<[@!#h]", thing["text"])
                assert thing["verbatim"] is True


def test_a_moment_is_drawn_in_the_readers_own_zone() -> None:
    drawn = blocks(Card(text=f"Next: {when(NOW, 'datetime')}."))
    assert drawn[0]["text"]["text"] == f"Next: <!date^{int(NOW.timestamp())}^{{date_short_pretty}} {{time}}|02 Mar 2026, 09:00 UTC>."
    rich = blocks(Card(text=f"{literal('<@U1>')} at {when(NOW)}"))[0]["elements"][0]["elements"]
    assert rich[-1] == {"type": "date", "timestamp": int(NOW.timestamp()), "format": "{time}", "fallback": "09:00 UTC"}


def test_a_review_can_be_rated_in_a_message_and_not_in_a_view() -> None:
    card = Card(text="Reviewed.", rates="a1")
    buttons = blocks(card)[-1]["elements"][0]
    assert buttons["positive_button"]["value"] == "rate a1 yes"
    assert buttons["negative_button"]["value"] == "rate a1 no"
    assert [block["type"] for block in blocks(card, surface="view")] == ["section"]


def test_a_chart_has_words_for_those_who_do_not_see_it() -> None:
    drawn = blocks(progress_card(), picture={"slack_file": {"id": "F1"}})
    image = next(block for block in drawn if block["type"] == "image")
    assert image["alt_text"] == "Covered points rose from 1 to 6 in 4 weeks"
    assert "Covered points rose" in text_of(blocks(progress_card()))


def test_a_confirmation_is_asked_first() -> None:
    confirm = blocks(Card(buttons=(Button(label="End", line="end m1", confirm="End it here?"),)))[0]["elements"][0]["confirm"]
    assert confirm["text"]["text"] == "End it here?"


def test_the_fallback_holds_the_words_and_no_markup() -> None:
    text = fallback(Card(title="A **title**", text="Some *words* & <more>", bullets=(Line(text="`point`", mark=Mark.MISSING),)))
    assert text == "A title\nSome words &amp; &lt;more&gt;\n✗ point"


def test_a_card_for_one_message_is_left_alone() -> None:
    card = review_card("One. Two.")
    assert fit(card) == (card,)


def test_a_long_quotation_goes_on_letter_for_letter() -> None:
    words = " ".join(f"Sentence number {n} says something about queues." for n in range(900))
    parts = fit(Card(title="Shared", quote=words))
    assert "".join(part.quote or "" for part in parts) == words
    for part in parts:
        judge(blocks(part))


def test_bold_survives_a_cut() -> None:
    parts = fit(Card(text=f"**{('very long words here. ' * 700).strip()}**"))
    assert len(parts) > 1
    assert all(part.text.startswith("**") for part in parts)


# --- any card at all -------------------------------------------------------------------------------------------------

SOME = st.text(alphabet=string.ascii_letters + string.digits + " .!?*_~`<>&@#|\\-[](){}:\n", max_size=400)
LONG = st.builds(lambda text, times: text * times, SOME, st.integers(1, 60))
LINES = st.builds(
    Line, text=SOME, mark=st.none() | st.sampled_from(Mark), quote=st.none() | SOME | LONG, note=st.none() | SOME.map(literal)
)
BUTTONS = st.builds(
    Button,
    label=st.text(max_size=120),
    line=st.text(alphabet=string.ascii_lowercase + " ", min_size=1, max_size=80),
    style=st.sampled_from(["plain", "primary", "danger"]),
    confirm=st.none() | st.text(max_size=400),
)
MENUS = st.builds(Menu, label=SOME, buttons=st.lists(BUTTONS, max_size=120).map(tuple))
CARDS = st.builds(
    Card,
    title=SOME,
    eyebrow=SOME,
    quote=st.none() | LONG,
    text=LONG | LONG.map(literal),
    facts=st.lists(st.builds(Fact, label=st.text(max_size=60), value=SOME | LONG), max_size=14).map(tuple),
    bullets=st.lists(LINES, max_size=30).map(tuple),
    after=LONG,
    chart=st.none() | st.just(Chart(shape="bars", title="t", labels=("a",), series=(Series(name="n", values=(1,)),), alt="one bar")),
    buttons=st.lists(BUTTONS | MENUS, max_size=30).map(tuple),
    footer=SOME,
    rates=st.none() | st.just("a1"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(CARDS)
def test_no_card_is_too_much_for_slack(card: Card) -> None:
    for part in fit(card):
        judge(blocks(part))
        judge(blocks(part, picture={"slack_file": {"id": "F1"}}))
        assert 1 <= len(fallback(part)) <= 4000 * 5


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(alphabet=string.ascii_letters, min_size=1, max_size=12), min_size=1, max_size=4000))
def test_no_word_is_lost(words: list[str]) -> None:
    text = " ".join(words)
    parts = fit(Card(text=text, after=text, quote=text))
    for name in ("text", "after", "quote"):
        assert " ".join(getattr(part, name) or "" for part in parts).split() == words
