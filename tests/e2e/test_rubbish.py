"""Rubbish, bad luck and strangers at the wire, against the real process: one clear sentence each, and nothing lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import resource
import shutil
import signal
import socket
import sqlite3
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.process import ROOT, Loopcoach
from tests.e2e.window import CHANNEL, Json, Window, line_of, text_of
from tests.e2e.words import ANSWER, POOR

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

Opens = Callable[..., Any]
Report = Callable[[str], None]
QUESTION = "answer order-status-api"


def sentence(answer: Json, words: str) -> None:
    """It is a problem, said in one clear sentence or two: with these words, and with nothing of our insides."""
    assert answer["type"] == "problem", answer
    assert words in answer["text"]
    assert answer["text"][0].isupper()
    assert answer["text"].rstrip()[-1] in ".!?"
    assert not any(inside in answer["text"] for inside in ("Traceback", "Error", "sqlite", "None", "pydantic", "{"))


async def begun(you: Window) -> Json:
    """A five-minute mock with its clock running; its opening entry."""
    await you.press("mock minutes:5 question:order-status-api")
    opening = await you.find("Ready when you are")
    await you.push("Start", opening, opening["thread"])
    await you.find("couriers&#x27; phones", after=opening["seq"])
    return opening


def in_thread(you: Window, opening: Json) -> list[Json]:
    """What the coach said there so far."""
    return sorted(
        (entry for entry in you.entries.values() if entry["place"] == opening["thread"] and entry["author"]["bot"]),
        key=lambda entry: entry["seq"],
    )


def interview(coach: Loopcoach) -> Json:
    """The one mock, as it is stored."""
    ((body,),) = coach.rows("SELECT body FROM interview")
    stored: Json = json.loads(body)
    return stored


def answers(coach: Loopcoach) -> list[str]:
    """What was answered in it, turn by turn."""
    return [turn["text"] for turn in interview(coach)["turns"] if turn["who"] == "candidate"]


# --- words -----------------------------------------------------------------------------------------------------------


async def test_an_unknown_command_is_named_and_nothing_of_it_is_kept(coach: Loopcoach, you: Window) -> None:
    """In one's own room and in the channel; the words stay with whoever typed them."""
    await you.find("Mention me with a clarifying question")
    before = coach.rows("SELECT count(*) FROM page_entry")
    for place in (you.dm, CHANNEL):
        sentence(await you.say("/frobnicate now", place), "I do not know /frobnicate. Type / to see what there is.")
    for line in ("frobnicate", "", "quiet x 1", "reveal x", "mock\nround"):
        sentence(await you.press(line), "That button is from another version of me")
    assert coach.rows("SELECT count(*) FROM page_entry") == before


async def test_nothing_is_no_answer(coach: Loopcoach, you: Window) -> None:
    """Empty words and a form with blanks only are told so, and make no attempt."""
    for blank in ("", " \n\t "):
        sentence(await you.say(blank), "I could not read that")
        answer = await you.submit(QUESTION, text=blank)
        assert answer["type"] == "errors"
        assert answer["errors"] == {"text": "Nothing is written here yet. Three to six sentences are enough."}
    assert coach.rows("SELECT count(*) FROM attempt") == [(0,)]


async def test_forty_thousand_characters_are_read_and_one_more_is_not(coach: Loopcoach, you: Window, report: Report) -> None:
    """The longest answer is reviewed whole while others are served; a longer one is refused with both numbers and nothing is kept of it."""
    filler = " ".join(f"Then I would look at shard {number} of the table and at its queue." for number in range(2_000))
    longest = f"{ANSWER} {filler}"[:39_999] + "."
    assert len(longest) == 40_000
    began = time.monotonic()
    assert (await you.submit(QUESTION, text=longest))["type"] == "heard"
    waits = await probed(coach, you, "Reviewed by text match: a checklist", began)
    took = time.monotonic() - began
    report(f"40,000 characters: reviewed in {took:.2f} s; meanwhile the slowest other request took {1000 * max(waits):.0f} ms")
    assert took < 10
    assert coach.rows("SELECT length(json_extract(body, '$.text')) FROM attempt") == [(40_000,)]
    for answer in (await you.submit(QUESTION, text=f"{longest}."), await you.say(f"{longest}.")):
        sentence(answer, "That is 40,001 characters; one message holds 40,000. Nothing was sent, your text is still here.")
    assert coach.rows("SELECT count(*) FROM attempt") == [(1,)]


