"""The practice page as somebody lives through it: the real process, a real Chromium, nothing faked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.process import ROOT, Loopcoach
from tests.e2e.words import ANSWER, SENTENCES

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

ARTEFACTS = ROOT / "artefacts"
expect.set_options(timeout=8_000)


@dataclass
class Tab:
    """A browser tab that notes everything that went wrong in it, and everything that the server told it."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def watch(self, ours: str) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda line: self.wrong.append(line.text) if line.type in ("error", "warning") else None)
        self.page.on(
            "request", lambda request: None if request.url.startswith((ours, "data:", "blob:")) else self.foreign.append(request.url)
        )
        self.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self.told.append(str(frame))))

    @property
    def answer(self) -> Locator:
        return self.page.get_by_label("Your answer")

    @property
    def results(self) -> Locator:
        return self.page.locator(".results article")

    @property
    def reply(self) -> Locator:
        return self.page.get_by_label("Reply in thread")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def room(self, name: str) -> None:
        await self.page.locator("#sidebar").get_by_role("button", name=name).click()

    async def enter(self, box: Locator, *texts: str) -> None:
        """Type and press Enter, as often as there are texts."""
        for text in texts:
            await box.fill(text)
            await box.press("Enter")

    async def shot(self, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=str(ARTEFACTS / f"{name}.png"))


Visit = Callable[..., Awaitable[Tab]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(coach: Loopcoach, browser: Browser) -> AsyncIterator[Visit]:
    """Opens the page in a browser of its own. At the end nothing may have gone wrong in any of them."""
    tabs: list[Tab] = []

    async def open_page(**options: Any) -> Tab:
        settings = {"viewport": {"width": 1280, "height": 720}, "timezone_id": "Europe/Berlin", "locale": "en-GB", **options}
        context: BrowserContext = await browser.new_context(**settings)
        tab = Tab(await context.new_page())
        tab.watch(f"{coach.url}/")
        tabs.append(tab)
        await tab.page.goto(coach.url)
        return tab

    yield open_page
    assert [tab.wrong for tab in tabs if tab.wrong] == []
    assert [tab.foreign for tab in tabs if tab.foreign] == []


@pytest_asyncio.fixture(loop_scope="session")
async def tab(visit: Visit) -> Tab:
    """Somebody's first visit."""
    tab = await visit()
    await expect(tab.answer).to_be_focused()
    return tab


async def begin_mock(tab: Tab) -> None:
    """A five-minute mock about the question on top, with its clock running."""
    await tab.enter(tab.page.get_by_label("Ask the coach"), "/mock minutes:5 question:order-status-api")
    await tab.button("Start").click()
    await expect(tab.page.locator(".side")).to_contain_text("couriers' phones")


def bot_said(tab: Tab) -> Locator:
    """What the coach said in the open thread, below its first card."""
    return tab.page.locator(".side .message", has=tab.page.locator(".card"))


# --- the first five minutes ------------------------------------------------------------------------------------------


async def test_the_first_visit_is_a_question_and_a_box_that_waits_for_words(tab: Tab) -> None:
    """Nothing to scroll at 1280×720, nothing to close, nothing from elsewhere (the fixture looks), the cursor in the box."""
    await expect(tab.page.locator(".lead .title")).to_have_text("Order status updates")
    fits = "document.documentElement.scrollHeight <= innerHeight && document.querySelector('.today').scrollHeight <= innerHeight"
    assert await tab.page.evaluate(fits)
    assert await tab.page.locator("dialog").count() == 0
    for words in (
        "independent, not affiliated with Amazon",
        "Reviewer: text match (offline).",
        "No grade.",
        "Stored only on this computer",
    ):
        await expect(tab.page.get_by_text(words)).to_be_in_viewport()
    await expect(tab.page.get_by_role("radio", name="SDE II", exact=True)).to_be_checked()
    await tab.shot("first-visit")


async def test_tab_goes_through_the_page_in_the_order_one_reads_it(tab: Tab) -> None:
    """From the top: level, rooms, people, question, box, Ask, footer; never back up into what was passed."""
    await tab.page.locator(".skip").focus()
    areas = "['.skip', '.top', '#sidebar', '.lead, .today-line', '.answer', '#side', '.foot']"
    passed: list[int] = []
    for _ in range(40):
        area = await tab.page.evaluate(f"{areas}.findIndex(area => document.activeElement.closest(area))")
        if area == -1:
            break
        passed.append(area)
        await tab.page.keyboard.press("Tab")
    assert passed == sorted(passed)
    assert set(passed) == set(range(7))


async def test_fine_is_too_little_and_a_real_answer_is_reviewed(tab: Tab, report: Callable[[str], None]) -> None:
    """No invented strength for a junk word; then a checklist with my own whole sentences, the box still under my fingers."""
    await tab.page.keyboard.type("fine")
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results.first).to_contain_text("Not enough to review: 1 word.")
    await expect(tab.results.first).not_to_contain_text("covered")
    await expect(tab.answer).to_be_focused()
    await tab.answer.fill(ANSWER)
    began = time.monotonic()
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results.first.locator("li[data-mark=covered]").first).to_be_visible()
    report(f"page: a review stands there {1000 * (time.monotonic() - began):.0f} ms after Ctrl+Enter")
    await expect(tab.answer).to_be_focused()
    await expect(tab.answer).to_be_in_viewport()
    await expect(tab.results.first).to_be_in_viewport()
    marks = await tab.results.first.locator("li[data-mark]").evaluate_all("all => all.map(one => one.dataset.mark)")
    assert {"covered", "missing"} <= set(marks)
    quotes = await tab.results.first.locator("q.cited").all_text_contents()
    assert quotes
    assert set(quotes) <= set(SENTENCES)
    words = await tab.results.first.inner_text()
    assert "not a grade" in words
    assert not re.search(r"\b\d+ ?/ ?10\b|hire|great|excellent|well done", words, re.IGNORECASE)
    await tab.shot("review")


