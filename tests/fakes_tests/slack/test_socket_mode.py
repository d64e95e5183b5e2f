"""Socket Mode with the real Bolt: envelopes, acknowledgements, redelivery, disconnects."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_bolt.response import BoltResponse

from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import Echo


async def test_a_message_reaches_the_app_once_and_is_acknowledged(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_socket():
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.bot_messages("general"))
        await slack.settled()
    first = slack.deliveries("message")[0]
    assert first.acked
    assert first.outcomes == ["acked"]
    assert echo.texts() == ["hello"]
    assert echo.retries == [(["0"], [""])]


async def test_f_a_lost_ack_means_the_same_event_in_a_new_envelope(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_socket():
        slack.faults.lose_ack()
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: len(echo.heard) == 2)
        await slack.settled()
    assert echo.heard[0]["event_id"] == echo.heard[1]["event_id"]
    assert echo.retries == [(["0"], [""]), (["1"], ["timeout"])]
    delivery = slack.deliveries("message")[0]
    assert delivery.acked
    assert len({one.envelope_id for one in delivery.attempts}) == 2
    assert len(slack.bot_messages("general")) == 2, "this naive bot posts twice"


async def test_h_an_event_without_a_listener_gets_no_ack_and_three_redeliveries(slack: FakeSlack, echo: Echo) -> None:
    slack.timing.ack = 0.05
    async with echo.over_socket():
        await slack.user("ada").opens_home()
        delivery = slack.deliveries("app_home_opened")[0]
        await slack.wait_for(lambda: len(delivery.attempts) == 2)
        await slack.passes(60)
        await slack.wait_for(lambda: len(delivery.attempts) == 3)
        await slack.passes(299)
        assert len(delivery.attempts) == 3, "the last one waits five minutes"
        await slack.passes(1)
        await slack.wait_for(lambda: delivery.over)
    assert [one.number for one in delivery.attempts] == [0, 1, 2, 3]
    assert not delivery.acked


async def test_an_error_in_a_middleware_is_no_ack_then_it_succeeds(slack: FakeSlack, echo: Echo) -> None:
    slack.timing.ack = 0.1
    failures = [1]

    @echo.app.middleware
    async def inbox(next_: object, next: object) -> BoltResponse | None:
        if failures:
            failures.pop()
            return BoltResponse(status=500, body="")
        return await next()  # type: ignore[operator, no-any-return]

    async with echo.over_socket():
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.deliveries("message")[0].acked)
    assert len(slack.deliveries("message")[0].attempts) == 2


async def test_a_late_acknowledgement_counts_for_nothing(slack: FakeSlack) -> None:
    slack.timing.ack = 0.05
    late = Echo(slack, process_before_response=True)

    @late.app.middleware
    async def slow(next: object) -> None:
        await asyncio.sleep(0.1)
        await next()  # type: ignore[operator]

    async with late.over_socket():
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.deliveries("message")[0].outcomes[:2] == ["timeout", "timeout"])
        await slack.wait_for(lambda: slack.complaints)
    assert "not waiting" in slack.complaints[0]


async def test_i_one_event_in_two_envelopes_at_once(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_socket():
        slack.faults.twin()
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: len(slack.bot_messages("general")) == 2)
    assert len({body["event_id"] for body in echo.heard}) == 1


async def test_the_durable_inbox_keeps_three_copies_to_one_row(slack: FakeSlack, echo: Echo) -> None:
    rows: set[str] = set()

    @echo.app.middleware
    async def inbox(body: dict[str, object], next: object) -> BoltResponse:
        rows.add(f"{body['team_id']}:{body['event_id']}")
        return BoltResponse(status=200, body="")

    async with echo.over_socket():
        slack.faults.twin()
        slack.faults.lose_ack()
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: sum(len(one.attempts) for one in slack.deliveries("message")) == 3)
        await slack.wait_for(lambda: all(one.acked for one in slack.deliveries("message")))
    assert len(rows) == 1


async def test_e_a_refresh_is_clean_and_what_is_said_meanwhile_arrives(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_socket():
        await slack.disconnects("refresh_requested")
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.bot_messages("general"))
        await slack.connected()
    assert len(slack.calls("apps.connections.open")) == 2
    assert echo.texts() == ["hello"]


async def test_a_warning_leaves_the_socket_usable_until_it_goes(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.url(slack.app.id)) as ws:
        assert (await ws.receive_json())["type"] == "hello"
        await slack.disconnects("warning")
        assert await ws.receive_json() == {"type": "disconnect", "reason": "warning", "debug_info": {"host": "applink-fake-1"}}
        await slack.user("ada").says("general", "hello")
        envelope = await ws.receive_json()
        assert envelope["type"] == "events_api"
        await ws.send_json({"envelope_id": envelope["envelope_id"]})
        await slack.wait_for(lambda: slack.deliveries("message")[0].acked)
        slack.clock.advance(10)
        assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_k_after_a_tcp_reset_the_app_comes_back(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_socket():
        assert slack.sockets.kill() == 1
        await slack.connected()
        await slack.user("ada").says("general", "hello")
        await slack.wait_for(lambda: slack.bot_messages("general"))


async def test_what_was_under_way_when_the_socket_died_comes_again(slack: FakeSlack, echo: Echo) -> None:
    held = asyncio.Event()

    @echo.app.middleware
    async def slow(next: object) -> None:
        if not held.is_set():
            held.set()
            await asyncio.sleep(0.2)
        await next()  # type: ignore[operator]

    async with echo.over_socket():
        await slack.user("ada").says("general", "hello")
        await held.wait()
        slack.sockets.kill()
        await slack.wait_for(lambda: slack.deliveries("message")[0].acked)
    assert len(slack.deliveries("message")[0].attempts) == 2


async def test_each_payload_goes_to_any_one_of_several_sockets(slack: FakeSlack, echo: Echo) -> None:
    slack.limits.on = False
    async with echo.over_socket(3):
        for n in range(9):
            await slack.user("ada").says("general", f"m{n}")
        await slack.wait_for(lambda: len(slack.bot_messages("general")) == 9)
    assert sorted(echo.texts()) == [f"m{n}" for n in range(9)]


async def test_the_eleventh_socket_is_one_too_many(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(slack.sockets.url(slack.app.id)) for _ in range(11)]
        hellos = [await one.receive_json() for one in sockets]
        assert [one["type"] for one in hellos] == ["hello"] * 10 + ["disconnect"]
        assert hellos[9]["num_connections"] == 10
        assert hellos[10]["reason"] == "too_many_websockets"
        assert hellos[0]["connection_info"] == {"app_id": slack.app.id}
        for one in sockets:
            await one.close()


async def test_a_ticket_is_good_once(slack: FakeSlack) -> None:
    url = slack.sockets.url(slack.app.id)
    async with aiohttp.ClientSession() as session:
        ws = await session.ws_connect(url)
        try:
            await session.ws_connect(url)
        except aiohttp.WSServerHandshakeError as error:
            assert error.status == 404
        await ws.close()


async def test_events_can_be_held_and_let_go_in_another_order(slack: FakeSlack, echo: Echo) -> None:
    async with echo.over_socket():
        slack.hold()
        for text in ("one", "two", "three"):
            await slack.user("ada").says("general", text)
        assert slack.release() == 3
        await slack.wait_for(lambda: len(echo.heard) == 3)
    assert echo.texts() == ["three", "two", "one"]


async def test_pings_are_answered_both_ways(slack: FakeSlack) -> None:
    slack.timing.ping = 0.01
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.url(slack.app.id), autoping=False) as ws:
        await ws.receive_json()
        ping = await ws.receive()
        assert ping.type is aiohttp.WSMsgType.PING
        assert ping.data == b"Ping from applink-fake-1"
        await ws.ping(b"sdk-ping-pong:1")
        while (frame := await ws.receive()).type is aiohttp.WSMsgType.PING:
            pass
        assert frame.type is aiohttp.WSMsgType.PONG


async def test_an_ack_that_nobody_waits_for_is_noted(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(slack.sockets.url(slack.app.id)) as ws:
        await ws.receive_json()
        await ws.send_json({"envelope_id": "unknown"})
        await slack.wait_for(lambda: slack.complaints)
    assert "acknowledged an envelope" in slack.complaints[0]


async def test_without_a_socket_a_person_sees_an_error_and_an_event_is_tried_again(slack: FakeSlack, echo: Echo) -> None:
    slack.timing.ack = 0.05
    answer = await slack.user("ada").command("/mock", "api")
    assert "operation_timeout" in answer.error
    await slack.user("ada").says("general", "anybody there?")
    await slack.wait_for(lambda: len(slack.deliveries("message")[0].attempts) == 2)
    await slack.wait_for(lambda: slack.deliveries("message")[0].outcomes[1] == "timeout")
    async with echo.over_socket():
        slack.timing.ack = 3.0
        slack.clock.advance(60)
        await slack.wait_for(lambda: slack.deliveries("message")[0].acked)
