from pathlib import Path

from bot.reference import commands_page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_commands_is_what_the_table_says() -> None:
    """Where this is red: `loopcoach commands > docs/commands.md`."""
    assert (DOCS / "commands.md").read_text() == commands_page() + "\n"
