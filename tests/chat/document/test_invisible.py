"""Joiners reach the reader on every medium; what nobody sees and no script needs does not."""

from __future__ import annotations

import json

import pytest

from bot.chat.webhook import WebhookChat
from bot.codec import to_text
from bot.config import Webhook
from bot.model.chat import Channel
from bot.web.page import render_page
from tests.chat.test_hostile import RENDERERS
from tests.support.hostile import message_of

pytestmark = pytest.mark.slow

NEEDED = ("می\u200cخواهم", "क्\u200dष", "👩🏽\u200d🚒", "❤\ufe0f\u200d🔥")
UNSEEN = "\u202e\u200e\u2066\ufeff\u00ad\u2060\U000e0041\ufe00\u180e"
TEXT = " ".join(NEEDED) + " ki\u200cll\u200ded" + " ".join(UNSEEN)


def by_webhook(message):
    hooks = {"desk": Webhook(url="https://hooks.example/a")}
    channel = Channel(platform="webhook", id="desk")
    return "".join(WebhookChat(hooks).render(message, channel))


MEDIA = {name: lambda message, read=read: read(message).text for name, read in RENDERERS.items()} | {
    "webhook": by_webhook,
    "page": lambda message: render_page([message], title=message.title),
    "json": to_text,
}


@pytest.mark.parametrize("medium", MEDIA)
def test_joiners_reach_the_reader_and_what_nobody_sees_does_not(medium):
    shown = MEDIA[medium](message_of(TEXT))
    assert [word for word in NEEDED if word not in shown] == []
    assert "killed" in shown
    assert set(UNSEEN) & set(shown) == set()


def test_what_a_webhook_gets_is_json():
    data = json.loads(by_webhook(message_of(TEXT)))
    assert NEEDED[0] in data["text"]
    assert NEEDED[0] in data["message"]["title"]
