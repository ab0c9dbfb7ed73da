"""Feeds in words: no reader sees the key of a private one."""

from __future__ import annotations

import pytest

from bot.chat.replies.feeds import feed_name, feeds_message
from bot.model.news import Feed


@pytest.mark.parametrize("title", ["", "The Wire"])
@pytest.mark.parametrize("in_full", [True, False])
def test_a_feed_is_shown_without_its_key(title, in_full):
    feed = Feed(id="fee_1", url="https://wire.example/rss?key=canary", title=title)
    assert feed_name(feed) == (title or "wire.example")
    assert "canary" not in str(feeds_message([feed], {}, in_full=in_full, timezone="UTC"))
