"""Markdown for webhooks."""

from __future__ import annotations

from bot.chat.document.markdown import to_markdown
from bot.model.message import Message


def test_what_a_message_does_not_say_leaves_no_marks():
    notice = Message(title="Wirebrief", dateline="2031-03-10 07:30 UTC", notice="All is well")
    assert to_markdown(notice, limit=1000) == ("**Wirebrief** · 2031-03-10 07:30 UTC\nAll is well",)
