"""How a question is worded: what stands before it, and the kind of thing it asks for."""

from __future__ import annotations

import pytest

from bot.answers.wording import MAX_KIND_WORDS, asks_of_now, before_asking, kind_words
from tests.support.running.rows import each_row


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("A park is a great place. Which city built the first one?", "A park is a great place."),
        ("It rained. It snowed! “Who won?”", "It rained. It snowed!"),
        ("Who won?", ""),
        ("What does No. 10 say?", ""),
        ("", ""),
    ],
)
def test_what_stands_before_the_sentence_that_asks_is_found(text, before):
    assert before_asking(text) == before


@each_row(
    ("text", "kind"),
    [
        ("Which city built the first one?", ("city",)),
        ("What kind of ship sank?", ("kind",)),
        ("Which of the following ports is closed?", ("ports",)),
        ("Which of film festivals opens?", ("film", "festivals", "opens")),
        ("Which company's ship sank?", ("company", "ship")),
        ("Which company’s ship sank?", ("company", "ship")),
        ("which Norvik ferry sank?", ()),
        ("Which harbour Norvik closed?", ("harbour",)),
        ("What happened to the ferry?", ()),
        ("Which party won the vote?", ("party",)),
        ("Who won?", ()),
    ],
)
def test_the_words_for_the_kind_of_thing_asked_for_end_at_a_name_or_a_verb(text, kind):
    assert kind_words(text) == kind


def test_as_many_words_as_the_limit_name_a_kind():
    assert len(kind_words("Which big red wide deep long ship?")) == MAX_KIND_WORDS


@pytest.mark.parametrize("text", ["What was lately said?", "Who won on Monday?", "What is new TODAY?"])
def test_a_question_of_what_is_new_is_told(text):
    assert asks_of_now(text)


@pytest.mark.parametrize("text", ["Who won?", "What was said in May?", "Who knows the mayor?"])
def test_a_question_of_any_time_is_none_of_what_is_new(text):
    assert not asks_of_now(text)