async def test_bullets_open_after_an_attempt(tab: Tab) -> None:
    """Below a review one press shows what a stronger answer includes, on the same page."""
    await tab.answer.fill(ANSWER)
    await tab.page.keyboard.press("Control+Enter")
    await tab.results.first.get_by_role("button", name="Suggested bullets").click()
    await expect(tab.results.first).to_contain_text("Suggested bullets")
    assert await tab.results.first.locator("li").count() >= 6


async def test_the_second_attempt_says_what_changed(tab: Tab) -> None:
    """Before and after stand at each point that moved."""
    await tab.answer.fill(SENTENCES[0] + " I would take a queue.")
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results).to_have_count(1)
    await tab.answer.fill(ANSWER)
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results).to_have_count(2)
    await expect(tab.results.first).to_contain_text("missing → covered")


async def test_the_daily_question_is_answered_privately_from_the_channel(tab: Tab) -> None:
    """The button opens a form with the prompt; the channel shows nobody's words, one's own room has the review."""
    await tab.room("backend-interviews")
    await tab.button("Answer privately").click()
    dialog = tab.page.locator("dialog")
    await expect(dialog).to_contain_text("couriers' phones")
    await expect(dialog.locator("textarea")).to_be_focused()
    await dialog.locator("textarea").fill(ANSWER)
    await tab.shot("answer-form")
    await dialog.get_by_role("button", name="Review my answer").click()
    await expect(dialog).to_have_count(0)
    await expect(tab.page.locator(".side")).to_contain_text(SENTENCES[2])
    await expect(tab.page.locator(".centre")).to_contain_text("Your review is in your direct messages")
    await expect(tab.page.locator(".centre")).not_to_contain_text(SENTENCES[2])
    await tab.shot("channel")


