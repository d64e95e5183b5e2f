"""What the doctor says of a server."""

from __future__ import annotations

import socket

import pytest

from adapters.openai.doctor import THEN, Line, examine
from adapters.openai.profiles import PROFILES, Name
from tests.fakes.openai.errors import no_such_model
from tests.fakes.openai.faults import Down, Fault, NoUsage, Quota, Refusal, Refuses, WrongShape
from tests.fakes.openai.plan import Plan
from tests.fakes.openai.request import Request
from tests.fakes.openai.server import FakeOpenAI

READY = {"follow_up": "The queue is empty.", "about": "", "facts": [], "findings": []}


async def lines(
    server: FakeOpenAI, *, key: str | None = None, name: str = "gpt-6-luna", profile: Name = "openai", prices: str | None = None
) -> list[Line]:
    return [line async for line in examine(server.url, key or server.key, name, PROFILES[profile], prices)]


def states(found: list[Line]) -> list[str]:
    return [line.state for line in found]


def words(found: list[Line]) -> str:
    return "\n".join(line.what for line in found)


async def test_a_good_server_is_all_well(server: FakeOpenAI) -> None:
    server.says(READY)
    found = await lines(server)
    assert states(found) == ["ok"] * 4
    assert found[0].what == "asked at 127.0.0.1, as OpenAI"
    assert "holds a reply to its schema" in words(found) and "counts its tokens" in words(found)
    assert len(server.requests) == 1


async def test_a_compatible_server_is_told_how_much_context_a_mock_needs(server: FakeOpenAI) -> None:
    server.says(READY)
    found = await lines(server, name="my-own", profile="compat", prices="0/0/0")
    assert states(found) == ["ok"] * 4 + ["off"]
    assert "a compatible server" in found[0].what and "8,192" in found[-1].what


async def test_unknown_prices_are_a_warning_with_what_to_set(server: FakeOpenAI) -> None:
    server.says(READY)
    found = await lines(server, name="my-own")
    assert [line.state for line in found if "prices" in line.what] == ["warn"]
    assert any("OPENAI_PRICES" in line.then for line in found)


async def test_a_server_without_json_schema_is_a_warning(server: FakeOpenAI) -> None:
    server.says(READY)
    server.always = Refuses("response_format.json_schema")
    found = await lines(server)
    assert [line.what for line in found if line.state == "warn"] == [
        "takes no JSON schema: it is asked for json_object, and its shape is checked here"
    ]


async def test_a_server_that_does_not_count_is_a_warning(server: FakeOpenAI) -> None:
    server.says(READY)
    server.always = NoUsage()
    found = await lines(server)
    assert states(found) == ["ok", "ok", "ok", "warn"] and "estimated" in found[-1].what


async def test_what_it_refuses_is_named(server: FakeOpenAI) -> None:
    server.says(READY)
    server.always = Refuses("verbosity")
    found = await lines(server)
    assert found[-1] == Line("off", "refuses verbosity: left out from now on")


async def test_a_second_try_is_told(server: FakeOpenAI) -> None:
    server.says("Sure!", READY)
    assert "needed a second try for the schema" in words(await lines(server))


async def test_a_wrong_key_is_told_and_not_repeated(server: FakeOpenAI) -> None:
    found = await lines(server, key="sk-not-this-one")
    assert found[1:] == [Line("bad", "refuses our key", THEN["key"])]
    assert "sk-not-this-one" not in repr(found)


class NoSuchModel(Fault):
    """The server does not have this model."""

    def change(self, plan: Plan, request: Request) -> None:
        plan.failure = no_such_model(request.model)


@pytest.mark.parametrize("wrong", ["model", "address"])
async def test_an_unknown_model_is_told_and_so_is_a_wrong_address(server: FakeOpenAI, wrong: str) -> None:
    server.always = NoSuchModel() if wrong == "model" else None
    server.url = server.url.removesuffix("/v1") if wrong == "address" else server.url
    found = await lines(server)
    assert found[1:] == [Line("bad", "not known at this address", THEN["name"])]


async def test_where_nothing_listens_there_is_no_answer() -> None:
    with socket.socket() as held:  # bound, and never listened on
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        found = [line async for line in examine(url, "k", "m", PROFILES["compat"], None)]
    assert found[1:] == [Line("bad", "no answer", THEN["away"])]


@pytest.mark.parametrize(
    ("fault", "kind", "what"),
    [
        (Quota(), "quota", "no credit left"),
        (Refusal(), "refused", "declined"),
        (WrongShape(), "garbled", "its reply could not be read"),
        (Down(), "away", "no answer"),
    ],
)
async def test_other_troubles_have_a_line_and_what_to_do(server: FakeOpenAI, fault: Fault, kind: str, what: str) -> None:
    server.always = fault
    found = await lines(server)
    assert found[1:] == [Line("bad", what, next(then for name, then in THEN.items() if name == kind))]
