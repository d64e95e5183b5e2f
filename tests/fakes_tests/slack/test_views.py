"""Modals and the Home tab: triggers, the stack, validation, what people fill in, what the app answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.slack.delivery.outlet import TROUBLE
from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import Echo, actions, button, field, modal, section


class Forms:
    """Bolt that opens and answers modals as a test wants."""

    def __init__(self, echo: Echo) -> None:
        self.view: dict[str, Any] = modal(field("Name"))
        self.answer: dict[str, Any] = {}
        self.submitted: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.triggers: list[str] = []
        echo.app.command("/form")(self.open)
        echo.app.view("form")(self.submit)
        echo.app.view_closed("form")(self.close)
        echo.app.action("press")(self.press)

    async def open(self, ack: Any, body: Any, client: Any) -> None:
        await ack()
        self.triggers.append(body["trigger_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=self.view)

    async def submit(self, ack: Any, body: Any) -> None:
        self.submitted.append(body)
        await ack(**self.answer)

    async def close(self, ack: Any, body: Any) -> None:
        self.closed.append(body)
        await ack()

    async def press(self, ack: Any, body: Any) -> None:
        self.triggers.append(body["trigger_id"])
        await ack()


@pytest.fixture
async def forms(slack: FakeSlack, echo: Echo) -> AsyncIterator[Forms]:
    made = Forms(echo)
    async with echo.over_socket():
        yield made


async def opened(slack: FakeSlack, forms: Forms, *blocks: dict[str, Any], **more: Any) -> Any:
    if blocks:
        forms.view = modal(*blocks, **more)
    assert (await slack.user("ada").command("/form")).ok
    return await slack.wait_for(lambda: slack.view_of("ada"))


async def test_filled_in_and_sent_it_closes(slack: FakeSlack, forms: Forms) -> None:
    view = await opened(slack, forms, field("Name"), private_metadata="state")
    assert (await slack.user("ada").submits(view, {"Name": "a < b"})).ok
    assert slack.view_of("ada") is None
    sent = forms.submitted[0]
    assert sent["view"]["state"]["values"] == {"b": {"a": {"type": "plain_text_input", "value": "a < b"}}}
    assert sent["view"]["private_metadata"] == "state"
    assert sent["view"]["id"] == view.id


async def test_the_client_refuses_before_anything_is_sent(slack: FakeSlack, forms: Forms) -> None:
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "5", "max_value": "60"}
    minutes = {"type": "input", "block_id": "m", "label": {"type": "plain_text", "text": "Minutes"}, "element": number}
    await opened(slack, forms, field("Name", max_length=5, min_length=2), minutes, field("More", "c", "d", optional=True))
    ada = slack.user("ada")
    assert (await ada.submits()).errors == dict.fromkeys(("b", "m"), "Please complete this required field.")
    answer = await ada.submits(None, {"a": "much too long", "Minutes": 90})
    assert answer.errors == {"b": "Please enter no more than 5 characters.", "m": "Please enter a number between 5 and 60."}
    assert not answer.sent
    assert not forms.submitted
    assert (await ada.submits(None, {"a": "fine", "Minutes": 15})).ok


async def test_every_kind_of_input(slack: FakeSlack, forms: Forms) -> None:
    options = [{"text": {"type": "plain_text", "text": word}, "value": word.lower()} for word in ("One", "Two", "Three")]
    kinds: dict[str, tuple[dict[str, Any], Any, Any]] = {
        "static_select": ({"options": options}, "Two", options[1]),
        "radio_buttons": ({"options": options}, "three", options[2]),
        "checkboxes": ({"options": options}, ["One", "three"], [options[0], options[2]]),
        "multi_static_select": ({"options": options}, ["two"], [options[1]]),
        "users_select": ({}, "bob", slack.user("bob").id),
        "multi_users_select": ({}, ["bob", "cyd"], [slack.user("bob").id, slack.user("cyd").id]),
        "channels_select": ({}, "general", slack.channel("general").id),
        "conversations_select": ({}, "interviews", slack.channel("interviews").id),
        "datepicker": ({}, "2026-12-24", "2026-12-24"),
        "timepicker": ({}, "09:30", "09:30"),
        "datetimepicker": ({}, 1795510800, 1795510800),
        "email_text_input": ({}, "ada@acme.test", "ada@acme.test"),
        "url_text_input": ({}, "https://acme.test", "https://acme.test"),
    }
    blocks = [
        {
            "type": "input",
            "block_id": f"b-{kind}",
            "label": {"type": "plain_text", "text": kind},
            "element": {"type": kind, "action_id": kind, **more},
        }
        for kind, (more, _, _) in kinds.items()
    ]
    await opened(slack, forms, *blocks)
    assert (await slack.user("ada").submits(None, {kind: wanted for kind, (_, wanted, _) in kinds.items()})).ok
    values = forms.submitted[0]["view"]["state"]["values"]
    for kind, (_, _, expected) in kinds.items():
        (key,) = set(values[f"b-{kind}"][kind]) - {"type"}
        got = values[f"b-{kind}"][kind][key]
        if kind in ("static_select", "radio_buttons"):
            assert got["value"] == expected["value"]
        elif kind in ("checkboxes", "multi_static_select"):
            assert [one["value"] for one in got] == [one["value"] for one in expected]
        else:
            assert got == expected


async def test_the_apps_errors_leave_it_open(slack: FakeSlack, forms: Forms) -> None:
    view = await opened(slack, forms)
    forms.answer = {"response_action": "errors", "errors": {"b": "That name is taken."}}
    answer = await slack.user("ada").submits(view, {"a": "x"})
    assert answer.errors == view.errors == {"b": "That name is taken."}
    assert slack.view_of("ada") is view
    forms.answer = {"response_action": "errors", "errors": {"nowhere": "?"}}
    assert (await slack.user("ada").submits(view)).error == TROUBLE, "errors must name input blocks"


async def test_update_push_and_clear(slack: FakeSlack, forms: Forms) -> None:
    ada = slack.user("ada")
    first = await opened(slack, forms)
    forms.answer = {"response_action": "push", "view": modal(field("Second"), title="Second")}
    await ada.submits(first, {"a": "x"})
    second = slack.view_of("ada")
    assert second
    assert (second.previous, second.root) == (first.id, first.id)
    forms.answer = {"response_action": "update", "view": modal(field("Third"), title="Third")}
    await ada.submits(None, {"Second": "kept"})
    assert slack.view_of("ada") is second
    assert second.body["title"]["text"] == "Third"
    assert second.state["b"]["a"]["value"] == "kept", "the same block_id and action_id keep what was written"
    forms.answer = {"response_action": "push", "view": modal(field("Top"))}
    await ada.submits()
    assert len(slack.views_of("ada")) == 3
    assert (await ada.submits(None, {"a": "x"})).error == TROUBLE, "a fourth is one too many"
    forms.answer = {}
    await ada.submits()
    assert slack.view_of("ada") is second
    forms.answer = {"response_action": "clear"}
    await ada.submits()
    assert not slack.views_of("ada")


async def test_without_an_answer_it_stays_and_says_so(slack: FakeSlack, forms: Forms) -> None:
    slack.timing.ack = 0.05
    view = await opened(slack, forms, field("Name"), callback_id="unheard")
    assert (await slack.user("ada").submits(view, {"a": "x"})).error == TROUBLE
    assert slack.view_of("ada") is view


async def test_closing_is_told_only_where_it_was_asked_for(slack: FakeSlack, forms: Forms) -> None:
    await opened(slack, forms)
    assert await slack.user("ada").closes() == []
    await opened(slack, forms, field("Name"), notify_on_close=True)
    (answer,) = await slack.user("ada").closes(everything=True)
    assert answer.ok
    assert forms.closed[0]["is_cleared"]


async def test_a_trigger_is_good_once_and_for_three_seconds(slack: FakeSlack, forms: Forms, client: Any, fails: Any) -> None:
    await opened(slack, forms)
    await fails("exchanged_trigger_id", client.views_open(trigger_id=forms.triggers[0], view=modal(field("x"))))
    await fails("invalid_trigger_id", client.views_open(trigger_id="made.up", view=modal(field("x"))))
    message_ts = (await client.chat_postMessage(channel=slack.user("ada").id, text="x", blocks=[actions(button())]))["ts"]
    await slack.user("ada").presses(slack.dm_of("ada").messages[message_ts], "press")
    slack.clock.advance(3.1)
    await fails("expired_trigger_id", client.views_open(trigger_id=forms.triggers[-1], view=modal(field("x"))))


async def test_views_update_by_id_or_external_id_with_a_hash(slack: FakeSlack, forms: Forms, client: Any, fails: Any) -> None:
    view = await opened(slack, forms, field("Name"), external_id="mine")
    stale = view.hash
    await client.views_update(external_id="mine", view=modal(section("now this"), external_id="mine"))
    assert view.blocks[0]["text"]["text"] == "now this"
    await fails("hash_conflict", client.views_update(view_id=view.id, hash=stale, view=modal(field("x"))))
    await client.views_update(view_id=view.id, hash=view.hash, view=modal(field("x")))
    await slack.user("ada").closes()
    await fails("not_found", client.views_update(view_id=view.id, view=modal(field("x"))))


async def test_views_push_needs_a_trigger_from_a_modal(slack: FakeSlack, forms: Forms, client: Any, fails: Any) -> None:
    view = await opened(slack, forms, actions(button()))
    await slack.user("ada").presses(view, "press")
    payload = slack.deliveries("block_actions")[-1].payload
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert "channel" not in payload
    assert "response_url" not in payload
    pushed = await client.views_push(trigger_id=forms.triggers[-1], view=modal(section("more")))
    assert pushed["view"]["previous_view_id"] == view.id
    await slack.user("ada").closes()
    await slack.user("ada").presses(view, "press")
    await slack.user("ada").closes()
    await fails("not_found", client.views_push(trigger_id=forms.triggers[-1], view=modal(section("more"))))


async def test_the_home_tab(slack: FakeSlack, forms: Forms, client: Any, fails: Any) -> None:
    ada = slack.user("ada")
    home = {"type": "home", "blocks": [section("Your streak"), actions(button())]}
    answer = await client.views_publish(user_id=ada.id, view=home)
    shown = slack.home_of("ada")
    assert shown
    assert shown.blocks[0]["text"]["text"] == "Your streak"
    assert slack.home_of("bob") is None
    await fails("hash_conflict", client.views_publish(user_id=ada.id, view=home, hash="0.0"))
    await client.views_publish(user_id=ada.id, view=home, hash=answer["view"]["hash"])
    await ada.presses(shown, "press")
    assert slack.deliveries("block_actions")[-1].payload["view"]["type"] == "home"
    await ada.opens_home()
    assert slack.deliveries("app_home_opened")[-1].payload["event"]["view"]["id"] == shown.id
    slack.app.home_tab = False
    await fails("not_enabled", client.views_publish(user_id=ada.id, view=home))


@pytest.mark.parametrize(
    ("view", "line"),
    [
        ({"type": "modal", "title": {"type": "plain_text", "text": "x"}}, "missing required field: blocks [json-pointer:/view]"),
        (modal(section("x"), title="x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(section("x"), private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(*[section("x")] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(field("x"), submit=None), "missing required field: submit [json-pointer:/view]"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
        (modal(field("x", max_length=3001)), "must be less than 3001 [json-pointer:/view/blocks/0/element/max_length]"),
        (
            modal(field("x", max_length=3, initial_value="abcd")),
            "must be less than 4 characters [json-pointer:/view/blocks/0/element/initial_value]",
        ),
        (modal(field("x", "same"), field("y", "same")), "`block_id` same already exists [json-pointer:/view/blocks/1/block_id]"),
        ({"type": "home", "blocks": []}, "must be one of: modal [json-pointer:/view/type]"),
    ],
)
async def test_views_that_are_none(slack: FakeSlack, client: Any, fails: Any, view: dict[str, Any], line: str) -> None:
    trigger = slack.world.trigger(slack.user("ada").id, slack.team.id, slack.app.id)
    data = await fails("invalid_arguments", client.views_open(trigger_id=trigger, view=view))
    assert f"[ERROR] {line}" in data["response_metadata"]["messages"]