async def probed(coach: Loopcoach, you: Window, words: str, began: float) -> list[float]:
    """How long others waited for the simplest of answers until these words came."""
    waits: list[float] = []
    async with aiohttp.ClientSession() as http:
        while not you.see(words) and time.monotonic() - began < 20:
            asked = time.monotonic()
            async with http.get(f"{coach.url}/livez") as answer:
                await answer.read()
            waits.append(time.monotonic() - asked)
            await asyncio.sleep(0.01)
    return waits


@pytest.mark.parametrize(
    "words",
    [
        "🧑🏽‍💻 makes the write safe 🔁: the phone sends an id once, I store it with the result, a repeat returns that 👍🏿.",
        "אני שומר את המזהה עם התוצאה, ואם אותו מזהה מגיע שוב אני מחזיר את התוצאה השמורה ולא שולח דבר.",
        "\u202eI store that id with the result\u202c, and a repeat returns the stored result; Zalgo: ẗ̵̢h̶͇͝i̸̛͇s̷̰̈́, NUL:\x00, BOM:\ufeff.",
        "<script>alert(1)</script> & \"quotes\" 'n' `ticks` {when:2026-01-01|time} @everyone [x](javascript:alert(1)) ../../etc %s %00 \\",
    ],
    ids=["emoji", "right-to-left", "control", "markup"],
)
async def test_any_letters_are_kept_letter_for_letter(coach: Loopcoach, you: Window, words: str) -> None:
    """As a message, as an answer, and in what is taken along."""
    said = await you.say(words, CHANNEL)
    assert said["type"] == "heard"
    assert you.entries[said["id"]]["text"] == words
    assert (await you.submit(QUESTION, text=f"{ANSWER} {words}"))["type"] == "heard"
    await you.find("Reviewed by text match")
    await you.say("/privacy export")
    files = [await you.find(f"loopcoach.{kind}") for kind in ("md", "json")]
    async with aiohttp.ClientSession() as http:
        for entry, name in zip(files, ("loopcoach.md", "loopcoach.json"), strict=True):
            async with http.get(f"{coach.url}/file/{entry['id'].replace('>', '%3E')}/{name}", params={"as": you.me["key"]}) as answer:
                text = await answer.text()
            assert words in (text if name.endswith("md") else json.loads(text)["answers"][0]["text"])


# --- the same thing twice --------------------------------------------------------------------------------------------


async def test_a_form_sent_twice_counts_once_and_two_forms_count_twice(coach: Loopcoach, you: Window) -> None:
    """The same id is the same press, at once, later and from another window; another id is another attempt."""
    id = uuid.uuid4().hex
    for _ in range(3):
        assert (await you.submit(QUESTION, id=id, text=ANSWER))["type"] == "heard"
    await you.find("Reviewed by text match: a checklist")
    assert (await you.submit(QUESTION, id=id, text="Something else altogether.", place=CHANNEL))["type"] == "heard"
    assert coach.rows("SELECT json_extract(body, '$.text') FROM attempt") == [(ANSWER,)]
    first = you.newest
    assert (await you.submit(QUESTION, text=ANSWER))["type"] == "heard"
    await you.find("as before", after=first)
    assert coach.rows("SELECT count(*) FROM attempt") == [(2,)]
    assert len(you.see("Reviewed by text match: a checklist")) == 2


async def test_everything_said_twice_is_there_once(coach: Loopcoach, you: Window) -> None:
    """Each message of a mock goes out three times under its id, as after lost acknowledgements."""
    opening = await begun(you)
    for text in ("I would put a REST API in front", "with a database behind it", "done"):
        id = uuid.uuid4().hex
        for _ in range(3):
            assert (await you.say(text, opening["thread"], id))["type"] == "heard"
    await you.until(lambda: len(in_thread(you, opening)) == 2, "a probe")
    await asyncio.sleep(0.3)
    assert len(in_thread(you, opening)) == 2
    assert answers(coach) == ["I would put a REST API in front\nwith a database behind it"]