async def test_what_somebody_writes_is_shown_letter_for_letter(tab: Tab) -> None:
    """No markup, no script, no moment, no mention comes out of it, in a room, in a review or in a quote."""
    nasty = "The table is keyed by <b>order id</b> because **nearly** every read, {when:2026-01-01T00:00:00Z|time} or not, asks for one."
    script = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    await tab.answer.fill(f"{SENTENCES[0]} {SENTENCES[1]} {nasty} {script}")
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results.first.locator("q", has_text="<b>order id</b>").first).to_have_text(nasty)
    await tab.enter(tab.page.get_by_label("Ask the coach"), f"{nasty} {script}")
    await expect(tab.page.locator(".side .said").last).to_have_text(f"{nasty} {script}")
    assert await tab.page.locator(".side .said b, .results q b, .results q time, .side img[src=x]").count() == 0
    assert "owned" not in await tab.page.title()


# --- a mock ----------------------------------------------------------------------------------------------------------


async def test_a_whole_five_minute_mock(tab: Tab) -> None:
    """Fragments are heard and not answered, a question is answered from facts, a hint is noted, `end` gives the debrief."""
    await tab.button("Mock 5 min").click()
    await expect(tab.reply).to_be_focused()
    await expect(tab.page.locator(".side")).to_contain_text("Ready when you are")
    await tab.button("Cancel").click()
    await expect(tab.page.locator(".side")).to_contain_text("Called off")
    await tab.button("Close thread").click()
    await begin_mock(tab)
    await expect(bot_said(tab)).to_have_count(2)
    await tab.reply.click()
    await tab.enter(tab.reply, "How many updates per second at peak?", "done")
    await expect(bot_said(tab)).to_have_count(3)
    await expect(bot_said(tab).last).to_contain_text("40,000 updates a second")
    await tab.enter(
        tab.reply, "I would put a REST API in front", "with a database behind it", "A hint of latency is fine, so we skip the cache."
    )
    await expect(tab.page.locator(".side .signs")).to_have_text("✓ heard")
    await expect(tab.page.locator(".side .said")).to_have_count(5)
    await tab.shot("mock-heard")
    await expect(bot_said(tab)).to_have_count(3)
    await tab.enter(tab.reply, "done")
    await expect(bot_said(tab)).to_have_count(4)
    await expect(bot_said(tab).last).to_contain_text("?")
    await tab.enter(tab.reply, "hint")
    await expect(bot_said(tab).last).to_contain_text("Hint 1 of 2 (noted in the debrief)")
    await expect(tab.reply).to_be_focused()
    await tab.enter(tab.reply, SENTENCES[1])
    await bot_said(tab).last.get_by_role("button", name="Done").click()
    await expect(bot_said(tab)).to_have_count(6)
    await tab.enter(tab.reply, "time")
    await expect(tab.page.locator(".side .message").last).to_contain_text(re.compile(r"[34]:\d\d left of 5 minutes"))
    await tab.shot("mock")
    await tab.enter(tab.reply, "end")
    debrief = tab.page.locator(".side .card", has_text="Debrief ·")
    await expect(debrief).to_have_count(1)
    for words in ("Reviewed by text match (offline)", "not a grade", "Safe to repeat", SENTENCES[1], "after a hint", "Practice signal"):
        await expect(debrief).to_contain_text(words)
    await expect(debrief.locator(".eyebrow")).to_be_in_viewport()
    await tab.shot("debrief")
    await tab.enter(tab.reply, "end")
    await expect(tab.page.locator(".side .card", has_text="Debrief ·")).to_have_count(1)


async def test_a_reload_lands_on_the_same_place(tab: Tab) -> None:
    """Room, thread, half a sentence in the box, and the turn of the mock."""
    await begin_mock(tab)
    await tab.room("backend-interviews")
    await tab.enter(tab.reply, "I would put a REST API in front")
    await expect(tab.page.locator(".side")).not_to_contain_text("sending…")
    await tab.reply.fill("half a sen")
    said = await tab.page.locator(".side .log").inner_text()
    await tab.page.reload()
    await expect(tab.reply).to_have_value("half a sen")
    await expect(tab.page.locator(".centre")).to_contain_text("Everybody on this page reads here")
    assert await tab.page.locator(".side .log").inner_text() == said
    await tab.reply.fill("")
    await tab.enter(tab.reply, "done")
    await expect(bot_said(tab)).to_have_count(3)


