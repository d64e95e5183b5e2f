"""Presses, choices, commands, shortcuts and response URLs, with the real Bolt over Socket Mode."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack.server import FakeSlack
from tests.fakes_tests.slack.bolt import Echo, actions, button, section

OPTIONS = [{"text": {"type": "plain_text", "text": word.title()}, "value": word} for word in ("easy", "hard")]
SELECT = {"type": "static_select", "action_id": "level", "placeholder": {"type": "plain_text", "text": "Level"}, "options": OPTIONS}
FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "rate",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "rate 1 yes"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "rate 1 no"},
        }
    ],
}


async def posted(slack: FakeSlack, client: Any, *blocks: dict[str, Any], channel: str = "general") -> Any:
    answer = await client.chat_postMessage(channel=slack.channel(channel).id, text="Choose", blocks=list(blocks))
    return slack.channel(channel).messages[answer["ts"]]


def last(slack: FakeSlack, type: str = "block_actions") -> dict[str, Any]:
    return slack.deliveries(type)[-1].payload


@pytest.fixture
async def acting(slack: FakeSlack, echo: Echo) -> Any:
    """Bolt that acknowledges every press, shortcut and command."""

    @echo.app.action(re.compile(""))
    async def press(ack: Any) -> None:
        await ack()

    @echo.app.shortcut("coach_me")
    async def shortcut(ack: Any) -> None:
        await ack()

    @echo.app.command("/x")
    async def command(ack: Any) -> None:
        await ack()

    echo.answering = False
    async with echo.over_socket():
        yield echo


@pytest.mark.parametrize("name", ["press", "Press", "start 1"])
async def test_a_button_is_found_by_id_label_or_value(slack: FakeSlack, client: Any, acting: Echo, name: str) -> None:
    message = await posted(slack, client, section("hello"), actions(button(value="start 1", style="primary")))
    assert (await slack.user("ada").presses(message, name)).ok
    payload = last(slack)
    assert payload["actions"][0] | {"action_ts": "", "block_id": ""} == {
        "action_id": "press",
        "block_id": "",
        "type": "button",
        "text": {"type": "plain_text", "text": "Press", "emoji": True},
        "value": "start 1",
        "style": "primary",
        "action_ts": "",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": slack.channel("general").id,
        "is_ephemeral": False,
    }
    assert payload["channel"]["name"] == "general"
    assert payload["message"]["ts"] == message.ts
    assert payload["user"]["id"] == slack.user("ada").id


async def test_in_a_direct_message_the_channel_is_called_so(slack: FakeSlack, client: Any, acting: Echo) -> None:
    await client.chat_postMessage(channel=slack.user("ada").id, text="Choose", blocks=[actions(button())])
    message = slack.messages("@ada")[0]
    await slack.user("ada").presses(message, "press")
    assert last(slack)["channel"] == {"id": slack.dm_of("ada").id, "name": "directmessage"}
    await slack.user("ada").command("/x", channel="leads")
    assert last(slack, "/x")["channel_name"] == "privategroup"


async def test_nothing_by_that_name(slack: FakeSlack, client: Any, acting: Echo) -> None:
    message = await posted(slack, client, actions(button()))
    with pytest.raises(AssertionError, match="there is"):
        await slack.user("ada").presses(message, "Stop")


async def test_a_button_that_asks_back(slack: FakeSlack, client: Any, acting: Echo) -> None:
    words = {name: {"type": "plain_text", "text": name} for name in ("title", "text", "confirm", "deny")}
    message = await posted(slack, client, actions(button(confirm=words)))
    assert not (await slack.user("ada").presses(message, "press", confirm=False)).sent
    assert (await slack.user("ada").presses(message, "press")).ok


async def test_menus_and_what_is_chosen_stays_in_the_state(slack: FakeSlack, client: Any, acting: Echo) -> None:
    overflow = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    message = await posted(slack, client, actions(SELECT, overflow, button()))
    await slack.user("ada").chooses(message, "level", "Hard")
    assert last(slack)["actions"][0]["selected_option"]["value"] == "hard"
    await slack.user("ada").chooses(message, "more", "easy")
    assert last(slack)["actions"][0]["type"] == "overflow"
    await slack.user("ada").presses(message, "press")
    (values,) = last(slack)["state"]["values"].values()
    assert values["level"]["selected_option"]["value"] == "hard"


async def test_feedback(slack: FakeSlack, client: Any, acting: Echo) -> None:
    message = await posted(slack, client, section("An answer"), FEEDBACK)
    await slack.user("ada").feedback(message, "good")
    assert last(slack)["actions"][0]["value"] == "rate 1 yes"
    await slack.user("ada").feedback(message, "bad")
    action = last(slack)["actions"][0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "rate 1 no")


async def test_an_ephemeral_message_is_pressed_without_its_text(slack: FakeSlack, client: Any, acting: Echo) -> None:
    general = slack.channel("general").id
    await client.chat_postEphemeral(channel=general, user=slack.user("bob").id, text="Psst", blocks=[actions(button())])
    (message,) = slack.ephemerals("bob")
    await slack.user("bob").presses(message, "press")
    payload = last(slack)
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    hook = AsyncWebhookClient(payload["response_url"])
    await hook.send_dict({"delete_original": True})
    assert not slack.ephemerals("bob")
    with pytest.raises(AssertionError):
        await slack.user("bob").presses(message, "press")


async def test_commands(slack: FakeSlack, echo: Echo) -> None:
    @echo.app.command("/mock")
    async def mock(ack: Any, body: Any) -> None:
        if body["text"] == "public":
            await ack(response_type="in_channel", text="for all")
        elif body["text"] == "bad":
            await ack(blocks=[{"type": "nonsense"}])
        else:
            await ack(f"heard {body['text']}")

    async with echo.over_socket():
        ada = slack.user("ada")
        assert (await ada.command("/mock", " a < b ", "random")).ok
        assert slack.ephemerals("ada")[0].text == "heard a &lt; b"
        assert (await ada.command("/mock", "public")).ok
        assert slack.messages("general")[0].text == "for all"
        assert "invalid_blocks" in (await ada.command("/mock", "bad")).error
        refused = await ada.command("/mock", "", thread_ts=slack.messages("general")[0].ts)
        assert (refused.error, refused.sent) == ("/mock is not supported in threads. Sorry!", False)
        slack.timing.ack = 0.05
        assert "operation_timeout" in (await ada.command("/unheard")).error
    assert len(slack.deliveries("/unheard")[0].attempts) == 1, "commands are not sent again"


async def test_a_message_shortcut(slack: FakeSlack, acting: Echo) -> None:
    message = await slack.user("bob").says("general", "my story")
    assert (await slack.user("ada").shortcut("coach_me", message)).ok
    payload = last(slack, "message_action")
    assert (payload["callback_id"], payload["message"]["text"], payload["message_ts"]) == ("coach_me", "my story", message.ts)
    assert payload["response_url"]


async def test_a_response_url_is_private_unless_it_says_otherwise(slack: FakeSlack, client: Any, acting: Echo) -> None:
    message = await posted(slack, client, actions(button()))
    await slack.user("ada").presses(message, "press")
    hook = AsyncWebhookClient(last(slack)["response_url"])
    assert (await hook.send(text="only you")).status_code == 200
    assert slack.ephemerals("ada")[0].text == "only you"
    await hook.send(text="all of you", response_type="in_channel")
    assert slack.bot_messages("general")[-1].text == "all of you"
    await hook.send(text="instead", replace_original=True)
    assert slack.channel("general").messages[message.ts].text == "instead"
    await hook.send(delete_original=True)
    assert message.ts not in slack.channel("general").messages
    assert (await hook.send(text="the fifth")).status_code == 200
    spent = await hook.send(text="the sixth")
    assert (spent.status_code, spent.body) == (404, '{"ok": false, "error": "used_url"}')


async def test_a_response_url_lives_thirty_minutes(slack: FakeSlack, client: Any, acting: Echo) -> None:
    message = await posted(slack, client, actions(button()))
    await slack.user("ada").presses(message, "press")
    url = last(slack)["response_url"]
    slack.clock.advance(1801)
    assert "expired_url" in (await AsyncWebhookClient(url).send(text="late")).body


async def test_a_fault_may_hit_a_response_url(slack: FakeSlack, client: Any, acting: Echo) -> None:
    message = await posted(slack, client, actions(button()))
    await slack.user("ada").presses(message, "press")
    slack.faults.drop("response_url", after=True)
    with pytest.raises(aiohttp.ClientError):
        async with aiohttp.ClientSession() as session:
            await session.post(last(slack)["response_url"], json={"text": "gone?"})
    assert slack.ephemerals("ada")[0].text == "gone?"
