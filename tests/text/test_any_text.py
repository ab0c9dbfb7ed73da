"""Whatever a sentence is, it is read without an error and in no time: outside text goes through all of this in the loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import (
    clauses,
    dates,
    furniture,
    links,
    modality,
    names,
    novelty,
    numbers,
    quotations,
    stance,
    standing,
    stems,
    words,
)
from bot.text.sentences import MAX_LENGTH, split_sentences
from tests.hostile import TEXTS

MONDAY = datetime(2031, 3, 10, 15, 0, tzinfo=UTC)
MOST = 0.05  # seconds of computing for one sentence of the greatest length

READERS: dict[str, Callable[[str], object]] = {
    "sentences": split_sentences,
    "dates": lambda text: dates.find_dates(text, published=MONDAY, utc_offset=0),
    "numbers": numbers.find_numbers,
    "names": names.find_names,
    "clauses": lambda text: (clauses.attributed(text), list(clauses.parts(text)), clauses.lead_free(text), clauses.finite(text)),
    "marks": modality.find_marks,
    "quotations": quotations.quotations,
    "novelty": lambda text: (novelty.likeness(text, text[::-1]), novelty.figures(text), novelty.is_told(text, [text[:40]])),
    "stance": lambda text: (stance.stance(text), stance.turned(text, text[::-1], who=text[:20])),
    "standing": lambda text: (standing.is_statement(text), standing.is_furniture(text), standing.points_back(text)),
    "furniture": lambda text: (furniture.clean_paragraphs([text, *text.splitlines()]), furniture.is_cut(text)),
    "words": lambda text: (words.content_terms(text), words.fold(text)),
    "stems": stems.stems,
    "links": lambda text: (links.links_in(text, most=5), links.link_target(text), links.safe_link(text)),
}  # fmt: skip

# What patterns that go back and forth choke on, once repeated.
UNITS = (
    "a", " ", "A ", "Mr. ", "A. ", "1", "1,", "1 ", "1.", "-", "–", '"', "“", "'", "’s ", "(", "()", "[", "\\", "of the ", "and ",
    "Anna ", "Anna Berg, ", "said ", "said that ", "not ", "no, ", "on Monday ", "3 May ", "3 May 2031, ", "may ", "12:30 ", "5 p.m. ",
    "$1 ", "1/2 ", "one hundred ", "million ", "percent ", "http://a.b/ ", "www.", "@a", "<a", "日", "é", "e\u0301", "\u200b", "🙂", "�", "ß",
    "II ", "the U.S. ", "according to ", "who, which, ", "; ", ": ", "... ", "?! ", "-a-", "a-1 ", "O’Neil ",
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@given(
    st.one_of(st.text(max_size=300), st.lists(st.sampled_from((*UNITS, *TEXTS)), max_size=30).map("".join))
)
def test_any_text_is_read_without_an_error(name, text):
    READERS[name](text)


@pytest.mark.parametrize("name", READERS)
def test_no_sentence_takes_long(name):
    read = READERS[name]
    read("Anna Berg said on Monday that 3 of 5 ships had left.")  # what is built at the first use
    slow = {}
    for unit in UNITS:
        for tail in ("", "x", "."):
            text = (unit * MAX_LENGTH)[: MAX_LENGTH - 1] + tail
            begun = time.thread_time()
            read(text)
            if (took := time.thread_time() - begun) > MOST:
                slow[unit + tail] = took
    assert slow == {}