async def test_kill_nine_in_the_middle_of_a_mock(coach: Loopcoach, tab: Tab, report: Callable[[str], None]) -> None:
    """The page says so, keeps what is written meanwhile, comes back by itself; it arrives once and the mock goes on at the same turn."""
    await begin_mock(tab)
    await tab.enter(tab.reply, "I would put a REST API in front")
    await expect(tab.page.locator(".side")).not_to_contain_text("sending…")
    began = coach.rows("SELECT json_extract(body, '$.clock.since') FROM interview")
    await coach.kill()
    await expect(tab.page.locator("#away")).to_contain_text("What you write is kept here")
    await tab.enter(tab.reply, "with a database behind it")
    await expect(tab.page.locator(".side")).to_contain_text("sending…")
    await tab.reply.fill("half a thought")
    await tab.shot("away")
    since = time.monotonic()
    await coach.start()
    await expect(tab.page.locator("#away")).to_be_hidden()
    await expect(tab.page.locator(".side")).not_to_contain_text("sending…")
    report(f"page: back and caught up {time.monotonic() - since:.1f} s after the new start was begun")
    await expect(tab.reply).to_have_value("half a thought")
    await expect(tab.page.locator(".side .said")).to_have_text(["I would put a REST API in front", "with a database behind it"])
    await tab.reply.fill("")
    await tab.enter(tab.reply, "done")
    await expect(bot_said(tab)).to_have_count(3)
    await tab.enter(tab.reply, "time")
    await expect(tab.page.locator(".side .message").last).to_contain_text(re.compile(r"4:\d\d left of 5 minutes"))
    (body,) = coach.rows("SELECT body FROM interview")[0]
    assert [turn["text"] for turn in json.loads(body)["turns"] if turn["who"] == "candidate"] == [
        "I would put a REST API in front\nwith a database behind it"
    ]
    assert coach.rows("SELECT json_extract(body, '$.clock.since') FROM interview") == began
    tab.wrong[:] = [line for line in tab.wrong if "ERR_CONNECTION_REFUSED" not in line and "WebSocket connection" not in line]


# --- others ----------------------------------------------------------------------------------------------------------


async def test_a_teammate_gets_not_one_word_of_mine(coach: Loopcoach, tab: Tab, visit: Visit) -> None:
    """Neither on their screen nor over their wire: not my answers, reviews, mock or export. What I say in the channel they do see."""
    other = await visit()
    await other.page.locator("#sidebar").get_by_role("button", name="Teammate").click()
    await expect(other.page.locator("#sidebar [aria-current]", has_text="Teammate")).to_be_visible()
    other.told.clear()
    await tab.answer.fill(ANSWER)
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results).to_have_count(1)
    await begin_mock(tab)
    await tab.enter(tab.reply, "zebra crossing", SENTENCES[1], "done", "end")
    await expect(tab.page.locator(".side .card", has_text="Debrief ·")).to_have_count(1)
    await tab.button("Close thread").click()
    await tab.enter(tab.page.get_by_label("Ask the coach"), "/privacy export")
    await expect(tab.page.locator(".side")).to_contain_text("loopcoach.json")
    await tab.room("backend-interviews")
    await tab.button("Answer privately").click()
    await tab.page.locator("dialog textarea").fill(ANSWER)
    await tab.page.locator("dialog").get_by_role("button", name="Review my answer").click()
    await expect(tab.page.locator("dialog")).to_have_count(0)
    await tab.enter(tab.page.get_by_label("Message #backend-interviews"), "Good morning, everybody.")
    await other.room("backend-interviews")
    await expect(other.page.locator(".centre")).to_contain_text("Good morning, everybody.")
    await other.page.reload()
    await expect(other.page.locator(".centre")).to_contain_text("Good morning, everybody.")
    seen = "\n".join(other.told)
    assert "Good morning" in seen
    for words in (*SENTENCES, "zebra", "Debrief", "loopcoach.json", "Reviewed by", "Your review is"):
        assert words not in seen
    await other.shot("teammate")


