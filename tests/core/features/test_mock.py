"""A mock as a person lives through it."""

import pytest

from core.chat import Place
from core.interview.stages import Interview
from core.records import Attempt, Story
from tests.core.features.answers import STRONG, WEAK
from tests.fakes.world import CHANNEL, OTHER, YOU, Shown, World, text_of

DM = Place.dm("web", "page", "you")


async def begun(world: World, line: str = "/mock 5 question:order-status-api", at: Place = DM) -> Place:
    await world.say(line, at)
    await world.press("Start")
    return thread(world)


def thread(world: World) -> Place:
    return next(item for item in reversed(world.platform.shown) if item.post.opens and item.post.key.startswith("mock/")).receipt.place


def in_thread(world: World) -> list[Shown]:
    return [item for item in world.platform.shown if item.place == thread(world)]


async def stored(world: World) -> Interview:
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        return (await unit.find(Interview, limit=1))[0]


async def test_a_private_mock_opens_a_thread_in_the_direct_messages(world: World) -> None:
    place = await begun(world, "/mock 5", CHANNEL)
    assert place.direct
    assert place.thread
    assert not any("Mock ·" in item.card.eyebrow for item in world.seen_by(OTHER))


async def test_an_open_mock_says_that_everybody_reads_along_and_its_debrief_stays_private(world: World) -> None:
    await world.say("/mock 5 open question:order-status-api", CHANNEL)
    assert "Everybody here can read along" in world.find("Ready when you are").card.text
    await world.press("Start")
    place = thread(world)
    assert place.channel == CHANNEL.channel
    await world.say(STRONG, place)
    await world.say("end", place)
    debrief = world.find("Debrief ·")
    assert debrief.place.outside == DM
    assert not any("Debrief ·" in item.card.eyebrow for item in world.seen_by(OTHER))


async def test_four_messages_are_one_turn_and_get_one_reply(world: World) -> None:
    place = await begun(world)
    before = len(in_thread(world))
    for piece in STRONG.split(". ")[:4]:
        await world.say(piece, place)
        await world.wait(seconds=4)
    assert len(in_thread(world)) == before
    assert world.platform.signs[-1] == (place, "heard")
    await world.wait(seconds=26)
    assert len(in_thread(world)) == before + 1
    turn = (await stored(world)).turns[-2]
    assert turn.text.count("\n") == 3


async def test_done_closes_the_turn_at_once_and_the_quiet_timer_adds_nothing(world: World) -> None:
    place = await begun(world)
    await world.say(WEAK, place)
    await world.say("done", place)
    count = len(in_thread(world))
    await world.wait(seconds=60)
    assert len(in_thread(world)) == count


async def test_done_without_an_answer_is_told_privately(world: World) -> None:
    place = await begun(world)
    await world.say("done", place)
    assert "no answer yet" in world.last().text


async def test_a_sentence_with_a_command_word_is_an_answer(world: World) -> None:
    place = await begun(world)
    await world.say("A hint of latency appeared, so we skip the cache.", place)
    await world.say("next question please", place)
    assert len((await stored(world)).draft) == 2


async def test_a_probe_quotes_me_or_asks_about_something_open(world: World) -> None:
    place = await begun(world)
    await world.say(WEAK, place)
    await world.say("done", place)
    probe = (await stored(world)).turns[-1]
    assert probe.kind == "probe"
    assert probe.point in world.bank.get("order-status-api").by_point
    assert probe.quote is None or probe.quote in WEAK


async def test_a_clarifying_question_is_answered_from_the_facts(world: World) -> None:
    place = await begun(world)
    await world.say("How many updates per second at peak?", place)
    await world.say("done", place)
    assert "40,000" in world.last().text


async def test_a_hint_is_given_in_rungs_and_recorded(world: World) -> None:
    place = await begun(world)
    await world.say(WEAK, place)
    await world.say("done", place)
    await world.say("hint", place)
    assert "Hint 1 of 2" in text_of(world.last())
    await world.say("hint", place)
    assert "Hint 2 of 2" in text_of(world.last())
    await world.say("hint", place)
    assert "every hint" in text_of(world.last())


