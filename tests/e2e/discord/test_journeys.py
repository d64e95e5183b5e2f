"""What people do on Discord, from a stranger's first command to the last word erased; with the message-content intent and without."""

from __future__ import annotations

import pytest

from tests.e2e.discord.conftest import Discordcoach
from tests.fakes.discord.core.models import Channel, Message

pytestmark = [pytest.mark.asyncio, pytest.mark.e2e]

ANSWER = (
    "I would put a queue between checkout and the tax service so that a slow answer never holds a thread of ours. "
    "Every call gets a timeout of 200 milliseconds, because the normal answer takes eighty. "
    "When it keeps failing I stop asking for a while and use the last known rate, and I mark the order for a later correction. "
    "An alarm on the ninety-ninth percentile tells us before customers do."
)


async def answer(bot: Discordcoach, thread: Channel, question: Message, *parts: str) -> None:
    """As one does it there: in several messages where the bot may read them, else in the form."""
    if bot.reads or thread.guild is None:
        for part in parts:
            await bot.ada.says(thread, part)
        await bot.ada.says(thread, "done")
        return
    shown = await bot.ada.presses(question, "Answer")
    assert shown.modal is not None, shown
    await bot.ada.submits(shown, {"text": "\n".join(parts)})


async def test_a_private_mock_from_the_form_to_the_debrief(bot: Discordcoach) -> None:
    ada, channel = bot.ada, bot.channel
    shown = await ada.slash("mock", channel=channel)
    assert shown.modal is not None
    assert shown.modal.title == "Mock interview"
    sent = await ada.submits(shown, {"round": "api_data", "minutes": "5"})
    thread = await bot.thread(channel, "Mock: API and data, 5 min")
    assert not bot.bob.sees(thread)
    opening = await bot.hears(thread, "Ready when you are")
    assert "in a thread of its own, only for you" in (await sent.answered()).text
    assert sent.ephemeral
    assert not bot.fake.messages(channel, by_bot=True), "a private mock leaves no trace in the channel"
    pressed = await ada.presses(opening, "Start")
    first = await bot.hears(thread, "Ask me what you need to know")
    assert not pressed.messages, "a press that says nothing in private leaves no trace"
    await answer(
        bot, thread, first, "I assume three consumers: notifications, analytics and support.", "Writes go to a table keyed by order id."
    )
    probe = await bot.hears(thread, "", after=first.id)
    await ada.presses(probe, "Hint")
    hinted = await bot.hears(thread, "", after=probe.id)
    asked = await ada.presses(hinted, "End")
    assert "End it here and see the debrief?" in asked.text
    await ada.presses(asked.message, "End")
    debrief = await bot.hears(thread, "Debrief ·", after=hinted.id)
    assert "not a grade" in debrief.text
    assert "Writes go to a table keyed by order id" in debrief.text.replace("\\", "")
    await bot.fake.until(lambda: not asked.messages, 5, "the question to vanish")


async def test_an_open_mock_keeps_others_out_and_the_debrief_private(bot: Discordcoach) -> None:
    ada, bob, channel = bot.ada, bot.bob, bot.channel
    shown = await ada.slash("mock", {"minutes": 5, "where": "open", "question": "order-status-api"}, channel)
    opening = await bot.hears(channel, "Everybody here can read along")
    thread = await bot.thread(channel)
    assert thread.id == opening.id
    await bot.fake.until(lambda: not shown.messages, 5, "“thinking…” to go")
    await ada.presses(opening, "Start")
    first = await bot.hears(thread, "Order status")
    await bob.says(thread, "I would use a bigger machine.")
    if bot.reads:
        await ada.says(thread, "I would key the writes by order id, because reads are one order at a time.")
        await ada.says(thread, "done")
    else:
        await ada.says(thread, "I would key the writes by order id, because reads are one order at a time.", reply_to=first)
        await ada.says(thread, "done", reply_to=first)
    probe = await bot.hears(thread, "", after=first.id)
    await bob.presses(probe, "Done")
    await bot.whispered(bob, "somebody else's mock")
    await (ada.says(thread, "end") if bot.reads else ada.says(thread, "end", reply_to=probe))
    debrief = await bot.hears(ada.dm, "Debrief ·")
    assert "bigger machine" not in debrief.text
    assert not any("Debrief ·" in each.text for each in bot.fake.messages(thread, by_bot=True))
    assert not bot.fake.messages(bob.dm, by_bot=True), "nobody is written to who did not speak to us"


