"""A quotation is printed word for word."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_quoted_word_is_a_whole_word_of_what_was_said():
    said = 'They "re-create a calm harbour and a high-speed line", she said.'
    assert check('They "create" a calm harbour, she said.', said).reason == "quote"
    assert check('They "re-create" a calm harbour, she said.', said).passed


def test_a_dash_between_words_ends_both():
    said = 'He called it "a calm harbour--and a busy one", and left on Monday.'
    assert check('He called it "a busy one" and "calm harbour", and left on Monday.', said).passed
