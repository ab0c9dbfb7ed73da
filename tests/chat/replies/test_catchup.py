"""What changed, in sections: "also" stands only behind something."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.replies.catchup import CatchupStory, catchup_message

AT = datetime(2025, 7, 9, 6, tzinfo=UTC)


def story(name, *, new=False):
    return CatchupStory(story_id=f"sto-{name}", headline=name, new=new, was=None, now=None, rows=())


@pytest.mark.parametrize(
    ("stories", "titles"),
    [
        ([story("Ferry")], ["News"]),
        ([story("Crane", new=True), story("Ferry")], ["New", "Also new"]),
    ],
)
def test_news_of_a_story_is_also_new_only_beside_others(stories, titles):
    message = catchup_message(stories, since=AT, at=AT, timezone="UTC", left=0, sources=lambda _: ())
    assert [part.title for part in message.parts] == titles