async def test_a_mock_in_direct_messages_stays_there(bot: Discordcoach) -> None:
    ada = bot.ada
    await ada.says(None, "mock 5 question:order-status-api")
    opening = await bot.hears(ada.dm, "Ready when you are")
    await ada.presses(opening, "Start")
    first = await bot.hears(ada.dm, "Order status")
    await ada.says(None, "I would key the writes by order id, because nearly every read is one order.")
    await ada.says(None, "time")
    await bot.hears(ada.dm, "left of 5 minutes")
    await ada.says(None, "done")
    probe = await bot.hears(ada.dm, "", after=first.id)
    assert probe
    await ada.says(None, "end")
    await bot.hears(ada.dm, "Debrief ·")
    assert not bot.fake.threads(bot.channel)


async def test_a_daily_question_from_setup_to_the_answer(bot: Discordcoach) -> None:
    owner, ada, channel = bot.fake.owner, bot.ada, bot.channel
    shown = await owner.slash("drill setup", channel=channel)
    assert shown.ephemeral
    assert "Next:" in shown.text
    opened = await owner.presses(shown.message, "Change")
    assert opened.modal is not None
    assert list(opened.modal.fields) == ["Days", "Time", "Reveal of the suggested answer", "Time zone"]
    await owner.submits(opened, {"zone": "Mars/Olympus"})
    await bot.fake.until(lambda: "Mars/Olympus" in shown.text and "has to change" in shown.text, 5)
    refused = await owner.presses(shown.message, "Start")
    await bot.fake.until(lambda: refused.acked, 5)
    assert "has to change" in shown.text
    opened = await owner.presses(shown.message, "Change")
    await owner.submits(opened, {"zone": "Europe/Berlin", "time": "08:30"})
    await bot.fake.until(lambda: "has to change" not in shown.text and "08:30" in shown.text, 5)
    await owner.presses(shown.message, "Start")
    await bot.hears(channel, "A daily question is set here: weekdays at 08:30")
    await bot.whispered(owner, "**When**  weekdays at 08:30")
    await owner.slash("drill now", channel=channel)
    card = await bot.hears(channel, "Daily question 1")
    thread = await bot.thread(channel, "Daily question 1")
    assert thread.id == card.id
    await bot.hears(thread, "Assumptions and trade-offs")
    pressed = await ada.presses(card, "Answer privately")
    assert pressed.modal is not None
    assert pressed.modal.text
    sent = await ada.submits(pressed, {"text": ANSWER})
    review = await bot.hears(ada.dm, "not a grade")
    assert "in your direct messages" in (await sent.answered()).text
    assert not any("ninety-ninth" in each.text for each in bot.fake.messages(channel, by_bot=True))
    await ada.presses(review, "Helpful")
    await bot.whispered(ada, "Noted")
    await ada.presses(review, "Suggested bullets")
    await bot.hears(ada.dm, "What a stronger answer includes", after=review.id)
    await ada.selects(card, "Stop", "Remind me")
    await bot.whispered(ada, "No more reminders")
    await ada.says(thread, f"<@{bot.fake.bot.id}> how many requests per second at peak?")
    await bot.fake.until(lambda: len(bot.fake.messages(thread, by_bot=True)) > 1, 10, "a clarifying answer")


async def test_coaching_in_direct_messages(bot: Discordcoach) -> None:
    ada = bot.ada
    shown = await ada.slash("question", {"id": "order-status-api"}, bot.channel)
    question = await bot.hears(ada.dm, "Your answer goes only to you")
    await bot.fake.until(lambda: "It is in your direct messages" in shown.text, 5)
    await ada.says(None, ANSWER)
    review = await bot.hears(ada.dm, "not a grade", after=question.id)
    opened = await ada.presses(review, "Try again")
    assert opened.modal is not None
    await ada.submits(opened, {"text": "I would use a queue. It bounds the wait."})
    await bot.hears(ada.dm, "Since the time before", after=review.id)
    await ada.says(None, "hello?")
    await bot.hears(ada.dm, "Or type a command")


async def test_everything_goes_when_it_is_erased(reading_bot: Discordcoach) -> None:
    bot, ada = reading_bot, reading_bot.ada
    await ada.says(None, "question")
    await bot.hears(ada.dm, "Your answer goes only to you")
    await ada.says(None, ANSWER)
    await bot.hears(ada.dm, "not a grade")
    await ada.slash("privacy export", channel=bot.channel)
    await bot.fake.until(lambda: sum(len(each.attachments) for each in bot.fake.messages(ada.dm)) == 2, 10)
    files = [file for each in bot.fake.messages(ada.dm) for file in each.attachments]
    assert any(b"ninety-ninth" in file.content for file in files)
    asked = await (await ada.slash("privacy erase", channel=bot.channel)).answered()
    await ada.presses(asked.message, "Yes, erase it")
    await bot.whispered(ada, "Nothing about you is left")
    await bot.stop()
    assert b"ninety-ninth" not in bot.database.read_bytes()