async def test_an_open_mock_is_read_by_all_and_its_debrief_by_one(tab: Tab, visit: Visit) -> None:
    """Asked for with `where:open`, it says so first; somebody else's words in it do not count."""
    other = await visit()
    await other.page.locator("#sidebar").get_by_role("button", name="Teammate").click()
    await other.room("backend-interviews")
    await tab.room("backend-interviews")
    await tab.enter(tab.page.get_by_label("Message #backend-interviews"), "/mock minutes:5 question:order-status-api where:open")
    await expect(tab.page.locator(".centre")).to_contain_text("Everybody here can read along.")
    await tab.button("Start").click()
    await other.page.locator(".centre .message", has_text="Ready when you are").locator(".replies").click()
    await tab.page.locator(".centre .message", has_text="Ready when you are").locator(".replies").click()
    await other.enter(other.reply, "the answer is a queue")
    await expect(other.page.locator(".side")).to_contain_text("This is You's mock")
    await tab.enter(tab.reply, SENTENCES[2], "done", "end")
    await expect(other.page.locator(".side")).to_contain_text(SENTENCES[2])
    await tab.room("Coach")
    await expect(tab.page.locator(".centre .card", has_text="Debrief ·")).to_have_count(1)
    assert "Debrief ·" not in "\n".join(other.told)


# --- the rest of the page --------------------------------------------------------------------------------------------


async def test_a_wrong_zone_is_told_beside_its_field(coach: Loopcoach, tab: Tab) -> None:
    """The form stays open with everything in it, the cursor goes to the field, and nothing was saved."""
    await tab.room("backend-interviews")
    await tab.enter(tab.page.get_by_label("Message #backend-interviews"), "/drill setup")
    dialog = tab.page.locator("dialog")
    zone = dialog.get_by_label("Time zone")
    before = coach.rows("SELECT body FROM drill")
    await zone.fill("Mars/Olympus")
    await dialog.get_by_label("Saturday").check()
    await dialog.get_by_role("button", name="Save").click()
    beside = dialog.locator(".field", has=tab.page.get_by_label("Time zone")).locator(".error")
    await expect(beside).to_contain_text("I know no time zone 'Mars/Olympus'. Write it as Europe/Berlin")
    await expect(zone).to_be_focused()
    await expect(dialog.get_by_label("Saturday")).to_be_checked()
    await expect(dialog.locator(".error:not(:empty)")).to_have_count(1)
    await tab.shot("drill-form")
    assert coach.rows("SELECT body FROM drill") == before
    await zone.fill("America/New_York")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(tab.page.locator(".centre")).to_contain_text("America/New_York")


async def test_tomorrow_is_seen_today(tab: Tab) -> None:
    """The next question, the message that would come, and the recap, wherever one is when pressing it."""
    await tab.answer.fill(ANSWER)
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results).to_have_count(1)
    await begin_mock(tab)
    await tab.page.locator("#preview").click()
    side = tab.page.locator(".side")
    await expect(side.locator(".eyebrow", has_text="Preview ·")).to_have_count(3)
    for words in ("Preview · direct message", "Preview · recap"):
        await expect(side).to_contain_text(words)
    await expect(side.locator(".card", has_text="Preview ·").last).to_be_in_viewport()
    await tab.shot("preview")


async def test_everything_can_be_taken_along_and_erased(coach: Loopcoach, tab: Tab) -> None:
    """Both files hold my words; after erasing neither the screen, the browser, nor the database's files do."""
    await tab.answer.fill(ANSWER)
    await tab.page.keyboard.press("Control+Enter")
    await expect(tab.results).to_have_count(1)
    ask = tab.page.get_by_label("Ask the coach")
    await tab.enter(ask, "/privacy export")
    for name in ("loopcoach.md", "loopcoach.json"):
        async with tab.page.expect_download() as waiting:
            await tab.page.locator(".side").get_by_role("link", name=f"Save {name}").click()
        download = await waiting.value
        assert download.suggested_filename == name
        text = (await download.path()).read_text()
        assert SENTENCES[2] in text
        assert name.endswith(".md") or json.loads(text)["answers"][0]["text"] == ANSWER
    await tab.enter(ask, "/privacy erase")
    await tab.button("Yes, erase it").click()
    await expect(tab.page.locator("body")).to_contain_text("Nothing about you is left")
    await expect(tab.page.locator("#sidebar [aria-current]", has_text="You")).to_be_visible()
    await expect(tab.page.locator("body")).not_to_contain_text(SENTENCES[2])
    await expect(tab.answer).to_have_value("")
    assert SENTENCES[2] not in await tab.page.evaluate("JSON.stringify(localStorage)")
    for file in coach.folder.glob("loop.db*"):
        assert SENTENCES[2].encode() not in file.read_bytes(), file.name
    await tab.shot("erased")
    await tab.page.reload()
    await expect(tab.answer).to_have_value("")


