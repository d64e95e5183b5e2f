"""`loopcoach commands`: the command table as a page of the documentation. A test holds docs/commands.md to it."""

from __future__ import annotations

from core.commands import COMMANDS, Command


def commands_page() -> str:
    """The whole page, Markdown."""
    shown = [command for command in COMMANDS if command.shown]
    lone = [command for command in COMMANDS if command.lone]
    lines = [
        "# Commands",
        "",
        "Made by `loopcoach commands` from the one table in `core/commands.py`. Every command also works as `/coach` and the word.",
        "In a direct message with the coach and on the practice page the bare word is enough, as long as nothing but the command's",
        "own words follows: a sentence never is a command.",
        "",
    ]
    for command in shown:
        lines += _section(command)
    lines += [
        "## In a mock",
        "",
        "Alone on a line, or as a button. Inside a sentence they are just words.",
        "",
        "| word | what it does |",
        "|---|---|",
        *(f"| `{command.name}` | {command.summary} |" for command in lone),
        "",
    ]
    return "\n".join(lines)


def _section(command: Command) -> list[str]:
    who = {"anyone": "", "lead": " For whoever started it, leads and admins.", "admin": " For admins."}[command.who]
    lines = [f"## `/{command.name}`", "", f"{command.summary}.{who} `{command.usage}`", ""]
    rows = [f"| `{word}` | {summary} |" for word, summary in command.actions]
    for param in command.params:
        choices = ", ".join(f"`{option.value}`" for option in param.options)
        rows.append(f"| `{param.name}:` | {param.summary}{f': {choices}' if choices else ''} |")
    return [*lines, "| word | meaning |", "|---|---|", *rows, ""] if rows else lines
