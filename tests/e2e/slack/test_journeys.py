"""What people do on Slack, from a stranger's first command to the last word erased; over Socket Mode and over HTTP."""

from __future__ import annotations

import pytest

from tests.e2e.slack.conftest import Slackcoach, noted, said, whole
from tests.fakes.slack.server import FakeSlack

pytestmark = [pytest.mark.asyncio, pytest.mark.e2e]

ANSWER = (
    "I would put a queue between checkout and the tax service so that a slow answer never holds a thread of ours. "
    "Every call gets a timeout of 200 milliseconds, because the normal answer takes eighty. "
    "When it keeps failing I stop asking for a while and use the last known rate, and I mark the order for a later correction. "
    "An alarm on the ninety-ninth percentile tells us before customers do."
)


async def test_a_private_mock_from_the_form_to_the_debrief(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    assert (await ada.command("/mock", "", "general")).ok
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    assert form.body["title"]["text"] == "Mock interview"
    answer = await ada.submits(form, {"round": "api_data", "minutes": "5"})
    assert answer.ok, answer
    opening = await said(slack, "@ada", "Ready when you are")
    assert not slack.bot_messages("general"), "a private mock leaves no trace in the channel"
    await noted(slack, "ada", "in your direct messages")
    assert (await ada.presses(opening, "Start")).ok
    first = await said(slack, "@ada", "Ask me what you need to know", thread=opening.ts)
    for part in ("I assume three consumers: notifications, analytics and support.", "Writes go to a table keyed by order id."):
        await ada.says("dm", part, opening.ts)
    await ada.says("dm", "done", opening.ts)
    probe = await said(slack, "@ada", "", after=first.ts, thread=opening.ts)
    assert (await ada.presses(probe, "Hint")).ok
    hinted = await said(slack, "@ada", "", after=probe.ts, thread=opening.ts)
    assert (await ada.presses(hinted, "End")).ok
    debrief = await said(slack, "@ada", "Debrief ·", after=hinted.ts, thread=opening.ts)
    assert "not a grade" in whole(debrief)
    assert "Writes go to a table keyed by order id." in whole(debrief)


async def test_an_open_mock_in_the_channel_keeps_others_out_and_the_debrief_private(slack: FakeSlack, bot: Slackcoach) -> None:
    ada, bob = slack.user("ada"), slack.user("bob")
    assert (await ada.command("/mock", "5 open question:order-status-api", "general")).ok
    opening = await said(slack, "general", "Everybody here can read along")
    assert (await ada.presses(opening, "Start")).ok
    first = await said(slack, "general", "Order status", thread=opening.ts)
    await bob.says("general", "I would use a bigger machine.", opening.ts)
    await noted(slack, "bob", "mock")
    await ada.says("general", "I would key the writes by order id, because reads are one order at a time.", opening.ts)
    await ada.says("general", "done", opening.ts)
    probe = await said(slack, "general", "", after=first.ts, thread=opening.ts)
    assert (await bob.presses(probe, "Done")).ok
    await noted(slack, "bob", "somebody else's mock")
    await ada.says("general", "end", opening.ts)
    await said(slack, "@ada", "Debrief")
    assert not any("Debrief ·" in whole(message) for message in slack.bot_messages("general"))
    assert not any("bigger machine" in whole(message) for message in slack.bot_messages("@ada"))


async def test_a_daily_question_from_setup_to_the_reveal(slack: FakeSlack, bot: Slackcoach) -> None:
    ada, bob = slack.user("ada"), slack.user("bob")
    assert (await ada.command("/drill", "setup", "interviews")).ok
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    refused = await ada.submits(form, {"zone": "Mars/Olympus"})
    assert "Mars/Olympus" in refused.errors["zone"]
    assert (await ada.submits(form, {"zone": "Europe/Berlin"})).ok
    await said(slack, "interviews", "A daily question is set here")
    assert (await ada.command("/drill", "now", "interviews")).ok
    card = await said(slack, "interviews", "Daily question 1")
    await said(slack, "interviews", "Assumptions and trade-offs", thread=card.ts)
    assert (await bob.presses(card, "Answer privately")).ok
    form = await slack.wait_for(lambda: slack.view_of("bob"))
    assert (await bob.submits(form, {"text": ANSWER})).ok
    review = await said(slack, "@bob", "not a grade")
    await noted(slack, "bob", "in your direct messages")
    assert not any("ninety-ninth" in whole(message) for message in slack.bot_messages("interviews"))
    assert (await bob.feedback(review, "good")).ok
    await said(slack, "@bob", "Noted", after=review.ts)
    assert (await bob.presses(review, "Suggested bullets")).ok
    await said(slack, "@bob", "What a stronger answer includes", after=review.ts)
    assert (await bob.chooses(card, "Remind me", "Stop")).ok
    await noted(slack, "bob", "No more reminders")
    fact = await bob.says("interviews", f"{slack.bot.id and f'<@{slack.bot.id}>'} how many requests per second at peak?", card.ts)
    await slack.wait_for(
        lambda: len(slack.bot_messages("interviews", card.ts)) > 2 or any("clarifying" in whole(note) for note in slack.ephemerals("bob")),
        timeout=10,
    )
    assert fact


async def test_coaching_in_direct_messages(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    asked = await ada.says("dm", "question")
    question = await said(slack, "@ada", "Your answer goes only to you", thread=asked.ts)
    await ada.says("dm", ANSWER, asked.ts)
    review = await said(slack, "@ada", "not a grade", after=question.ts, thread=asked.ts)
    assert (await ada.presses(review, "Try again")).ok
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    assert (await ada.submits(form, {"text": "I would use a queue. It bounds the wait."})).ok
    await said(slack, "@ada", "Since the time before", after=review.ts, thread=asked.ts)
    await ada.says("dm", "hello?")
    await said(slack, "@ada", "Or type a command")


async def test_everything_goes_when_it_is_erased(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    asked = await ada.says("dm", "question")
    await said(slack, "@ada", "Your answer goes only to you", thread=asked.ts)
    await ada.says("dm", ANSWER, asked.ts)
    await said(slack, "@ada", "not a grade", thread=asked.ts)
    assert (await ada.command("/privacy", "export", "general")).ok
    await slack.wait_for(lambda: len(slack.files("@ada")) == 2, timeout=10)
    assert any(b"ninety-ninth" in file.content for file in slack.files("@ada"))
    assert (await ada.command("/privacy", "erase", "general")).ok
    ask = await noted(slack, "ada", "Yes, erase it")
    assert (await ada.presses(ask, "Yes, erase it")).ok
    await noted(slack, "ada", "Nothing about you is left")
    await bot.stop()
    assert b"ninety-ninth" not in bot.database.read_bytes()


async def test_coach_me_on_this(slack: FakeSlack, bot: Slackcoach) -> None:
    ada, bob = slack.user("ada"), slack.user("bob")
    await ada.says("dm", "question order-status-api")
    await ada.command("/question", "id:order-status-api", "general")
    await said(slack, "@ada", "Order status")
    message = await ada.says("general", ANSWER)
    assert (await bob.shortcut("coach_me", message)).ok
    await noted(slack, "bob", "somebody else's message")
    assert (await ada.shortcut("coach_me", message)).ok
    await said(slack, "@ada", "not a grade")


async def test_home_prompts_and_what_changes_them(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    await ada.opens_home("messages")
    await slack.wait_for(lambda: slack.prompts_of("ada"))
    await ada.clicks_prompt(0)
    await said(slack, "@ada", "Your answer goes only to you")
    await ada.opens_home()
    home = await slack.wait_for(lambda: slack.home_of("ada"))
    assert "Your next step" in str(home.blocks)
    assert (await ada.presses(home, "Change")).ok
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    assert (await ada.submits(form, {"level": "sde3"})).ok
    await slack.wait_for(lambda: "SDE III" in str((slack.home_of("ada") or home).blocks), timeout=10)


async def test_the_stop_button_of_slack_pauses_a_mock(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    await ada.command("/mock", "5 question:order-status-api", "general")
    opening = await said(slack, "@ada", "Ready when you are")
    await ada.presses(opening, "Start")
    await said(slack, "@ada", "Order status", thread=opening.ts)
    await ada.says("dm", "I would begin with the reads.", opening.ts)
    channel = slack.dm_of(ada.id).id
    session = await slack.wait_for(lambda: (found := slack.session_of(channel, opening.ts)) and found.status == "processing" and found)
    await ada.stops_agent(opening)
    await said(slack, "@ada", "The clock stands", thread=opening.ts)
    await slack.wait_for(lambda: session.status == "active")


async def test_joining_a_channel_says_one_line_and_losing_it_stops_the_question(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    slack.invite("random")
    await said(slack, "random", "Nothing will be posted until someone runs /drill setup.")
    await ada.command("/drill", "setup", "random")
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    assert (await ada.submits(form, {"zone": "Europe/Berlin"})).ok
    await said(slack, "random", "A daily question is set here")
    slack.archive("random")
    await said(slack, "@ada", "archived")


async def test_direct_messages_that_are_closed(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    slack.world.user("ada").refuses_dm = "user_not_visible"
    assert (await ada.command("/question", "id:order-status-api", "general")).ok
    stub = await noted(slack, "ada", "Show me")
    assert "Order status" not in whole(stub)
    assert (await ada.presses(stub, "Show me")).ok
    await noted(slack, "ada", "Order status")
    assert not slack.bot_messages("general")


async def test_coach_before_any_word_and_a_prefix(slack: FakeSlack, bot: Slackcoach) -> None:
    bob = slack.user("bob")
    assert (await bob.command("/coach", "guide screens", "general")).ok
    await noted(slack, "bob", "What Amazon screens for")
    assert (await bob.command("/coach", "frobnicate", "general")).ok
    await noted(slack, "bob", "frobnicate")
    assert (await bob.command("/progress", "", "general")).ok
