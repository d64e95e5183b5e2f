"""What the page's addresses give, and to whom."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import WSServerHandshakeError

from adapters.web.routes import PAGE
from adapters.web.session import COOKIE, LASTS
from core.chat import Audience, Card, File, Person, Place, Post
from tests.fakes.door import progress_card

pytestmark = pytest.mark.asyncio
CHANNEL = Place.parse("web/page/backend-interviews")
ADA = Person(key="web:ada", id="ada", name="Ada")
Page = Any
Build = Any


async def test_the_page_comes_with_its_armour(page: Page) -> None:
    answer = await page.client.get("/")
    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert "default-src 'self'; img-src 'self' data:; style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_every_file_the_page_names_is_there_with_its_type(page: Page) -> None:
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for path in PAGE.rglob("*.*"):
        for name in re.findall(r'(?:href|src): ?"(/page/[^"]+)"|(?:href|src)="(/page/[^"]+)"|from "(\./[^"]+)"', path.read_text()):
            address = name[0] or name[1] or f"/page/js/{name[2].removeprefix('./')}"
            answer = await page.client.get(address)
            assert (answer.status, answer.content_type) == (200, types["." + address.rsplit(".", 1)[1]]), address


async def test_an_unchanged_file_is_not_sent_again(page: Page) -> None:
    first = await page.client.get("/page/js/main.js")
    again = await page.client.get("/page/js/main.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read(), again.headers["Cache-Control"]) == (304, b"", "no-cache")


@pytest.mark.parametrize(
    "path", ["/page/../platform.py", "/page/%2e%2e/platform.py", "/page/js/..%2f..%2fsession.py", "/page/login.html", "/page/"]
)
async def test_only_the_listed_files_are_served(page: Page, path: str) -> None:
    assert (await page.client.get(path)).status == 404


async def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    for path in PAGE.rglob("*.*"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"", text), path
        assert not re.search(r"(?:src|href|url\(|from|import)[ =(\"']+(?:https?:)?//", text), path


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:1", 200), ("127.0.0.1:99", 200), ("[::1]:80", 200), ("evil.example", 421), ("127.0.0.1.evil.example", 421)],
)
async def test_only_loopback_names_are_answered(page: Page, host: str, status: int) -> None:
    assert (await page.client.get("/", headers={"Host": host})).status == status


async def test_another_sites_page_cannot_speak_to_us(page: Page) -> None:
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{page.client.port + 1}"):
        with pytest.raises(WSServerHandshakeError) as refusal:
            await page.socket(Origin=origin)
        assert refusal.value.status == 403
        assert (await page.client.post("/login", data={}, headers={"Origin": origin})).status == 403
    window = await page.socket(Origin=f"http://127.0.0.1:{page.client.port}")
    await window.hello()


async def test_a_chart_is_drawn_once_and_only_for_who_may_see_it(page: Page) -> None:
    key = "re/1|progress"
    await page.platform.deliver(Post(key=key, into=CHANNEL, card=progress_card(), audience=Audience(kind="kept", person=ADA)), None)
    address = f"/chart/{quote(key, safe='')}.png"
    for _ in range(2):
        answer = await page.client.get(address, params={"as": "web:ada"})
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", b"\x89PNG")
    assert len(page.drawn) == 1
    for reader in ("web:ben", ""):
        assert (await page.client.get(address, params={"as": reader})).status == 404
    assert (await page.client.get("/chart/unknown.png", params={"as": "web:ada"})).status == 404


async def test_a_file_is_handed_over_as_a_download_to_its_owner(page: Page) -> None:
    file = File(name="löop.html", mime="text/html", text="<script>1</script>é")
    await page.platform.deliver(Post(key="export/1", into=CHANNEL, card=Card(file=file), audience=Audience(kind="kept", person=ADA)), None)
    address = f"/file/export%2F1/{quote(file.name)}"
    answer = await page.client.get(address, params={"as": "web:ada"})
    assert await answer.text() == file.text
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''l%C3%B6op.html"
    assert (await page.client.get(address, params={"as": "web:ben"})).status == 404
    assert (await page.client.get("/file/export%2F1/other", params={"as": "web:ada"})).status == 404


# --- with a password ---------------------------------------------------------------------------------------------------


async def login(page: Page, name: str, password: str) -> Any:
    return await page.client.post("/login", data={"name": name, "password": password}, allow_redirects=False)


async def test_a_page_that_others_reach_demands_a_password(build: Build) -> None:
    with pytest.raises(ValueError, match="WEB_PASSWORD"):
        await build(loopback=False)


async def test_without_the_password_there_is_only_the_way_in(build: Build) -> None:
    page = await build(password="correct horse", loopback=False)
    answer = await page.client.get("/", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert (await page.client.get("/login")).status == 200
    assert (await page.client.get("/chart/x.png", params={"as": "web:ada"})).status == 404
    with pytest.raises(WSServerHandshakeError) as refusal:
        await page.socket()
    assert refusal.value.status == 401
    assert (await page.client.get("/", headers={"Host": "practice.example"}, allow_redirects=False)).status == 303


async def test_one_is_who_one_logged_in_as_and_nobody_else(build: Build) -> None:
    page = await build(password="correct horse", loopback=False)
    answer = await login(page, "Ada", "correct horse")
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert all(part in answer.headers["Set-Cookie"] for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    window = await page.socket()
    welcome, _ = await window.hello(**{"as": "web:you"})
    assert (welcome["me"]["key"], [person["name"] for person in welcome["people"]], welcome["free"]) == ("web:ada", ["Ada"], False)
    await window.send("meet", name="Ben")
    assert "logs in" in (await window.next("problem"))["text"]
    await page.platform.deliver(Post(key="c", into=CHANNEL, card=progress_card(), audience=Audience(kind="kept", person=ADA)), None)
    assert (await page.client.get("/chart/c.png")).status == 200
    await login(page, "Ben", "correct horse")
    assert (await page.client.get("/chart/c.png", params={"as": "web:ada"})).status == 404
    assert (await login(page, " ADA ", "correct horse")).status == 303
    assert (await page.client.get("/chart/c.png")).status == 200


async def test_a_cookie_cannot_be_made_or_kept_for_ever(build: Build) -> None:
    page = await build(password="correct horse", loopback=False)
    other = await build(password="another", loopback=False)
    forged = (await login(other, "Ada", "another")).cookies[COOKIE].value
    good = (await login(page, "Ada", "correct horse")).cookies[COOKIE].value
    name, since, signature = good.split(".")
    page.client.session.cookie_jar.clear()
    for value, status in (
        (good, 200),
        (forged, 303),
        (f"{name}.{int(since) + 1}.{signature}", 303),
        ("QmVu." + since + "." + signature, 303),
        ("x", 303),
        ("é.1.é", 303),
    ):
        answer = await page.client.get("/", headers={"Cookie": f"{COOKIE}={value}"}, allow_redirects=False)
        assert answer.status == status, value
    page.platform.clock.at += LASTS
    assert (await page.client.get("/", headers={"Cookie": f"{COOKIE}={good}"}, allow_redirects=False)).status == 303


async def test_five_wrong_passwords_mean_a_minutes_wait(build: Build) -> None:
    page = await build(password="correct horse", loopback=False)
    for _ in range(5):
        answer = await login(page, "Ada", "wrong")
        assert answer.status == 403
        assert "not the password" in await answer.text()
    refused = await login(page, "Ada", "correct horse")
    assert refused.status == 403
    assert "Try again in 60 seconds" in await refused.text()
    page.platform.clock.at += timedelta(minutes=1)
    assert (await login(page, "Ada", "correct horse")).status == 303


async def test_a_name_stands_in_the_form_as_text(build: Build) -> None:
    page = await build(password="correct horse", loopback=False)
    html = await (await login(page, '"><script>', "wrong")).text()
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html
