"""Results of functions of texts live as long as somebody holds the caches open, and no longer."""

from __future__ import annotations

import pytest

from bot.language import text_cache
from bot.language.text_cache import CacheInput, open_text_caches, text_cached

CALLS: list[str] = []


@text_cached(maxsize=2)
def shouted(text: str) -> str:
    CALLS.append(text)
    return text.upper()


def test_a_result_is_computed_once_until_the_caches_are_cleared():
    with open_text_caches() as caches:
        caches.clear()
        CALLS.clear()
        assert [shouted("a"), shouted("a"), shouted("b")] == ["A", "A", "B"]
        assert CALLS == ["a", "b"]
        assert len(caches) == 2
        caches.clear()
        assert len(caches) == 0
        assert shouted("a") == "A"
        assert CALLS == ["a", "b", "a"]


def test_no_more_results_are_kept_than_the_function_says():
    with open_text_caches() as caches:
        caches.clear()
        for letter in "abcdef":
            shouted(letter)
        assert len(caches) == 2


def test_the_last_who_holds_the_caches_drops_the_results(monkeypatch):
    monkeypatch.setattr(text_cache, "_open", [])
    with open_text_caches() as outer:
        with open_text_caches() as inner:
            shouted("a")
        assert inner is outer
        assert len(outer) == 1
    assert len(outer) == 0
    CALLS.clear()
    assert [shouted("a"), shouted("a")] == ["A", "A"]
    assert CALLS == ["a", "a"]


@text_cached(maxsize=2)
def joined(given: CacheInput[tuple[str, ...]]) -> int:
    CALLS.append("joined")
    return len(" ".join(given.take()))


def test_what_a_result_was_made_of_is_compared_and_not_kept():
    with open_text_caches() as caches:
        caches.clear()
        CALLS.clear()
        first = CacheInput(("long", "text"))
        assert [joined(first), joined(CacheInput(("long", "text"))), joined(CacheInput(("other",)))] == [
            9,
            9,
            5,
        ]
        assert CALLS == ["joined", "joined"]
        with pytest.raises(ValueError, match="taken before"):
            first.take()
        assert first != ("long", "text")
