"""A window's conversation: what is heard is safe, what is private stays so, what was missed comes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from adapters.web import windows
from core.chat import Card, Kind, Place, Post
from core.errors import StoreUnavailable

pytestmark = pytest.mark.asyncio
CHANNEL = "web/page/backend-interviews"
DM = "web/page/@you"
Page = Any


def texts(messages: list[dict[str, Any]]) -> list[str]:
    entries = [message["entry"] for message in messages if message["type"] == "entry"]
    return [entry["text"] or "".join(card.get("title", "") + card.get("text", "") for card in entry["cards"]) for entry in entries]


async def test_the_welcome_says_who_and_where_one_is(page: Page) -> None:
    window = await page.socket()
    welcome, entries = await window.hello(zone="Europe/Berlin")
    assert welcome["me"] == {"key": "web:you", "id": "you", "name": "You"}
    assert [person["name"] for person in welcome["people"]] == ["You", "Ada", "Ben"]
    assert [(place["place"], place["kind"]) for place in welcome["places"]] == [(CHANNEL, "channel"), (DM, "dm")]
    assert "mock" in [command["name"] for command in welcome["commands"]]
    assert "done" in welcome["lone"]
    assert (welcome["levels"]["sde2"], welcome["reviewer"], entries) == ("SDE II", "Reviewer: text match (offline).", [])


async def test_zones_reach_the_coach_and_nonsense_does_not(page: Page) -> None:
    for zone, known in (("Europe/Berlin", "Europe/Berlin"), ("../etc/passwd", None), ("Nowhere/At", None), ("Europe", None)):
        window = await page.open(zone=zone)
        await window.send("say", place=DM, text="hello")
        await window.next("heard")
        assert page.door.accepted[-1].author.zone == known


async def test_heard_means_kept_and_accepted(page: Page) -> None:
    window = await page.open()
    id = await window.send("say", place=DM, text="guide")
    assert (await window.next("heard"))["id"] == id
    assert [(message.id, message.command) for message in page.door.accepted] == [(id, "guide")]
    assert page.history.entries[id].text == "guide"


async def test_the_same_thing_twice_is_once(page: Page) -> None:
    window = await page.open()
    for _ in range(3):
        await window.send("say", id="0123456789abcdef", place=DM, text="guide")
        await window.next("heard")
    await page.door.settle()
    assert len(page.door.accepted) == 1
    assert len(page.history.entries) == 2  # the line and its answer


@pytest.mark.parametrize("broken", ["history", "door"])
async def test_what_could_not_be_stored_is_not_heard_and_may_come_again(page: Page, broken: str) -> None:
    window = await page.open()
    page.history.full, page.door.unavailable = broken == "history", 1
    id = await window.send("say", place=DM, text="hello")
    problem = await window.next("problem")
    assert (problem["id"], problem["retry"]) == (id, True)
    assert "Nothing is lost" in problem["text"]
    page.history.full, page.door.unavailable = False, 0
    await window.send("say", id=id, place=DM, text="hello")
    assert (await window.next("heard"))["id"] == id
    assert [message.text for message in page.door.accepted] == ["hello"]


async def test_what_nobody_foresaw_is_one_fixed_sentence(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("secret detail")

    window = await page.open()
    monkeypatch.setattr(page.door, "form", broken)
    await window.send("press", place=DM, line="guide")
    problem = await window.next("problem")
    assert "Something went wrong on my side" in problem["text"]
    assert "secret" not in problem["text"]


async def test_a_store_that_is_away_at_hello_closes_the_window_to_come_again(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(page.history, "newest", away)
    window = await page.socket()
    await window.socket.send_json({"type": "hello"})
    assert (await window.socket.receive(timeout=2)).type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR)


async def test_a_coach_error_is_told_as_it_stands(page: Page) -> None:
    window = await page.open()
    id = await window.send("press", place=DM, line="skip m1")
    problem = await window.next("problem")
    assert (problem["id"], problem["text"], problem["retry"]) == (id, "That mock is over. /mock starts another.", False)


async def test_a_button_opens_its_form_and_the_form_is_checked(page: Page) -> None:
    window = await page.open()
    id = await window.send("press", place=CHANNEL, line="answer tax-12")
    form = await window.next("form")
    assert (form["id"], form["form"]["fields"][0]["name"]) == (id, "text")
    assert not page.door.accepted
    await window.send("submit", place=DM, line="answer tax-12", fields={"text": "fine"})
    assert "1 word" in (await window.next("errors"))["errors"]["text"]
    await window.send("submit", place=DM, line="answer tax-12", fields={"text": "Bound the wait. Then shed."})
    await window.next("heard")
    assert page.door.accepted[0].fields == {"question": "tax-12", "text": "Bound the wait. Then shed."}


async def test_a_press_names_the_message_that_carried_it(page: Page) -> None:
    window = await page.open()
    await page.door.daily(Place.parse(CHANNEL))
    await window.send("press", place=CHANNEL, line="pass tax-12", entry="daily/12")
    await window.next("heard")
    assert page.door.accepted[0].about == "daily/12"
    await window.send("press", place=CHANNEL, line="pass tax-12", entry="daily/13")
    assert "not there any more" in (await window.next("problem"))["text"]


async def test_nobody_reads_what_is_for_somebody_else(page: Page) -> None:
    you, ada = await page.open(**{"as": "web:you"}), await page.open(**{"as": "web:ada"})
    await you.send("say", place=DM, text="my secret answer")
    await you.send("say", place=CHANNEL, text="/review my secret answer")
    await you.send("submit", place=CHANNEL, line="answer tax-12", fields={"text": "My secret answer. It is long."})
    for _ in range(3):
        await you.next("heard")
    await page.door.settle()
    assert "secret" in json.dumps(await you.rest())
    await ada.send("press", place=CHANNEL, line="guide", entry=next(id for id in page.history.entries if id.startswith("re/")))
    later = await page.open(**{"as": "web:ada"})
    _, entries = await later.hello(**{"as": "web:ada"})
    assert "secret" not in json.dumps([await ada.rest(), entries])
    assert not [message for message in page.door.accepted if message.author.key == "web:ada"]


async def test_signs_in_a_direct_message_are_private_too(page: Page) -> None:
    you, ada = await page.open(**{"as": "web:you"}), await page.open(**{"as": "web:ada"})
    await page.platform.show(Place.parse(DM), "thinking")
    await page.platform.show(Place.parse(CHANNEL), "heard")
    assert [message["place"] for message in await you.rest()] == [DM, CHANNEL]
    assert [message["place"] for message in await ada.rest()] == [CHANNEL]


async def test_talk_in_a_channel_is_seen_by_all_and_never_reaches_the_coach(page: Page) -> None:
    you, ada = await page.open(**{"as": "web:you"}), await page.open(**{"as": "web:ada"})
    await you.send("say", place=CHANNEL, text="good morning")
    await you.next("heard")
    assert texts(await ada.rest()) == ["good morning"]
    assert not page.door.accepted
    page.door.live_places = [Place.parse(CHANNEL).at("t1")]
    await you.send("say", place=f"{CHANNEL}/t1", text="I assume two regions")
    await you.next("heard")
    assert [message.kind for message in page.door.accepted] == [Kind.AMBIENT]


@pytest.mark.parametrize(
    "place", ["web/page/@ada", "web/page/elsewhere", "slack/T1/C1", "web/other/backend-interviews", "nowhere", f"{CHANNEL}/<t>"]
)
async def test_there_is_no_speaking_elsewhere(page: Page, place: str) -> None:
    window = await page.open()
    for type, fields in (("say", {"text": "hi"}), ("press", {"line": "guide"}), ("submit", {"line": "guide", "fields": {}})):
        await window.send(type, place=place, **fields)
        assert "no such room" in (await window.next("problem"))["text"]
    assert not page.door.accepted
    assert not page.history.entries


async def test_a_window_that_was_away_gets_what_it_missed_and_no_more(page: Page) -> None:
    window = await page.open()
    for text in map(str, range(40)):
        await window.send("say", place=CHANNEL, text=text)
        await window.next("heard")
    last = max(entry.seq for entry in page.history.entries.values())
    first = next(entry for entry in page.history.entries.values() if entry.text == "3")
    await window.send("edit", entry=first.id, text="three")
    await window.next("heard")
    later = await page.socket()
    welcome, entries = await later.hello(last=last)
    assert not welcome["reset"]
    assert entries[-1]["text"] == "three"
    assert entries[-1]["edited"]
    assert len(entries) < 40


async def test_a_window_from_before_the_database_was_replaced_starts_anew(page: Page) -> None:
    window = await page.socket()
    welcome, _ = await window.hello(last=500)
    assert welcome["reset"]


async def test_another_view_and_another_person_are_one_more_hello(page: Page) -> None:
    window = await page.open()
    long = Card(text="word " * 1500)
    await page.platform.deliver(Post(key="long", into=Place.parse(CHANNEL), card=long), None)
    for view, messages in (("web", 1), ("slack", 3), ("discord", 2), ("nonsense", 1)):
        _, entries = await window.hello(view=view)
        assert len(entries[0]["cards"]) == messages
    welcome, _ = await window.hello(**{"as": "web:ben"})
    assert welcome["me"]["name"] == "Ben"


async def test_only_its_author_changes_a_message(page: Page) -> None:
    you, ada = await page.open(**{"as": "web:you"}), await page.open(**{"as": "web:ada"})
    id = await you.send("say", place=DM, text="my answer")
    await you.next("heard")
    open_ = await you.send("say", place=CHANNEL, text="hello all")
    await you.next("heard")
    for entry, sentence in ((id, "not there any more"), (open_, "Only its author")):
        await ada.send("edit", entry=entry, text="mine now")
        assert sentence in (await ada.next("problem"))["text"]
        await ada.send("delete", entry=entry)
        assert sentence in (await ada.next("problem"))["text"]
    await you.send("edit", entry=id, text="my better answer")
    await you.send("delete", entry=id)
    await you.next("heard")
    await you.next("heard")
    assert [(message.kind, message.about, message.text) for message in page.door.accepted[1:]] == [
        (Kind.EDITED, id, "my better answer"),
        (Kind.DELETED, id, ""),
    ]
    assert page.history.entries[id].gone
    assert not page.history.entries[id].text


async def test_a_passing_note_is_put_away_for_good_without_telling_the_coach(page: Page) -> None:
    window = await page.open()
    await window.send("say", place=DM, text="settings level:sde3")
    await window.next("heard")
    await page.door.settle()
    note = next(entry for entry in page.history.entries.values() if entry.audience == "passing")
    await window.send("edit", entry=note.id, text="forged")
    assert "Only its author" in (await window.next("problem"))["text"]
    await window.send("delete", entry=note.id)
    await window.next("heard")
    assert page.history.entries[note.id].gone
    assert len(page.door.accepted) == 1


async def test_somebody_elses_id_is_not_taken_over(page: Page) -> None:
    you, ada = await page.open(**{"as": "web:you"}), await page.open(**{"as": "web:ada"})
    id = await you.send("say", place=DM, text="secret")
    await you.next("heard")
    await ada.send("say", id=id, place=CHANNEL, text="hello")
    assert "somebody else" in (await ada.next("problem"))["text"]
    assert texts(await ada.rest()) == []


async def test_what_no_message_can_hold_is_refused_and_what_it_can_is_not(page: Page) -> None:
    window = await page.open()
    await window.send("say", place=DM, text="é" * 40_000)
    await window.next("heard")
    await window.send("say", place=DM, text="é" * 40_001)
    assert "40,001 characters" in (await window.next("problem"))["text"]


@pytest.mark.parametrize(
    "raw", ["", "[]", "null", "{", '{"type":"nonsense"}', '{"type":"say","id":"x"}', '{"type":"say","id":{},"place":1}']
)
async def test_rubbish_is_answered_and_survived(page: Page, raw: str) -> None:
    window = await page.open()
    await window.socket.send_str(raw)
    assert "could not read that" in (await window.next("problem"))["text"]
    await window.send("say", place=DM, text="still here")
    await window.next("heard")


async def test_one_can_meet_somebody_and_be_them(page: Page) -> None:
    window = await page.open()
    await window.send("meet", name="  Zoë  Łoś ")
    people = (await window.next("people"))["people"]
    assert people[-1]["name"] == "Zoë Łoś"
    await window.send("meet", name="zoë łoś")
    assert len((await window.next("people"))["people"]) == len(people)
    welcome, _ = await window.hello(**{"as": people[-1]["key"]})
    await window.send("say", place=welcome["places"][-1]["place"], text="hello")
    await window.next("heard")
    await window.send("meet", name=" ")
    assert "A name has" in (await window.next("problem"))["text"]


async def test_a_window_that_does_not_read_is_cut_off_and_the_others_are_not(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "QUEUE", 8)
    good, bad = await page.open(), await page.open()
    [slow] = [window for window in page.platform.windows._open if window is not None][:1]

    async def stuck(_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(slow._socket, "send_json", stuck)
    for n in range(30):
        await page.platform.show(Place.parse(CHANNEL), f"s{n}")
        await asyncio.sleep(0)
    outcomes = []
    for window in (good, bad):
        frames = [await window.socket.receive(timeout=1)]
        while frames[-1].type is WSMsgType.TEXT and "s29" not in frames[-1].data:
            frames.append(await window.socket.receive(timeout=1))
        outcomes.append(frames[-1].type is WSMsgType.TEXT)
    assert sorted(outcomes) == [False, True]


async def test_erasing_makes_every_window_read_again(page: Page) -> None:
    window = await page.open()
    page.platform.erased("web:ada")
    assert (await window.next("erased"))["person"] == "web:ada"


async def test_nobody_is_let_in_before_the_door_is_there(page: Page) -> None:
    page.platform.door = None
    with pytest.raises(WSServerHandshakeError) as refusal:
        await page.socket()
    assert refusal.value.status == 503
