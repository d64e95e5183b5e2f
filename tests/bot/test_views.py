"""The page's *as Slack* and *as Discord* views: what is really sent, with the buttons beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from adapters.discord.cards import payload
from adapters.slack.cards import blocks
from bot.views import PAGE_VIEWS, discord_html
from core.chat import Button, Card, literal, when
from tests.adapters.slack.judging import judge
from tests.fakes.door import daily_card, progress_card, review_card

Json = dict[str, Any]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_it_shows_what_slack_gets() -> None:
    for card in (daily_card(NOW, 12), review_card("One. Two."), progress_card()):
        (drawn,) = PAGE_VIEWS["slack"](card)
        shown = [{name: part for name, part in block.items() if name != "html"} for block in drawn["blocks"]]
        assert shown == blocks(card, picture={"image_url": "chart"})
        judge(shown)
        assert [button["label"] for button in drawn["buttons"]] == [button.label for button in card.buttons]


def test_a_markdown_block_comes_as_safe_html() -> None:
    drawn = PAGE_VIEWS["slack"](daily_card(NOW, 12).model_copy(update={"text": "**Bold** <script>x</script>"}))[0]["blocks"]
    assert next(block["html"] for block in drawn if block["type"] == "markdown") == (
        "<p><strong>Bold</strong> &lt;script&gt;x&lt;/script&gt;</p>\n"
    )


def test_it_shows_what_discord_gets() -> None:
    for card in (daily_card(NOW, 12), review_card("One. Two."), progress_card()):
        (drawn,) = PAGE_VIEWS["discord"](card)
        assert [_sent(part) for part in drawn["components"]] == payload(card)
        pressed = [part for part in _walk(drawn["components"]) if part["type"] == 2]
        lines = {button.line: button.confirm for button in card.buttons if isinstance(button, Button)}
        assert {part["line"]: part["confirm"] for part in pressed if not part["line"].startswith("rate ")} == lines


def test_discords_markdown_is_safe_html_in_which_words_stay_words() -> None:
    said = "<b>x</b> **no** https://example.org <t:1:f> {when:2026-01-01T00:00:00+00:00|date}\n# two"
    card = Card(title="Title", quote=said, text=f"It is {when(NOW, 'date')}, **ours**; {literal(said)}.", footer="small")
    (frame,) = PAGE_VIEWS["discord"](card)[0]["components"]
    html = "".join(part["html"] for part in _walk([frame]) if part["type"] == 10)
    assert html.count("<time ") == 1
    assert html.count("<strong>") == 2, "*You said* and *ours*"
    assert "<b>" not in html and "<a " not in html and html.count("<h3>") == 1 and "<h1>" not in html
    assert html.count("{when:2026-01-01T00:00:00+00:00|date}") == 2
    assert html.endswith('<div class="small"><p>small</p>\n</div>')


def test_each_line_stands_for_itself() -> None:
    assert discord_html("one\ntwo") == "<p>one<br />\ntwo</p>\n"
    assert discord_html("- one\n- two").count("<li>") == 2
    assert discord_html("> said\nours") == '<blockquote class="cited" dir="auto"><p>said</p>\n</blockquote><p>ours</p>\n'
    assert discord_html("```\n-# code\n```") == "<pre><code>-# code\n</code></pre>\n"


def _sent(part: Json) -> Json:
    shown = {name: value for name, value in part.items() if name not in ("html", "line", "confirm")}
    return shown | ({"components": [_sent(inner) for inner in part["components"]]} if "components" in part else {})


def _walk(parts: list[Json]) -> Iterator[Json]:
    for part in parts:
        yield part
        yield from _walk(part.get("components", []))
