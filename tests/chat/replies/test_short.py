"""Short replies: their title says what they are about."""

from __future__ import annotations

import pytest

from bot.chat.replies.short import NAME, failure_message, title_of
from bot.errors import InputError
from bot.model.talk import Verb

OF_NOTHING = {Verb.HELP, Verb.HOME, Verb.GONE, Verb.INVITED, Verb.START}


@pytest.mark.parametrize("verb", sorted(set(Verb) - OF_NOTHING))
def test_a_short_reply_is_titled_by_what_was_asked(verb):
    assert title_of(verb) != NAME
    assert failure_message(InputError("No"), title=title_of(verb)).title == title_of(verb)
