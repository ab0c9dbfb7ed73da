"""SECURITY.md: every promise names tests that exist, and its figures are the program's own."""

from __future__ import annotations

import re

import pytest

from bot.config import Fetch
from bot.feeds.document.parse import MAX_FEED_BYTES
from bot.feeds.fetch.fetch import MAX_REDIRECTS
from bot.flows.ingest.pages import MAX_FETCHED_PAGE_BYTES
from bot.llm.transport import MAX_MODEL_RESPONSE_BYTES
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = [
    line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "`tests/" in line
]


def test_every_promise_names_tests_that_exist():
    assert len(ROWS) >= 12
    for against, promise, tests in ROWS:
        assert against
        assert promise
        files = re.findall(r"`([^`]+)`", tests)
        assert files, against
        for name in files:
            assert re.search(r"^(?:async )?def test_", (ROOT / name).read_text("utf-8"), re.MULTILINE), name


def test_its_figures_are_those_of_the_program():
    fetch = Fetch()
    assert f"{MAX_FEED_BYTES // 2**20} MiB a feed, {MAX_FETCHED_PAGE_BYTES // 2**20} MiB a page" in PAGE
    assert fetch.feed_deadline == fetch.page_deadline
    assert f"{fetch.feed_deadline:g} s to read, {fetch.parse_deadline:g} s to parse" in PAGE
    assert f"at most {MAX_REDIRECTS}" in PAGE
    assert f"{MAX_MODEL_RESPONSE_BYTES // 2**20} MiB of uncompressed answer" in PAGE
