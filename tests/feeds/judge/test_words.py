"""What is kept of the words of a language is bounded: a feed may declare anything as its language."""

from __future__ import annotations

from bot.feeds.judge import words
from bot.language.rules import MAX_CACHED_LANGUAGES, _read_once, load_rules


def test_languages_that_feeds_make_up_are_not_kept():
    before = _read_once.cache_info().currsize
    for n in range(3 * MAX_CACHED_LANGUAGES):
        language = f"made up {n}"
        assert not words.has(language, "address", "You said so.")
        assert not words.met(language, "address", "You said so.")
        assert load_rules(language, "pages").patterns == ()
    assert _read_once.cache_info().currsize == before
    for cached in (words._index, words._sieved, words._vocabulary):
        assert cached.cache_info().currsize <= cached.cache_info().maxsize