async def test_old_buttons_say_that_they_are_old(coach: Loopcoach, you: Window, opens: Opens) -> None:
    """A button of an earlier turn, of an ended mock, of somebody else's mock, of a mock that never was: one private sentence, no effect."""
    opening = await begun(you)
    old = in_thread(you, opening)[-1]
    await you.say(POOR, opening["thread"])
    await you.push("Done", old)
    await you.until(lambda: len(in_thread(you, opening)) == 2, "a probe")
    before = coach.rows("SELECT body FROM interview")
    for label in ("Done", "Hint", "Skip"):
        seen = you.newest
        await you.push(label, old)
        note = await you.find("That button belongs to an earlier question", after=seen)
        assert note["audience"] == "passing"
    mate = await opens(coach, "Teammate")
    line = line_of(old, "End")
    await mate.press(line, CHANNEL)
    await mate.find("That is somebody else&#x27;s mock")
    assert coach.rows("SELECT body FROM interview") == before
    await you.push("End", old)
    await you.find("Debrief ·")
    for pressed, words in (
        (line, "This mock is over"),
        ("end nosuchmock", "There is no mock here now"),
        ("begin nosuchmock", "There is no mock here now"),
    ):
        seen = you.newest
        await you.press(pressed)
        await you.find(words, after=seen)
    for pressed in (
        "answer nosuchquestion",
        "answer daily:nosuchday",
        "pass nosuchquestion",
        "dispute nosuch p1 1",
        "share nosuch",
        "mine nosuch",
    ):
        seen = you.newest
        answer = await you.press(pressed)
        if answer["type"] == "problem":
            sentence(answer, "no longer")
        else:
            await you.until(lambda seen=seen: you.newest > seen, f"an answer to {pressed}")  # type: ignore[misc]
            assert not you.see("Something went wrong"), pressed
    assert len(you.see("Debrief ·")) == 1


# --- strangers at the wire -------------------------------------------------------------------------------------------


async def test_a_stranger_cannot_get_out_of_the_protocol(coach: Loopcoach, you: Window, opens: Opens) -> None:
    """Broken frames, other people's rooms, entries and ids: a sentence each, the connection lives on, and nobody else notices."""
    mate = await opens(coach, "Teammate")
    said = await mate.say("my own words", mate.dm)
    public = await mate.say("good morning", CHANNEL)
    raw = you._socket
    for frame in (
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "1e999",
        '{"type": "say"}',
        '{"type": "nonsense", "id": "12345678"}',
        "[" * 5_000,
        '{"a":' * 5_000,
    ):
        await raw.send_str(frame)
    await raw.send_bytes(b"\x00\xff")
    await raw.send_str(json.dumps({"type": "say", "id": "x' OR 1=1", "place": you.dm, "text": "hello there"}))
    for place in (
        mate.dm, f"{mate.dm}/thread", "slack/T1/C1", "web/other/backend-interviews", "web/page/general", "web/page/backend-interviews/../x",
        "web", "", "/" * 300, "web/page/@", "web/page/backend-interviews/" + "a" * 65,
    ):  # fmt: skip
        answer = await you.say("let me in", place)
        assert answer["type"] == "problem", place
        sentence(answer, "There is no such room")
    sentence(await you.say("mine now", you.dm, said["id"]), "That id belongs to somebody else")
    for change in ({"type": "edit", "entry": public["id"], "text": "forged"}, {"type": "delete", "entry": public["id"]}):
        sentence(await you.act(change), "Only its author can")
    for change in ({"type": "edit", "entry": said["id"], "text": "forged"}, {"type": "delete", "entry": said["id"]}):
        sentence(await you.act(change), "That message is not there any more")
    sentence(await you.press("help", you.dm, entry=said["id"]), "That message is not there any more")
    assert mate.entries[said["id"]]["text"] == "my own words"
    assert mate.entries[public["id"]]["text"] == "good morning"
    assert said["id"] not in you.entries
    assert (await you.say("/help"))["type"] == "heard"
    await you.find("/mock")
    assert "Traceback" not in coach.complained


async def test_other_sites_pages_get_nothing(coach: Loopcoach) -> None:
    """Neither a foreign origin nor a name that points here gets in; paths lead nowhere else."""
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(f"{coach.url}/ws", headers={"Origin": "https://evil.example"})
        assert refused.value.status == 403
        for path in ("/", "/ws", "/file/x/y", "/chart/x.png"):
            async with http.get(f"{coach.url}{path}", headers={"Host": f"evil.example:{coach.port}"}) as answer:
                assert answer.status == 421, path
        for path in ("/page/../../wiring.py", "/page/%2e%2e/%2e%2e/routes.py", "/page/js/../../../../.env", "/file/..%2f..%2f/x", "/.env"):
            async with http.get(aiohttp.client.URL(f"{coach.url}{path}", encoded=True)) as answer:
                assert answer.status == 404, path


# --- the disk and the database ---------------------------------------------------------------------------------------


