"""Requests and replies before the judge. Of a union the member that was meant is chosen, so that a finding says what is wrong."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.errors import DiscordError, tree
from tests.fakes.discord.core.models import DM, FORUM
from tests.fakes.discord.judge.spec import Judge, named
from tests.fakes.discord.judge.verdicts import Verdicts
from tests.fakes.discord.rest.routing import Call, Reply, Route

CALLBACKS = {
    1: "PongInteractionCallbackRequest",
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
    12: "LaunchActivityInteractionCallbackRequest",
}
CHOICES = {3: "String", 4: "Integer", 10: "Number"}


def request(judge: Judge, verdicts: Verdicts, call: Call) -> None:
    """Note lints; raise 50035 for violations."""
    operation = judge.operation(call.route.method, call.route.template)
    if operation is None:
        return
    violations, lints = judge.query(operation, call.query)
    if operation.request is not None:
        wrong, unknown = judge.request(_meant(call, operation.request), call.body if call.body is not None else {})
        violations, lints = violations + wrong, lints + unknown
    verdicts.add("lint", "client", call.route.name, lints)
    if violations:
        verdicts.add("violation", "client", call.route.name, violations)
        error = DiscordError(50035, errors=tree([(path, what, _code(what)) for path, what in violations]))
        error.judged = True  # type: ignore[attr-defined]
        raise error


def reply(judge: Judge, verdicts: Verdicts, route: Route, answered: Reply) -> None:
    """Note what is wrong with the fake's own answer."""
    operation = judge.operation(route.method, route.template)
    if operation is None:
        return
    status = str(answered.status)
    key = status if status in operation.replies else f"{status[0]}XX"
    if key not in operation.replies:
        verdicts.add("violation", "fake", route.name, [("", f"status {status} is not in the description")])
        return
    schema = operation.replies[key]
    if schema is None:
        if answered.body is not None:
            verdicts.add("violation", "fake", route.name, [("", f"status {status} has no body in the description")])
        return
    violations, lints = judge.reply(schema, answered.body)
    verdicts.add("violation", "fake", route.name, violations)
    verdicts.add("lint", "fake", route.name, lints)


def _meant(call: Call, schema: dict[str, Any]) -> dict[str, Any]:
    """The member of a union that this request means."""
    body = call.body if isinstance(call.body, dict) else {}
    name = call.route.name
    if name.endswith("/callback"):
        kind = body.get("type")
        if kind == 8:
            return _autocomplete(call)
        return named(CALLBACKS[kind]) if kind in CALLBACKS else schema
    channel = call.world.channels.get(call.ids.get("channel_id", 0))
    if name == "PATCH /channels/{channel_id}" and channel is not None:
        if channel.is_thread:
            return named("UpdateThreadRequestPartial")
        return named("UpdateDMRequestPartial" if channel.kind == DM else "UpdateGuildChannelRequestPartial")
    if name == "POST /channels/{channel_id}/threads" and channel is not None:
        return named("CreateForumThreadRequest" if channel.kind == FORUM else "CreateTextThreadWithoutMessageRequest")
    if name == "POST /webhooks/{webhook_id}/{webhook_token}":
        return named("IncomingWebhookRequestPartial")
    return schema


def _autocomplete(call: Call) -> dict[str, Any]:
    """Choices are judged by the type of the option that is being typed."""
    interaction = call.world.interactions.get(call.ids.get("interaction_id", 0))
    kind = 3
    options = (interaction.data.get("options") or []) if interaction is not None else []
    while options:
        focused = [each for each in options if each.get("focused")]
        if focused:
            kind = focused[0]["type"]
            break
        options = [inner for each in options for inner in each.get("options") or []]
    data = named(f"InteractionApplicationCommandAutocompleteCallback{CHOICES.get(kind, 'String')}Data")
    return {"type": "object", "properties": {"type": {"const": 8}, "data": data}, "required": ["type", "data"]}


def _code(what: str) -> str:
    if what == "This field is required":
        return "BASE_TYPE_REQUIRED"
    return "BASE_TYPE_MAX_LENGTH" if "or fewer" in what else "BASE_TYPE_BAD"
