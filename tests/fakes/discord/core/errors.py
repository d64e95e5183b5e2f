"""What Discord says when it says no. Codes and sentences: developers/topics/opcodes-and-status-codes."""

from __future__ import annotations

from typing import Any

CODES: dict[int, tuple[int, str]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown Overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10066: (404, "Unknown application command permissions"),
    10087: (400, "Unknown Tag"),
    30003: (400, "Maximum number of pins reached for the channel (250)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30040: (400, "Maximum number of prune requests has been reached"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40005: (413, "Request entity too large"),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (400, "This interaction has hit the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50003: (400, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50014: (401, "Invalid authentication token provided"),
    50016: (400, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "A message provided was too old to bulk delete"),
    50035: (400, "Invalid Form Body"),
    50068: (400, "Invalid message type"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50159: (400, "Voice messages do not support additional content."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
}


class DiscordError(Exception):
    """An answer other than success. `code` is Discord's own number, 0 where it has none."""

    def __init__(self, code: int, *, status: int | None = None, message: str | None = None, errors: dict[str, Any] | None = None) -> None:
        usual_status, usual_message = CODES.get(code, (400, "Bad Request"))
        self.code = code
        self.status = status or usual_status
        self.message = message or usual_message
        self.errors = errors
        super().__init__(f"{self.status} {self.code} {self.message} {errors or ''}")

    def body(self) -> dict[str, Any]:
        """As it goes over the wire."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def invalid(path: str, message: str, code: str = "BASE_TYPE_BAD") -> DiscordError:
    """50035 with the tree of errors that points at `path` (`components.0.label`)."""
    return DiscordError(50035, errors=tree([(path, message, code)]))


def at_most(path: str, value: str | list[Any] | None, most: int, least: int = 0) -> None:
    """50035 for what is too long or too short. The description says most of these too; they hold where it is absent."""
    if value is not None and not least <= len(value) <= most:
        if least:
            raise invalid(path, f"Must be between {least} and {most} in length.", "BASE_TYPE_BAD_LENGTH")
        raise invalid(path, f"Must be {most} or fewer in length.", "BASE_TYPE_MAX_LENGTH")


def tree(found: list[tuple[str, str, str]]) -> dict[str, Any]:
    """`(path, message, code)` as Discord nests them: `{"a": {"0": {"_errors": [{code, message}]}}}`."""
    root: dict[str, Any] = {}
    for path, message, code in found:
        node = root
        for step in filter(None, path.split(".")):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
    return root