async def test_on_a_phone_there_is_one_pane_and_no_sideways_scrolling(visit: Visit) -> None:
    """At 360 pixels: every pane fits, the buttons are big enough for a thumb, an answer can be given and read."""
    tab = await visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    await expect(tab.page.locator(".lead .title")).to_be_visible()
    await tab.shot("phone-today")
    await tab.answer.fill(ANSWER)
    await tab.page.get_by_role("button", name="Review my answer").tap()
    await expect(tab.results).to_have_count(1)
    await expect(tab.results.first).to_be_in_viewport()
    await expect(tab.page.locator("#tabs .badge")).to_have_count(0)
    await tab.shot("phone-review")
    for name in ("Coach", "More", "backend-interviews", "Today"):
        await tab.page.locator("#tabs").get_by_role("button", name=name).tap()
        shown = [pane for pane in (".side", ".sidebar", ".centre") if await tab.page.locator(pane).is_visible()]
        assert len(shown) == 1, name
        assert await tab.page.evaluate("document.documentElement.scrollWidth") == 360, name
        small = "all => all.filter(one => one.offsetParent && one.getBoundingClientRect().height < 32).map(one => one.textContent)"
        assert await tab.page.locator(f"{shown[0]} .buttons button, {shown[0]} .send, #tabs button").evaluate_all(small) == []
        await tab.shot(f"phone-{name.lower()}")
    await tab.page.locator("#tabs").get_by_role("button", name="More").tap()
    await tab.page.locator("#preview").tap()
    await expect(tab.page.locator(".side .card", has_text="Preview ·").last).to_be_in_viewport()


async def test_both_in_the_light_and_in_the_dark_one_can_read_it(visit: Visit) -> None:
    """Texts stand out from what is behind them by 4.5 to 1 at least, as WCAG AA asks."""
    for scheme in ("light", "dark"):
        tab = await visit(color_scheme=scheme)
        await tab.answer.fill(ANSWER)
        await tab.page.keyboard.press("Control+Enter")
        await expect(tab.results).to_have_count(1)
        faint = await tab.page.evaluate(FAINT)
        await tab.shot(f"scheme-{scheme}")
        assert faint == []
        dark = "getComputedStyle(document.querySelector('.centre')).backgroundColor.match(/[0-9.]+/g).slice(0, 3).every(part => part < 80)"
        assert await tab.page.evaluate(dark) is (scheme == "dark")


FAINT = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const rgba = color => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const over = (top, below) => [0, 1, 2].map(i => (top[i] * top[3] + below[i] * (255 - top[3])) / 255);
    const behind = element => {
        if (!element) return [255, 255, 255];
        const own = rgba(getComputedStyle(element).backgroundColor);
        return own[3] === 255 ? own : over(own, behind(element.parentElement));
    };
    const light = color => {
        const [r, g, b] = color.map(part => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const element = walk.currentNode.parentElement;
        if (!walk.currentNode.textContent.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
        if (element.closest("[aria-disabled=true], [aria-hidden=true], .sr, .skip, noscript, script, style")) continue;
        const back = behind(element);
        const [one, two] = [light(over(rgba(getComputedStyle(element).color), back)), light(back)].sort((a, b) => b - a);
        const contrast = (one + 0.05) / (two + 0.05);
        if (contrast < 4.5) found.push(`${contrast.toFixed(2)} ${element.className} ${walk.currentNode.textContent.trim().slice(0, 40)}`);
    }
    return found;
}"""
