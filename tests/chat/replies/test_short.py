"""Short replies: their title says what they are about."""

from __future__ import annotations

from bot.chat.replies.short import NAME, failure_message, title_of
from bot.errors import InputError
from bot.model.talk import Verb
from tests.support.running.rows import each_row


@each_row("verb", sorted(set(Verb) - {Verb.GONE}))  # who removed the bot gets no reply
def test_a_short_reply_is_titled_by_what_was_asked(verb):
    assert title_of(verb) != NAME
    assert failure_message(InputError("No"), title=title_of(verb)).title == title_of(verb)
