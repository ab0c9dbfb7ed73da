"""The wording of a page: rough sentences, and words of languages, of which few are kept though a feed may declare anything."""

from __future__ import annotations

import pytest

from bot.feeds.judge import vocabulary, words
from bot.language.rules import MAX_CACHED_LANGUAGES, _read_once, load_rules


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Talks end. Nobody spoke! Why?  Wait… Then 3.5 more.", ["Talks end.", "Nobody spoke!", "Why?", "Wait…", "Then 3.5 more."]),
        ("Talks end... Nobody spoke?! Why", ["Talks end...", "Nobody spoke?!", "Why"]),
        ("  One. \u00a0 Two.\t", ["One.", "Two."]),
        ("Log in | Sign up · Help • More. Home", ["Log in", "Sign up", "Help", "More.", "Home"]),
        ("One\nTwo. Three", ["One", "Two.", "Three"]),
        ("会谈结束。没有声明。 完", ["会谈结束。", "没有声明。", "完"]),
        (" . ", ["."]),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_at_full_stops_and_between_the_parts_of_a_line(text, said):
    assert words.sentences(text) == said


def test_languages_that_feeds_make_up_are_not_kept():
    before = _read_once.cache_info().currsize
    for n in range(3 * MAX_CACHED_LANGUAGES):
        language = f"made up {n}"
        assert not words.has(language, "address", "You said so.")
        assert not vocabulary.met(language, "address", "You said so.")
        assert load_rules(language, "pages").patterns == ()
    assert _read_once.cache_info().currsize == before
    for cached in (vocabulary._index, words._sieved, vocabulary.vocabulary):
        assert cached.cache_info().currsize <= cached.cache_info().maxsize
