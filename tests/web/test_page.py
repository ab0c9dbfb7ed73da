"""The page in a real browser: every number opens its sentence, in light and dark, with nothing loaded."""

from __future__ import annotations

import contextlib
import os
import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import sync_playwright

from bot.language.cleaning.links import safe_link
from bot.model.briefing import Source
from bot.model.message import Cite, Line, Message, Part
from bot.model.news import DateSource, Sentence, TextSource
from bot.web.page import render_page
from tests.support.running.once import demo

pytestmark = pytest.mark.slow

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> "quoted" \u202eevil'


def message(text=HOSTILE, url="javascript:alert(1)"):
    source = Source(
        number=1, article_id="a", revision=1, outlet=text, title=text, url=url,
        published_at=datetime(2025, 7, 7, tzinfo=UTC), date_source=DateSource.FEED, text_source=TextSource.FEED,
        sentences=(Sentence(number=1, text=text),),
    )  # fmt: skip
    line = Line(text=text, cites=(Cite(source=1, sentences=(1,)),))
    return Message(title=text, dateline="today", parts=(Part(title="New", lines=(line,)),), sources=(source,))


def test_outside_text_is_always_text_and_only_web_links_are_links():
    page = render_page([message()], title="x")
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://a.example/x", True), ("javascript:x", False), ("//a", False), ("http://[", False)],
)
def test_a_link_is_followed_only_to_the_web(url, kept):
    assert bool(safe_link(url)) is kept


def browser_path() -> str:
    for name in (os.environ.get("WIREBRIEF_CHROMIUM", ""), "chromium", "google-chrome", "chromium-browser"):
        found = shutil.which(name) if name else None
        if found:
            return found
    if os.environ.get("CI"):
        pytest.fail("CI has no chromium: .ci/run installs it")
    pytest.skip("no chromium here: install it, or name one in WIREBRIEF_CHROMIUM")


@pytest.fixture(scope="module")
def browser():
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=flags)
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_number_opens_the_exact_sentence(scheme, browser):
    with contextlib.closing(browser.new_page(color_scheme=scheme)) as page:
        problems, requests = [], []
        page.on("console", lambda entry: problems.append(entry.text))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(demo().page.as_uri())
        button = page.locator("article li .cite").first
        bullet = page.locator("article li").first.inner_text()
        button.click()
        opened = page.locator("[popover]:popover-open mark")
        assert opened.is_visible()
        assert bullet.rsplit("\n")[0].rstrip(" .0123456789")[:40] in opened.inner_text()
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(int(n) for n in background[4:-1].split(",")) > 600) is (scheme == "light")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert problems == []
        assert [r for r in requests if not r.startswith(("file:", "data:"))] == []
