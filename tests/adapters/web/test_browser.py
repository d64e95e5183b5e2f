"""The page itself, in a real browser: ready to be typed into, focus kept, nothing lost while Loopcoach is away."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from playwright.async_api import Page as Tab

from core.chat import Place

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [pytest.mark.asyncio, pytest.mark.e2e, pytest.mark.skipif(BROWSER is None, reason="no Chromium here")]
CHANNEL = Place.parse("web/page/backend-interviews")
Page = Any


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def tab(page: Page, browser: Browser) -> AsyncIterator[Tab]:
    await page.door.daily(CHANNEL)
    tab = await browser.new_page(viewport={"width": 1280, "height": 720})
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console",
        lambda line: wrong.append(line.text) if line.type == "error" and "ERR_" not in line.text and "503" not in line.text else None,
    )
    await tab.goto(str(page.client.make_url("/")))
    await expect(tab.get_by_label("Your answer")).to_be_focused()
    yield tab
    assert not wrong


async def test_an_answer_is_reviewed_without_leaving_the_box(page: Page, tab: Tab) -> None:
    assert await tab.evaluate(
        "document.documentElement.scrollHeight <= innerHeight && document.querySelector('.today').scrollHeight <= innerHeight"
    )
    await tab.keyboard.type("I would bound the wait. Then I would shed load.")
    await tab.keyboard.press("Control+Enter")
    results = tab.locator(".results")
    await expect(results).to_contain_text("I would bound the wait.")
    await expect(results.locator("li").first).to_contain_text("covered")
    await expect(tab.get_by_label("Your answer")).to_be_focused()
    await tab.reload()
    await expect(results).to_contain_text("I would bound the wait.")
    assert [message.fields["text"] for message in page.door.accepted] == ["I would bound the wait. Then I would shed load."]


async def test_a_mock_opens_beside_the_question_and_takes_fragments(page: Page, tab: Tab) -> None:
    await tab.get_by_role("button", name="Mock 5 min").click()
    reply = tab.get_by_label("Reply in thread")
    await expect(reply).to_be_focused()
    for text in ("The phone sends an id", "I store it", "done"):
        await tab.keyboard.type(text)
        await tab.keyboard.press("Enter")
    await expect(tab.locator(".side .said")).to_have_text(["The phone sends an id", "I store it", "done"])
    await expect(tab.locator(".side")).not_to_contain_text("sending")
    assert [(message.kind, message.command) for message in page.door.accepted[1:]] == [
        ("ambient", None),
        ("ambient", None),
        ("command", "done"),
    ]
    await tab.reload()
    await expect(reply).to_be_visible()


async def test_two_clicks_are_one_press(page: Page, tab: Tab) -> None:
    await tab.get_by_role("button", name="I pass").dblclick()
    await expect(tab.locator(".results article")).to_have_count(1)
    assert [message.command for message in page.door.accepted] == ["pass"]


async def test_escape_keeps_what_was_typed_and_gives_the_focus_back(tab: Tab) -> None:
    await tab.get_by_role("button", name="backend-interviews").click()
    opener = tab.get_by_role("button", name="Answer privately")
    await opener.click()
    await expect(tab.get_by_role("dialog", name="The tax service is slow")).to_be_visible()
    await tab.keyboard.type("half a thought")
    await tab.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await opener.click()
    await expect(tab.locator("dialog textarea")).to_have_value("half a thought")
    await tab.locator("dialog textarea").fill("fine")
    await tab.keyboard.press("Control+Enter")
    await expect(tab.locator("dialog .error")).to_contain_text("Not enough to review")
    await expect(tab.locator("dialog textarea")).to_be_focused()


async def test_nothing_is_lost_and_nothing_doubled_while_loopcoach_is_away(page: Page, tab: Tab) -> None:
    await tab.get_by_role("button", name="backend-interviews").click()
    door, page.platform.door = page.platform.door, None
    await page.platform.windows.close()
    await expect(tab.locator("#away")).to_contain_text("What you write is kept here")
    for text in ("one", "two", "three"):
        await tab.keyboard.type(text)
        await tab.keyboard.press("Enter")
    await tab.keyboard.type("half a draft")
    said = tab.locator(".centre .said")
    await expect(said).to_have_text(["one", "two", "three"])
    await expect(tab.locator(".centre")).to_contain_text("sending…")
    page.platform.door = door
    await expect(tab.locator("#away")).to_be_hidden()
    await expect(tab.locator(".centre")).not_to_contain_text("sending…")
    await expect(tab.get_by_label("Message #backend-interviews")).to_have_value("half a draft")
    assert [entry.text for entry in page.history.entries.values() if not entry.author.bot] == ["one", "two", "three"]


async def test_a_full_disk_is_survived_by_a_reload(page: Page, tab: Tab) -> None:
    await tab.get_by_role("button", name="backend-interviews").click()
    page.history.full = True
    await tab.keyboard.type("precious")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("alert").filter(has_text="could not store")).to_be_visible()
    await tab.reload()
    await expect(tab.locator(".centre .said")).to_have_text(["precious"])
    page.history.full = False
    await expect(tab.locator(".centre")).not_to_contain_text("sending…")
    assert [entry.text for entry in page.history.entries.values() if not entry.author.bot] == ["precious"]


async def test_at_phone_width_there_is_one_pane_and_no_sideways_scrolling(tab: Tab) -> None:
    await tab.set_viewport_size({"width": 360, "height": 740})
    for name, shown in (("Coach", ".side"), ("More", ".sidebar"), ("backend-interviews", ".centre"), ("Today", ".centre")):
        await tab.locator("#tabs").get_by_role("button", name=name).click()
        panes = [pane for pane in (".side", ".sidebar", ".centre") if await tab.locator(pane).is_visible()]
        assert panes == [shown]
        assert await tab.evaluate("document.documentElement.scrollWidth") == 360


async def test_one_logs_in_with_a_real_form(build: Any, browser: Browser) -> None:
    page = await build(password="correct horse", loopback=False)
    tab = await browser.new_page()
    await tab.goto(str(page.client.make_url("/")))
    for password in ("wrong", "correct horse"):
        await tab.get_by_label("Your name").fill("Zoë")
        await tab.get_by_label("Password").fill(password)
        await tab.keyboard.press("Enter")
        if password == "wrong":
            await expect(tab.get_by_role("alert")).to_contain_text("not the password")
    await expect(tab.locator("#sidebar")).to_contain_text("Zoë")
    await expect(tab.locator("#sidebar")).not_to_contain_text("Somebody else")


async def test_a_page_without_a_question_gives_one_and_the_focus_goes_to_its_box(build: Any, browser: Browser) -> None:
    page = await build()
    tab = await browser.new_page()
    await tab.goto(str(page.client.make_url("/")))
    await expect(tab.get_by_role("button", name="Give me a question")).to_be_focused()
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_label("Your answer")).to_be_focused()
    await expect(tab.locator(".lead")).to_contain_text("The tax service is slow")
