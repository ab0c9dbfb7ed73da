"""A quotation is printed word for word."""

from __future__ import annotations

from tests.evidence.checking import check


def test_a_quoted_word_is_a_whole_word_of_what_was_said():
    said = 'They "re-create a calm harbour and a high-speed line", she said.'
    assert check('They "create" a calm harbour, she said.', said).reason == "quote"
    assert check('They "re-create" a calm harbour, she said.', said).passed


def test_a_quotation_begins_and_ends_with_a_whole_word():
    said = 'They "want to recreate a calm harbour" for "£3 a tonne", she said.'
    assert check('They "recreate a calm harbour", she said.', said).passed
    assert check('They "create a calm harbour", she said.', said).reason == "quote"
    assert check('They want a harbour for "£3 a tonne", she said.', said).passed
    assert check('They want a harbour for "£3 a ton", she said.', said).reason == "quote"


def test_a_dash_between_words_ends_both():
    said = 'He called it "a calm harbour--and a busy one", and left on Monday.'
    assert check('He called it "a busy one" and "calm harbour", and left on Monday.', said).passed


def test_the_name_of_a_work_may_stand_in_another_sentence_of_the_article():
    cited, other = "A sequel is already set for 3 May.", "“The Harbour: Long Winter” opened on Friday."
    told = "A sequel to “The Harbour: Long Winter” is already set for 3 May."
    assert check(told, cited, other, cited=(1,)).passed
    assert check(told, cited, "A film opened on Friday.", cited=(1,)).reason == "quote"
    # Its small words need no capital.
    small = "“The Winter of the Harbour” opened on Friday."
    assert check("A sequel to “The Winter of the Harbour” is set for 3 May.", cited, small, cited=(1,)).passed
    # What is no name is what somebody said, and stands where it was said.
    said = "The makers say “the harbour is long” and a sequel is set for 3 May."
    assert check(said, cited, "“The harbour is long,” a maker said.", cited=(1,)).reason == "quote"
