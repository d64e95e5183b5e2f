"""The page's *as Slack* view: the blocks that are really sent, with the buttons beside them."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.slack.cards import blocks
from bot.views import PAGE_VIEWS
from tests.adapters.slack.judging import judge
from tests.fakes.door import daily_card, progress_card, review_card

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
