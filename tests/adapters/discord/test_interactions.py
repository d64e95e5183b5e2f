"""What people press, fill in and pick: each comes to one clear result, also too late, twice, from another version, or wrong."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.drafts import LOST
from adapters.discord.interactions import OTHER_VERSION
from core.errors import StoreUnavailable
from tests.adapters.discord.stage import Whole, whole
from tests.fakes.discord.server import FakeDiscord

WORDS = "I would key the writes by order id, because nearly every read is one order, and cache it briefly."


@pytest.fixture
async def deaf(fake: FakeDiscord) -> object:
    """A coach that may not read plain messages."""
    async with whole(fake, content=False) as made:
        yield made


async def test_buttons_count_after_a_restart(fake: FakeDiscord, bot: Whole) -> None:
    await bot.ada.slash("question", {"id": "order-status-api"}, bot.channel)
    card = await bot.hears(bot.ada.dm, "Order status")
    await bot.stop()
    await bot.start()
    opened = await bot.ada.presses(card, "Answer")
    assert opened.modal is not None
    await bot.stop()
    await bot.start()
    await bot.ada.submits(opened, {"text": WORDS})
    await bot.hears(bot.ada.dm, "not a grade")


async def test_an_answer_for_an_ended_mock_is_told_so(fake: FakeDiscord, deaf: Whole) -> None:
    thread, first = await deaf.mock()
    opened = await deaf.ada.presses(first, "Answer")
    assert opened.modal is not None
    await deaf.ada.presses((await deaf.ada.presses(first, "End")).message, "End")
    await deaf.hears(thread, "Debrief")
    sent = await (await deaf.ada.submits(opened, {"text": WORDS})).answered()
    assert sent.ephemeral
    assert "over" in sent.text


async def test_replies_with_the_ping_on_count_and_chatter_does_not(fake: FakeDiscord, deaf: Whole) -> None:
    thread, first = await deaf.mock()
    await deaf.ada.says(thread, "hm, let me see")
    await deaf.ada.says(thread, WORDS, reply_to=first)
    await deaf.ada.says(thread, "done", reply_to=first)
    probe = await deaf.hears(thread, "", after=first.id)
    asked = await deaf.ada.presses(probe, "End")
    await deaf.ada.presses(asked.message, "End")
    debrief = await deaf.hears(thread, "Debrief")
    assert "let me see" not in debrief.text


async def test_what_is_wrong_in_a_modal_opens_again_with_what_was_typed(fake: FakeDiscord, bot: Whole) -> None:
    opened = await bot.ada.slash("stories add", {}, bot.channel)
    assert opened.modal is not None
    names = [part["custom_id"] for part in opened.modal.fields.values()]
    values = {name: f"words for {name}" for name in names if opened.modal.field(name)["type"] == 4}
    text = next(name for name in values if opened.modal.field(name).get("style") == 2)
    refused = await bot.ada.submits(opened, {**values, text: " "})
    assert refused.ephemeral
    assert "again" in str(refused.message.components if refused.message else "")
    reopened = await bot.ada.presses(refused.message, "Open it again")
    assert reopened.modal is not None
    kept = {name: reopened.modal.field(name).get("value") for name in values if name != text}
    assert kept == {name: value for name, value in values.items() if name != text}


async def test_a_store_that_is_away_keeps_what_was_typed(fake: FakeDiscord, bot: Whole) -> None:
    await bot.ada.slash("question", {"id": "order-status-api"}, bot.channel)
    card = await bot.hears(bot.ada.dm, "Order status")
    opened = await bot.ada.presses(card, "Answer")
    accept = bot.coach.accept

    async def away(message: object) -> bool:
        raise StoreUnavailable("full")

    bot.coach.accept = away  # type: ignore[method-assign]
    refused = await bot.ada.submits(opened, {"text": WORDS})
    assert "Your words are still here" in refused.text
    bot.coach.accept = accept  # type: ignore[method-assign]
    again = await bot.ada.presses(refused.message, "Open it again")
    assert again.modal is not None
    assert again.modal.field("text")["value"] == WORDS
    await bot.ada.submits(again)
    await bot.hears(bot.ada.dm, "not a grade")
    assert WORDS not in str(bot.told)


async def test_a_half_filled_long_form_is_lost_in_a_restart_and_says_so(fake: FakeDiscord, bot: Whole) -> None:
    shown = await fake.owner.slash("drill setup", channel=bot.channel)
    await bot.stop()
    await bot.start()
    pressed = await fake.owner.presses(shown.message, "Change")
    assert pressed.text == LOST
    assert pressed.ephemeral


async def test_somebody_elses_button_gets_one_private_sentence(fake: FakeDiscord, bot: Whole) -> None:
    thread, first = await bot.mock("open")
    pressed = await (await bot.bob.presses(first, "Done")).answered()
    assert pressed.ephemeral
    assert "somebody else's mock" in pressed.text
    assert thread


async def test_a_command_of_another_version_is_answered(fake: FakeDiscord, bot: Whole) -> None:
    registered = next(each for each in fake.world.application.commands[None].values() if each["name"] == "help")
    registered["options"][0]["name"] = "topic"
    registered["options"][0].pop("autocomplete", None)
    shown = await (await bot.ada.slash("help", {"topic": "mock"}, bot.channel)).answered()
    assert "/mock" in shown.text, "an option that is not known here is left out"
    registered["name"] = "helpme"
    shown = await bot.ada.slash("helpme", channel=bot.channel)
    assert (shown.text, shown.ephemeral) == (OTHER_VERSION, True)


async def test_a_button_of_another_version_is_answered(fake: FakeDiscord, bot: Whole) -> None:
    await bot.ada.slash("question", {"id": "order-status-api"}, bot.channel)
    card = await bot.hears(bot.ada.dm, "Order status")
    next(part for part in _buttons(card) if part["label"] == "Answer")["custom_id"] = "lc:teleport q1"
    shown = await bot.ada.presses(card, "Answer")
    assert shown.text == OTHER_VERSION


async def test_others_words_are_not_reviewed(fake: FakeDiscord, bot: Whole) -> None:
    said = await bot.bob.says(bot.channel, WORDS)
    shown = await bot.ada.context_menu("Coach me on this", said)
    assert "somebody else's message" in shown.text
    assert shown.ephemeral


async def test_before_the_door_is_open_it_says_so(fake: FakeDiscord, bot: Whole) -> None:
    bot.discord.interactions.door = None
    shown = await bot.ada.slash("guide", {"action": "screens"}, bot.channel)
    assert "just starting" in shown.text


async def test_an_error_of_ours_is_one_sentence_and_holds_up_nothing(fake: FakeDiscord, bot: Whole) -> None:
    form = bot.coach.form

    async def breaks(message: object) -> None:
        raise RuntimeError(WORDS)

    bot.coach.form = breaks  # type: ignore[method-assign,assignment]
    shown = await bot.ada.slash("guide", {"action": "screens"}, bot.channel)
    assert "wrong on my side" in shown.text
    bot.coach.form = form  # type: ignore[method-assign]
    assert "What Amazon screens for" in (await (await bot.ada.slash("guide", {"action": "screens"}, bot.channel)).answered()).text


async def test_twenty_at_once_are_all_acknowledged_and_each_once(fake: FakeDiscord, bot: Whole) -> None:
    people = [bot.guild.member(f"Person {number}") for number in range(20)]
    shown = await asyncio.gather(*(each.slash("guide", {"action": "screens"}, bot.channel) for each in people))
    for each in shown:
        await each.answered(10)
    assert not any(each.failed for each in shown)
    assert {len(fake.visible_to(each, bot.channel)) for each in people} == {1}


def _buttons(message: object) -> list[dict[str, object]]:
    from tests.fakes.discord.core.models import walk

    return [part for part in walk(message.components) if part["type"] == 2]  # type: ignore[attr-defined]