async def test_a_refusal_moves_on_and_the_point_is_not_asked_again(world: World) -> None:
    place = await begun(world)
    await world.say(WEAK, place)
    await world.say("done", place)
    point = (await stored(world)).turns[-1].point
    for _ in range(4):
        await world.say("I can't recall", place)
        await world.say("done", place)
    asked = [turn.point for turn in (await stored(world)).turns if turn.kind == "probe"]
    assert asked.count(point) == 1
    assert len(asked) == len(set(asked))


async def test_pause_stops_the_clock_and_words_bring_it_back(world: World) -> None:
    place = await begun(world)
    await world.wait(seconds=30)
    await world.say("pause", place)
    used = (await stored(world)).used(world.clock.now())
    await world.wait(hours=20)
    assert (await stored(world)).used(world.clock.now()) == used
    await world.say("I am back: the table is keyed by order id.", place)
    value = await stored(world)
    assert value.paused_at is None
    assert len(value.draft) == 1


async def test_twenty_minutes_of_silence_pause_it_once(world: World) -> None:
    place = await begun(world, "/mock 45 question:order-status-api")
    for _ in range(50):
        await world.wait(minutes=1)
    assert sum("quiet for a while" in item.card.text for item in in_thread(world)) == 1
    assert (await stored(world)).paused_at
    assert place


async def test_the_end_of_the_time_never_cuts_a_started_answer(world: World) -> None:
    place = await begun(world)
    await world.wait(minutes=4, seconds=50)
    await world.say("The table is keyed by order id because", place)
    await world.wait(seconds=15)
    assert (await stored(world)).live
    await world.say("nearly every read asks for one order.", place)
    await world.say("done", place)
    assert not (await stored(world)).live
    assert "Debrief ·" in world.find("Debrief ·").card.eyebrow


async def test_time_runs_out_in_silence_and_the_debrief_comes(world: World) -> None:
    place = await begun(world)
    await world.say(STRONG, place)
    await world.say("done", place)
    for _ in range(12):
        await world.wait(seconds=30)
    assert world.find("Debrief ·").place == place


async def test_end_always_gives_a_debrief(world: World) -> None:
    place = await begun(world)
    await world.say("end", place)
    assert "Debrief ·" in world.find("Debrief ·").card.eyebrow
    assert not (await stored(world)).live


async def test_the_debrief_names_its_reviewer_and_gives_no_grade(world: World) -> None:
    place = await begun(world)
    await world.say(STRONG, place)
    await world.say("end", place)
    words = text_of(world.find("Debrief ·").card)
    assert "text match" in words
    assert "not a grade" in words
    assert not any(word in words.lower() for word in ("out of ten", "/10", "hire", "strong yes", "level 3"))


async def test_what_was_missed_in_a_mock_comes_back(world: World) -> None:
    place = await begun(world)
    await world.say(WEAK, place)
    await world.say("done", place)
    await world.say("end", place)
    await world.wait(hours=25)
    assert "One point to bring back" in world.find("One point to bring back").card.eyebrow


async def test_a_second_mock_is_offered_the_first(world: World) -> None:
    await begun(world)
    await world.say("/mock 15", DM)
    assert "One at a time" in world.last().text
    assert len([item for item in world.platform.shown if item.post.key.startswith("mock/")]) == 1


async def test_a_button_of_an_earlier_turn_does_nothing(world: World) -> None:
    place = await begun(world)
    first = world.find("Order status updates", YOU)
    await world.say(WEAK, place)
    await world.say("done", place)
    await world.say("More words", place)
    await world.press("Done", first)
    assert "earlier question" in world.last().text
    assert (await stored(world)).draft


async def test_somebody_elses_press_and_words_do_not_count(world: World) -> None:
    await world.say("/mock 5 open question:order-status-api", CHANNEL)
    await world.press("Start", world.find("Ready when you are"), who=OTHER)
    assert "somebody else" in world.last(OTHER).text
    await world.press("Start")
    place = thread(world)
    await world.say("I would help", place, OTHER)
    await world.say("and again", place, OTHER)
    assert not (await stored(world)).draft
    assert sum("does not count" in text_of(item.card) for item in world.seen_by(OTHER)) == 1


