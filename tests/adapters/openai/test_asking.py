"""One question to the server: what comes of it, and what it costs, whatever goes wrong."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from adapters.openai.asking import LESSONS, MEND, Order, fitting
from adapters.openai.prices import guessed
from adapters.openai.profiles import Name
from adapters.openai.schema import Grade, Turn, strict
from core.errors import ModelError, Trouble
from core.ports import Usage
from tests.adapters.openai.wire import (
    EMPTY,
    MESSAGES,
    PRICE,
    SYSTEM,
    USER,
    Answer,
    Body,
    Wire,
    breaks_off,
    cost,
    fails,
    never,
    order,
    raises,
    says,
    sends,
    usage,
    without,
    without_formats,
    words_and_reply,
)

SENT = len(SYSTEM) + len(USER)
FOUND = '{"findings":[{"point":"A1","status":"covered","sentences":[1]}]}'


async def trouble(wire: Wire, deadline: float = 20.0) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await wire.asker().whole(order(deadline=deadline))
    return caught.value


# --- a reply ---


async def test_words_grow_and_the_reply_comes_last_in_its_shape() -> None:
    words, reply = await words_and_reply(Wire(says('{"find', 'ings"', ":[]}")).asker(), order())
    assert words == ['{"find', '{"findings"', EMPTY]
    assert reply.value == Grade(findings=[])


async def test_whole_gives_the_reply_alone() -> None:
    reply = await Wire(says(FOUND)).asker().whole(order())
    assert reply.value.findings[0].sentences == [1]


async def test_usage_is_counted_with_what_was_cached_and_what_it_costs() -> None:
    reply = await Wire(says(EMPTY, counted=usage(1_000, 100, cached=600))).asker().whole(order())
    dollars = (400 * 10.0 + 600 * 1.0 + 100 * 20.0) / 1_000_000
    assert reply.usage == Usage(input_tokens=1_000, cached_tokens=600, output_tokens=100, dollars=dollars, calls=1)


async def test_without_a_price_the_dollars_are_unknown_and_not_nothing() -> None:
    reply = await Wire(says(EMPTY, counted=usage(1_000, 100))).asker(price=None).whole(order())
    assert reply.usage.dollars is None and reply.usage.tokens == 1_100


async def test_where_the_server_does_not_count_it_is_estimated_and_marked() -> None:
    reply = await Wire(says(EMPTY)).asker().whole(order())
    assert reply.usage == guessed(SENT, len(EMPTY), PRICE)
    assert reply.usage.estimated and reply.usage.input_tokens > 0


@pytest.mark.parametrize("fenced", [f"```json\n{EMPTY}\n```", f"```\n{EMPTY}\n```", f"\n  {EMPTY}\n"])
async def test_fences_and_blanks_around_the_object_are_let_pass(fenced: str) -> None:
    wire = Wire(says(fenced))
    assert (await wire.asker().whole(order())).value == Grade(findings=[])
    assert len(wire.bodies) == 1


# --- the wrong shape ---


@pytest.mark.parametrize("wrong", ["Sure, here it is.", '{"findings":[],"score":5}', "{}", "[]", '{"findings":[{"point":"A1"}]}'])
async def test_a_wrong_shape_is_asked_for_once_more_with_what_was_sent(wrong: str) -> None:
    wire = Wire(says(wrong, counted=usage(100, 10)), says(EMPTY, counted=usage(130, 12)))
    words, reply = await words_and_reply(wire.asker(), order())
    assert words == [wrong], "the second try is not heard"
    assert reply.value == Grade(findings=[])
    assert wire.bodies[0]["messages"] == MESSAGES
    assert wire.bodies[1]["messages"] == [*MESSAGES, {"role": "assistant", "content": wrong}, {"role": "user", "content": MEND}]
    assert (reply.usage.calls, reply.usage.input_tokens, reply.usage.output_tokens) == (2, 230, 22)


async def test_after_two_wrong_shapes_it_is_given_up_and_both_are_paid_for() -> None:
    wire = Wire(says("no", counted=usage(100, 10)))
    error = await trouble(wire)
    assert error.kind == "garbled" and len(wire.bodies) == 2
    assert (cost(error).calls, cost(error).tokens) == (2, 220)


async def test_a_reply_cut_short_by_its_cap_is_not_asked_for_again() -> None:
    wire = Wire(says('{"findings":[{"poi', finish="length", counted=usage(100, 300)))
    error = await trouble(wire)
    assert error.kind == "garbled" and len(wire.bodies) == 1
    assert cost(error).output_tokens == 300


async def test_a_failure_while_mending_still_costs_the_first_try() -> None:
    error = await trouble(Wire(says("no", counted=usage(100, 10)), fails(500)))
    assert error.kind == "away"
    assert (cost(error).calls, cost(error).tokens) == (1, 110)


# --- troubles ---


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (fails(401), "key"),
        (fails(403), "key"),
        (fails(404), "name"),
        (fails(429, code="insufficient_quota"), "quota"),
        (fails(429, code="rate_limit_exceeded"), "busy"),
        (fails(400, "something else is wrong"), "garbled"),
        (fails(422, "something else is wrong"), "garbled"),
        (fails(500), "away"),
        (fails(503), "away"),
        (fails(409), "away"),
        (raises(httpx2.ConnectError("nobody there")), "away"),
        (raises(httpx2.ReadTimeout("too long")), "slow"),
        (raises(httpx2.ConnectTimeout("too long")), "slow"),
    ],
)
async def test_what_the_server_turns_away_is_named_and_costs_nothing_unless_it_may_have_worked(answer: Answer, kind: Trouble) -> None:
    wire = Wire(answer)
    error = await trouble(wire)
    assert error.kind == kind
    if kind == "slow":  # it may have worked on it all the same
        assert isinstance(error.usage, Usage)
        assert error.usage.estimated
    else:
        assert error.usage == Usage()
    assert len(wire.bodies) == 1


async def test_a_refusal_is_no_answer_and_is_paid_for() -> None:
    error = await trouble(Wire(says(refusal="I would rather not.", counted=usage(100, 5))))
    assert error.kind == "refused"
    assert cost(error).tokens == 105


async def test_a_filtered_reply_counts_as_refused_even_if_it_can_be_read() -> None:
    wire = Wire(says(EMPTY, finish="content_filter"))
    assert (await trouble(wire)).kind == "refused"
    assert len(wire.bodies) == 1


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json", "text/html", "text/plain"])
@pytest.mark.parametrize("text", ["<html><body>It works!</body></html>", "plain words", '{"ok": true}', ""])
async def test_whatever_else_comes_with_200_is_garbled(text: str, kind: str) -> None:
    assert (await trouble(Wire(sends(text, kind)))).kind == "garbled"


async def test_events_that_hold_no_json_are_garbled() -> None:
    assert (await trouble(Wire(sends("data: {broken\n\n", "text/event-stream")))).kind == "garbled"


async def test_a_stream_that_ends_before_the_reply_does_is_no_reply() -> None:
    error = await trouble(Wire(says(EMPTY, finish=None)))
    assert error.kind == "away"
    assert error.usage == guessed(SENT, len(EMPTY), PRICE)


async def test_a_connection_that_breaks_in_the_middle_is_paid_for_as_far_as_it_came() -> None:
    wire, heard = Wire(breaks_off('{"findings"', ":[")), []
    with pytest.raises(ModelError) as caught:
        async for part in wire.asker().stream(order()):
            heard.append(part)
    assert heard == ['{"findings"', '{"findings":[']
    assert caught.value.kind == "away"
    assert caught.value.usage == guessed(SENT, len('{"findings":['), PRICE)
    assert len(wire.bodies) == 1


async def test_past_the_deadline_it_is_slow_and_the_request_is_paid_for() -> None:
    error = await trouble(Wire(never), deadline=0.05)
    assert error.kind == "slow"
    assert error.usage == guessed(SENT, 0, PRICE)


async def test_the_deadline_holds_for_the_mending_too() -> None:
    await Wire(says(EMPTY)).asker().whole(order())  # the library's first call takes its time
    error = await trouble(Wire(says("no", counted=usage(100, 10)), never), deadline=0.6)
    assert error.kind == "slow"
    assert cost(error).calls == 2 and cost(error).input_tokens > 100


# --- what is sent ---


async def body_for(profile: Name) -> dict[str, Any]:
    wire = Wire(says(EMPTY))
    await wire.asker(profile).whole(order())
    return wire.bodies[0]


async def test_what_openai_is_sent() -> None:
    assert await body_for("openai") == {
        "model": "some-model",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": 300,
        "reasoning_effort": "none",
        "verbosity": "low",
        "store": False,
        "prompt_cache_key": "a-key",
        "safety_identifier": "an-opaque-word",
        "response_format": strict(Grade),
    }


async def test_what_a_compatible_server_is_sent() -> None:
    assert await body_for("compat") == {
        "model": "some-model",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 300,
        "temperature": 0.2,
        "seed": 7,
        "response_format": strict(Grade),
    }


@pytest.mark.parametrize("shape", [Grade, Turn])
def test_a_strict_schema_requires_everything_and_allows_nothing_else(shape: type[Grade] | type[Turn]) -> None:
    made: Any = strict(shape)
    schema = made["json_schema"]["schema"]
    assert made["json_schema"]["strict"] is True
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])


# --- what a server does not take ---


async def test_without_json_schema_it_asks_for_an_object_and_tells_the_schema_in_words() -> None:
    wire = Wire(without_formats("json_schema", then=says(EMPTY)))
    asker = wire.asker()
    await asker.whole(order())
    assert asker.abilities.structure == "json_object"
    sent = wire.bodies[-1]
    assert sent["response_format"] == {"type": "json_object"}
    first = sent["messages"][0]["content"]
    assert first.startswith(SYSTEM) and json.loads(first.rsplit("\n", 1)[1]) == Grade.model_json_schema()
    assert sent["messages"][1:] == MESSAGES[1:]


async def test_without_any_format_it_asks_in_words_alone() -> None:
    wire = Wire(without_formats("json_schema", "json_object", then=says(EMPTY)))
    asker = wire.asker()
    await asker.whole(order())
    assert asker.abilities.structure == "text" and len(wire.bodies) == 3
    assert "response_format" not in wire.bodies[-1]
    assert '"findings"' in wire.bodies[-1]["messages"][0]["content"]
    assert MESSAGES[0]["content"] == SYSTEM, "what was given is not changed"


OPENAI_LESSONS = ("reasoning_effort", "verbosity", "store", "prompt_cache_key", "safety_identifier", "stream_options")


@pytest.mark.parametrize(
    ("profile", "param"),
    [*(("openai", name) for name in OPENAI_LESSONS), ("compat", "temperature"), ("compat", "seed"), ("compat", "stream_options")],
)
async def test_what_is_refused_is_left_out_from_then_on(profile: Name, param: str) -> None:
    wire = Wire(without(param, then=says(EMPTY)))
    asker = wire.asker(profile)
    for _ in range(2):
        await asker.whole(order())
    assert len(wire.bodies) == 3, "learnt once"
    refused, *others = wire.bodies
    assert all(body == {name: value for name, value in refused.items() if name != param} for body in others)
    assert asker.abilities.dropped == {param}


@pytest.mark.parametrize(
    ("profile", "mine", "other"), [("openai", "max_completion_tokens", "max_tokens"), ("compat", "max_tokens", "max_completion_tokens")]
)
async def test_a_cap_of_the_wrong_name_is_sent_under_the_other_one_and_never_under_both(profile: Name, mine: str, other: str) -> None:
    wire = Wire(without(mine, then=says(EMPTY)))
    asker = wire.asker(profile)
    for _ in range(2):
        await asker.whole(order())
    assert [(mine in body, other in body) for body in wire.bodies] == [(True, False), (False, True), (False, True)]
    assert wire.bodies[-1][other] == 300


async def test_several_things_are_learnt_within_one_call() -> None:
    wire = Wire(without("max_completion_tokens", "store", "verbosity", then=says(EMPTY)))
    await wire.asker().whole(order())
    assert len(wire.bodies) == 4
    assert not {"max_completion_tokens", "store", "verbosity"} & set(wire.bodies[-1])


async def test_a_server_that_refuses_everything_is_not_asked_for_ever() -> None:
    wire = Wire(fails(400, "max_tokens max_completion_tokens response_format store verbosity reasoning_effort stream_options"))
    asker = wire.asker()
    for _ in range(4):
        with pytest.raises(ModelError) as caught:
            await asker.whole(order())
        assert caught.value.kind == "garbled" and caught.value.usage == Usage()
    assert len(wire.bodies) <= 4 * LESSONS
    before = len(wire.bodies)
    with pytest.raises(ModelError):
        await asker.whole(order())
    assert len(wire.bodies) == before + 1, "nothing is left to leave out"


# --- a server with little room ---


def turns(count: int) -> list[dict[str, str]]:
    said = [{"role": ("user", "assistant")[n % 2], "content": f"{n:04}" * 100} for n in range(2 * count + 1)]
    return [{"role": "system", "content": "rules"}, *said]


def test_what_fits_is_sent_whole() -> None:
    assert fitting(turns(4), 10_000) == turns(4)


def test_where_it_does_not_fit_the_oldest_turns_go_and_roles_still_take_turns() -> None:
    whole = turns(6)
    kept = fitting(whole, 600)
    assert 4 < len(kept) < len(whole)
    assert kept[:2] == whole[:2] and kept[2:] == whole[-(len(kept) - 2) :]
    assert [said["role"] for said in kept[1:]] == (["user", "assistant"] * len(kept))[: len(kept) - 1]
    assert sum(len(said["content"]) for said in kept) // 4 <= 600


def test_the_instructions_and_the_last_words_stay_however_little_room_there_is() -> None:
    whole = turns(6)
    assert fitting(whole, 0)[:1] == whole[:1] and fitting(whole, 0)[-1:] == whole[-1:]
    assert whole == turns(6), "what was given is not changed"


async def test_the_replys_own_room_is_kept_free() -> None:
    wire = Wire(says(EMPTY))
    asker = wire.asker("compat")
    asker.context = 1_000
    whole = turns(6)
    await asker.whole(Order(whole, Grade, 400))
    assert wire.bodies[0]["messages"] == fitting(whole, 600) != whole


# --- servers that answer in one piece ---


def in_one_piece(body: Body) -> httpx2.Response:
    """A server that knows nothing of streams."""
    choice = {"index": 0, "message": {"role": "assistant", "content": '{"findings": []}'}, "finish_reason": "stop", "logprobs": None}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage(40, 3)}
    return httpx2.Response(200, json=whole)


async def test_a_server_that_answers_in_one_piece_is_understood_and_asked_so_from_then_on() -> None:
    wire = Wire(in_one_piece)
    asker = wire.asker()
    first = await asker.whole(order())
    again = await asker.whole(order())
    assert first.value.findings == again.value.findings == []
    assert again.usage.input_tokens == 40
    assert [body["stream"] for body in wire.bodies] == [True, False, False]
    assert all("stream_options" not in body for body in wire.bodies[1:])
