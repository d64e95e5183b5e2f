"""The practice page shows the components that Discord would get, and they can be pressed."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.process import Loopcoach

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.e2e]


async def test_as_discord(coach: Loopcoach, browser: Browser) -> None:
    tab = await browser.new_page(viewport={"width": 1280, "height": 900})
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    await tab.goto(coach.url)
    await expect(tab.get_by_label("Your answer")).to_be_focused()
    await tab.keyboard.type(
        "I would key the writes by *order id*. I'd put <b>a short</b> cache in front of the read, because customers poll."
    )
    await tab.keyboard.press("Control+Enter")
    await expect(tab.locator(".results")).to_contain_text("not a grade")
    await tab.get_by_text("as Discord").click()
    card = tab.locator(".results [data-look=discord]").first
    await expect(card.locator(".frame h3")).to_contain_text("Order status")
    await expect(card.locator("blockquote").first).to_contain_text("*order id*")
    await expect(card.get_by_role("button", name="Helpful")).to_be_visible()
    assert await card.locator("b", has_text="a short").count() == 0, "somebody's words became markup"
    await card.get_by_role("button", name="Suggested bullets").click()
    await expect(tab.locator(".results")).to_contain_text("What a stronger answer includes")
    await expect(tab.locator("[data-look=discord] time").first).not_to_contain_text("UTC")
    assert not wrong