async def test_an_edit_before_the_turn_closes_counts_and_a_later_one_does_not(world: World) -> None:
    from core.chat import Kind, Message

    place = await begun(world)
    said = await world.say("We use a cache.", place)

    async def edit(text: str, id: str) -> None:
        await world.take(Message(id=id, place=place, author=YOU, kind=Kind.EDITED, text=text, about=said, sent_at=world.clock.now()))

    await edit("We use a short cache.", "e1")
    assert (await stored(world)).draft[0].text == "We use a short cache."
    await world.say("done", place)
    await edit("We use no cache.", "e2")
    assert "does not count" in world.last().text
    assert "short cache" in (await stored(world)).turns[-2].text
    await edit("We use no cache at all.", "e3")
    assert sum("does not count" in text_of(item.card) for item in world.seen_by(YOU)) == 1


async def test_a_mock_can_be_changed_before_it_begins_and_not_after(world: World) -> None:
    await world.say("/mock 5", DM)
    await world.press("Change", fields={"round": "reliability", "level": "sde3", "minutes": "45"})
    card = world.find("Ready when you are").card
    assert "Reliability · SDE III · 45 min" in card.eyebrow
    await world.press("Start")
    with pytest.raises(Exception, match="begun already"):
        await world.do(f"change {(await stored(world)).key}", DM)


async def test_cancel_leaves_nothing(world: World) -> None:
    await world.say("/mock 5", DM)
    await world.press("Cancel")
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        assert await unit.count(Interview) == 0


async def test_each_answered_part_becomes_an_attempt(world: World) -> None:
    place = await begun(world)
    await world.say(STRONG, place)
    await world.say("end", place)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        attempts = await unit.find(Attempt, person=YOU.key, source="mock")
    assert [attempt.text for attempt in attempts] == [STRONG]


async def test_a_claimed_point_changes_the_debrief_and_the_attempt(world: World) -> None:
    place = await begun(world)
    await world.say("We give every order a number and look under it. The phones send what they have when they have it.", place)
    await world.say("done", place)
    await world.say("end", place)
    await world.press("I did say that")
    menu = world.last().buttons[0]
    await world.do(menu.buttons[0].line, place)  # type: ignore[union-attr]
    await world.do(world.last().buttons[0].buttons[0].line, place)  # type: ignore[union-attr]
    assert "claimed by you" in text_of(world.find("Debrief ·").card)
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        attempt = (await unit.find(Attempt, person=YOU.key, source="mock"))[0]
    assert attempt.feedback
    assert any(verdict.status.value == "claimed" for verdict in attempt.feedback.verdicts)


async def test_the_same_message_twice_is_heard_once(world: World) -> None:
    place = await begun(world)
    await world.say("We use one table.", place, id="twice")
    await world.say("We use one table.", place, id="twice")
    assert len((await stored(world)).draft) == 1


async def test_a_restart_in_the_middle_changes_nothing(world: World) -> None:
    place = await begun(world)
    await world.say(WEAK, place)
    world.restart()
    await world.coach.recover()
    await world.wait(seconds=30)
    assert (await stored(world)).turns[-1].kind == "probe"
    await world.say("The phone sends an id it makes once, and I store it with the result.", place)
    await world.say("done", place)
    assert len([turn for turn in (await stored(world)).turns if turn.who == "candidate"]) == 2


@pytest.mark.usefixtures("world")
async def test_a_story_can_be_kept(world: World) -> None:
    if not world.bank.among(("leadership",)):
        pytest.skip("no leadership questions in this bank")
    place = await begun(world, "/mock 15 question:order-status-api")
    told = (
        "Our nightly invoice export kept failing and nobody owned it. I rewrote it to read in pages and added an alarm. "
        "Failures went from nine a week to none."
    )
    await world.say(told, place)
    await world.say("end", place)
    await world.press("Keep the story")
    async with world.store.begin() as unit:  # type: ignore[union-attr]
        stories = await unit.find(Story, person=YOU.key)
    assert [story.text for story in stories] == [told]
