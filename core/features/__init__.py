"""Which feature handles what. A new feature is a module here, a line below, and a row in `core.commands`."""

from __future__ import annotations

from core.chat import Kind, Message
from core.features import (
    background,
    coaching,
    drill,
    guide,
    listening,
    mock,
    model,
    practice,
    preview,
    privacy,
    progress,
    settings,
    showing,
    space,
    stories,
    unsent,
)
from core.features.handler import AnyHandler

COMMANDS: dict[str, AnyHandler] = {
    **background.HANDLERS,
    **coaching.HANDLERS,
    **drill.HANDLERS,
    **guide.HANDLERS,
    **mock.HANDLERS,
    **model.HANDLERS,
    **practice.HANDLERS,
    **preview.HANDLERS,
    **privacy.HANDLERS,
    **progress.HANDLERS,
    **settings.HANDLERS,
    **showing.HANDLERS,
    **stories.HANDLERS,
    **unsent.HANDLERS,
}
"""Command → what handles it; a test holds this against the command table."""


def handler_for(message: Message) -> AnyHandler | None:
    """The feature that a message is for; None where it concerns none."""
    if message.kind is Kind.LIFECYCLE:
        return space.HANDLER
    if message.command and message.kind in (Kind.COMMAND, Kind.DUE):
        return COMMANDS.get(message.command)
    return listening.SAID.get(message.kind)