async def resent(you: Window, text: str, place: str, id: str, within: float = 15) -> float:
    """As the page does: under the same id every second and a half until it is heard; the longest wait for any answer, in seconds."""
    slowest, began = 0.0, time.monotonic()
    while True:
        asked = time.monotonic()
        answer = await you.say(text, place, id)
        slowest = max(slowest, time.monotonic() - asked)
        if answer["type"] == "heard":
            return slowest
        sentence(answer, "I could not store that just now (the disk is full or the database is busy).")
        assert answer["retry"] is True
        assert time.monotonic() - began < within, "it never got through"
        await asyncio.sleep(0.5)


async def test_a_full_disk_is_told_and_survived(coach: Loopcoach, you: Window) -> None:
    """Nothing is acknowledged that could not be kept; what was heard before is answered as soon as there is room again."""
    opening = await begun(you)
    await you.say(POOR, opening["thread"])
    usual = resource.prlimit(coach.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(coach.pid, resource.RLIMIT_FSIZE, (0, usual[1]))  # from now on every write to a file fails
    ids = [uuid.uuid4().hex for _ in range(3)]
    texts = ("The table is keyed by order id.", "A stream feeds the consumers.", "done")
    for id, text in zip(ids, texts, strict=True):
        answer = await you.say(text, opening["thread"], id)
        sentence(answer, "I could not store that just now (the disk is full")
        assert answer["retry"] is True
    assert not set(ids) & set(you.entries)
    resource.prlimit(coach.pid, resource.RLIMIT_FSIZE, usual)
    for id, text in zip(ids, texts, strict=True):
        await resent(you, text, opening["thread"], id)
    await you.until(lambda: len(in_thread(you, opening)) == 2, "a probe", 15)
    assert await coach.stop() == 0
    assert answers(coach) == ["\n".join([POOR, *texts[:2]])]
    assert coach.rows("PRAGMA integrity_check") == [("ok",)]


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes to the database and takes its time."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_database_that_is_locked_for_ten_seconds_loses_nothing(coach: Loopcoach, you: Window, opens: Opens, report: Report) -> None:
    """Each message is refused within three seconds while it lasts; afterwards all is there, once, in order, and answered at once."""
    opening = await begun(you)
    mate = await opens(coach, "Teammate")
    await you.say(POOR, opening["thread"])
    await you.say("done", opening["thread"])  # heard; now it is being answered
    with locked(coach.database):
        ends = time.monotonic() + 10
        id = uuid.uuid4().hex
        mates = asyncio.create_task(resent(mate, "/help", mate.dm, uuid.uuid4().hex, within=20))
        asked = time.monotonic()
        answer = await you.say("The table is keyed by order id.", opening["thread"], id)
        sentence(answer, "I could not store that just now")
        refused = time.monotonic() - asked
        await asyncio.sleep(max(0, ends - time.monotonic()))
    freed = time.monotonic()
    slowest = max(refused, await mates, await resent(you, "The table is keyed by order id.", opening["thread"], id))
    await mate.find("/mock", within=15)
    await you.until(lambda: len(in_thread(you, opening)) == 2, "the first probe", 15)
    await you.say("done", opening["thread"])
    await you.until(lambda: len(in_thread(you, opening)) == 3, "the second probe", 15)
    report(f"database locked 10 s: refused after {slowest:.1f} s at most; all answered {time.monotonic() - freed:.1f} s after it was free")
    assert slowest < 3
    assert answers(coach) == [POOR, "The table is keyed by order id."]


async def test_locks_that_come_and_go_hold_no_answer_back(coach: Loopcoach, you: Window, report: Report) -> None:
    """A backup program that grabs the database again and again, at any moment of the handling: every answer comes soon after."""
    waits = []
    for number in range(8):
        seen, asked = you.newest, time.monotonic()
        answered = asyncio.create_task(resent(you, "/help", you.dm, uuid.uuid4().hex))
        await asyncio.sleep(number * 0.005)
        with locked(coach.database):
            await asyncio.sleep(1.15)
        await answered
        await you.find("/mock", within=15, after=seen)
        waits.append(time.monotonic() - asked)
    report(f"database locked 1.15 s, 8 times: the slowest answer took {max(waits):.1f} s")
    assert max(waits) < 8


@pytest.mark.parametrize("kind", ["rubbish", "folder", "closed"])
async def test_a_database_that_cannot_be_used_is_one_sentence(fresh: Loopcoach, kind: str) -> None:
    """A file that is no database, a folder, a folder that does not exist and cannot be made: exit code 1, no stack trace."""
    if kind == "rubbish":
        fresh.database.write_text("this is not a database\n" * 100)
    elif kind == "folder":
        fresh.database.mkdir()
    else:
        (fresh.folder / "a file").write_text("")
        fresh.database = fresh.folder / "a file" / "loop.db"
    await fresh.launch()
    assert await fresh.ended(15) == 1
    one_sentence(fresh.complained)
    assert fresh.said == ""


def one_sentence(text: str) -> None:
    """What a person can read who never saw Python."""
    assert len(text.strip().splitlines()) == 1, text
    assert text.strip()[0].isupper() or text.strip()[0] == "/", text
    assert text.strip().endswith("."), text
    assert not any(inside in text for inside in ("Traceback", "sqlalchemy", "Errno", "Exception")), text


# --- the bank --------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_tree(tmp_path: Path) -> Path:
    """The program, copied, so that its questions can be broken."""
    tree = tmp_path / "tree"
    for room in ("bot", "core", "adapters", "scheduler"):
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


async def test_a_broken_question_is_left_out_and_named(coach: Loopcoach, you: Window, own_tree: Path, opens: Opens) -> None:
    """A file that is no YAML, one with a crippled question, one that is no text: the rest works, and a mock about one of them can end."""
    opening = await begun(you)
    await you.say(POOR, opening["thread"])
    assert await coach.stop() == 0
    data = own_tree / "core/questions/data"
    (data / "api_data.yaml").write_text("- id: broken\n  title: [never closed\n")
    (data / "design.yaml").write_text((data / "design.yaml").read_text() + "\n- id: crippled\n  title: Half a question\n")
    (data / "performance.yaml").write_bytes(b"- id: \xff\xfe\n")
    await coach.start(env={"PYTHONPATH": str(own_tree)})
    assert "Traceback" not in coach.complained
    for words in ("api_data.yaml, line", "design.yaml, question crippled", "performance.yaml"):
        assert words in coach.complained
    you = await opens(coach)
    await you.press("question")
    await you.find("Practice signal", after=you.newest)
    daily = next(entry for entry in you.entries.values() if entry["id"].startswith("daily/"))
    sentence(await you.push("Answer privately", daily), "That question is no longer in the bank. /question loads another one.")
    seen = you.newest
    await you.say("done", opening["thread"])
    await you.find("A question of this mock left the bank", after=seen)
    seen = you.newest
    await you.say("end", opening["thread"])
    await you.until(lambda: len([entry for entry in you.entries.values() if entry["seq"] > seen and entry["author"]["bot"]]) > 0, "an end")
    assert not you.see("Something went wrong"), [text_of(entry) for entry in you.see("Something went wrong")]
    assert (await you.press("mock minutes:5 reliability"))["type"] == "heard"
    await you.find("Ready when you are", after=seen)


# --- starting and stopping -------------------------------------------------------------------------------------------


async def test_a_port_that_is_taken_is_passed_over(fresh: Loopcoach) -> None:
    """The next one is used, and said."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", fresh.port))
        other.listen()
        await fresh.launch()
        wanted = fresh.port
        await fresh.until_ready()
    assert fresh.port == wanted + 1
    assert f"http://127.0.0.1:{wanted + 1}, because {wanted} is taken by another program" in fresh.said
    assert fresh.complained == ""


async def test_a_second_start_shows_the_first_ones_page(coach: Loopcoach, you: Window) -> None:
    """Exit code 0 and one line; the first one does not notice. Elsewhere than on the same port, too."""
    second = Loopcoach(coach.folder, port=coach.port, database=coach.database)
    second._starts = 10
    await second.launch()
    assert await second.ended(15) == 0
    assert second.said == f"Loopcoach is running already · practice page {coach.url}\n"
    assert second.complained == ""
    await second.launch(arguments=("run", "--no-browser", "--port", str(coach.port - 100)))
    assert await second.ended(15) == 1
    one_sentence(second.complained)
    assert "is in use by another Loopcoach" in second.complained
    assert (await you.say("/help"))["type"] == "heard"
    await you.find("/mock")


async def test_two_first_starts_at_the_same_moment_make_one_loopcoach(fresh: Loopcoach) -> None:
    """One gets the new database; the other says so and ends, or points to the first."""
    other = Loopcoach(fresh.folder, port=fresh.port, database=fresh.database)
    other._starts = 10
    await asyncio.gather(fresh.launch(), other.launch())
    try:
        ends = {asyncio.create_task(one.ended(20)): one for one in (fresh, other)}
        done, running = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        assert len(done) == 1
        loser, winner = ends[done.pop()], ends[running.pop()]
        if loser.complained:
            one_sentence(loser.complained)
        else:
            assert loser.said.startswith("Loopcoach is running already")
        await winner.until_ready()
        assert await winner.stop() == 0
    finally:
        await other.quit()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
async def test_it_stops_when_told_to(coach: Loopcoach, you: Window, sign: int, report: Report) -> None:
    """With windows open and an answer under way: exit code 0, within 20 s, no stack trace, and what was heard is answered afterwards."""
    opening = await begun(you)
    await you.say(POOR, opening["thread"])
    await you.say("done", opening["thread"])
    began = time.monotonic()
    assert await coach.stop(sign, within=20) == 0
    report(f"{signal.Signals(sign).name}: ended {time.monotonic() - began:.1f} s later, exit code 0")
    assert "Traceback" not in coach.complained
    assert [file.name for file in coach.folder.glob("loop.db*") if file.stat().st_size] == ["loop.db"]
    await coach.start()
    await coach.calm()
    assert [turn["who"] for turn in interview(coach)["turns"]] == ["interviewer", "candidate", "interviewer"]


async def test_it_stops_at_any_moment_of_its_first_second(fresh: Loopcoach) -> None:
    """Told to stop while it starts, as soon as it is ready, or just after: it ends soon, says nothing odd, and starts again."""
    for pause in (0.0, 0.01, 0.1):
        await fresh.start()
        await asyncio.sleep(pause)
        assert await fresh.stop(within=20) == 0
    for pause in (0.15, 0.5, 0.8):
        await fresh.launch()
        await asyncio.sleep(pause)
        code = await fresh.stop(signal.SIGINT, within=10)
        assert code in (0, 130, -signal.SIGINT), (pause, code)
        assert "Traceback" not in fresh.complained, (pause, fresh.complained)
    await fresh.start()


# --- many ------------------------------------------------------------------------------------------------------------


async def test_three_hundred_press_answer_privately_within_a_minute(coach: Loopcoach, you: Window, opens: Opens, report: Report) -> None:
    """Three hundred people at three hundred windows: each gets the form within three seconds, and each review goes to its author."""
    daily = await you.find("Daily question")
    names = [f"Person {number}" for number in range(300)]
    for name in names:
        await you.send({"type": "meet", "name": name})
    await you.until(lambda: len(you.people) == 302, "300 people", 60)
    keys = {person["name"]: person["key"] for person in you.people}
    windows: list[Window] = [await opens(coach, keys[name]) for name in names]
    waits: list[float] = []

    async def press(number: int, one: Window, at: float) -> None:
        await asyncio.sleep(at)
        asked = time.monotonic()
        answer = await one.push("Answer privately", daily)
        waits.append(time.monotonic() - asked)
        assert answer["type"] == "form", answer
        assert answer["form"]["title"] == "Order status updates"
        if number % 10 == 0:
            await one.submit(answer["form"]["line"], CHANNEL, text=f"{ANSWER} I am number {number}.")
            await one.find("Reviewed by text match: a checklist", within=30)

    async with asyncio.TaskGroup() as tasks:
        for number, one in enumerate(windows):
            tasks.create_task(press(number, one, number / 300 * 10))
    at_once: list[float] = []

    async def again(one: Window) -> None:
        asked = time.monotonic()
        assert (await one.push("Answer privately", daily))["type"] == "form"
        at_once.append(time.monotonic() - asked)

    await asyncio.gather(*(again(one) for one in windows))
    spread, crowd = (statistics.quantiles(some, n=100)[98] for some in (waits, at_once))
    report(
        f"300 presses within 10 s: p99 {1000 * spread:.0f} ms, worst {1000 * max(waits):.0f} ms; all 300 at once: p99 {1000 * crowd:.0f} ms"
    )
    assert max(waits) < 3
    assert max(at_once) < 3
    assert coach.rows("SELECT count(*), count(DISTINCT person) FROM attempt WHERE source = 'daily'") == [(30, 30)]
    for number in (0, 10):
        assert len(windows[number].see("Reviewed by text match: a checklist")) == 1
    assert not windows[1].see("Reviewed by text match: a checklist")
    assert re.search(r"Answered\n\d+ or more", text_of(you.entries[daily["id"]]))
