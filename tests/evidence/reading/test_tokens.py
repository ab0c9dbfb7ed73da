"""The words of a text."""

from __future__ import annotations

from bot.evidence.reading.tokens import words_of


def test_the_first_part_of_a_word_with_a_hyphen_is_its_head():
    [word] = words_of("front-page")
    assert word.head == "front"
    [plain_word] = words_of("pages")
    assert plain_word.head == plain_word.stem
