"""Cards as components: what stands where, whose words can mean nothing, and that nothing is ever too much or lost."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.discord.cards import fit, marker, payload
from adapters.discord.markup import escape, quoted, typed
from core.chat import Button, Card, Chart, Fact, Line, Mark, Menu, Series, literal, when
from tests.fakes.discord.core.models import walk
from tests.fakes.discord.rules.components import check
from tests.fakes.door import daily_card, progress_card, review_card

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def judge(card: Card, key: str = "") -> list[dict[str, object]]:
    """As Discord looks at it."""
    parts = payload(card, key)
    check(parts, v2=True, files={"chart.png", "words.txt"})
    return walk(parts)


def contents(card: Card) -> str:
    return "\n".join(str(part["content"]) for part in judge(card) if part["type"] == 10)


def test_a_daily_question_is_one_framed_card() -> None:
    parts = judge(daily_card(NOW, 12), "daily/12")
    assert [part["type"] for part in parts] == [17, 10, 14, 10, 1, 2, 2, 2, 1, 3, 10]
    assert parts[0]["id"] == marker("daily/12")
    assert f"<t:{int(NOW.replace(hour=14).timestamp())}:t>" in str(parts[3]["content"])
    assert [part.get("custom_id") for part in parts[5:8]] == ["lc:answer tax-12", "lc:mock question:tax-12", "lc:pass tax-12"]


def test_talk_stands_bare_and_is_found_again_too() -> None:
    (text,) = judge(Card(text="One level down."), "mock/1/2")
    assert (text["type"], text["content"], text["id"]) == (10, "One level down.", marker("mock/1/2"))


def test_a_moment_is_drawn_in_the_readers_own_zone() -> None:
    assert contents(Card(text=f"Next: {when(NOW, 'datetime')}.")) == f"Next: <t:{int(NOW.timestamp())}:f>."
    assert contents(Card(text=when(NOW, "relative"))) == f"<t:{int(NOW.timestamp())}:R>"


EVIL = ["@everyone", "@here", "<@123>", "<@&1>", "<#1>", "**b**", "_i_", "~~s~~", "||s||", "`c`", "[a](https://b.c)", "https://a.b",
        "# head", "> said", "-# small", "- item", "1. one", "<t:1:f>", ":smile:", "<:x:1>", "\\", "```\nx", ">>> all"]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_somebodys_words_are_shown_letter_for_letter(evil: str) -> None:
    for card in (Card(quote=evil), Card(text=literal(evil)), Card(title=literal(evil)), Card(bullets=(Line(text="p", quote=evil),))):
        drawn = contents(card)
        assert _read(drawn).count(_flat(evil)) == 1, drawn
        for sign in ("<@", "<#", "<:", "<t:", "@everyone", "@here", "[", "https://", "**b**", "~~", "||", "`c`", "_i_", "\n# ", "\n-# "):
            assert sign not in drawn.replace("**You said:**", "").replace("\\" + sign, ""), drawn


def _flat(text: str) -> str:
    return " ".join(text.split())


def _read(drawn: str) -> str:
    """As a person reads it: escapes gone, quotation bars gone."""
    lines = [line.removeprefix("> ").removeprefix("### ") for line in drawn.split("\n")]
    plain = "\n".join(lines).replace("\\\\", "\0")
    return _flat(plain.replace("\\", "").replace("\0", "\\"))


def test_quotations_and_lists_say_what_they_are() -> None:
    drawn = contents(Card(bullets=(Line(text="**A point**", mark=Mark.MAYBE, quote="One.\nTwo.", note="near"),)))
    assert drawn == "❔ **A point** · *maybe*\n> One.\n> Two.\n-# near"


def test_a_menu_keeps_its_label_and_a_confirmation_asks_first() -> None:
    menu = Menu(label="Remind me", buttons=(Button(label="At lunch", line="remind lunch"),))
    _, select, _, end = judge(Card(buttons=(menu, Button(label="End", line="end m1", confirm="End it here?"))))[-4:]
    if select["type"] != 3:
        select, end = end, select
    assert (select["placeholder"], select["options"][0]["value"]) == ("Remind me", "remind lunch")  # type: ignore[index]
    assert end["custom_id"] == "lc?:end m1"


def test_what_cannot_be_taken_back_looks_so() -> None:
    plain, careful = (judge(Card(title="t", buttons=(Button(label="b", line="help", style=style),)))[0] for style in ("plain", "danger"))  # type: ignore[arg-type]
    assert plain["accent_color"] != careful["accent_color"]


def test_a_chart_has_words_for_those_who_do_not_see_it() -> None:
    (gallery,) = [part for part in judge(progress_card()) if part["type"] == 12]
    assert gallery["items"][0]["description"] == "Covered points rose from 1 to 6 in 4 weeks"  # type: ignore[index]


# --- too much for one message ----------------------------------------------------------------------------------------


def test_2001_characters_are_one_message_and_4001_are_two() -> None:
    """`content` would end at 2,000; what we send does not stand there."""
    assert len(fit(Card(text="a " * 1000 + "b"))) == 1
    parts = fit(Card(text=("word " * 801).strip()))
    assert len(parts) == 2
    assert " ".join(part.text for part in parts).split() == ["word"] * 801


def test_41_components_are_two_messages() -> None:
    card = Card(buttons=tuple(Button(label=f"Press {n}", line=f"pass q{n}") for n in range(40)))
    parts = fit(card)
    assert len(parts) == 2
    assert [button for part in parts for button in part.buttons] == list(card.buttons)
    for part in parts:
        judge(part)


def test_a_card_for_one_message_is_left_alone() -> None:
    card = review_card("One. Two.")
    assert fit(card) == (card,)


def test_a_long_quotation_goes_on_letter_for_letter() -> None:
    said = " ".join(f"Sentence number {n} says *something* about queues." for n in range(300))
    parts = fit(Card(title="Shared", quote=said))
    assert "".join(part.quote or "" for part in parts) == said
    for part in parts:
        judge(part)


SOME = st.text(alphabet=string.ascii_letters + string.digits + " .!?*_~`<>&@#|\\-[](){}:\n", max_size=300)
LONG = st.builds(lambda text, times: text * times, SOME, st.integers(1, 40))
BUTTONS = st.builds(
    Button,
    label=st.text(max_size=120),
    line=st.text(alphabet=string.ascii_lowercase + " ", min_size=1, max_size=80),
    style=st.sampled_from(["plain", "primary", "danger"]),
    confirm=st.none() | st.text(max_size=300),
)
CARDS = st.builds(
    Card,
    title=SOME,
    eyebrow=SOME,
    quote=st.none() | LONG,
    text=LONG | LONG.map(literal),
    facts=st.lists(st.builds(Fact, label=st.text(max_size=60), value=SOME | LONG), max_size=10).map(tuple),
    bullets=st.lists(st.builds(Line, text=SOME, mark=st.none() | st.sampled_from(Mark), quote=st.none() | LONG), max_size=20).map(tuple),
    after=LONG,
    chart=st.none() | st.just(Chart(shape="bars", title="t", labels=("a",), series=(Series(name="n", values=(1,)),), alt="one bar")),
    buttons=st.lists(BUTTONS | st.builds(Menu, label=SOME, buttons=st.lists(BUTTONS, max_size=60).map(tuple)), max_size=30).map(tuple),
    footer=SOME,
    rates=st.none() | st.just("a1"),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,), derandomize=True)
@given(CARDS)
def test_no_card_is_too_much_for_discord(card: Card) -> None:
    for part in fit(card):
        judge(part, "key")


# --- what people type ------------------------------------------------------------------------------------------------


def test_what_discord_makes_of_words_is_undone() -> None:
    said = "<@7> ask <@8> in <#9>, see </mock:123> at <t:1:f> <:ok:5>"
    assert typed(said, 7, {8: "Bob", 9: "general"}) == "@loopcoach ask @Bob in #general, see /mock at <t:1:f> :ok:"


def test_every_line_of_a_quotation_is_one() -> None:
    assert quoted("a\n\nb") == "> a\n> \u200b\n> b"
    assert escape("*a*") == "\\*a\\*"
