"""Passages: every sentence of an article in exactly one, none too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.language.sentences.passages import MAX_PASSAGE_CHARS, MAX_PASSAGE_SENTENCES, split_passages
from bot.model.news import Sentence

lengths = st.lists(st.tuples(st.integers(1, 900), st.integers(0, 2)), max_size=30)


@given(lengths)
def test_every_sentence_stands_in_exactly_one_passage_in_order(made):
    paragraph, sentences = 0, []
    for number, (length, step) in enumerate(made, 1):
        paragraph += step
        sentences.append(Sentence(number=number, text="x" * length, paragraph=paragraph))
    cut = list(split_passages(sentences))
    assert [s for run in cut for s in run] == sentences
    assert all(1 <= len(run) <= MAX_PASSAGE_SENTENCES for run in cut)
    assert all(len(run) == 1 or sum(len(s.text) for s in run) <= MAX_PASSAGE_CHARS for run in cut)