async def test_coach_me_on_this(bot: Discordcoach) -> None:
    ada, bob, channel = bot.ada, bot.bob, bot.channel
    await ada.slash("question", {"id": "order-status-api"}, channel)
    await bot.hears(ada.dm, "Order status")
    said = await ada.says(channel, ANSWER)
    assert "somebody else's message" in (await bob.context_menu("Coach me on this", said)).text
    shown = await ada.context_menu("Coach me on this", said)
    await bot.hears(ada.dm, "not a grade")
    assert "in your direct messages" in (await shown.answered()).text


async def test_direct_messages_that_are_closed(bot: Discordcoach) -> None:
    ada, channel = bot.ada, bot.channel
    ada.closes_dms()
    await ada.slash("question", {"id": "order-status-api"}, channel)
    stub = await bot.whispered(ada, "I cannot write to you directly")
    assert "Order status" not in stub.text
    shown = await (await ada.presses(stub, "Show me")).answered()
    assert "Order status" in shown.text
    opened = await ada.presses(shown.message, "Answer")
    sent = await ada.submits(opened, {"text": ANSWER})
    await bot.fake.until(lambda: "I cannot write to you directly" in sent.text, 10)
    assert "in your direct messages" not in sent.text
    review = await (await ada.presses(sent.message, "Show me")).answered()
    assert "not a grade" in review.text
    assert not bot.fake.messages(channel, by_bot=True)
    assert not bot.fake.messages(ada.dm, by_bot=True)


async def test_leaving_a_server_stops_its_question_and_coming_back_does_not_start_it(reading_bot: Discordcoach) -> None:
    bot, owner = reading_bot, reading_bot.fake.owner
    shown = await owner.slash("drill setup", channel=bot.channel)
    await owner.presses(shown.message, "Start")
    await bot.hears(bot.channel, "A daily question is set here")
    bot.guild.kick_bot()
    await bot.fake.until(lambda: bot.rows("SELECT 1 FROM drill WHERE next_due_at IS NOT NULL AND space LIKE 'discord/%'") == [], 5)
    bot.guild.invite_bot()
    await bot.fake.until(
        lambda: not any('left_at":"' in row[0] for row in bot.rows("SELECT body FROM space WHERE key LIKE 'discord/%'")), 5
    )


async def test_a_deleted_channel_ends_its_question_and_its_owner_hears_of_it(reading_bot: Discordcoach) -> None:
    bot, owner = reading_bot, reading_bot.fake.owner
    shown = await owner.slash("drill setup", channel=bot.channel)
    await owner.presses(shown.message, "Start")
    await bot.hears(bot.channel, "A daily question is set here")
    bot.guild.delete(bot.channel)
    await bot.hears(owner.dm, "the question is stopped")


async def test_a_question_as_a_post_of_a_forum(reading_bot: Discordcoach) -> None:
    bot, owner, ada = reading_bot, reading_bot.fake.owner, reading_bot.ada
    forum = bot.guild.forum("bank", tags=("API and data", "Reliability"), tag_required=True)
    post = await ada.starts_thread(forum, "Which questions come here?", text="One a day?")
    shown = await owner.slash("drill setup", channel=post)
    await owner.presses(shown.message, "Start")
    await bot.hears(post, "A daily question is set here")
    await owner.slash("drill now", channel=post)
    thread = await bot.thread(forum, "Daily question 1")
    card = await bot.hears(thread, "Daily question 1")
    assert card.id == thread.id
    await bot.hears(thread, "Assumptions and trade-offs")
    opened = await ada.presses(card, "Answer privately")
    await ada.submits(opened, {"text": ANSWER})
    await bot.hears(ada.dm, "not a grade")


async def test_a_guild_without_us_and_somebody_who_brought_us_along(reading_bot: Discordcoach) -> None:
    bot = reading_bot
    elsewhere = bot.fake.guild("Elsewhere", bot=False)
    channel, eve = elsewhere.text(), elsewhere.member("Eve")
    eve.installs_the_app()
    shown = await eve.slash("guide", {"action": "screens"}, channel)
    assert "What Amazon screens for" in (await shown.answered()).text
    assert shown.ephemeral
    asked = await eve.slash("question", {"id": "order-status-api"}, channel)
    await bot.fake.until(lambda: "I cannot write to you directly" in asked.text or bot.fake.messages(eve.dm, by_bot=True), 10)


async def test_without_the_intent_it_says_so_once(deaf_bot: Discordcoach) -> None:
    bot, owner = deaf_bot, deaf_bot.fake.owner
    told = await bot.hears(owner.dm, "Message Content intent is off")
    assert "Answer" in told.text
    await bot.stop()
    await bot.connect()
    await bot.fake.quiet(0.5)
    assert len([each for each in bot.fake.messages(owner.dm) if "Message Content intent is off" in each.text]) == 1
    assert len(bot.fake.requests("PUT /applications/{application_id}/commands")) == 1, "commands are told once"
